"""A public view is given an address and nothing else."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.http import HttpResponse
from django.template.response import SimpleTemplateResponse
from django.test import Client

from convoca.pages import public
from convoca.pages import services as pages
from convoca.pages.middleware import KEPT_AS
from convoca.pages.public import draw_again_after, draw_again_at
from convoca.pages.store import PLAIN
from tests.cast import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.pages.odd_urls")]

NOW = datetime(2027, 5, 12, 12, tzinfo=UTC)
CANARY = "canary-of-one-reader"
ODD = {
    "host": "testserver",
    "cookie": f"theme={CANARY}; csrftoken={CANARY}",
    "accept-language": f"ar, {CANARY}",
    "accept": CANARY,
    "user-agent": CANARY,
    "referer": f"https://x.example/{CANARY}",
    "authorization": f"Basic {CANARY}",
    "x-forwarded-for": CANARY,
    "x-forwarded-host": CANARY,
    "x-http-method-override": "POST",
    "hx-request": CANARY,
    "if-none-match": CANARY,
    "range": f"bytes={CANARY}",
}


def told(client, path="/en/everything/", **how):
    return client.get(path, **how).json()


def test_it_cannot_read_who_asks_or_how(client):
    found = told(client, "/en/everything/?page=2&token=x", headers=ODD, REMOTE_ADDR="192.0.2.7")

    assert (found["method"], found["query"], found["posted"]) == ("GET", {"page": "2"}, {})
    assert (found["cookies"], found["headers"]) == ({}, {"Host": "testserver"})
    assert (found["user"], found["has_session"], found["body"]) == (False, False, "")
    assert (found["language"], found["path"]) == ("en", "/en/everything/?page=2")
    assert CANARY not in str(found)
    assert "192.0.2.7" not in str(found)


def test_it_is_the_same_for_who_is_signed_in(client):
    stranger = told(Client())
    client.force_login(make_person("Ana"))
    assert told(client) == stranger


def test_a_name_of_the_query_that_is_not_declared_does_not_reach_it(client):
    assert told(client, "/en/everything/?q=x&page=1&page=2&utm_source=x")["query"] == {"page": "2"}
    assert told(client, "/en/everything/?%00=x&page=a%FF")["query"] == {"page": "a�"}


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_it_is_for_reading_only(client, method):
    assert getattr(client, method)("/en/plain/x/").status_code == 405


def test_it_may_say_itself_how_long_others_keep_it(client, does):
    assert client.get("/en/plain/x/")["Cache-Control"] == "public, max-age=0, must-revalidate"
    does["x"] = lambda request: HttpResponse(headers={"Cache-Control": "public, max-age=60"})
    assert client.get("/en/plain/x/")["Cache-Control"] == "public, max-age=60"


# When it changes by itself


def due(client, kept, path="/en/plain/x/"):
    """When the page is drawn again, in seconds from now."""
    found = kept.look(client.get(path)[KEPT_AS], PLAIN)
    return found.fresh_until - NOW.timestamp()


@pytest.fixture
def at_noon():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def says(*moments):
    def view(request):
        draw_again_at(*moments)
        return HttpResponse("x")

    return view


def test_it_is_drawn_again_at_the_first_moment_to_come(client, kept_pages, does, at_noon):
    does["x"] = says(NOW + timedelta(minutes=5), None, NOW + timedelta(minutes=3), NOW)
    assert due(client, kept_pages) == 180
    does["x"] = says(NOW - timedelta(days=1))
    assert due(client, kept_pages) == 600


def test_a_moment_that_passes_while_it_is_drawn_makes_it_old_at_once(
    client, kept_pages, does, at_noon
):
    def slow(request):
        at_noon.shift(10)
        draw_again_at(NOW + timedelta(seconds=5))
        return HttpResponse("x")

    does["x"] = slow
    assert not kept_pages.look(client.get("/en/plain/x/")[KEPT_AS], PLAIN).is_fresh


def test_a_moment_that_must_be_looked_for_is_looked_for_once_and_only_where_it_is_kept(
    client, kept_pages, does, at_noon, settings
):
    asked = []

    def look():
        asked.append(1)
        return NOW + timedelta(minutes=1)

    def view(request):
        draw_again_after(look)
        draw_again_after(look)
        return HttpResponse("x")

    does["x"] = view
    assert due(client, kept_pages) == 60
    client.get("/en/unkept/x/")
    settings.PAGES_STORE = None
    client.get("/en/plain/x/")
    assert len(asked) == 1


def test_what_a_template_says_while_it_is_rendered_counts(client, kept_pages, does, at_noon):
    class Late(SimpleTemplateResponse):
        @property
        def rendered_content(self):
            draw_again_at(NOW + timedelta(minutes=2))
            return "x"

    does["x"] = lambda request: Late("none.html")
    assert due(client, kept_pages) == 120


def test_outside_of_a_page_nobody_wants_to_know():
    draw_again_at(NOW + timedelta(days=4000))
    draw_again_after(lambda: pytest.fail("nobody draws"))
    assert public._clock.get() is None


# Its tags


def test_versions_are_read_before_it_is_drawn(client, kept_pages, does):
    def view(request):
        pages.touch("odd")  # somebody changes it meanwhile
        return HttpResponse("x")

    does["x"] = view
    key = client.get("/en/plain/x/")[KEPT_AS]
    pages.copy_versions()
    assert not kept_pages.look(key, PLAIN).is_fresh


def test_every_page_is_made_old_by_drawing_all_again(client, kept_pages):
    key = client.get("/en/plain/x/")[KEPT_AS]
    pages.touch_everything()
    pages.copy_versions()
    assert not kept_pages.look(key, PLAIN).is_fresh
    assert settings.PAGES_STORE is not None
