"""After an upgrade every page is drawn again, and once only."""

import time

import pytest

from convoca.pages import services as pages
from convoca.pages import upkeep
from convoca.pages.store import EVERYTHING, PLAIN, SCHEMA, Page, Store

pytestmark = pytest.mark.django_db
KEY = "https://x.example/en/"
DAY = 86_400


def test_pages_of_another_version_of_the_program_are_drawn_again(kept_pages, monkeypatch):
    upkeep._draw_again_after_an_upgrade()
    first = pages.versions([EVERYTHING])[EVERYTHING]
    upkeep._draw_again_after_an_upgrade()
    assert pages.versions([EVERYTHING]) == {EVERYTHING: first}
    monkeypatch.setattr(upkeep, "program", lambda: "another")
    upkeep._draw_again_after_an_upgrade()
    assert pages.versions([EVERYTHING])[EVERYTHING] > first


def test_a_file_of_another_version_is_made_anew(tmp_path):
    old = Store(tmp_path / "pages.sqlite3")
    old.tell("languages", "es")
    with old._open() as base:
        base.execute(f"PRAGMA user_version = {SCHEMA + 1}")
    old.close()
    assert Store(old.path).fact("languages") == ""


def test_what_was_touched_and_not_copied_is_copied_within_a_minute(kept_pages, settings):
    kept_pages.keep(Page(KEY, [], b"old", {"site": 0}))
    settings.PAGES_STORE = None  # as where a crash comes between the commit and the copy
    pages.touch("site")
    settings.PAGES_STORE = kept_pages.path
    assert kept_pages.look(KEY, PLAIN).is_fresh

    upkeep.keep_up()

    assert not kept_pages.look(KEY, PLAIN).is_fresh


def test_a_page_that_nobody_asks_for_leaves_after_thirty_days(kept_pages, monkeypatch):
    now = time.time()
    for days in (31, 29):
        monkeypatch.setattr(time, "time", lambda days=days: now - days * DAY)
        kept_pages.keep(Page(f"{KEY}{days}/", [], b"page", {"site": 0}))
    monkeypatch.undo()

    assert upkeep.forget_unread() == 1
    assert kept_pages.keys() == [f"{KEY}29/"]


def test_without_a_file_there_is_nothing_to_do():
    upkeep.keep_up()
    assert upkeep.forget_unread() == 0
