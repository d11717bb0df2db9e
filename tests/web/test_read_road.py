"""What stewards are told of the pages kept for readers."""

import time

import pytest

from convoca.audit.models import Entry
from convoca.pages.store import PLAIN, Page

pytestmark = pytest.mark.django_db

HERE = "/en/work/pages/"
KEY = "http://testserver/en/about/"


@pytest.fixture
def steward(client, bo, network):
    client.force_login(bo)
    return client


def read(client, path=HERE) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_says_how_many_pages_are_kept_and_in_how_large_a_file(steward, kept_pages):
    kept_pages.keep(Page(KEY, [], b"about", {"site": 0}))
    page = read(steward)
    assert "1 page is kept for readers, in a file of" in page
    assert "No reader waits for a page." in page
    assert "Every page that was asked for could be drawn." in page


def test_the_oldest_that_is_waited_for_and_the_last_that_failed_stand_first(steward, kept_pages):
    now = time.time()
    for number in (2, 1, 3):
        kept_pages.note_waiting(f"http://testserver/en/wait/{number}/", since=now - 100 + number)
    for number in (1, 2):
        kept_pages.note_failure(f"http://testserver/en/fail/?page={number}", "500")
    page = read(steward)
    places = [page.index(f"/en/{end}<") for end in ("wait/1/", "wait/2/", "wait/3/")]
    failed = [page.index(f"/en/fail/?page={number}<") for number in (2, 1)]
    assert places == sorted(places)
    assert failed == sorted(failed)


def test_a_hundred_failures_are_counted_and_not_all_shown(steward, kept_pages):
    for number in range(120):
        kept_pages.note_failure(f"http://testserver/en/fail/{number}/", "500")
    page = read(steward)
    assert page.count('href="/en/fail/') == 50
    assert "and 70 more" in page


@pytest.mark.django_db(transaction=True)
def test_a_steward_has_every_page_drawn_again(steward, kept_pages):
    kept_pages.keep(Page(KEY, [], b"about", {"everything": 0}))
    answer = steward.post(f"{HERE}again/", follow=True)
    found = kept_pages.look(KEY, PLAIN)

    assert "Every page is drawn again as soon as somebody asks for it." in answer.content.decode()
    assert (found.body, found.is_fresh) == (b"about", False)
    assert Entry.objects.filter(event="pages.drawn-again").count() == 1


def break_it(kept_pages):
    """A folder stands where the file should be."""
    kept_pages.throw_away()
    kept_pages.path.mkdir()


def test_a_file_that_cannot_be_opened_is_told(steward, kept_pages):
    break_it(kept_pages)
    assert "Cannot be opened." in read(steward)
    assert "each is drawn anew, slowly" in read(steward, "/en/work/")


CARD = "/en/work/"
TROUBLE = ("cannot be drawn", "takes longer than a minute", "cannot be opened")


def told(client) -> list[str]:
    page = read(client, CARD)
    return [words for words in TROUBLE if words in page]


def test_today_says_nothing_while_all_is_well_or_waits_for_a_moment(steward, kept_pages):
    kept_pages.note_waiting(KEY, since=time.time() - 30)
    assert told(steward) == []


def test_today_says_in_a_sentence_what_fails_or_waits_for_long(steward, kept_pages):
    kept_pages.note_waiting(KEY, since=time.time() - 90)
    assert told(steward) == ["takes longer than a minute"]
    kept_pages.note_failure(KEY, "500")
    assert told(steward) == ["cannot be drawn"]


def test_a_failure_is_over_when_the_page_is_drawn_or_is_no_more(steward, kept_pages):
    other = "http://testserver/en/gone/"
    for key in (KEY, other):
        kept_pages.note_failure(key, "500")
    kept_pages.keep(Page(KEY, [], b"about", {"site": 0}))
    kept_pages.forget(other)
    assert kept_pages.failures() == []
    assert told(steward) == []


def test_whoever_is_no_steward_reads_nothing_of_it(client, ana, network, kept_pages):
    kept_pages.note_failure(KEY, "500")
    client.force_login(ana)
    assert client.get(HERE).status_code == 403
    assert client.post(f"{HERE}again/").status_code == 403
    assert told(client) == []
