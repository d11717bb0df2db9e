"""Claims find the actions they speak of: clear ones link by themselves, doubtful ones wait for a
person, all others make actions of their own.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from convoca.actions.models import Action, Stop
from convoca.counting.linking.linker import Link as Found
from convoca.counting.linking.linker import Linker, Verdict
from convoca.counting.linking.reports import Report
from convoca.counting.models import Claim, Link, Source
from convoca.counting.models.claim import A_DAY
from convoca.counting.services.founding import found_actions, note_actions
from convoca.pages import services as pages

AT_ONCE = 1000
"""Claims that are compared in one transaction; more of one day stay together."""


@dataclass
class Linked:
    """What became of claims: how many were linked, wait for a person, or made an action."""

    linked: int = 0
    doubtful: int = 0
    founded: int = 0
    unplaced: int = 0


def link_new(source: Source) -> Linked:
    """Settle every claim of a source that speaks of no action yet, some days at a time; each
    portion is a short transaction, and what was done stays done when it is cut off.

    Claims of one source are about different actions: two of them never become one here.
    """
    done = Linked()
    rows = Claim.objects.standing().filter(source=source, action=None)
    done.unplaced = rows.count() - rows.placed().count()
    days = rows.placed().order_by("day").values_list("day", flat=True)
    for first, last in _portions([day for day in days if day]):
        _settle(source, first, last, done)
    return done


def _portions(days: Sequence[date]) -> Iterator[tuple[date, date]]:
    """Spans of whole days with about `AT_ONCE` claims in each."""
    first, count, last = None, 0, None
    for day, same in groupby(days):
        number = len(list(same))
        if first is not None and last is not None and count + number > AT_ONCE:
            yield first, last
            first, count = None, 0
        first, last, count = first or day, day, count + number
    if first is not None and last is not None:
        yield first, last


@transaction.atomic
def _settle(source: Source, first: date, last: date, done: Linked) -> None:
    rows = Claim.objects.standing().placed().filter(source=source, action=None)
    rows = rows.filter(day__range=(first, last)).select_related("source", "campaign", "place")
    claims = {str(one.pk): one for one in rows.prefetch_related("estimates").order_by("pk")}
    if not claims:
        return
    there = _actions_about(source, first, last, list(claims.values()))
    decided = set(
        Link.objects.filter(claim__in=claims.values(), decided_under__isnull=False).values_list(
            "claim", "action"
        )
    )
    found = Linker.shipped().link(map(report_of, claims.values()), there.values())
    now, links = timezone.now(), []
    for one in found:
        claim, action = claims[one.one.id], int(one.other.id)
        if (claim.pk, action) in decided:
            continue
        is_clear = one.verdict == Verdict.CLEAR
        state = Link.State.LINKED if is_clear else Link.State.DOUBTFUL
        links.append(_link(claim, action, one, state, now))
        if is_clear:
            claim.action_id = action
            done.linked += 1
        else:
            done.doubtful += 1
    Link.objects.bulk_create(links, ignore_conflicts=True)
    sure = [one for one in claims.values() if one.action_id is not None]
    note_actions(sure)
    done.founded += len(found_actions([one for one in claims.values() if one.action_id is None]))
    pages.touch("claims", *(f"claims:{one.action_id}" for one in sure))


def _link(claim: Claim, action: int, one: Found, state: str, now: datetime) -> Link:
    return Link(
        claim=claim,
        action_id=action,
        state=state,
        score=one.score,
        reasons=[[reason.code, *reason.values] for reason in one.reasons],
        decided_at=now,
    )


# What is compared


def report_of(claim: Claim) -> Report:
    """A claim as the linker reads it. `claim` comes with its place and its estimates."""
    return _Said([claim]).report(str(claim.pk))


@dataclass
class _Said:
    """All that claims say of one action, together."""

    claims: list[Claim] = field(default_factory=list)

    def report(self, number: str) -> Report:
        """One report of it: places and days of the first claim, words and sizes of all."""
        one = self.claims[0]
        place = one.place
        assert one.day is not None and place is not None  # noqa: PT018, S101  for types
        ends = [
            end
            for claim in self.claims
            for estimate in claim.estimates.all()
            if estimate.set_aside_at is None
            for end in (estimate.low, estimate.high)
            if end
        ]
        is_pin = (one.latitude, one.longitude) != (place.latitude, place.longitude)
        return Report(
            id=number,
            first_on=one.day,
            last_on=one.last_day,
            country=one.country or place.country,
            region=place.region,
            town=place.name,
            place=str(place.pk),
            position=(one.latitude or place.latitude, one.longitude or place.longitude),
            is_pin=is_pin and one.latitude is not None,
            venue=next((claim.venue for claim in self.claims if claim.venue), ""),
            organisers=tuple(claim.organisers for claim in self.claims if claim.organisers),
            words=tuple(
                words for claim in self.claims for words in (claim.title, claim.words) if words
            ),
            kind="" if one.kind == Action.Kind.OTHER else one.kind,
            low=min(ends, default=None),
            high=max(ends, default=None),
        )


def _actions_about(
    source: Source, first: date, last: date, claims: Sequence[Claim]
) -> dict[int, Report]:
    """What took place in these days, about where these claims say: actions by their numbers.

    Without those of which this source has spoken already: it speaks of each once.
    """
    days = (first - A_DAY, last + A_DAY)
    around = _box(claims)
    said: dict[int, _Said] = {}
    others = Claim.objects.standing().placed().filter(day__range=days, action__isnull=False)
    others = others.filter(
        Q(action__listed=True) | Q(action__same_as__listed=True),
        latitude__range=(around[0] - 1, around[1] + 1),
    )
    rows = others.select_related("place", "action").prefetch_related("estimates")
    spoken: set[int] = set()
    for one in rows.order_by("-founds", "pk"):
        assert one.action is not None  # noqa: S101  for types
        number = one.action.same_as_id or one.action.pk
        if one.source_id == source.pk:
            spoken.add(number)
        said.setdefault(number, _Said()).claims.append(one)
    found = {number: one.report(str(number)) for number, one in said.items()}
    found |= {
        number: report for number, report in _hosted_about(days, around) if number not in found
    }
    return {number: report for number, report in found.items() if number not in spoken}


def _box(claims: Sequence[Claim]) -> tuple[float, float]:
    """The southernmost and northernmost of these."""
    high = [one.latitude for one in claims if one.latitude is not None]
    return (min(high), max(high)) if high else (-90.0, 90.0)


def _hosted_about(
    days: tuple[date, date], around: tuple[float, float]
) -> Iterable[tuple[int, Report]]:
    """Actions that members put on here, as everybody may know them."""
    stops = Stop.objects.filter(
        number=0,
        action__listed=True,
        action__is_told=False,
        action__day__range=days,
        shown_latitude__range=(around[0] - 1, around[1] + 1),
    ).select_related("action", "place")
    for stop in stops.prefetch_related(
        "action__hostings__organisation", "action__hostings__committee"
    ):
        action = stop.action
        assert action.day is not None  # noqa: S101  for types
        place = stop.place
        town = (place.latitude, place.longitude)
        shown = (stop.shown_latitude or town[0], stop.shown_longitude or town[1])
        yield (
            action.pk,
            Report(
                id=str(action.pk),
                first_on=action.day,
                last_on=action.last_day,
                country=place.country,
                region=place.region,
                town=place.name,
                place=str(place.pk),
                position=shown,
                is_pin=shown != town,
                venue=stop.shown_venue,
                organisers=tuple(str(host) for host in action.stands_with),
                words=tuple(action.names.values()),
                kind=action.kind,
            ),
        )
