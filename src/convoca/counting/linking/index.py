"""Reports by day and place, so that a new one is compared with its neighbours only."""

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator
from functools import lru_cache

from convoca.counting.linking.features import days_apart, km, likeness, shared_words
from convoca.counting.linking.reports import Profile, Report, profile

DAYS = 1
"""Days that two reports of one action may be apart."""
KM = 60.0
"""Kilometres: one source names the town, the other the city beside it."""
ALIKE = 0.6
"""Names of towns so alike may be one town, where no position says otherwise."""
MOST = 300
"""Neighbours of one report that are looked at: where there are more, the likeliest by words."""
_CELL = 0.6  # degrees; a little more than KM

Key = tuple[str, str]
"""Source and id."""


class Index:
    """Holds reports of any number of sources. Adding one again replaces it."""

    def __init__(self, reports: Iterable[Report] = ()) -> None:
        self._profiles: dict[Key, Profile] = {}
        self._at: defaultdict[Hashable, defaultdict[int, set[Key]]] = _shelf()
        self._crowds: Counter[tuple[str, str, int]] = Counter()
        for report in reports:
            self.add(report)

    def __len__(self) -> int:
        return len(self._profiles)

    def __contains__(self, key: Key) -> bool:
        return key in self._profiles

    def add(self, report: Report) -> Profile:
        """Keep a report; what stood there under its source and id goes."""
        self.discard((report.source, report.id))
        made = profile(report)
        key = (report.source, report.id)
        self._profiles[key] = made
        for place in _places(made):
            by_day = self._at[place]
            for day in made.days:
                by_day[day].add(key)
        self._crowds[_crowd(made)] += 1
        return made

    def discard(self, key: Key) -> None:
        """Forget a report, if it is there."""
        if old := self._profiles.pop(key, None):
            for place in _places(old):
                by_day = self._at[place]
                for day in old.days:
                    by_day[day].discard(key)
                    if not by_day[day]:
                        del by_day[day]
                if not by_day:
                    del self._at[place]
            self._crowds[_crowd(old)] -= 1

    def profile(self, key: Key) -> Profile | None:
        return self._profiles.get(key)

    def near(self, one: Profile) -> list[Profile]:
        """Reports of other sources that may be of the same action, in a fixed order."""
        days = range(one.days[0] - DAYS, one.days[-1] + DAYS + 1)
        keys: set[Key] = set()
        for place in _looked_at(one):
            if by_day := self._at.get(place):
                keys.update(*(by_day[day] for day in days if day in by_day))
        found = [
            other
            for key in sorted(keys)
            if key[0] != one.report.source and _may_be_one(one, other := self._profiles[key])
        ]
        return found if len(found) <= MOST else _likeliest(one, found)

    def rivals(self, one: Profile, other: Profile) -> int:
        """How many reports of the other's source stand in the town of one of them, at the most."""
        here, there = one.report.source, other.report.source
        about_other = self._about(other, here)
        is_asked_before_added = (here, one.report.id) not in self._profiles
        if is_asked_before_added and _crowd(one)[1] == _crowd(other)[1]:
            about_other += 1
        return max(self._about(one, there), about_other)

    def _about(self, one: Profile, source: str) -> int:
        days = range(one.days[0] - DAYS, one.days[-1] + DAYS + 1)
        town = _crowd(one)[1]
        return sum(self._crowds.get((source, town, day), 0) for day in days)


def _crowd(one: Profile) -> tuple[str, str, int]:
    return one.report.source, f"{one.country}/{one.region}/{one.town}", one.days[0]


def _shelf() -> defaultdict[Hashable, defaultdict[int, set[Key]]]:
    """Places, and on each of them days."""
    return defaultdict(lambda: defaultdict(set))


def _places(one: Profile) -> Iterator[Hashable]:
    """Where a report is kept: by position, town and region."""
    yield _cell(*one.position) if one.position else (one.region, "without a position")
    if one.town:
        yield one.town
    if one.region:
        yield one.region


def _looked_at(one: Profile) -> Iterator[Hashable]:
    """Where what is near a report may be kept."""
    if one.position:
        yield from _cells_about(_cell(*one.position))
    if one.region:
        yield (one.region, "without a position") if one.position else one.region
    if one.town:
        yield one.town


def _cell(latitude: float, longitude: float) -> tuple[int, int]:
    """Its row, and its place in it: counted from the date line, beyond which it begins anew."""
    row = math.floor(latitude / _CELL)
    width = _width(row)
    return row, math.floor((longitude + 180.0) / width) % round(360.0 / width)


@lru_cache(maxsize=1024)
def _width(row: int) -> float:
    """Degrees of longitude of the cells in a row: about as wide as they are high."""
    middle = min(85.0, abs((row + 0.5) * _CELL))
    return 360.0 / max(1, math.floor(360.0 / (_CELL / math.cos(math.radians(middle)))))


@lru_cache(maxsize=16_384)
def _cells_about(cell: tuple[int, int]) -> tuple[tuple[int, int], ...]:
    here, at = cell
    middle_of = (at + 0.5) * _width(here)
    found = []
    for row in (here - 1, here, here + 1):
        width = _width(row)
        around, middle = round(360.0 / width), math.floor(middle_of / width)
        found += [(row, (middle + by) % around) for by in (-2, -1, 0, 1, 2)]
    return tuple(found)


def _may_be_one(one: Profile, other: Profile) -> bool:
    if one.country and other.country and one.country != other.country:
        return False
    if days_apart(one, other) > DAYS:
        return False
    if one.town and one.town == other.town:
        return True
    away = km(one, other)
    if away is not None:
        return away <= KM
    if not one.region or one.region != other.region:
        return False
    return bool(
        one.town_words & other.area_words
        or other.town_words & one.area_words
        or likeness(one.town, other.town) >= ALIKE
    )


def _likeliest(one: Profile, found: list[Profile]) -> list[Profile]:
    def rank(other: Profile) -> tuple[int, int, int]:
        sizes = bool(one.low) and one.low == other.low
        return (
            one.town != other.town,
            -len(shared_words(one, other)) - sizes,
            days_apart(one, other),
        )

    return sorted(found, key=rank)[:MOST]
