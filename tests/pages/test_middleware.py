"""What a public view answered is kept for everyone, let go, or left as it was."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.test import Client

from convoca.pages.middleware import KEPT_AS
from convoca.pages.store import PLAIN
from tests.cast import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.pages.odd_urls")]

PATH = "/en/plain/x/"
KEY = "http://testserver/en/plain/x/"


@pytest.fixture
def reader():
    """A stranger whose browser gets an answer also where a view breaks."""
    return Client(raise_request_exception=False)


def raising(error):
    def view(request):
        raise error

    return view


def says(words, **headers):
    return lambda request: HttpResponse(words, headers=headers)


def kept(store, key=KEY):
    found = store.look(key, PLAIN)
    return found and found.body


# What is kept


def test_a_stranger_s_answer_is_kept_with_its_headers_and_says_for_whom_it_varies(
    reader, kept_pages, does
):
    does["x"] = says("Hello", **{"X-Robots-Tag": "noindex", "Vary": "Cookie, Accept"})
    answer = reader.get(PATH)
    found = kept_pages.look(answer[KEPT_AS], PLAIN)

    assert (answer[KEPT_AS], found.body) == (KEY, b"Hello")
    assert answer["Vary"] == "Accept-Encoding"
    assert answer["ETag"] == f'"{found.etag}"'
    assert '"X-Robots-Tag","noindex"' in found.headers
    assert all(f'"{name}"' not in found.headers for name in ("Vary", "ETag", "Set-Cookie"))


def test_head_keeps_the_page_too(reader, kept_pages):
    answer = reader.head(PATH)
    assert (answer.content, answer["Content-Length"]) == (b"", "7")
    assert kept(kept_pages) == b"I am x."


def test_who_has_it_already_is_told_so_and_it_is_kept_all_the_same(reader, kept_pages):
    etag = reader.get(PATH)["ETag"]
    kept_pages.forget(KEY)
    answer = reader.get(PATH, headers={"if-none-match": etag})
    assert (answer.status_code, answer.content) == (304, b"")
    assert kept(kept_pages) == b"I am x."
    assert reader.get(PATH, headers={"if-none-match": '"another"'}).status_code == 200


def test_each_value_that_is_read_of_a_query_is_a_page_and_nothing_else_is(reader, kept_pages):
    for query in ("page=2", "page=2&utm_source=x", "x=1", "page=3&kind=march", "kind=march&page=3"):
        reader.get(f"/en/asked/x/?{query}")
    root = "http://testserver/en/asked/x/"
    assert kept_pages.keys() == [root, f"{root}?kind=march&page=3", f"{root}?page=2"]
    assert kept_pages.names_read(root) == ("page,kind", "q")


@pytest.mark.parametrize("path", ["asked/x/?q=rivers", "asked/x/?q=a&page=2", "unkept/x/"])
def test_what_is_for_one_reader_alone_is_kept_by_nobody(reader, kept_pages, path):
    answer = reader.get(f"/en/{path}")
    assert answer["Cache-Control"] == "no-store"
    assert KEPT_AS not in answer
    assert kept_pages.keys() == []


def test_another_host_has_pages_of_its_own(reader, kept_pages, settings):
    settings.ALLOWED_HOSTS = ["testserver", "rivers.example"]
    reader.get(PATH)
    reader.get(PATH, headers={"host": "rivers.example"}, secure=True)
    assert kept_pages.keys() == [KEY, "https://rivers.example/en/plain/x/"]


# Who is signed in


def test_who_has_a_session_is_answered_and_nothing_of_it_is_kept(reader, kept_pages):
    reader.force_login(make_person("Ana"))
    answer = reader.get(PATH)
    assert (answer.content, answer["Cache-Control"]) == (b"I am x.", "no-store")
    assert KEPT_AS not in answer
    assert kept_pages.keys() == []


def test_a_session_that_nobody_has_is_one_too(reader, kept_pages):
    reader.cookies["sessionid"] = "made-up"
    assert reader.get(PATH)["Cache-Control"] == "no-store"
    assert kept_pages.keys() == []


def test_who_edits_sees_the_new_state_while_others_have_the_old_page(reader, kept_pages, does):
    reader.get(PATH)
    does["x"] = says("Changed")
    editor = Client()
    editor.force_login(make_person("Ana"))
    assert editor.get(PATH).content == b"Changed"
    assert kept(kept_pages) == b"I am x."


# What is not kept


@pytest.mark.parametrize("error", [ZeroDivisionError(), RuntimeError("of a view")])
def test_a_page_that_cannot_be_drawn_stays_as_it_was_and_is_noted(reader, kept_pages, does, error):
    reader.get(PATH)
    does["x"] = raising(error)
    assert reader.get(PATH).status_code == 500
    assert kept(kept_pages) == b"I am x."
    assert [(key, words) for key, _at, words in kept_pages.failures()] == [(KEY, "500")]

    does.clear()
    reader.get(PATH)
    assert kept_pages.failures() == []


@pytest.mark.parametrize(
    "does_then",
    [
        raising(Http404()),
        lambda request: HttpResponseRedirect("/en/elsewhere/"),
        lambda request: HttpResponse(status=410),
    ],
)
def test_a_page_that_is_gone_or_has_moved_leaves_the_store(reader, kept_pages, does, does_then):
    reader.get(PATH)
    does["x"] = does_then
    answer = reader.get(PATH)
    assert kept_pages.keys() == []
    assert answer["Cache-Control"] in {"no-cache", "public, max-age=0, must-revalidate"}


@pytest.mark.parametrize(
    "does_then", [raising(PermissionDenied()), lambda request: HttpResponse(status=422)]
)
def test_any_other_answer_is_kept_by_nobody_and_takes_nothing_away(
    reader, kept_pages, does, does_then
):
    reader.get(PATH)
    does["x"] = does_then
    assert KEPT_AS not in reader.get(PATH)
    assert kept(kept_pages) == b"I am x."


def test_a_page_that_sets_a_cookie_is_not_kept(reader, kept_pages, does, caplog):
    def view(request):
        answer = HttpResponse("x")
        answer.set_cookie("tracks", "you")
        return answer

    does["x"] = view
    reader.get(PATH)
    assert kept_pages.keys() == []
    assert "a public page set a cookie" in caplog.text


def test_a_page_that_says_so_itself_is_not_kept(reader, kept_pages, does):
    does["x"] = says("x", **{"Cache-Control": "no-store"})
    reader.get(PATH)
    assert kept_pages.keys() == []


def test_a_file_that_cannot_be_used_keeps_nobody_from_reading(reader, kept_pages, caplog):
    kept_pages.close()
    kept_pages.path.mkdir()
    assert reader.get(PATH).content == b"I am x."
    assert "a page was not kept" in caplog.text
    kept_pages.path.rmdir()
