"""Public forms: sent from our own pages only, without a session, and nothing typed is lost."""

import re
from datetime import timedelta

import pytest
import time_machine
from django import forms
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from django.utils import timezone

from convoca.accounts.guard import ONCE_MORE, TRAP, HoneypotForm, public_form
from convoca.web import urls as web_urls

OURS = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}


class NoteForm(HoneypotForm):
    note = forms.CharField()


@public_form("notes", limit=5)
def take_note(request):
    """A public form of the tests: it answers what it was given, and whom it thinks it sees."""
    form = NoteForm(request.POST)
    if not form.is_valid():
        return HttpResponse(form.errors.as_text(), status=422)
    who = f"{request.user.is_authenticated} {hasattr(request, 'session')} {request.COOKIES}"
    return HttpResponse(f"{form.cleaned_data['note']}|{request.POST.getlist('many')}|{who}")


urlpatterns = [path("notes/", take_note), *web_urls.urlpatterns]
handler403, handler404 = web_urls.handler403, web_urls.handler404

pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


def send(client=None, headers=OURS, **data):
    data.setdefault("note", "hello")
    client = client or Client(enforce_csrf_checks=True)
    return client.post("/notes/", data, headers=headers or {})


def stamp_in(page):
    return re.search(rf'name="{ONCE_MORE}" value="([^"]+)"', page.content.decode()).group(1)


@pytest.mark.parametrize(
    "headers",
    [
        OURS,
        {"Origin": "http://testserver"},
        {"Sec-Fetch-Site": "same-origin"},
        {"Origin": "http://localhost:8000"},
        {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
    ],
)
def test_a_form_from_our_own_page_is_taken_without_a_token(headers):
    assert send(headers=headers).content.decode() == "hello|[]|False False {}"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "null"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://testserver.evil.example"},
        {"Origin": "https://testserver"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://testserver", "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_form_from_elsewhere_is_refused_in_words(headers):
    answer = send(headers=headers)

    assert answer.status_code == 403
    assert "This form came from another site" in answer.content.decode()


def test_a_signed_in_person_is_a_stranger_to_a_public_form(rosa):
    client = Client()
    client.force_login(rosa)

    assert send(client).content.decode() == "hello|[]|False False {}"


def test_a_phone_that_sends_neither_header_presses_once_more_and_loses_nothing():
    page = send(headers=None, note='<b>"words"</b>', many=["1", "2"])

    assert page.status_code == 200
    assert "Press once more to send" in page.content.decode()
    assert 'value="&lt;b&gt;&quot;words&quot;&lt;/b&gt;"' in page.content.decode()
    again = {"note": '<b>"words"</b>', "many": ["1", "2"], ONCE_MORE: stamp_in(page)}
    assert send(headers=None, **again).content.decode().startswith("<b>\"words\"</b>|['1', '2']")


@pytest.mark.parametrize("stamp", ["", "made-up", "x:y:z"])
def test_a_made_up_stamp_only_asks_again(stamp):
    assert "Press once more" in send(headers=None, **{ONCE_MORE: stamp}).content.decode()


def test_a_stamp_is_good_for_two_hours_and_one_place():
    stamp = stamp_in(send(headers=None))

    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    assert "Press once more" in send(elsewhere, headers=None, **{ONCE_MORE: stamp}).content.decode()
    with time_machine.travel(timezone.now() + timedelta(hours=3)):
        assert "Press once more" in send(headers=None, **{ONCE_MORE: stamp}).content.decode()


def test_a_stamp_does_not_help_a_foreign_page():
    stamp = stamp_in(send(headers=None))

    assert send(headers={"Origin": "https://evil.example"}, **{ONCE_MORE: stamp}).status_code == 403


def test_a_filled_trap_asks_once_more_and_keeps_the_rest():
    page = send(note="kept", **{TRAP: "buy this"})

    assert "people leave empty" in page.content.decode()
    assert 'value="kept"' in page.content.decode()
    assert "buy this" not in page.content.decode()


def test_a_form_with_a_trap_refuses_what_fills_it():
    assert NoteForm({"note": "x", TRAP: "y"}).has_error("__all__", "trap")
    assert NoteForm({"note": "x", TRAP: ""}).is_valid()


def test_more_than_the_limit_is_asked_to_press_once_more_for_each_form():
    statuses = [send(note="mine").status_code for _ in range(5)]
    sixth = send(note="mine")

    assert statuses == [200] * 5
    assert "Many forms have come from your connection" in sixth.content.decode()
    assert 'value="mine"' in sixth.content.decode()
    stamp = stamp_in(sixth)
    assert send(note="mine", **{ONCE_MORE: stamp}).content.decode().startswith("mine|")
    again = send(note="other", **{ONCE_MORE: stamp})
    assert stamp_in(again) != stamp
    assert send(Client(REMOTE_ADDR="203.0.113.9")).content.decode().startswith("hello|")


def test_many_more_than_the_limit_get_a_page_that_keeps_what_was_typed():
    statuses = {send(note="mine").status_code for _ in range(20)}
    refused = send(note="mine")

    assert (statuses, refused.status_code) == ({200}, 429)
    assert 0 < int(refused["Retry-After"]) <= 3600
    assert 'value="mine"' in refused.content.decode()
    pressed = send(note="mine", **{ONCE_MORE: stamp_in(refused)})
    assert pressed.status_code == 429


def test_three_hundred_people_behind_one_address_are_served():
    @public_form("crowd")
    def take(request):
        return HttpResponse("taken")

    requests = [RequestFactory().post("/crowd/", headers=OURS) for _ in range(300)]
    assert {take(request).status_code for request in requests} == {200}


def test_a_public_form_is_a_post():
    assert Client().get("/notes/").status_code == 405
