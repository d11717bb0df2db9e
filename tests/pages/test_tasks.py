"""What comes round for kept pages."""

import time

import pytest

from convoca.core.tick import DAILY, MINUTELY
from convoca.pages import services as pages
from convoca.pages import tasks
from convoca.pages.store import PLAIN, Page

pytestmark = pytest.mark.django_db

KEY = "https://x.example/en/"
DAY = 86_400


def test_both_are_called_each_minute_and_each_day():
    assert tasks.keep_up in MINUTELY.values()
    assert tasks.forget_unread in DAILY.values()


def test_what_was_touched_and_not_copied_is_copied_within_a_minute(kept_pages, settings):
    kept_pages.keep(Page(KEY, [], b"old", {"site": 0}))
    settings.PAGES_STORE = None  # as where a crash comes between the commit and the copy
    pages.touch("site")
    settings.PAGES_STORE = kept_pages.path
    assert kept_pages.look(KEY, PLAIN).is_fresh

    tasks.keep_up()

    assert not kept_pages.look(KEY, PLAIN).is_fresh


def test_a_page_that_nobody_asks_for_leaves_after_thirty_days(kept_pages, monkeypatch):
    now = time.time()
    for days in (31, 29):
        monkeypatch.setattr(time, "time", lambda days=days: now - days * DAY)
        kept_pages.keep(Page(f"{KEY}{days}/", [], b"page", {"site": 0}))
    monkeypatch.undo()

    assert tasks.forget_unread() == 1
    assert kept_pages.keys() == [f"{KEY}29/"]


def test_without_a_file_there_is_nothing_to_do():
    tasks.keep_up()
    assert tasks.forget_unread() == 0
