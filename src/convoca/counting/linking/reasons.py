"""Why two reports are held to be of one action, or not: codes with values, for any language.

`wording.sentence` says them to a reader.
"""

from collections.abc import Iterator
from typing import NamedTuple

from convoca.core.fold import fold
from convoca.counting.linking.features import TOGETHER, Comparer, days_apart, km, shared_words
from convoca.counting.linking.reports import Profile, written

WORDS = 4
"""Shared words that are named."""
GAP = 3
"""Sizes that differ by this factor are far apart."""


class Reason(NamedTuple):
    """A code that never changes, and what it says of these two reports."""

    code: str
    values: tuple[str | int, ...] = ()


def reasons(one: Profile, other: Profile, comparer: Comparer) -> Iterator[Reason]:
    """When, where, who, what, how many: in this order."""
    apart = days_apart(one, other)
    yield Reason("days-apart", (apart,)) if apart else Reason("same-day")
    yield from _where(one, other, comparer)
    yield from _what(one, other, comparer)
    yield from _how_many(one, other)


def _where(one: Profile, other: Profile, comparer: Comparer) -> Iterator[Reason]:
    away = km(one, other)
    if one.report.is_pin and other.report.is_pin and away is not None:
        yield (
            Reason("metres-apart", (round(away * 1000),))
            if away < 2
            else Reason("km-apart", (round(away),))
        )
    elif (one.town and one.town == other.town) or away == 0:
        is_same = not one.region or not other.region or one.region == other.region or away == 0
        yield Reason("same-town" if is_same else "same-name-elsewhere", (one.report.town,))
    elif away is not None:
        yield Reason("km-apart", (max(1, round(away)),))
    else:
        yield Reason("towns-alike", (one.report.town, other.report.town))
    if venue := _rarest(one.venue_words & other.venue_words, comparer):
        yield Reason("same-venue", (" ".join(venue),))


def _what(one: Profile, other: Profile, comparer: Comparer) -> Iterator[Reason]:
    named = sorted(one.organisers & other.organisers, key=lambda name: (-len(name), name))
    if named:
        original = next((o for o in one.report.organisers if _is_called(o, named[0])), named[0])
        yield Reason("same-organiser", (original.strip(),))
    told = one.venue_words | one.town_words | {word for name in named for word in name.split()}
    if shared := _rarest(shared_words(one, other) - told, comparer):
        yield Reason("same-words", tuple(shared))
    if one.is_counter != other.is_counter:
        yield Reason("one-counters")
    weight, word, fellow = comparer.associations.strongest(
        comparer.known(one), comparer.known(other)
    )
    if weight >= TOGETHER and word != fellow:
        if word not in one.phrases or fellow not in other.phrases:
            word, fellow = fellow, word
        words = (written(one.report, word), written(other.report, fellow))
        yield Reason("words-together", words)


def _how_many(one: Profile, other: Profile) -> Iterator[Reason]:
    if not (one.low or other.low):
        yield Reason("no-sizes")
    elif not (one.low and other.low):
        yield Reason("one-size", (one.low or other.low,))
    elif {one.low, one.high} & {other.low, other.high}:
        yield Reason("same-size", (max({one.low, one.high} & {other.low, other.high}),))
    else:
        near = one.low <= GAP * other.high and other.low <= GAP * one.high
        yield Reason("sizes-near" if near else "sizes-apart", (one.low, other.low))


def _rarest(words: frozenset[str], comparer: Comparer) -> list[str]:
    return sorted(words, key=lambda word: (-comparer.rarity.of(word), word))[:WORDS]


def _is_called(organiser: str, folded: str) -> bool:
    return fold(organiser) == folded
