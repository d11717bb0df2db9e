"""Claims find the actions they speak of: clear ones link by themselves, doubtful ones wait for a
person, all others make actions of their own.
"""

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import groupby
from time import sleep
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from convoca.actions.models import Stop
from convoca.core.bulk import insert, like
from convoca.core.codes import public_code
from convoca.counting.linking.linker import OURS, THEIRS, Linker, Verdict
from convoca.counting.linking.linker import Link as Found
from convoca.counting.linking.reports import Report
from convoca.counting.models import Claim, Link, Source
from convoca.counting.models.claim import A_DAY
from convoca.counting.services.founding import found_actions, note_actions
from convoca.counting.services.told import Around, Told, report_of
from convoca.counting.services.turns import take_turn
from convoca.pages import services as pages

AT_ONCE = 500
"""Claims that are compared in one transaction: what others write waits no longer than that. More of
one day stay together, unless they are of several regions.
"""


@dataclass
class Linked:
    """What became of claims: how many were linked, wait for a person, or made an action."""

    linked: int = 0
    doubtful: int = 0
    founded: int = 0
    unplaced: int = 0
    is_over: bool = True
    """Whether all were looked at."""


def link_new(
    source: Source,
    *,
    noted: Callable[[Linked], None] | None = None,
    may_go_on: Callable[[], bool] = lambda: True,
) -> Linked:
    """Settle every claim of a source that speaks of no action yet, some days at a time; each
    portion is a short transaction, and what was done stays done when it is cut off. What is left
    then makes the same portions again, so it ends as if it had never been cut off. `noted` is told
    in each of them how far this call has come.

    Claims of one source are about different actions: two of them never become one here.
    """
    done = Linked()
    rows = Claim.objects.standing().filter(source=source, action=None)
    placed = rows.placed()
    # What rows are ordered by would count as a difference between them.
    unordered = placed.order_by().values_list("day", flat=True)
    days = sorted(day for day in unordered.distinct() if day)
    done.unplaced = rows.count() - placed.count()
    around, is_begun = Around(), False
    for first, last in _spans(_busy(source, days)):
        here = placed.filter(day__range=(first, last))
        for numbers in _portions(here):
            if not may_go_on():
                done.is_over = False
                return done
            if is_begun:
                _let_others_in()
            _settle(source, numbers, around, done, noted)
            is_begun = True
    return done


def _let_others_in() -> None:
    """SQLite tells nobody who waits that the file is free: they ask again, a hundred times a second
    (`core.sqlite`), and between two portions that follow at once they would find no moment.
    """
    if connection.vendor == "sqlite":
        sleep(0.015)


def link_one(claim: Claim) -> Linked:
    """Settle this claim alone, in the caller's transaction; what else its source says stays."""
    done = Linked()
    _settle(claim.source, [claim.pk], Around(), done)
    return done


def _busy(source: Source, days: Sequence[date]) -> list[tuple[date, int]]:
    """How many claims of a source each of these days has, settled ones too: so a day that was
    settled in part makes the spans that it made before.
    """
    rows = Claim.objects.standing().placed().filter(source=source)
    if days:
        rows = rows.filter(day__range=(days[0], days[-1]))
    in_days = dict(rows.order_by().values_list("day").annotate(Count("pk")))
    return [(day, in_days.get(day, 0)) for day in days]


def _spans(days: Sequence[tuple[date, int]]) -> Iterator[tuple[date, date]]:
    """Spans of whole days with at most `AT_ONCE` claims in each, but for a day that has more."""
    first, last, count = None, None, 0
    for day, number in days:
        if first is not None and last is not None and count + number > AT_ONCE:
            yield first, last
            first, count = None, 0
        first, last, count = first or day, day, count + number
    if first is not None and last is not None:
        yield first, last


def _portions(claims: QuerySet[Claim]) -> Iterator[list[int]]:
    """The numbers of these claims; of a day that has very many, some regions at a time."""
    rows = claims.order_by("place__country", "place__region", "pk")
    regions = rows.values_list("place__country", "place__region", "pk")
    portion: list[int] = []
    all_of = [[pk for *_where, pk in same] for _, same in groupby(regions, key=lambda row: row[:2])]
    if sum(map(len, all_of)) <= AT_ONCE:
        all_of = [[pk for numbers in all_of for pk in numbers]]
    for numbers in all_of:
        if portion and len(portion) + len(numbers) > AT_ONCE:
            yield portion
            portion = []
        portion += numbers
    yield portion


@transaction.atomic
def _settle(
    source: Source,
    numbers: Sequence[int],
    around: Around,
    done: Linked,
    noted: Callable[[Linked], None] | None = None,
) -> None:
    take_turn()
    rows = Claim.objects.standing().placed().filter(pk__in=numbers, action=None).order_by("pk")
    # Whoever settles one of these at the same time waits, and then finds it settled.
    list(rows.select_for_update().values_list("pk", flat=True))
    claims = {one.pk: one for one in around.read(rows)}
    there = actions_about(source, claims.values(), around)
    found = compared(claims.values(), there) if claims and there else []
    before = {
        (claim, action): under
        for claim, action, under in Link.objects.filter(
            claim__in=claims if found else ()
        ).values_list("claim", "action", "decided_under")
    }
    links, sure, now = [], {}, timezone.now()
    blank = like(Link(decided_at=now, created_at=now))
    for one in found:
        pair = claim, action = int(one.one.id), int(one.other.id)
        if before.get(pair) is not None:
            continue
        is_clear = one.verdict == Verdict.CLEAR
        if pair not in before:
            links.append(_link(blank(), pair, one, is_clear=is_clear))
        if is_clear:
            sure[claim] = action
        else:
            done.doubtful += 1
    insert(links)
    note_actions((action, False, claim) for claim, action in sure.items())
    done.linked += len(sure)
    rest = [one for number, one in claims.items() if number not in sure]
    done.founded += len(found_actions(rest))
    pages.touch("claims", *(f"claims:{action}" for action in sure.values()))
    if noted is not None:
        noted(done)


def compared(claims: Iterable[Told], there: Mapping[int, Report]) -> list[Found]:
    ours = [report_of([one], one.pk, OURS) for one in claims]
    return Linker.shipped().link(ours, there.values())


def _link(row: Link, pair: tuple[int, int], one: Found, *, is_clear: bool) -> Link:
    row.code, (row.claim_id, row.action_id) = public_code(), pair
    row.state = Link.State.LINKED if is_clear else Link.State.DOUBTFUL
    row.score = one.score
    row.reasons = [[reason.code, *reason.values] for reason in one.reasons]
    return row


# What it is compared with


def actions_about(source: Source, claims: Collection[Told], around: Around) -> dict[int, Report]:
    """What took place in these days, about where these claims say: actions by their numbers.

    Without those of which this source has spoken already: it speaks of each once.
    """
    if not claims:
        return {}
    days = (min(one.day for one in claims) - A_DAY, max(one.day for one in claims) + A_DAY)
    box = _box(claims)
    said: dict[int, list[Told]] = {}
    others = Claim.objects.standing().placed().filter(day__range=days, action__isnull=False)
    others = others.filter(
        Q(action__listed=True) | Q(action__same_as__listed=True),
        latitude__range=box.latitudes,
        longitude__range=box.longitudes,
    ).order_by("-founds", "pk")
    spoken: set[int] = set()
    for one in around.read(others):
        number = one.same_as_id or one.action_id or 0
        if one.source.pk == source.pk:
            spoken.add(number)
        said.setdefault(number, []).append(one)
    found = {
        number: report_of(told, number, THEIRS)
        for number, told in said.items()
        if number not in spoken
    }
    hosted = _hosted_about(days, box)
    return found | {n: one for n, one in hosted if n not in said}


def _position(one: Told) -> tuple[float, float]:
    if one.latitude is None or one.longitude is None:
        return one.place.latitude, one.place.longitude
    return one.latitude, one.longitude


class _Box(NamedTuple):
    """Where what is near some claims may be, in degrees."""

    latitudes: tuple[float, float]
    longitudes: tuple[float, float]


def _box(claims: Collection[Told]) -> _Box:
    """About these, and a degree of latitude more on each side: nearly twice as far as one source's
    town may be from the other's. All around the world where it would end at the date line.
    """
    high, wide = zip(*map(_position, claims), strict=True)
    south, north = min(high) - 1, max(high) + 1
    reach = 1 / math.cos(math.radians(min(89.0, max(abs(south), abs(north)))))
    west, east = min(wide) - reach, max(wide) + reach
    if west < -180 or east > 180:
        west, east = -180.0, 180.0
    return _Box((south, north), (west, east))


def _instants(days: tuple[date, date]) -> tuple[datetime, datetime]:
    """Between which these days begin wherever they are: instants have an index."""
    first, last = (datetime.combine(day, time(), tzinfo=UTC) for day in days)
    return first - A_DAY, last + 2 * A_DAY


def _hosted_about(days: tuple[date, date], box: _Box) -> Iterable[tuple[int, Report]]:
    """Actions that members put on here, as everybody may know them."""
    stops = Stop.objects.filter(
        number=0,
        action__listed=True,
        action__is_told=False,
        action__day__range=days,
        action__starts_at__range=_instants(days),
        shown_latitude__range=box.latitudes,
        shown_longitude__range=box.longitudes,
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
                source=THEIRS,
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
