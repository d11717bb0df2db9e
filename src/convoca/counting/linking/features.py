"""What is compared of two reports, as numbers. The order of the two never matters."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from weakref import WeakKeyDictionary

from convoca.counting.linking.association import Agreement, Associations
from convoca.counting.linking.reports import Profile
from convoca.places.gazetteer import distance

FEATURES = (
    "days_apart",
    "same_name",
    "same_region",
    "km",
    "likeness",
    "town_named",
    "venues_known",
    "venue_shared",
    "venue_share",
    "words_shared",
    "words_count",
    "words_rarest",
    "counter",
    "stems",
    "sizes_known",
    "size_gap",
    "size_same",
    "size_round",
    "size_smaller",
    "size_larger",
    "rivals",
    "signed_opposed",
    "signed_total",
    "signed_best",
    "signed_worst",
    *(f"together_{name}" for name in Agreement._fields),
)
TOGETHER = 0.7
"""Weight (log) from which on two words are said to go together."""
NEARLY = 0.7
"""Logarithm of the factor up to which sizes back each other: two."""
FAR = 100.0
"""Kilometres from which on a distance says no more."""
ROUND = frozenset({10, 12, 20, 24, 100, 200, 1000, 2000, 10000})
"""What sources write for "a dozen", "dozens", "hundreds", "thousands"."""
_TURNED = {"+": "-", "-": "+"}
HERE, ELSEWHERE = 0.3, 2.0
"""Kilometres: pins so near are one spot; so far, two."""


@dataclass(slots=True)
class Rarity:
    """How much a word says: the fewer reports have it, the more."""

    reports: int
    count: Mapping[str, int]
    _known: dict[str, float] = field(default_factory=dict)

    def of(self, word: str) -> float:
        found = self._known.get(word)
        if found is None:
            found = self._known[word] = math.log(self.reports / (2 + self.count.get(word, 0)))
        return found

    def total(self, words: frozenset[str]) -> float:
        return math.fsum(map(self.of, words))


class Comparer:
    """Compares by what was learned of words."""

    def __init__(
        self, associations: Associations, rarity: Rarity, signed: Associations | None = None
    ) -> None:
        self.associations = associations
        self.signed = signed or Associations(0, {}, {})
        self.rarity = rarity
        self._known: WeakKeyDictionary[Profile, list[str]] = WeakKeyDictionary()

    def known(self, one: Profile) -> list[str]:
        """The words of a report that are known to go together with others."""
        found = self._known.get(one)
        if found is None:
            found = self._known[one] = self.associations.known(one.phrases)
        return found

    def values(
        self,
        one: Profile,
        other: Profile,
        rivals: int,
    ) -> list[float]:
        """The numbers, in the order of `FEATURES`.

        `rivals` is how many reports of the other's source stand about one of the two, at most.
        """
        return [
            float(days_apart(one, other)),
            *_place(one, other),
            *self._venue(one, other),
            *self._words(one, other),
            float(one.is_counter + other.is_counter),
            float(len(one.stems & other.stems)),
            *_sizes(one, other),
            float(rivals),
            *self.said(one, other),
        ]

    def said(self, one: Profile, other: Profile) -> list[float]:
        """Those of the numbers that depend on what was learned of words that go together."""
        return [
            *self._signed(one, other),
            *self.associations.agreement(self.known(one), self.known(other)),
        ]

    def _signed(self, one: Profile, other: Profile) -> tuple[float, float, float, float]:
        """Words that one is for and the other against; how well what they want goes together.

        The latter is learned: "against deportation" is "for compassionate immigration".
        """
        turned = {_TURNED[word[0]] + word[1:] for word in other.signed}
        found = self.signed.agreement(
            self.signed.known(one.signed), self.signed.known(other.signed)
        )
        return float(len(one.signed & turned)), found.total, found.best, found.worst

    def _venue(self, one: Profile, other: Profile) -> tuple[float, float, float]:
        """Whether both name one, how telling the words that they share are, and their share.

        A venue may also be named among the other's words. Two pins say by their distance whether it
        is one spot.
        """
        shared = one.venue_words & other.venue_words
        named = (
            shared | (one.venue_words & other.said) | (other.venue_words & one.said)
        ) - one.town_words
        telling = self.rarity.total(named)
        if one.report.is_pin and other.report.is_pin and (away := km(one, other)) is not None:
            nearness = (ELSEWHERE - away) / (ELSEWHERE - HERE)
            return 1.0, telling, max(0.0, min(1.0, nearness))
        if not (one.venue_words and other.venue_words):
            return 0.0, telling, -1.0
        least = min(self.rarity.total(one.venue_words), self.rarity.total(other.venue_words))
        return 1.0, telling, self.rarity.total(shared) / max(least, 1e-9)

    def _words(self, one: Profile, other: Profile) -> tuple[float, float, float]:
        shared = shared_words(one, other)
        rarest = max(map(self.rarity.of, shared), default=0.0)
        return self.rarity.total(shared), float(len(shared)), rarest


def is_backed(values: Sequence[float]) -> bool:
    """Whether anything but day and place speaks for a pair: a word, a venue, a size."""
    value = dict(zip(FEATURES, values, strict=True))
    return (
        value["words_shared"] > 0
        or value["venue_shared"] > 0
        or value["venue_share"] > 0
        or value["together_best"] >= TOGETHER
        or value["size_same"] > 0
        or 0 <= value["size_gap"] <= NEARLY
    )


def shared_words(one: Profile, other: Profile) -> frozenset[str]:
    """Words that both have, whether as a claim or as a venue."""
    return (one.said | one.venue_words) & (other.said | other.venue_words)


def days_apart(one: Profile, other: Profile) -> int:
    """Days between two reports, 0 where their days overlap."""
    return max(0, one.days[0] - other.days[-1], other.days[0] - one.days[-1])


def km(one: Profile, other: Profile) -> float | None:
    """Kilometres between two reports, if both have a position."""
    if one.place and one.place == other.place and not (one.report.is_pin and other.report.is_pin):
        return 0.0
    here, there = one.position, other.position
    return distance(*here, *there) if here and there else None


def _place(one: Profile, other: Profile) -> tuple[float, float, float, float, float]:
    same = bool(one.town) and one.town == other.town
    away = km(one, other)
    named = one.town_words & other.area_words or other.town_words & one.area_words
    return (
        float(same),
        float(bool(one.region) and one.region == other.region),
        -1.0 if away is None else min(away, FAR),
        1.0 if same else likeness(one.town, other.town),
        float(bool(named)),
    )


@lru_cache(maxsize=65536)
def likeness(one: str, other: str) -> float:
    """From 0 to 1: how few letters must be changed, added, dropped or changed round."""
    one, other = one[:40], other[:40]
    longest = max(len(one), len(other))
    if not one or not other:
        return 0.0
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        older, before, row = before, row, [i]
        for j, sign in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != sign))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == sign:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return 1.0 - row[-1] / longest


def _sizes(one: Profile, other: Profile) -> tuple[float, float, float, float, float, float]:
    """Known of how many, gap (log), digits that say something where equal, round ones, both."""
    known = [math.log(p.low) if p.low else -1.0 for p in (one, other)]
    smaller, larger = min(known), max(known)
    count = float(bool(one.low) + bool(other.low))
    if count < 2:
        return count, -1.0, -1.0, -1.0, smaller, larger
    gap = max(0.0, math.log(one.low / other.high), math.log(other.low / one.high))
    same = one.low if one.low in (other.low, other.high) else one.high
    equal = same in (other.low, other.high)
    is_round = float((one.low in ROUND) + (other.low in ROUND))
    return count, gap, float(_telling(same)) if equal else 0.0, is_round, smaller, larger


def _telling(size: int) -> int:
    """Digits before the noughts: 100 says little, 137 much."""
    return len(str(size).rstrip("0"))
