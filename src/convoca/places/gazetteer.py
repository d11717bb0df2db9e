"""Where is that? A typed name is answered with one clear place, a choice, or "unknown".

Needs no Django: `Gazetteer` reads the unpacked table (`unpacking`), `Table` holds it in memory
for imports of many names; both answer alike.
"""

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from heapq import nsmallest
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple, Self

from convoca.core.fold import fold
from convoca.places.index import Area, FileIndex, Found, Index, MemoryIndex
from convoca.places.keys import LONGEST, compound, district_keys, key, spellings, whole_of
from convoca.places.unpacking import cell_of, unpack

NEAR = 20.0  # km: of two places so near each other, the larger stands for both
CLEAR = 1.0  # a place this many powers of ten weightier than the next needs no question
LIKELY = 0.15  # in a named region this much makes a guess
LARGE = 100_000  # people: so large a place is known by any of its names
COMMON = 8  # a name that so many places of one country bear says little by itself
TYPED = 200  # characters of what was typed that are read
_PARTS = re.compile(r"[,;\n،、，؛]+")
_DOUBLE = re.compile(r"(.)\1")
_WITH_DIGITS = re.compile(r"\S*\d\S*")

# Where the table has a country code of their own for what people write as part of a country.
_BELONGS = {
    "US": {"PR", "GU", "VI", "AS", "MP"},
    "FR": {"GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF", "NC", "PF", "WF"},
    "NL": {"AW", "CW", "SX", "BQ"},
    "DK": {"GL", "FO"},
    "FI": {"AX"},
    "NO": {"SJ"},
    "GB": {"GI", "FK", "BM", "KY", "TC", "VG", "AI", "MS", "SH"},
    "CN": {"HK", "MO"},
}


class Outcome(StrEnum):
    CLEAR = "clear"
    ASK = "ask"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a typed name means.

    Clear: `places` holds the one place; a guess is good enough for an import that people look
    through, while a person who is there is better asked. Ask: the places it may be, likeliest
    first. Unknown: no place of that name is known there; `places` may hold some that were meant.
    """

    outcome: Outcome
    places: tuple[Found, ...] = ()
    is_guess: bool = False

    @property
    def place(self) -> Found | None:
        return self.places[0] if self.outcome is Outcome.CLEAR else None


class Candidate(NamedTuple):
    place: Found
    weight: float
    is_main: bool

    @classmethod
    def of(cls, place: Found, *, is_main: bool, is_narrow: bool) -> Self:
        """Weighed by population; being the main name counts ten times as much.

        In a region a hundred times: many an alternate name is that of a village long merged.
        """
        bonus = (1 + is_narrow) * is_main
        return cls(place, math.log10(place.population + 200) + bonus, is_main)


class Scope(NamedTuple):
    """A part of the world that a word after the name may mean."""

    areas: frozenset[Area]
    districts: frozenset[str] = frozenset()

    def holds(self, place: Found) -> bool:
        return (
            (place.country, "") in self.areas
            or (place.country, place.region_code) in self.areas
            or (bool(self.districts) and not self.districts.isdisjoint(_district(place.district)))
        )

    @property
    def regions(self) -> list[Area]:
        return [area for area in self.areas if area[1]]


@lru_cache(maxsize=4096)
def _district(name: str) -> frozenset[str]:
    return frozenset(district_keys(name)) if name else frozenset()


class Finder:
    """Answers by an index. Never raises, whatever is typed."""

    def __init__(self, index: Index) -> None:
        self.index = index
        # Lists of places name the same few regions and countries over and over.
        self._scope = lru_cache(maxsize=2048)(self._read_scope)
        self._narrow = lru_cache(maxsize=512)(self._read_narrow)

    def by_id(self, geonames_id: int) -> Found | None:
        return self.index.with_id(geonames_id) if 0 < geonames_id < 2**31 else None

    def nearest(self, latitude: float, longitude: float, *, within: float = 100) -> Found | None:
        """The place nearest to a position, if there is one within so many kilometres."""
        if not (math.isfinite(latitude) and math.isfinite(longitude)):
            return None
        best, best_at = None, within
        for cell in _cells_around(latitude, longitude, within):
            for place in self.index.in_cell(cell):
                at = distance(latitude, longitude, place.latitude, place.longitude)
                if at < best_at:
                    best, best_at = place, at
        return best

    def near(
        self, latitude: float, longitude: float, *, limit: int = 3, within: float = 100
    ) -> list[tuple[float, Found]]:
        """The places nearest to a position with their distances in kilometres, nearest first."""
        if not (math.isfinite(latitude) and math.isfinite(longitude)):
            return []
        around = (
            (distance(latitude, longitude, place.latitude, place.longitude), place)
            for cell in _cells_around(latitude, longitude, within)
            for place in self.index.in_cell(cell)
        )
        return nsmallest(limit, (one for one in around if one[0] < within), key=itemgetter(0))

    def larger_cities(self, country: str, *, limit: int = 30) -> list[Found]:
        """The largest cities of a country, without what looks like a part of a larger one.

        The table does not say what is a quarter. What lies as near to a city as that is wide (20
        km at most) and has less than a third of its people counts as a part of it: Brooklyn does,
        Yokohama and San Lorenzo do not.
        """
        kept: list[Found] = []
        for place in self.index.largest_in(country.upper(), 8 * limit + 40):
            if not any(_is_part(place, city) for city in kept):
                kept.append(place)
        return kept[:limit]

    def regions(self, country: str) -> list[tuple[str, str]]:
        """The regions of a country by name: code and name, as the table has them."""
        found = self.index.regions_of(country.upper())
        return sorted(found, key=lambda region: fold(region[1]))

    def find(
        self,
        name: str,
        *,
        country: str | None = None,
        region: str | None = None,
        limit: int = 8,
        suggest: bool = False,
    ) -> Answer:
        """What `name` means: a name alone, or with region and country after commas or blanks.

        `country` (ISO 3166 alpha-2) and `region` (a code or a name) narrow the search. With
        `suggest`, the answer to an unknown name holds what it may have been meant for.
        """
        name, country, region = _encodable(name), _encodable(country), _encodable(region)
        narrow = self._narrow(country, region)
        readings = [(typed, [*scopes, *narrow]) for typed, scopes in self._readings(name[:TYPED])]
        for typed, scopes in readings:
            for at, keys in enumerate(spellings(typed)):
                if candidates := self._candidates(self.index.refs(keys), scopes):
                    return self._decide(keys, candidates, scopes, limit, is_literal=at == 0)
        for typed, scopes in readings:
            if guess := self._guess(typed, scopes):
                return Answer(Outcome.CLEAR, (guess,), is_guess=True)
        near: dict[Found, None] = {}
        for typed, scopes in readings if suggest else ():
            near |= dict.fromkeys(self._nearly(typed, scopes))
        return Answer(Outcome.UNKNOWN, tuple(near)[:limit])

    # How what was typed is read

    def _read_narrow(self, country: str, region: str) -> tuple[Scope, ...]:
        scopes = []
        if country:
            country = country.upper()
            scopes.append(Scope(frozenset((c, "") for c in {country, *_BELONGS.get(country, ())})))
        if region:
            named = {area for area in self.index.areas(key(region)) if area[1]}
            scopes.append(Scope(frozenset({*named, (country, region)})))
        return tuple(scopes)

    def _readings(self, text: str) -> Iterator[tuple[str, list[Scope]]]:
        """Which words may be the name, and what those after it say of where it lies.

        "Town hall, Springfield, IL" may be the town hall of a Springfield; "Portland OR" has no
        comma. A word after the name that means no region, country or district finds nothing.
        """
        parts = [part.strip() for part in _PARTS.split(text)]
        parts = [part for part in parts if key(part)][-5:]
        for at, typed in enumerate(parts):
            scopes = [s for part in parts[at + 1 :] if (s := self._scope(part))]
            if scopes or at == 0:
                yield typed, scopes
                without = _WITH_DIGITS.sub(" ", typed)
                if without != typed and key(without):
                    yield without, scopes
            if at == len(parts) - 1:
                words = typed.split()
                for count in range(1, min(4, len(words))):
                    scope = self._scope(" ".join(words[-count:]))
                    if scope and scope.areas:
                        yield " ".join(words[:-count]), [scope]

    def _read_scope(self, words: str) -> Scope | None:
        """What a word after the name means; nothing for a postcode."""
        words = _WITH_DIGITS.sub(" ", words)
        asked = key(words)
        if not asked:
            return None
        areas = set(self.index.areas(asked))
        for country, region in list(areas):
            if not region:
                areas |= {(part, "") for part in _BELONGS.get(country, ())}
        return Scope(frozenset(areas), frozenset(district_keys(words)))

    # How candidates are weighed

    def _candidates(self, refs: Iterable[int], scopes: list[Scope]) -> list[Candidate]:
        """The places of these refs that lie in all scopes, the likeliest first."""
        best: dict[int, int] = {}
        for ref in refs:
            best[ref >> 1] = min(best.get(ref >> 1, ref), ref)
        ranks = sorted(best)
        is_narrow = any(scope.regions for scope in scopes)
        found = [
            Candidate.of(place, is_main=not best[rank] & 1, is_narrow=is_narrow)
            for rank, place in zip(ranks, self.index.places(ranks), strict=True)
            if all(scope.holds(place) for scope in scopes)
        ]
        return sorted(found, key=lambda candidate: -candidate.weight)

    def _decide(
        self,
        keys: list[str],
        candidates: list[Candidate],
        scopes: list[Scope],
        limit: int,
        *,
        is_literal: bool,
    ) -> Answer:
        apart: list[Candidate] = []
        for candidate in candidates[:50]:
            if not any(_are_near(candidate.place, other.place) for other in apart):
                apart.append(candidate)
        ask = Answer(Outcome.ASK, tuple(candidate.place for candidate in apart[:limit]))
        first = apart[0]
        ahead = first.weight - apart[1].weight if len(apart) > 1 else CLEAR
        is_narrow = any(scope.regions for scope in scopes)
        if ahead < (LIKELY if is_narrow else CLEAR) or self._is_doubtful(keys, first, scopes):
            return ask
        if not is_literal and self._is_common(keys[0], first.place.country):
            return ask
        is_guess = not is_literal or ahead < CLEAR
        return Answer(Outcome.CLEAR, (first.place,), is_guess=is_guess)

    def _is_doubtful(self, keys: list[str], first: Candidate, scopes: list[Scope]) -> bool:
        """Whether a small place is more likely not what the words mean."""
        place = first.place
        if place.population >= LARGE:
            return False
        is_other_name = not first.is_main and not _are_alike(keys[0], key(place.name))
        if is_other_name and self._namesakes(keys[0], place.country):
            return True  # old names of small places: "Rome" was once a village in Ohio
        if scopes or place.population >= LARGE / 10:
            return False
        # "Ohio" and "France" are also villages; who writes them alone means another thing.
        areas = self.index.areas(keys[0])
        return bool(areas) and not Scope(areas).holds(place)

    def _namesakes(self, asked: str, country: str) -> list[Found]:
        """The places of a country that bear this main name."""
        ranks = sorted({ref >> 1 for ref in self.index.refs([asked]) if not ref & 1})
        return [place for place in self.index.places(ranks) if place.country == country]

    def _is_common(self, asked: str, country: str) -> bool:
        return len(self._namesakes(asked, country)) >= COMMON

    # When no name is written so

    def _guess(self, typed: str, scopes: list[Scope]) -> Found | None:
        """The one place of a named region that is probably meant by a name the table lacks."""
        asked = key(typed)
        regions = [area for scope in scopes for area in scope.regions]
        if not regions or not 4 <= len(asked) <= LONGEST:
            return None
        return (
            self._slipped(asked, regions, scopes)
            or self._begun(asked, scopes)
            or self._beside(typed, asked, scopes)
            or self._together(typed, scopes)
        )

    def _slipped(self, asked: str, regions: list[Area], scopes: list[Scope]) -> Found | None:
        """One letter wrong: "Albuqerque". Not where another place of the country is called so."""
        keys = (pair for area in regions for pair in self.index.keys_in(area, asked[0]))
        size = len(asked)
        ranks = [rank for k, rank in keys if -3 < len(k) - size < 3 and _is_slip(asked, k)]
        slips = self._candidates((2 * rank for rank in ranks), scopes)
        ahead = slips[0].weight - slips[1].weight if len(slips) > 1 else CLEAR
        if not slips or ahead < CLEAR or len(asked) < 6:
            return None
        place = slips[0].place
        namesakes = self._namesakes(asked, place.country)
        is_meant = all(other.population * 10 < place.population for other in namesakes)
        return place if is_meant else None

    def _begun(self, asked: str, scopes: list[Scope]) -> Found | None:
        """The beginning of a longer name: "Setauket" for "Setauket-East Setauket"."""
        place = self._one(self.index.refs_under(asked, 200), scopes)
        if not place or not _begins(place.name, asked):
            return None
        return None if self._namesakes(asked, place.country) else place

    def _beside(self, typed: str, asked: str, scopes: list[Scope]) -> Found | None:
        """A side of a town, or the town of a side: "West Kendall", "Pembroke" (North Pembroke)."""
        sides = [side + asked for side in ("north", "south", "east", "west")]
        place = self._one(self.index.refs(sides), scopes)
        if place and not self._is_common(asked, place.country):
            return place
        whole = whole_of(typed)
        place = self._one(self.index.refs([whole]), scopes) if whole else None
        if not place or self._is_common(whole, place.country):
            return None
        return None if self._namesakes(asked, place.country) else place

    def _together(self, typed: str, scopes: list[Scope]) -> Found | None:
        """Several towns in one breath: "Minneapolis/St. Paul"."""
        places = [self._one(self.index.refs([part]), scopes) for part in compound(typed)]
        first = places[0] if len(places) > 1 else None
        is_meant = first and all(place and _are_near(first, place, 40) for place in places)
        return first if is_meant else None

    def _one(self, refs: Iterable[int], scopes: list[Scope]) -> Found | None:
        """The largest of the places with such a main name, where all lie near each other."""
        mains = [c.place for c in self._candidates((r for r in refs if not r & 1), scopes)]
        return mains[0] if mains and all(_are_near(mains[0], p) for p in mains) else None

    def _nearly(self, typed: str, scopes: list[Scope]) -> list[Found]:
        """What an unknown name may have been meant for: begins so, one slip away, or elsewhere."""
        asked = key(typed)
        if not 4 <= len(asked) <= LONGEST:
            return []
        found = self._candidates(self.index.refs_under(asked, 200), scopes)
        if len(asked) >= 5:
            found += self._candidates(self.index.refs(_slips(asked)), scopes)
        if not found and scopes:
            found = self._candidates(self.index.refs([asked]), scopes[-1:])
        return [candidate.place for candidate in found]


def _encodable(words: str | None) -> str:
    """Without lone surrogates, which are no letters and which no database takes."""
    return (words or "").encode(errors="ignore").decode()


def distance(latitude: float, longitude: float, other_lat: float, other_lon: float) -> float:
    """Kilometres between two positions, along the surface."""
    a, b = math.radians(latitude), math.radians(other_lat)
    half = (
        math.sin((b - a) / 2) ** 2
        + math.cos(a) * math.cos(b) * math.sin(math.radians(other_lon - longitude) / 2) ** 2
    )
    return 12742.0 * math.asin(math.sqrt(min(1.0, half)))


def _are_near(one: Found, other: Found, within: float = NEAR) -> bool:
    return (
        abs(one.latitude - other.latitude) < within / 100
        and distance(one.latitude, one.longitude, other.latitude, other.longitude) < within
    )


def _is_part(place: Found, city: Found) -> bool:
    radius = min(NEAR, 3 * math.sqrt(city.population / 100_000))
    return place.population * 3 < city.population and _are_near(place, city, radius)


def _are_alike(one: str, other: str) -> bool:
    return one in other or other in one or _is_slip(one, other)


def _begins(name: str, asked: str) -> bool:
    """Whether the first words of `name` are what was asked."""
    ends = (at for at, sign in enumerate(name) if not sign.isalnum())
    return any(key(name[:end]) == asked for end in ends)


def _cells_around(latitude: float, longitude: float, within: float) -> set[int]:
    high = within / 111.0
    wide = min(180.0, high / max(0.01, math.cos(math.radians(min(89.0, abs(latitude) + high)))))
    rows = range(math.floor(latitude - high), math.floor(latitude + high) + 1)
    columns = range(math.floor(longitude - wide), math.floor(longitude + wide) + 1)
    return {cell_of(row, column) for row in rows if -90 <= row <= 90 for column in columns}


def _is_slip(one: str, other: str) -> bool:
    """Whether one letter more, less, other or changed round, or letters doubled, part them.

    The first letter is hardly ever mistyped.
    """
    more = len(one) - len(other)
    if one[:1] != other[:1] or not -3 < more < 3 or one == other:
        return False
    if not -2 < more < 2:
        return one[:2] == other[:2] and _DOUBLE.sub(r"\1", one) == _DOUBLE.sub(r"\1", other)
    at = 1
    while at < min(len(one), len(other)) and one[at] == other[at]:
        at += 1
    return (
        one[at + 1 :] == other[at + 1 :]
        or one[at + 1 :] == other[at:]
        or one[at:] == other[at + 1 :]
        or (one[at : at + 2] == other[at : at + 2][::-1] and one[at + 2 :] == other[at + 2 :])
        or (one[:2] == other[:2] and _DOUBLE.sub(r"\1", one) == _DOUBLE.sub(r"\1", other))
    )


def _slips(asked: str) -> list[str]:
    """The keys one slip away from `asked`, its first letter kept."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    found = set()
    for at in range(1, len(asked) + 1):
        found |= {asked[:at] + letter + asked[at:] for letter in letters}
        if at < len(asked):
            found |= {asked[:at] + letter + asked[at + 1 :] for letter in letters}
            found |= {asked[:at] + asked[at + 1 :]}
            found |= {asked[:at] + asked[at + 1 : at + 2] + asked[at] + asked[at + 2 :]}
    return sorted(found - {asked})


class Gazetteer(Finder):
    """The table of places in `file`, unpacked there on first use."""

    def __init__(self, file: Path) -> None:
        unpack(file)
        super().__init__(FileIndex(file))


class Table(Finder):
    """The same in memory, for an import that asks for many names."""

    @classmethod
    def load(cls, file: Path) -> Self:
        unpack(file)
        return cls(MemoryIndex(file))
