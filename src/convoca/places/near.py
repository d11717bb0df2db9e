"""What is near a position: the part of the world to ask a database for, distances, their words.

One way to ask, everywhere: ranges of latitude and longitude, which an index on
(latitude, longitude) answers; what the box holds too much is left away by the true distance. A
column of grid cells would be read a little faster and would be one more thing to keep right.
"""

import math
from collections.abc import Callable, Iterable
from functools import reduce
from operator import or_
from typing import Any, NamedTuple, TypeVar

from babel.units import format_unit
from django.db.models import Model, Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from convoca.core.languages import locale_for
from convoca.places import names, services
from convoca.places.gazetteer import distance
from convoca.places.index import Found
from convoca.places.map import Extent

Point = tuple[float, float]
"""Latitude and longitude."""
R = TypeVar("R")
M = TypeVar("M", bound=Model)
_DEGREE = 111.19  # km along a meridian
_ROUND_THE_EARTH = 20_016.0  # km from pole to pole: nothing is farther


class Near(NamedTuple):
    """Something, and how far away it is."""

    row: Any
    km: float


def kilometres(one: Point, other: Point) -> float:
    """Along the surface, as the crow flies."""
    return distance(*one, *other)


def boxes(point: Point, km: float) -> list[Extent]:
    """The parts of the world that hold all within so many kilometres, and a little more.

    One; two where the line of the date runs through; all longitudes where a pole is so near.
    """
    latitude, longitude = point
    high = km / _DEGREE * 1.01
    south, north = latitude - high, latitude + high
    if high >= 180 or south <= -90 or north >= 90:
        return [Extent(-180.0, max(-90.0, south), 180.0, min(90.0, north))]
    # The circle is widest not at its middle but a little towards the pole.
    ratio = math.sin(math.radians(high)) / math.cos(math.radians(latitude))
    if high >= 90 or ratio >= 1:
        return [Extent(-180.0, south, 180.0, north)]
    wide = math.degrees(math.asin(ratio))
    west, east = longitude - wide, longitude + wide
    if west < -180.0:
        return [Extent(west + 360.0, south, 180.0, north), Extent(-180.0, south, east, north)]
    if east > 180.0:
        return [Extent(west, south, 180.0, north), Extent(-180.0, south, east - 360.0, north)]
    return [Extent(west, south, east, north)]


def within(
    queryset: QuerySet[M], latitude_field: str, longitude_field: str, point: Point, km: float
) -> QuerySet[M]:
    """Rows that may be so near: ranges for an index; `sorted_by_distance` knows exactly.

    The fields may be a related row's: "place__latitude".
    """
    parts = boxes(point, km)
    south, north = parts[0].south, parts[0].north
    ranges = [Q(**{f"{longitude_field}__range": (part.west, part.east)}) for part in parts]
    latitude = Q(**{f"{latitude_field}__range": (south, north)})
    return queryset.filter(latitude & reduce(or_, ranges))


def position_of(row: Any) -> Point:
    return row.latitude, row.longitude


def sorted_by_distance(
    rows: Iterable[R],
    point: Point,
    *,
    within_km: float = _ROUND_THE_EARTH,
    position: Callable[[R], Point] = position_of,
) -> list[Near]:
    """Rows with their distances, nearest first, those farther than `within_km` left away."""
    measured = (Near(row, kilometres(point, position(row))) for row in rows)
    return sorted((one for one in measured if one.km <= within_km), key=lambda one: one.km)


def nearest(
    latitude: float, longitude: float, limit: int = 3, *, within_km: float = 100
) -> list[Near]:
    """The places of the table nearest to a position: "you seem to be near …"."""
    found = services.gazetteer().near(latitude, longitude, limit=limit, within=within_km)
    return [Near(names.shown(place), km) for km, place in found]


def nearest_place(latitude: float, longitude: float) -> Found | None:
    """The one nearest place of the table; None far out at sea."""
    found = nearest(latitude, longitude, 1)
    return found[0].row if found else None


def distance_words(km: float, language: str | None = None) -> str:
    """ "12 km" as the language writes it; exact where near, round where far."""
    if km < 1:
        return _("less than 1 km")
    shown = round(km) if km < 100 else round(km, -1)
    locale = locale_for(language or get_language() or "en")
    return str(format_unit(shown, "length-kilometer", "short", locale=locale))
