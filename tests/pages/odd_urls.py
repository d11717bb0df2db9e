"""Public pages that do whatever a test asks of them."""

import json
from collections.abc import Callable

from django.conf.urls.i18n import i18n_patterns
from django.http import HttpRequest, HttpResponse
from django.urls import path

from convoca.pages.public import public_page

DOES: dict[str, Callable[[HttpRequest], HttpResponse]] = {}
"""What the page of that name does; without an entry it says its name."""


def answer_of(request: HttpRequest, name: str) -> HttpResponse:
    does = DOES.get(name)
    return does(request) if does else HttpResponse(f"I am {name}.")


def tells_all(request: HttpRequest) -> HttpResponse:
    """All that it can get hold of, in one JSON object."""
    found = {
        "method": request.method,
        "query": request.GET.dict(),
        "posted": request.POST.dict(),
        "cookies": request.COOKIES,
        "headers": dict(request.headers),
        "language": request.LANGUAGE_CODE,
        "user": request.user.is_authenticated,
        "has_session": hasattr(request, "session"),
        "meta": {name: word for name, word in request.META.items() if isinstance(word, str)},
        "path": request.get_full_path(),
        "body": request.body.decode(),
    }
    return HttpResponse(json.dumps(found), content_type="application/json")


plain = public_page(tags=["odd"])(answer_of)
asked = public_page(tags=["odd"], query=("page", "kind"), personal=("q",))(answer_of)
unkept = public_page(tags=["odd"], kept=False)(answer_of)
everything = public_page(tags=["odd"], query=("page",))(tells_all)

urlpatterns = i18n_patterns(
    path("plain/<slug:name>/", plain),
    path("asked/<slug:name>/", asked),
    path("unkept/<slug:name>/", unkept),
    path("everything/", everything),
)
