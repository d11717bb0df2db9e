from convoca.texts.history import compare
from convoca.texts.models import Source


def kinds(old, new):
    found = compare([Source(*part) for part in old], [Source(*part) for part in new])
    return [(part.kind, part.old or part.new) for part in found]


def test_what_was_removed_stands_where_it_stood():
    old = [(1, "a"), (2, "b"), (3, "c"), (4, "d")]
    new = [(3, "c"), (1, "A!"), (5, "e")]
    assert kinds(old, new) == [
        ("same", "c"), ("removed", "d"), ("changed", "a"), ("removed", "b"), ("new", "e"),
    ]  # fmt: skip


def test_the_first_version_is_all_new():
    assert kinds([], [(1, "a")]) == [("new", "a")]


def test_all_removed():
    assert kinds([(1, "a"), (2, "b")], []) == [("removed", "a"), ("removed", "b")]
