"""One-to-one between two lists, best over the whole group and not pair by pair."""

from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

K = TypeVar("K", bound=Hashable)
Edge = tuple[K, K, float]

MOST_STEPS = 5_000_000
"""Steps (smaller side squared by larger side) up to which the best assignment is worked out: a
second or two."""


def assign(edges: Iterable[Edge[K]]) -> list[Edge[K]]:
    """Of the pairs (left, right, gain above nought), those that together gain most.

    Nobody is in two pairs. Groups that no pair connects are looked at apart. In one that is too
    large for the exact answer, pairs are taken by gain, best first. The answer does not depend on
    the order in which pairs come, except among those that gain exactly as much.
    """
    chosen: list[Edge[K]] = []
    for group in _groups([edge for edge in edges if edge[2] > 0]):
        if len(group) == 1:
            chosen += group
        else:
            chosen += _exact(group) if _steps(group) <= MOST_STEPS else _greedy(group)
    return chosen


def _groups(edges: Sequence[Edge[K]]) -> list[list[Edge[K]]]:
    above: dict[tuple[int, K], tuple[int, K]] = {}

    def head(member: tuple[int, K]) -> tuple[int, K]:
        while above.setdefault(member, member) != member:
            above[member] = above[above[member]]
            member = above[member]
        return member

    for left, right, _ in edges:
        above[head((0, left))] = head((1, right))
    groups: dict[tuple[int, K], list[Edge[K]]] = {}
    for edge in edges:
        groups.setdefault(head((0, edge[0])), []).append(edge)
    return list(groups.values())


def _steps(group: Sequence[Edge[K]]) -> int:
    smaller, larger = sorted((len({edge[0] for edge in group}), len({edge[1] for edge in group})))
    return smaller * smaller * larger


def _greedy(group: Sequence[Edge[K]]) -> list[Edge[K]]:
    lefts: set[K] = set()
    rights: set[K] = set()
    chosen = []
    for edge in sorted(group, key=lambda edge: -edge[2]):
        if edge[0] not in lefts and edge[1] not in rights:
            chosen.append(edge)
            lefts.add(edge[0])
            rights.add(edge[1])
    return chosen


def _exact(group: Sequence[Edge[K]]) -> list[Edge[K]]:
    lefts = list(dict.fromkeys(edge[0] for edge in group))
    rights = list(dict.fromkeys(edge[1] for edge in group))
    turned = len(lefts) > len(rights)
    if turned:
        lefts, rights = rights, lefts
    row = {key: at for at, key in enumerate(lefts)}
    column = {key: at for at, key in enumerate(rights)}
    gains = [[0.0] * len(rights) for _ in lefts]
    for left, right, gain in group:
        if turned:
            left, right = right, left
        gains[row[left]][column[right]] = max(gain, gains[row[left]][column[right]])
    found = []
    for at, to in enumerate(best_columns(gains)):
        if gains[at][to] > 0:
            pair = (rights[to], lefts[at]) if turned else (lefts[at], rights[to])
            found.append((*pair, gains[at][to]))
    return found


def best_columns(gains: Sequence[Sequence[float]]) -> list[int]:
    """For each row a column of its own, so that the sum of gains is largest.

    The Hungarian method with potentials (Kuhn 1955, Munkres 1957), rows² × columns steps; there
    must be no more rows than columns.
    """
    rows, columns = len(gains), len(gains[0])
    nothing = float("inf")
    row_price, column_price = [0.0] * (rows + 1), [0.0] * (columns + 1)
    holder, came_from = [0] * (columns + 1), [0] * (columns + 1)  # columns and rows count from 1
    for row in range(1, rows + 1):
        holder[0], at = row, 0
        slack, seen = [nothing] * (columns + 1), [False] * (columns + 1)
        while True:
            seen[at] = True
            here, least, following = holder[at], nothing, 0
            for column in range(1, columns + 1):
                if seen[column]:
                    continue
                cost = -gains[here - 1][column - 1] - row_price[here] - column_price[column]
                if cost < slack[column]:
                    slack[column], came_from[column] = cost, at
                if slack[column] < least:
                    least, following = slack[column], column
            for column in range(columns + 1):
                if seen[column]:
                    row_price[holder[column]] += least
                    column_price[column] -= least
                else:
                    slack[column] -= least
            at = following
            if holder[at] == 0:
                break
        while at:
            holder[at] = holder[came_from[at]]
            at = came_from[at]
    found = [0] * rows
    for column in range(1, columns + 1):
        if holder[column]:
            found[holder[column] - 1] = column - 1
    return found
