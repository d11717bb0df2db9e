from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from convoca.counting.linking import assignment
from convoca.counting.linking.assignment import assign, best_columns


def test_two_smaller_gains_beat_one_larger():
    edges = [("a", "x", 5.0), ("a", "y", 4.0), ("b", "x", 4.0)]
    assert sorted(assign(edges)) == [("a", "y", 4.0), ("b", "x", 4.0)]


def test_what_gains_nothing_is_left_alone():
    assert assign([("a", "x", 0.0), ("b", "x", -1.0)]) == []


def test_more_on_the_left_than_on_the_right_is_no_different():
    edges = [("a", "x", 1.0), ("b", "x", 3.0), ("c", "x", 2.0)]
    assert assign(edges) == [("b", "x", 3.0)]


def test_a_group_too_large_for_the_exact_answer_is_taken_best_first(monkeypatch):
    monkeypatch.setattr(assignment, "MOST_STEPS", 1)
    edges = [("a", "x", 5.0), ("a", "y", 4.0), ("b", "x", 4.0), ("b", "y", 1.0)]
    assert sorted(assign(edges)) == [("a", "x", 5.0), ("b", "y", 1.0)]


@given(
    st.integers(1, 4).flatmap(
        lambda rows: st.lists(
            st.lists(st.floats(0, 9), min_size=5, max_size=5), min_size=rows, max_size=rows
        )
    )
)
def test_the_exact_answer_is_the_best_of_all(gains):
    found = best_columns(gains)
    best = max(
        sum(row[at] for row, at in zip(gains, chosen, strict=False))
        for chosen in permutations(range(5), len(gains))
    )
    assert len(set(found)) == len(gains)
    assert abs(sum(row[at] for row, at in zip(gains, found, strict=True)) - best) < 1e-9
