"""What one source says of an action, and what of it is compared."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import pairwise

from convoca.core.fold import fold, terms
from convoca.counting.linking.fillers import COUNTER, FILLERS, KINDS_OF_TOWN, STANCES

_PHRASES = re.compile(r"[;,.!?|()\n،؛、。·•]+")
LONGEST = 2000
"""Letters of a report's words that are read; the rest says nothing new."""
WHOLE = 6
"""Words of a phrase that is also taken as a whole, as tags are."""
STEM = 5
"""Letters of which two words have the same beginning."""
CUT = 6
"""Letters of a word that are looked at where it is asked which words go together."""
MOST_SIGNED = 20
_OWNER = re.compile(r"['’]s\b")
MOST_DAYS = 31
"""Days of a report that are looked at: what lasts longer is found by its first ones."""


@dataclass(frozen=True, slots=True)
class Report:
    """What one source says of an action. Only `id` and `first_on` must be known.

    `place` names the town in a table of places, so that two spellings are one town. `position` is
    latitude and longitude: of the town, or of the very place where `is_pin`. `words` are whatever
    the source says of it (title, claims, demands, tags), in any language.
    """

    id: str
    first_on: date
    last_on: date | None = None
    source: str = ""
    country: str = ""
    region: str = ""
    district: str = ""
    town: str = ""
    place: str = ""
    position: tuple[float, float] | None = None
    is_pin: bool = False
    venue: str = ""
    organisers: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    kind: str = ""
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Profile:
    """A report, folded and cut into what is compared; made once."""

    report: Report
    days: range
    town: str
    place: str
    region: str
    country: str
    town_words: frozenset[str]
    area_words: frozenset[str]
    venue_words: frozenset[str]
    said: frozenset[str]
    phrases: frozenset[str]
    stems: frozenset[str]
    """How its longer words begin: what is the same in "deported" and "deportation"."""
    signed: frozenset[str]
    """Beginnings of words that it is for (`+`) or against (`-`)."""
    organisers: frozenset[str]
    is_counter: bool
    low: int
    high: int
    crowds: tuple[tuple[str, int], ...] = field(default=())
    """Where and when it stands among others: its town with each of its days."""

    @property
    def position(self) -> tuple[float, float] | None:
        return self.report.position


def profile(report: Report) -> Profile:
    """Fold and cut a report. Never raises, whatever its words are."""
    first = report.first_on.toordinal()
    last = max(first, (report.last_on or report.first_on).toordinal())
    days = range(first, min(last, first + MOST_DAYS - 1) + 1)
    town, region = _fold(report.town), _fold(report.region)
    country = report.country.strip().upper()
    texts = [*report.words, *report.organisers, report.kind]
    phrases = list(_phrases(texts))
    spoken = frozenset(word for phrase in phrases for word in phrase)
    said = spoken - FILLERS
    venue = frozenset(_terms(report.venue)) - FILLERS
    town_words = frozenset(town.split())
    low, high = _size(report.low, report.high)
    return Profile(
        report=report,
        days=days,
        town=town,
        place=report.place,
        region=region,
        country=country,
        town_words=town_words,
        area_words=(town_words | frozenset(_terms(report.district)) | venue) - KINDS_OF_TOWN,
        venue_words=venue,
        said=said,
        phrases=frozenset(_tokens(phrases)),
        stems=frozenset([word[:STEM] for word in said if len(word) >= STEM]),
        signed=_signed(phrases),
        organisers=frozenset(filter(None, map(_fold, report.organisers))),
        is_counter=any(word.startswith(COUNTER) for word in spoken),
        low=low,
        high=high,
        crowds=tuple((f"{country}/{region}/{report.place or town}", day) for day in days),
    )


@lru_cache(maxsize=8192)
def _fold(text: str) -> str:
    return fold(text[:LONGEST])


def _terms(text: str) -> list[str]:
    return terms(text[:LONGEST])


def _phrases(texts: Iterable[str]) -> Iterable[list[str]]:
    for text in texts:
        for phrase in _PHRASES.split(text[:LONGEST]):
            if words := terms(_OWNER.sub(" ", phrase)):
                yield words


def _tokens(phrases: Iterable[list[str]]) -> Iterable[str]:
    """Beginnings of words, pairs of words that follow each other, and short phrases."""
    for phrase in phrases:
        words = [word[:CUT] for word in phrase if word in STANCES or word not in _SAY_NOTHING]
        yield from words
        yield from (f"{one} {two}" for one, two in pairwise(words))
        if 3 <= len(words) <= WHOLE:
            yield " ".join(words)


def written(report: Report, token: str) -> str:
    """How a report writes what `phrases` holds in short."""
    for phrase in _phrases([*report.words, *report.organisers, report.kind]):
        words = [word for word in phrase if word in STANCES or word not in _SAY_NOTHING]
        for first in range(len(words)):
            for last in range(first + 1, min(len(words), first + WHOLE) + 1):
                if " ".join(word[:CUT] for word in words[first:last]) == token:
                    return " ".join(words[first:last])
    return token


def _signed(phrases: Iterable[list[str]]) -> frozenset[str]:
    """Each word with the stance that stands before it in its phrase."""
    found = set()
    for phrase in phrases:
        stance = 0
        for word in phrase:
            if word in STANCES:
                stance = STANCES[word]
            elif stance and word not in FILLERS:
                found.add(("+" if stance > 0 else "-") + word[:CUT])
    return frozenset(sorted(found)[:MOST_SIGNED])


_SAY_NOTHING = FILLERS | {"s", "is"}


def _size(low: int | None, high: int | None) -> tuple[int, int]:
    """Both ends of a crowd, 0 where nothing is known."""
    ends = sorted(end for end in (low, high) if end is not None and end > 0)
    return (ends[0], ends[-1]) if ends else (0, 0)
