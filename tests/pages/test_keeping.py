"""What is kept in a process is what the database says, for as long as no tag is touched."""

import pytest

from convoca.pages import services as pages
from convoca.pages.keeping import Kept

pytestmark = pytest.mark.django_db


@pytest.fixture
def reads() -> list[str]:
    return []


def test_it_is_read_once_while_nothing_is_touched(reads: list[str]) -> None:
    kept: Kept[str] = Kept()
    for _again in range(3):
        assert read(kept, reads, "a") == "a"
    assert reads == ["a"]


def test_a_touched_tag_makes_it_old(reads: list[str]) -> None:
    kept: Kept[str] = Kept()
    read(kept, reads, "a")
    pages.touch("tag of a")
    read(kept, reads, "a")
    pages.touch("tag of b")
    read(kept, reads, "a")
    assert reads == ["a", "a"]


def test_a_change_while_it_is_read_makes_it_old(reads: list[str]) -> None:
    kept: Kept[str] = Kept()

    def changed_meanwhile() -> str:
        reads.append("old")
        pages.touch("tag of a")
        return "old"

    kept.get("a", tags=lambda: ["tag of a"], make=changed_meanwhile)
    assert read(kept, reads, "a") == "a"


def test_what_is_not_there_is_looked_for_again_and_few_are_kept(reads: list[str]) -> None:
    kept: Kept[str] = Kept(most=2)
    assert kept.get("a", tags=list, make=lambda: None) is None
    for key in ("a", "b", "c", "a"):
        read(kept, reads, key)
    assert reads == ["a", "b", "c", "a"]


def read(kept: Kept[str], reads: list[str], key: str) -> str | None:
    def make() -> str:
        reads.append(key)
        return key

    return kept.get(key, tags=lambda: [f"tag of {key}"], make=make)
