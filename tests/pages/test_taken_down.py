"""What is taken down is shown to nobody: not from the file, not by a drawing under way."""

import sqlite3
import threading

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import RequestFactory

from convoca.pages import services as pages
from convoca.pages.middleware import DRAWN_AT_MOST, KEPT_AS, KeptPages
from convoca.pages.public import public_page
from convoca.pages.store import BROTLI, GZIP, PLAIN, Outcome, Page, Store

WORDS = b"Calle Secreta 12, second door"
KEY = "https://x.example/en/actions/abcd1234/the-secret-street/"


@pytest.fixture
def store(tmp_path):
    kept = Store(tmp_path / "pages.sqlite3")
    yield kept
    kept.close()


def page(key=KEY, *, body=WORDS, **tags):
    return Page(key, [("X-Title", "secret")], body * 40, {"action:7": 0, **tags})


def everything_in(store) -> bytes:
    """The bytes of all its files."""
    return b"".join(path.read_bytes() for path in store.path.parent.glob("pages.sqlite3*"))


def test_a_page_that_shows_it_is_gone_in_every_form_and_what_shows_others_stays(store):
    store.keep(page())
    store.keep(Page("https://x.example/en/", [], b"home", {"action:8": 0}))

    store.copy([("action:7", 1, 1)])

    assert [store.look(KEY, form) for form in (PLAIN, GZIP, BROTLI)] == [None] * 3
    assert store.keys() == ["https://x.example/en/"]


def test_what_was_drawn_before_is_not_kept_and_what_was_drawn_after_is(store):
    store.copy([("action:7", 3, 3)])
    assert store.keep(page()) is Outcome.TAKEN_DOWN
    assert store.keep(page(**{"action:7": 2})) is Outcome.TAKEN_DOWN
    assert store.keep(page(**{"action:7": 3})) is Outcome.KEPT


def test_no_byte_of_it_stays_in_the_file_while_others_have_it_open(store):
    other = Store(store.path)
    store.keep(Page(KEY, [], WORDS, {"action:7": 0}, is_packed=False))
    store.tell_names(KEY, ("page", ""))
    store.note_failure(KEY, "500")
    store.note_waiting(KEY, since=1.0)
    assert other.look(KEY, PLAIN).body == WORDS
    assert WORDS in everything_in(store)

    store.copy([("action:7", 1, 1)])

    left = everything_in(store)
    assert (WORDS in left, b"the-secret-street" in left) == (False, False)
    other.close()


def test_words_that_a_reader_holds_are_gone_a_minute_after_they_let_go(store):
    store.keep(Page(KEY, [], WORDS, {"action:7": 0}, is_packed=False))
    reader = sqlite3.connect(store.path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM pages").fetchone()
    hasty = Store(store.path, patience=0.1)

    hasty.copy([("action:7", 1, 1)])
    assert hasty.look(KEY, PLAIN) is None
    assert hasty.empty_log() is False
    reader.execute("COMMIT")
    assert hasty.empty_log() is True

    assert WORDS not in everything_in(store)
    reader.close()


# With Django


@pytest.fixture
def shown():
    """What the page says just now."""
    return {"words": "the old street"}


def drawn_by(meanwhile, shown):
    """A page that is drawn, and `meanwhile` runs after it was read and before it is answered."""

    @public_page(tags=["action:7", "actions"], personal=["q"])
    def view(request):
        words = shown["words"]
        meanwhile()
        return HttpResponse(words)

    def get_response(request):
        request.resolver_match = type("Match", (), {"func": staticmethod(view)})
        return view(request)

    return KeptPages(get_response)


def ask(front, query=""):
    return front(RequestFactory().get(f"/en/actions/abcd1234/{query}"))


def taking_down_once(shown, times):
    """For `drawn_by`: takes it down while it is drawn for the first time."""

    def once():
        times.append(1)
        if len(times) == 1:
            with transaction.atomic():
                shown["words"] = "taken off"
                pages.take_down("action:7")

    return once


@pytest.mark.django_db(transaction=True)
def test_a_drawing_that_began_before_and_ends_after_is_answered_to_nobody(kept_pages, shown):
    pages.touch("action:7")
    times = []

    answer = ask(drawn_by(taking_down_once(shown, times), shown))

    assert answer.content == b"taken off"
    assert kept_pages.look(answer[KEPT_AS], PLAIN).body == b"taken off"
    assert len(times) == 2


@pytest.mark.django_db(transaction=True)
def test_nor_is_one_that_was_made_for_one_reader_alone(kept_pages, shown):
    answer = ask(drawn_by(taking_down_once(shown, []), shown), "?q=secret")

    assert (answer.content, answer["Cache-Control"]) == (b"taken off", "no-store")
    assert kept_pages.keys() == []


@pytest.mark.django_db(transaction=True)
def test_one_that_is_taken_down_again_and_again_is_not_answered_at_all(kept_pages, shown):
    answer = ask(drawn_by(lambda: pages.take_down("action:7"), shown))

    assert (answer.status_code, answer["Retry-After"]) == (503, "1")
    assert kept_pages.keys() == []
    assert pages.versions(["action:7"])["action:7"] == DRAWN_AT_MOST


@pytest.mark.django_db(transaction=True)
def test_a_removal_that_is_rolled_back_takes_nothing_down(kept_pages, shown):
    answer = ask(drawn_by(lambda: None, shown))
    with transaction.atomic():
        pages.take_down("action:7")
        transaction.set_rollback(True)

    assert kept_pages.look(answer[KEPT_AS], PLAIN).is_fresh


@pytest.mark.django_db(transaction=True)
def test_a_file_that_takes_no_changes_is_thrown_away_rather_than_shown(kept_pages, shown):
    key = ask(drawn_by(lambda: None, shown))[KEPT_AS]
    writer = sqlite3.connect(kept_pages.path, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")

    with transaction.atomic():
        pages.take_down("action:7")

    assert kept_pages.look(key, PLAIN) is None
    assert kept_pages.is_down({"action:7": 0})
    writer.close()


@pytest.mark.django_db(transaction=True)
def test_a_thousand_readers_never_see_it_once_it_is_down(kept_pages, shown):
    """Readers from the file, eight at a time, while it is kept and taken down by turns."""
    down, seen = threading.Event(), []

    def read():
        for _time in range(125):
            was_down = down.is_set()
            found = reading.look(KEY, GZIP)
            seen.append((was_down, found is not None))

    reading = Store(kept_pages.path)
    kept_pages.keep(page(actions=0))
    readers = [threading.Thread(target=read) for _one in range(8)]
    for one in readers:
        one.start()
    with transaction.atomic():
        pages.take_down("action:7")
    down.set()
    kept_pages.keep(page(actions=0))  # a drawing of before, which ends only now
    for one in readers:
        one.join()
    reading.close()

    assert len(seen) == 1000
    assert (True, True) not in seen
    assert kept_pages.look(KEY, GZIP) is None
