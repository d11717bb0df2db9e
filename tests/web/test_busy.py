"""A full disk and a busy database: 503, nothing half-written, what was typed is given back."""

import pytest
from django.db import connection
from django.test import Client

from convoca.accounts.models import Person
from convoca.audit.models import Entry

pytestmark = pytest.mark.urls("tests.web.busy_urls")


@pytest.fixture
def visitor():
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("how", "seconds"),
    [
        ("full", "300"),
        ("wrapped", "300"),
        ("database or disk is full", "300"),
        ("could not extend file: No space left on device", "300"),
        ("database is locked", "30"),
        ("connection to server at 10.0.0.1 failed: Connection refused", "30"),
        ("deadlock detected", "30"),
    ],
)
@pytest.mark.django_db
def test_waiting_helps_so_the_answer_says_how_long(visitor, how, seconds):
    page = visitor.get(f"/en/break/{how}/")
    assert (page.status_code, page["Retry-After"]) == (503, seconds)
    assert page["Cache-Control"] == "no-store"
    assert "your text is kept" in page.content.decode()


@pytest.mark.parametrize("how", ["bug", "no such table: x", "syntax error"])
@pytest.mark.django_db
def test_a_fault_of_ours_is_a_500(visitor, how):
    page = visitor.get(f"/en/break/{how}/")
    assert page.status_code == 500
    assert "It is our fault" in page.content.decode()


@pytest.mark.django_db
def test_what_was_typed_stands_on_the_page_to_be_copied(visitor):
    page = visitor.post(
        "/en/break/full/",
        {
            "title": "Ríos <vivos> & agua",
            "source_text": "\nFirst line\n\nLast line",
            "tags": ["one", "two"],
            "csrfmiddlewaretoken": "t0k3n",
            "login_code": "12345678",
            "empty": "",
        },
    ).content.decode()
    assert page.count("<textarea") == 3
    assert "Ríos &lt;vivos&gt; &amp; agua</textarea>" in page
    assert "First line\n\nLast line</textarea>" in page
    assert "one\ntwo</textarea>" in page
    assert "source text" in page
    assert "t0k3n" not in page
    assert "12345678" not in page


@pytest.mark.django_db
def test_the_readers_language_comes_first_and_no_machine_words_are_shown(visitor):
    typed = {"markdown": "agua", "hand": "x1", "seen-3": "7", "do": "save"}
    page = visitor.post("/ar/break/full/", typed).content.decode()
    assert '<html lang="ar" dir="rtl">' in page
    assert page.index("ضغط كبير الآن") < page.index("ما كتبته") < page.index("<textarea")
    assert page.index("</textarea>") < page.index("Trop") < page.index("Too much at once")
    assert (page.count("<textarea"), page.count("Too much at once")) == (1, 1)
    assert ("إلى الصفحة الرئيسية</a>" in page, "To the front page" in page) == (True, False)
    assert "حدث عطل هنا</h1>" in visitor.get("/ar/break/bug/").content.decode()


@pytest.mark.django_db
def test_a_very_long_text_is_given_back_within_limits(visitor):
    page = visitor.post("/en/break/full/", {"text": "w" * 3_000_000})
    assert page.status_code == 503
    assert len(page.content) < 100_000


@pytest.mark.parametrize("headers", [{"HX-Request": "true"}, {"Accept": "application/json"}])
@pytest.mark.django_db
def test_a_script_gets_one_sentence_in_the_language_of_its_page(visitor, headers):
    page = visitor.post("/en/break/full/", {"text": "kept by the page"}, headers=headers)
    assert page.status_code == 503
    assert page["Content-Type"] == "text/plain; charset=utf-8"
    assert page.content.decode().startswith("The server is busy.")


@pytest.mark.django_db(transaction=True)
def test_a_really_full_database_keeps_nothing_of_what_it_could_not_keep_whole(visitor):
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite can be told to be full")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        pages = cursor.fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages + 4}")
    try:
        page = visitor.post("/en/write/", {"text": "water " * 40_000})
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 1073741823")
    assert (page.status_code, page["Retry-After"]) == (503, "300")
    assert "water water" in page.content.decode()
    assert (Person.objects.count(), Entry.objects.count()) == (0, 0)
    assert visitor.post("/en/write/", {"text": "now there is room"}).status_code == 200
    assert (Person.objects.count(), Entry.objects.count()) == (1, 1)
