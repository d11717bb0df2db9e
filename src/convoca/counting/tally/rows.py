"""What totals are computed from: rows without a database behind them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from convoca.counting.models import Estimate, Source


class Voice(TextChoices):
    """Whose figure it is, or how it came about: what a total is made up of."""

    COUNTED = "counted", pgettext_lazy("a figure from", "Counted")
    ORGANISERS = "organisers", pgettext_lazy("a figure from", "Organisers")
    PRESS = "press", pgettext_lazy("a figure from", "Press")
    POLICE = "police", pgettext_lazy("a figure from", "Police and authorities")
    OTHER = "other", pgettext_lazy("a figure from", "Others")


_BY_METHOD = {
    Estimate.Method.COUNTED: Voice.COUNTED,
    Estimate.Method.GRID: Voice.COUNTED,
    Estimate.Method.ESTIMATED: Voice.ORGANISERS,
    Estimate.Method.POLICE: Voice.POLICE,
    Estimate.Method.PRESS: Voice.PRESS,
}
_BY_SOURCE = {
    Source.Kind.NETWORK: Voice.ORGANISERS,
    Source.Kind.HOSTS: Voice.ORGANISERS,
    Source.Kind.PRESS: Voice.PRESS,
    Source.Kind.AUTHORITY: Voice.POLICE,
}


def voice_of(method: str, kind: str) -> str:
    """How it was arrived at, where that is said; else by who says it."""
    return str(_BY_METHOD.get(method) or _BY_SOURCE.get(kind) or Voice.OTHER)  # type: ignore[call-overload]


@dataclass(frozen=True, slots=True)
class Range:
    """At least and at most; None is unknown, never nobody."""

    low: int | None = None
    high: int | None = None

    @classmethod
    def around(cls, figures: Iterable["Figure"]) -> "Range":
        """The lowest low and the highest high of several figures of one thing; never their sum.

        One that has only an at-least may lie over every at-most, and the other way round: then it
        is the end, so that no figure lies outside. Where nobody says an at-least, or an at-most,
        that end stays unknown.
        """
        figures = list(figures)
        lows = [one.low for one in figures if one.low is not None]
        highs = [one.high for one in figures if one.high is not None]
        return cls(
            min([*lows, *highs]) if lows else None,
            max([*lows, *highs]) if highs else None,
        )

    @property
    def top(self) -> int:
        """What an outer bound adds: the at-most; where nobody says one, the at-least."""
        return self.high if self.high is not None else (self.low or 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """An estimate, with whose it is."""

    pk: int
    low: int | None
    high: int | None
    method: str
    voice: str
    words: str = ""
    url: str = ""
    set_aside_on: date | None = None
    set_aside_why: str = ""

    @property
    def is_set_aside(self) -> bool:
        return self.set_aside_on is not None


@dataclass(slots=True, kw_only=True)
class Said:
    """A claim that stands, of an action that counts or not."""

    pk: int
    code: str
    source: int
    external_id: str
    is_said: bool
    """Whether it says that it took place; else that it was called off."""
    figures: list[Figure] = field(default_factory=list)
    changed_at: datetime | None = None

    @property
    def in_force(self) -> list[Figure]:
        """What counts of it: nothing that was set aside."""
        return [one for one in self.figures if not one.is_set_aside] if self.is_said else []


@dataclass(slots=True, kw_only=True)
class Counted:
    """An action, with all that is said of it."""

    pk: int
    code: str
    name: str
    day: date | None
    country: str
    place: int | None
    town: str
    moment: int | None
    has_day: bool
    is_off: bool
    is_told: bool = False
    has_begun: bool = True
    is_over: bool = True
    hosts: set[int] = field(default_factory=set)
    """Organisations that host it, or in whose own list it stands."""
    claims: list[Said] = field(default_factory=list)
    waits: set[int] = field(default_factory=set)
    """Pairs with another action about which a person has to say whether they are one."""

    @property
    def took_place(self) -> bool:
        """Whether it counts: somebody says that it took place; or its hosts put it on for a day
        that has passed, and nobody says that it was called off.
        """
        return self._stands and not self.is_to_come

    @property
    def is_to_come(self) -> bool:
        """Whether it is not over yet: what is announced is no report, and a number of people that
        is expected is no figure. What has begun counts from the first figure on.
        """
        if self.is_over or (self.has_begun and self.figures):
            return False
        return self._stands

    @property
    def _stands(self) -> bool:
        """Whether it is an action at all, past or to come."""
        if self.is_reported:
            return True
        return self.has_day and not self.is_called_off and not self.is_unsaid

    @property
    def is_called_off(self) -> bool:
        """Whether its hosts or a source say so, and nobody says that it took place."""
        if self.is_reported or self.is_unsaid:
            return False
        return self.is_off or bool(self.claims)

    @property
    def is_unsaid(self) -> bool:
        """Whether only sources told of it, and none of them says it any more."""
        return self.is_told and not self.claims

    @property
    def is_reported(self) -> bool:
        return any(one.is_said for one in self.claims)

    @property
    def figures(self) -> list[Figure]:
        return [figure for claim in self.claims for figure in claim.in_force]

    @property
    def people(self) -> Range:
        return Range.around(self.figures)


@dataclass(slots=True, kw_only=True)
class Ledger:
    """All that the totals of a campaign, or of one of its moments, are computed from."""

    actions: list[Counted]
    unplaced: Counter[str] = field(default_factory=Counter)
    """Claims that speak of no action, because they do not say when or where: by country."""
    elsewhere: int = 0
    """Claims handed in for this campaign that speak of actions which do not stand with it."""
    changed_at: datetime | None = None
    next_at: datetime | None = None
    """When the next of its actions begins or is over: from then on other totals follow."""
