import pytest
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.db import transaction
from django.http import HttpResponse
from django.test import RequestFactory

from convoca.pages import services as pages
from convoca.pages.public import public_page


@pytest.mark.django_db
def test_touching_raises_a_tag_each_time():
    assert pages.versions(["campaign:7"]) == {"campaign:7": 0}
    pages.touch("campaign:7", "site")
    first = pages.versions(["campaign:7", "site"])
    pages.touch("campaign:7")
    second = pages.versions(["campaign:7", "site"])

    assert second["campaign:7"] > first["campaign:7"] > 0
    assert second["site"] == first["site"]


@pytest.mark.django_db(transaction=True)
def test_a_touch_belongs_to_the_transaction():
    with transaction.atomic():
        pages.touch("campaign:7")
        transaction.set_rollback(True)
    assert pages.versions(["campaign:7"]) == {"campaign:7": 0}


def test_a_public_page_is_given_no_session_person_or_cookie():
    @public_page(tags=["site"])
    def view(request):
        return HttpResponse(
            f"{request.user.is_authenticated} {request.COOKIES} {hasattr(request, 'session')}"
        )

    request = RequestFactory().get("/", headers={"cookie": "sessionid=stolen"})
    request.user = object()
    request.session = SessionStore()
    answer = view(request)

    assert answer.content == b"False {} False"
    assert "no-store" not in answer["Cache-Control"]


def test_a_public_page_is_for_reading_only():
    view = public_page(tags=["site"])(lambda request: HttpResponse())
    assert view(RequestFactory().post("/")).status_code == 405
