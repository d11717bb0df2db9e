"""Which actions are near a position. The position is used for the answer and kept nowhere."""

from collections.abc import Iterable
from dataclasses import dataclass

from convoca.actions.finding.wanted import Wanted
from convoca.actions.models import Action
from convoca.places import near
from convoca.places.near import Point

NEAR = 50.0
"""Kilometres within which an action is near (what lies farther is shown, but not as near)."""
FARTHER = (NEAR, 500.0, 20_100.0)
MOST = 50
ALL = Wanted()


@dataclass(frozen=True)
class NearAction:
    """An action, and how far its nearest stop is; for a hidden address, the middle of its town."""

    action: Action
    km: float

    @property
    def far(self) -> str:
        return near.distance_words(self.km)


def near_to(
    point: Point, km: float = NEAR, *, among: Wanted = ALL, most: int = MOST
) -> list[NearAction]:
    """Actions within so many kilometres, the nearest first; at the same place the next first."""
    return _fetched(_measured(point, km, among), most)


def nearest_to(
    point: Point, most: int = 3, *, among: Wanted = ALL, without: Iterable[int] = ()
) -> list[NearAction]:
    """The nearest ones, however far; `without` are numbers of actions left out."""
    gone = set(without)
    found: dict[int, float] = {}
    for km in FARTHER:
        found = {pk: away for pk, away in _measured(point, km, among).items() if pk not in gone}
        if len(found) >= most:
            break
    return _fetched(found, most)


def _measured(point: Point, km: float, among: Wanted) -> dict[int, float]:
    """Number of an action → how far its nearest stop is."""
    stops = among.joined_stops()
    rows = near.within(stops, "shown_latitude", "shown_longitude", point, km)
    values = rows.order_by("action__sorted_at", "action").values_list(
        "action", "shown_latitude", "shown_longitude"
    )
    found: dict[int, float] = {}
    for (number, *_position), away in near.sorted_by_distance(
        values, point, within_km=km, position=lambda row: (row[1] or 0.0, row[2] or 0.0)
    ):
        found.setdefault(number, away)
    return found


def _fetched(measured: dict[int, float], most: int) -> list[NearAction]:
    wanted = dict(list(measured.items())[:most])
    rows = {row.pk: row for row in Action.objects.filter(pk__in=wanted).with_front()}
    return [NearAction(rows[pk], km) for pk, km in wanted.items() if pk in rows]
