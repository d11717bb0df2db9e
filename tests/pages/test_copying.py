"""After an upgrade every page is drawn again, and once only."""

import pytest

from convoca.pages import copying
from convoca.pages import services as pages
from convoca.pages.store import EVERYTHING, SCHEMA, Store


@pytest.mark.django_db
def test_pages_of_another_version_of_the_program_are_drawn_again(kept_pages, monkeypatch):
    copying._draw_again_after_an_upgrade()
    first = pages.versions([EVERYTHING])[EVERYTHING]
    copying._draw_again_after_an_upgrade()
    assert pages.versions([EVERYTHING]) == {EVERYTHING: first}
    monkeypatch.setattr(copying, "program", lambda: "another")
    copying._draw_again_after_an_upgrade()
    assert pages.versions([EVERYTHING])[EVERYTHING] > first


def test_a_file_of_another_version_is_made_anew(tmp_path):
    old = Store(tmp_path / "pages.sqlite3")
    old.tell("languages", "es")
    with old._open() as base:
        base.execute(f"PRAGMA user_version = {SCHEMA + 1}")
    old.close()
    assert Store(old.path).fact("languages") == ""
