"""Whether two texts are one call in two languages, and which paragraph is which.

Pure functions: what languages share (days, places, acronyms, numbers) is compared, words are not.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from convoca.core.fold import fold
from convoca.reading.draft import Draft

SAME = 0.6
FEWEST = 3
"""Traits in common below which two texts say nothing of each other."""
FARTHEST = 40
"""Paragraphs by which a translation may run ahead of its source, or lag behind."""
_NUMBER = re.compile(r"\d[\d.,\s]*\d|\d")
_CAPITALS = re.compile(r"\b[^\W\d_]*[A-ZÀ-Þ]{2,}[^\W\d_]*\b")
_WEIGHTS = {"days": 3.0, "places": 2.0, "names": 2.0, "numbers": 1.0}


@dataclass(frozen=True)
class Traits:
    """What a text has in common with its translations."""

    days: frozenset[tuple[date, date]] = frozenset()
    places: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    numbers: frozenset[int] = frozenset()


def traits_of(draft: Draft) -> Traits:
    """Days ahead, places by their number or country, acronyms and quoted names, figures."""
    return Traits(
        days=frozenset(
            (one.starts, one.ends or one.starts) for one in [*draft.moments, *draft.mentions]
        ),
        places=frozenset(
            str(one.choices[0]) if one.choices else str(one.country)
            for one in draft.places
            if one.country and (one.choices or one.kind == "country")
        ),
        names=frozenset(
            fold(name)
            for one in draft.organisations
            for name in (one.acronym or _acronym_in(one.name),)
            if name
        )
        | frozenset(fold(one.value) for one in draft.campaigns),
        numbers=frozenset(one.value for one in draft.figures),
    )


def _acronym_in(name: str) -> str:
    found = _CAPITALS.search(name)
    return found[0] if found else ""


def likeness(one: Traits, other: Traits) -> float:
    """How much of what the poorer text holds the other holds too, from 0 to 1; 0 where they have
    no day in common, or too little of anything."""
    if not one.days & other.days:
        return 0.0
    common = all_of_less = 0.0
    shared = 0
    for name, weight in _WEIGHTS.items():
        mine, theirs = getattr(one, name), getattr(other, name)
        less = min(len(mine), len(theirs))
        both = len(mine & theirs)
        shared += both
        common += weight * both
        all_of_less += weight * less
    if shared < FEWEST:
        return 0.0
    return common / all_of_less


def is_same_call(one: Traits, other: Traits) -> bool:
    """Whether they seem to be one call. A person is asked; nothing follows from it by itself."""
    return likeness(one, other) >= SAME


def arranged(source: Sequence[str], words: Sequence[str]) -> list[str]:
    """For each paragraph of the source those of the translation that belong to it, in order.

    Where there are as many, each is taken for the one that stands there. Else the cheapest way
    through both is found by their lengths and numbers, as for aligning texts by length; what was
    put together stands in one paragraph. All words of the translation are in the answer.
    """
    if len(source) == len(words) or not source:
        return list(words)
    mine, theirs = list(map(_Shape.of, source)), list(map(_Shape.of, words))
    scale = (sum(map(len, words)) or 1) / (sum(map(len, source)) or 1)
    costs: dict[tuple[int, int], tuple[float, tuple[int, int]]] = {(0, 0): (0.0, (0, 0))}
    for i in range(len(source) + 1):
        beside = i * len(words) // len(source)
        for j in range(max(0, beside - FARTHEST), min(len(words), beside + FARTHEST) + 1):
            known = costs.get((i, j))
            if known is None:
                continue
            for di, dj in ((1, 1), (1, 2), (1, 3), (1, 0), (2, 1)):
                a, b = mine[i : i + di], theirs[j : j + dj]
                if len(a) < di or len(b) < dj:
                    continue
                cost = known[0] + _cost(a, b, scale)
                if cost < costs.get((i + di, j + dj), (float("inf"), (0, 0)))[0]:
                    costs[(i + di, j + dj)] = (cost, (di, dj))
    return _walked(costs, source, words)


class _Shape(NamedTuple):
    """What a paragraph is compared by."""

    length: int
    numbers: frozenset[str]
    is_list: bool | None

    @classmethod
    def of(cls, words: str) -> "_Shape":
        numbers = frozenset(re.sub(r"\D", "", found[0]) for found in _NUMBER.finditer(words))
        is_list = words.lstrip().startswith(("-", "*", "1")) if words else None
        return cls(len(words), numbers, is_list)


def _cost(a: Sequence[_Shape], b: Sequence[_Shape], scale: float) -> float:
    if not b:
        return 1.5 + min(a[0].length / 30, 6.0)
    long, short = sum(one.length for one in a) * scale, sum(one.length for one in b)
    by_length = abs(long - short) / (long + short + 20) * 6
    mine, theirs = (frozenset().union(*(one.numbers for one in side)) for side in (a, b))
    by_numbers = 3.0 * len(mine ^ theirs) / (len(mine | theirs) or 1)
    is_other = None not in (a[0].is_list, b[0].is_list) and a[0].is_list != b[0].is_list
    return by_length + by_numbers + (len(a) + len(b) - 2) * 0.8 + is_other * 1.5


def _walked(
    costs: dict[tuple[int, int], tuple[float, tuple[int, int]]],
    source: Sequence[str],
    words: Sequence[str],
) -> list[str]:
    """The way back through the costs; where none goes through, in order, the rest in the last."""
    at = (len(source), len(words))
    if at not in costs:
        last = len(source) - 1
        found = [*words[:last], "\n\n".join(words[last:])]
        return found + [""] * (len(source) - len(found))
    found = [""] * len(source)
    while at != (0, 0):
        di, dj = costs[at][1]
        i, j = at[0] - di, at[1] - dj
        found[i] = "\n\n".join(words[j : j + dj])
        at = (i, j)
    return found
