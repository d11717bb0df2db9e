"""Totals, from rows alone: the same rows give the same totals, here and in any other program."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from convoca.counting.tally.rows import Counted, Range, Voice


@dataclass(slots=True)
class Share:
    """What one voice says, alone: of how many actions, and how many people."""

    actions: int = 0
    alone: int = 0
    """Of how many of these nobody else gives a figure."""
    low: int = 0
    high: int = 0
    without_low: int = 0
    without_high: int = 0


@dataclass(slots=True)
class Tally:
    """How many actions and people: what is known, and how much is not.

    `low` and `high` add up the ends of each action's range. That is an outer bound: it would be
    reached only if every action had been as small, or as large, as anybody says.
    """

    actions: int = 0
    reported: int = 0
    """Actions of which a source says that they took place."""
    with_figure: int = 0
    """Actions of which somebody says how many people there were."""
    called_off: int = 0
    """Not among `actions`."""
    unsaid: int = 0
    """Actions that only sources told of, and of which none of them speaks any more. Likewise."""
    to_come: int = 0
    """Actions that are not over yet. Likewise."""
    low: int = 0
    high: int = 0
    without_low: int = 0
    """Actions with a figure of which nobody says an at-least: they add nothing to `low`."""
    without_high: int = 0
    """Actions with a figure of which nobody says an at-most: they add their at-least to `high`,
    and there may have been more.
    """
    claims: int = 0
    claims_low: int = 0
    """What the claims' figures would come to if they were simply added up."""
    claims_high: int = 0
    set_aside: int = 0
    """Estimates that a person set aside: they count no more, and stay visible."""
    waiting: int = 0
    """Pairs about which a person has to say whether they are one action."""
    voices: dict[str, Share] = field(default_factory=dict)

    @property
    def unknown(self) -> int:
        """Actions of which nobody says how many people there were. They are in no total."""
        return self.actions - self.with_figure

    @property
    def avoided_low(self) -> int:
        """How many people would have been counted twice."""
        return self.claims_low - self.low

    @property
    def avoided_high(self) -> int:
        return self.claims_high - self.high

    @property
    def is_open(self) -> bool:
        """Whether there may have been more than `high`, as far as what is known goes."""
        return self.without_high > 0

    @property
    def as_json(self) -> dict[str, Any]:
        """All of it, for programs and for what is kept of a publication."""
        return {
            **asdict(self),
            "unknown": self.unknown,
            "avoided_low": self.avoided_low,
            "avoided_high": self.avoided_high,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Tally":
        """A tally as `as_json` wrote it down; what later versions count beside is nothing there."""
        known = {one.name for one in fields(cls)} - {"voices"}
        shares = {str(voice): Share() for voice in Voice}
        shares |= {name: Share(**share) for name, share in kept["voices"].items()}
        return cls(**{name: kept[name] for name in known & set(kept)}, voices=shares)


def total(actions: Iterable[Counted]) -> Tally:
    """The totals of these actions, each counted once."""
    tally = Tally(voices={str(voice): Share() for voice in Voice})
    waiting: set[int] = set()
    for one in actions:
        tally.called_off += one.is_called_off
        tally.unsaid += one.is_unsaid
        tally.to_come += one.is_to_come
        if one.took_place:
            _add(tally, one)
            waiting |= one.waits
    tally.waiting = len(waiting)
    return tally


def _add(tally: Tally, action: Counted) -> None:
    tally.actions += 1
    tally.reported += action.is_reported
    for claim in action.claims:
        tally.claims += claim.is_said
        tally.set_aside += sum(one.is_set_aside for one in claim.figures)
        alone = Range.around(claim.in_force)
        tally.claims_low += alone.low or 0
        tally.claims_high += alone.top
    figures = action.figures
    if not figures:
        return
    people = Range.around(figures)
    tally.with_figure += 1
    tally.low += people.low or 0
    tally.high += people.top
    tally.without_low += people.low is None
    tally.without_high += people.high is None
    by_voice = defaultdict(list)
    for one in figures:
        by_voice[one.voice].append(one)
    for voice, theirs in by_voice.items():
        share, said = tally.voices[voice], Range.around(theirs)
        share.actions += 1
        share.alone += len(by_voice) == 1
        share.low += said.low or 0
        share.high += said.top
        share.without_low += said.low is None
        share.without_high += said.high is None


def totals_by(
    actions: Iterable[Counted], keys: Callable[[Counted], Iterable[Hashable]]
) -> dict[Any, Tally]:
    """The totals of each group, the largest first. An action may be in several groups (two
    organisations host it), so that groups need not add up to the whole.
    """
    groups: dict[Hashable, list[Counted]] = defaultdict(list)
    for one in actions:
        for key in keys(one):
            groups[key].append(one)
    found = {key: total(group) for key, group in groups.items()}
    in_order = sorted(found.items(), key=lambda pair: (-pair[1].high, -pair[1].actions))
    return dict(in_order)
