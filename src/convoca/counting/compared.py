"""A report beside an action that it may be of: line by line, with what differs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from convoca.actions.models import Action
from convoca.core.dates import clock_words, days_words, list_words, number_words
from convoca.core.fold import fold, terms
from convoca.counting.linking import wording
from convoca.counting.linking.fillers import FILLERS
from convoca.counting.linking.reasons import Reason
from convoca.counting.models import Claim, Link
from convoca.counting.shown import ShownClaim, ShownEstimate, claims_of
from convoca.places.gazetteer import distance
from convoca.places.models import Place

MOST_CLAIMS = 20
"""Other reports of one action that are listed."""
PROBABLY, PERHAPS = 0.6, 0.4
"""Scores from which on two are said to be probably, and perhaps, the same."""


@dataclass(frozen=True)
class Side:
    """One cell: what one of the two says, part by part, in which language where that is known."""

    parts: tuple[str, ...] = ()
    language: str = ""


def _side(*words: str, language: str = "") -> Side:
    """Each of these once, as they were first written."""
    found: dict[str, str] = {}
    for one in words:
        if one.strip():
            found.setdefault(fold(one), one.strip())
    return Side(tuple(found.values()), language)


@dataclass(frozen=True)
class Line:
    """One thing that both say, or only one of them."""

    label: str
    ours: Side
    theirs: Side
    differs: bool | None = None
    """None where there is nothing to compare."""
    is_free: bool = False
    """Whether it is told at length, so that it says nothing when only one does."""

    @property
    def verdict(self) -> str:
        if bool(self.ours.parts) != bool(self.theirs.parts):
            return "" if self.is_free else _("Only one says it")
        if self.differs is None:
            return ""
        return (
            pgettext("two reports", "Differs") if self.differs else pgettext("two reports", "Same")
        )


def shown_claim(claim: Claim) -> ShownClaim:
    """`claim` comes with its source and its estimates."""
    return ShownClaim(claim, [ShownEstimate(row) for row in claim.estimates.all()])


def likely_words(score: float | None) -> str:
    """A score in words, with the figure behind it."""
    if score is None:
        return ""
    if score >= PROBABLY:
        words = _("Probably the same: %(percent)s of 100")
    elif score >= PERHAPS:
        words = _("Perhaps the same: %(percent)s of 100")
    else:
        words = _("Probably not the same: %(percent)s of 100")
    return words % {"percent": number_words(round(score * 100))}


def reason_words(row: Link) -> str:
    """Why a score says so."""
    return wording.sentence(Reason(code, tuple(values)) for code, *values in row.reasons)


class Compared:
    """An action beside a report. Four queries."""

    def __init__(self, claim: Claim, action: Action, link: Link | None = None) -> None:
        self.claim, self.action, self.link = claim, action, link

    @cached_property
    def claims(self) -> list[ShownClaim]:
        """What others say of the action."""
        rows = claims_of(self.action.pk).exclude(pk=self.claim.pk)
        rows = rows.select_related("source", "place").prefetch_related("estimates")
        return [shown_claim(row) for row in rows.order_by("-founds", "pk")[:MOST_CLAIMS]]

    @property
    def likely(self) -> str:
        return likely_words(self.link.score) if self.link else ""

    @property
    def reasons(self) -> str:
        return reason_words(self.link) if self.link else ""

    @cached_property
    def lines(self) -> list[Line]:
        """What the two say, without what neither says."""
        found = [
            self._title(),
            self._day(),
            self._clock(),
            self._place(),
            self._organisers(),
            self._kind(),
            self._how_many(),
            self._words(),
        ]
        return [line for line in found if line.ours.parts or line.theirs.parts]

    def _title(self) -> Line:
        titles = [*self.action.names.values(), *(one.claim.title for one in self.claims)]
        spoken = {*self.action.names, *(one.claim.language for one in self.claims), ""}
        is_foreign = self.claim.language not in spoken
        return Line(
            _("Title"),
            _side(self.claim.title, language=self.claim.language),
            _side(*titles),
            None if is_foreign else _share_nothing([self.claim.title], titles),
        )

    def _day(self) -> Line:
        ours = (self.claim.day, self.claim.last_day or self.claim.day)
        theirs = (self.action.day, self.action.last_day or self.action.day)
        return Line(
            _("Day"),
            _side(_day_words(*ours) or self.claim.when_words),
            _side(_day_words(*theirs)),
            ours != theirs if ours[0] and theirs[0] else None,
        )

    def _clock(self) -> Line:
        ours = {self.claim.clock} - {None}
        theirs = {self.action.clock, *(one.claim.clock for one in self.claims)} - {None}
        return Line(
            _("Hour"),
            _side(_clocks(ours)),
            _side(_clocks(theirs)),
            not ours & theirs if ours and theirs else None,
        )

    def _place(self) -> Line:
        claim, stop = self.claim, self.action.stops.select_related("place").first()
        town = self.action.place
        venues = [stop.shown_venue if stop else "", *(one.claim.venue for one in self.claims)]
        theirs = [town.in_full if town else "", *venues]
        ours = [claim.place.in_full if claim.place else claim.where_words, claim.venue]
        here = _spot(claim.place, claim.latitude, claim.longitude)
        there = _spot(stop.place, stop.shown_latitude, stop.shown_longitude) if stop else None
        away = _away_words(here, there) if here and there else ""
        is_other = claim.place_id != self.action.place_id if claim.place and town else None
        return Line(_("Place"), _side(*ours), _side(*theirs, away), is_other)

    def _organisers(self) -> Line:
        hosts = [str(host) for host in self.action.stands_with]
        theirs = [
            name
            for names in (*hosts, *(one.claim.organisers for one in self.claims))
            for name in names.split(";")
        ]
        return Line(
            _("Who calls"),
            _side(*self.claim.organisers.split(";")),
            _side(*theirs),
            _share_nothing([self.claim.organisers], theirs),
        )

    def _kind(self) -> Line:
        other = Action.Kind.OTHER
        ours = "" if self.claim.kind == other else str(self.claim.get_kind_display())
        theirs = "" if self.action.kind == other else str(self.action.get_kind_display())
        return Line(
            _("Kind"), _side(ours), _side(theirs), ours != theirs if ours and theirs else None
        )

    def _how_many(self) -> Line:
        ours = [one for one in shown_claim(self.claim).estimates if not one.is_struck]
        theirs = [e for one in self.claims for e in one.estimates if not e.is_struck]
        meet = any(_meet(one, other) for one in ours for other in theirs)
        return Line(
            _("How many people"),
            _side(*map(_size_words, ours)),
            _side(*map(_size_words, theirs)),
            not meet if ours and theirs else None,
        )

    def _words(self) -> Line:
        theirs = [one.claim.words for one in self.claims]
        return Line(
            _("In its words"),
            _side(self.claim.words, language=self.claim.language),
            _side(*theirs),
            is_free=True,
        )


def _share_nothing(ours: Sequence[str], theirs: Sequence[str]) -> bool | None:
    """Whether no word of the one stands in the other; None where one says nothing."""
    mine, others = (
        {word for text in texts for word in terms(text)} - FILLERS for texts in (ours, theirs)
    )
    return not mine & others if mine and others else None


def _day_words(first: date | None, last: date | None) -> str:
    return days_words(first, last) if first else ""


def _clocks(clocks: Iterable[time | None]) -> str:
    return list_words([clock_words(one) for one in sorted(filter(None, clocks))])


@dataclass(frozen=True)
class _Spot:
    """A position; `is_pin` where it is more than its town's."""

    latitude: float
    longitude: float
    town: int
    is_pin: bool


def _spot(town: Place | None, latitude: float | None, longitude: float | None) -> _Spot | None:
    if town is None or latitude is None or longitude is None:
        return None
    is_pin = (latitude, longitude) != (town.latitude, town.longitude)
    return _Spot(latitude, longitude, town.pk, is_pin)


def _away_words(one: _Spot, other: _Spot) -> str:
    """How far the two are from each other; nothing where one is known by their common town only."""
    if one.town == other.town and not (one.is_pin and other.is_pin):
        return ""
    km = distance(one.latitude, one.longitude, other.latitude, other.longitude)
    if km < 2:
        return _("%(metres)s m from the other") % {"metres": number_words(round(km * 1000))}
    return _("%(km)s km from the other") % {"km": number_words(round(km))}


def _size_words(one: ShownEstimate) -> str:
    method = one.row.get_method_display()
    if one.words:
        return _("%(people)s (“%(words)s”, %(method)s)") % {
            "people": one.people,
            "words": one.words,
            "method": method,
        }
    return _("%(people)s (%(method)s)") % {"people": one.people, "method": method}


def _meet(one: ShownEstimate, other: ShownEstimate) -> bool:
    """Whether two ranges have a number in common."""
    low, high = one.row.low or 0, one.row.high
    other_low, other_high = other.row.low or 0, other.row.high
    return (high is None or other_low <= high) and (other_high is None or low <= other_high)
