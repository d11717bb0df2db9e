"""The file of kept pages: which drawing is kept, which is fresh, and what breaks."""

import os
import sqlite3
import threading
import time
from pathlib import Path

import pytest
import time_machine

from convoca.pages import store as stores
from convoca.pages.store import BROTLI, GZIP, LARGEST, PLAIN, Outcome, Page, Store

KEY = "https://x.example/en/"
LONG = b"Rivers belong to everyone. " * 60


@pytest.fixture
def store(tmp_path):
    kept = Store(tmp_path / "pages.sqlite3")
    yield kept
    kept.close()


def page(body=LONG, *, key=KEY, **facts):
    tags = facts.pop("tags", {"campaign:7": 0, "site": 0})
    return Page(key, [("Content-Type", "text/html")], body, tags, **facts)


# What is kept


def test_a_page_comes_back_in_each_form(store):
    store.keep(page())
    found = {form: store.look(KEY, form) for form in (PLAIN, GZIP, BROTLI)}

    assert found[PLAIN].body == LONG
    assert len(found[BROTLI].body) < len(found[GZIP].body) < len(LONG)
    assert len({one.etag for one in found.values()}) == 1
    assert found[PLAIN].headers == '[["Content-Type","text/html"]]'
    assert store.look("https://x.example/es/", PLAIN) is None


def test_a_picture_is_kept_as_it_is_and_once(store):
    store.keep(page(os.urandom(4000), is_packed=False))
    assert len({store.look(KEY, form).body for form in (PLAIN, GZIP, BROTLI)}) == 1
    assert not store.look(KEY, GZIP).is_packed


def test_what_is_too_large_is_not_kept(store):
    assert store.keep(page(b"x" * (LARGEST + 1))) == Outcome.TOO_LARGE
    assert store.keys() == []


def test_the_file_is_for_its_owner_alone(store):
    store.keep(page())
    assert store.path.stat().st_mode & 0o777 == 0o600


# Which drawing is fresh


def test_a_touched_tag_makes_a_page_old_and_a_new_drawing_fresh_again(store):
    store.keep(page())
    store.copy([("campaign:8", 1, 0)])
    assert store.look(KEY, PLAIN).is_fresh
    store.copy([("campaign:7", 1, 0)])
    assert not store.look(KEY, PLAIN).is_fresh
    assert store.look(KEY, PLAIN).body == LONG
    store.keep(page(b"new", tags={"campaign:7": 1, "site": 0}))
    assert store.look(KEY, PLAIN).is_fresh


def test_a_page_drawn_before_a_change_that_is_known_already_is_old_from_the_start(store):
    store.copy([("campaign:7", 3, 0)])
    store.keep(page(tags={"campaign:7": 2, "site": 0}))
    assert not store.look(KEY, PLAIN).is_fresh
    assert store.keys(fresh_only=True) == []


def test_versions_never_go_back(store):
    store.copy([("campaign:7", 5, 0)])
    store.copy([("campaign:7", 4, 0)])
    store.keep(page(tags={"campaign:7": 4, "site": 0}))
    assert not store.look(KEY, PLAIN).is_fresh


def test_an_older_drawing_that_ends_later_replaces_no_newer_one(store):
    assert store.keep(page(b"new", tags={"campaign:7": 2, "site": 0})) == Outcome.KEPT
    assert store.keep(page(b"old", tags={"campaign:7": 1, "site": 0})) == Outcome.NEWER
    assert store.look(KEY, PLAIN).body == b"new"
    assert store.keep(page(b"same", tags={"campaign:7": 2, "site": 0})) == Outcome.KEPT
    assert store.look(KEY, PLAIN).body == b"same"


def test_a_page_is_old_when_it_changes_by_itself_and_after_ten_minutes(store):
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        store.keep(page(due_at=time.time() + 30))
        store.keep(page(key=f"{KEY}about/"))
        store.keep(page(key=f"{KEY}later/", due_at=time.time() + 86_400))
        clock.shift(29)
        assert len(store.keys(fresh_only=True)) == 3
        clock.shift(1)
        assert store.keys(fresh_only=True) == [f"{KEY}about/", f"{KEY}later/"]
        clock.shift(stores.OLDEST - 30)
        assert store.keys(fresh_only=True) == []
        assert len(store.keys()) == 3


# What leaves it


def test_a_forgotten_page_leaves_with_all_its_forms(store):
    store.keep(page())
    store.forget(KEY)
    with store._open() as base:
        rows = base.execute("SELECT (SELECT count(*) FROM bodies) + (SELECT count(*) FROM shown)")
        assert (store.keys(), rows.fetchone()) == ([], (0,))


def test_a_drawing_begun_before_a_take_down_is_not_kept(store):
    store.copy([("campaign:7", 1, 1)])
    assert store.keep(page()) == Outcome.TAKEN_DOWN
    assert store.keep(page(tags={"campaign:7": 1, "site": 0})) == Outcome.KEPT


def test_of_pages_with_a_query_those_drawn_last_stay(store, monkeypatch):
    monkeypatch.setattr(stores, "MOST_QUERIED", 10)
    store.keep(page())
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        for number in range(200):
            clock.shift(1)
            store.keep(page(b"x", key=f"{KEY}?page={number:03d}"))
    kept = store.keys()
    assert kept[0] == KEY
    assert kept[-1] == f"{KEY}?page=199"
    assert len(kept) <= 1 + 10 + 64  # it is looked after each 64th page


# What breaks


def test_a_broken_file_is_thrown_away_and_begun_anew(store):
    store.keep(page())
    store.close()
    store.path.write_bytes(b"no database at all, but long enough for a head " * 40)

    with pytest.raises(sqlite3.DatabaseError):
        store.look(KEY, PLAIN)
    assert store.look(KEY, PLAIN) is None
    assert store.keep(page()) == Outcome.KEPT
    assert store.look(KEY, PLAIN).body == LONG


def test_a_deleted_file_is_noticed_within_a_moment(store):
    store.keep(page())
    for file in store.path.parent.glob("pages.sqlite3*"):
        file.unlink()
    until = time.monotonic() + 60
    while store.look(KEY, PLAIN) is not None:
        assert time.monotonic() < until
        time.sleep(0.02)
    assert store.keep(page()) == Outcome.KEPT
    assert store.path.exists()


def test_many_who_keep_and_look_at_once_see_whole_pages(store):
    """Each body is one letter: half a page would have two."""
    wrong: list[object] = []

    def keep(letter: bytes, number: int) -> None:
        mine = Store(store.path)
        for version in range(40):
            mine.copy([("campaign:7", version, 0)])
            mine.keep(page(letter * (3000 + number), tags={"campaign:7": version, "site": 0}))
        mine.close()

    def look() -> None:
        mine = Store(store.path)
        for _time in range(200):
            for form in (PLAIN, GZIP):
                found = mine.look(KEY, form)
                if found is not None and form == PLAIN and len(set(found.body)) != 1:
                    wrong.append(found)
        mine.close()

    threads = [threading.Thread(target=keep, args=(bytes([97 + n]), n)) for n in range(3)]
    threads += [threading.Thread(target=look) for _n in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert wrong == []
    assert store.look(KEY, PLAIN).is_fresh


def test_a_new_file_opens_for_all_who_come_in_the_same_moment(tmp_path):
    """Switching a file to a write-ahead log is refused at once where another does it just now."""
    refused: list[Exception] = []

    def open_it(path: Path, all_are_here: threading.Barrier) -> None:
        mine = Store(path)
        all_are_here.wait()
        try:
            mine.look(KEY, PLAIN)
        except sqlite3.Error as error:
            refused.append(error)
        mine.close()

    for number in range(60):
        together = (tmp_path / f"{number}.sqlite3", threading.Barrier(8))
        threads = [threading.Thread(target=open_it, args=together) for _n in range(8)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
    assert refused == []


# What is told


def test_failures_are_told_the_latest_first_until_the_page_is_drawn(store):
    for number in range(3):
        with time_machine.travel(1_800_000_000 + number, tick=False):
            store.note_failure(f"{KEY}{number}/", "500")
    assert [key for key, _at, _words in store.failures()] == [f"{KEY}{n}/" for n in (2, 1, 0)]
    store.keep(page(key=f"{KEY}2/"))
    store.forget(f"{KEY}1/")
    assert [key for key, _at, _words in store.failures()] == [f"{KEY}0/"]


def test_the_front_is_told_words_and_which_names_of_a_query_are_read(store):
    store.tell("languages", "es,ar")
    store.tell_names(KEY, ("page,kind", "q"))
    other = Store(store.path)
    assert other.fact("languages") == "es,ar"
    assert other.fact("nothing") == ""
    assert other.names_read(KEY) == ("page,kind", "q")
    assert other.names_read(f"{KEY}x/") is None
    other.close()
