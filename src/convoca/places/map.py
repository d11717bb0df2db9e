"""A map drawn by the server: the land, and a dot for each place or group of places.

Drawn in units of a screen's points at a given width, so that dots and numbers keep their size;
the template draws a wide and a narrow map and the stylesheet shows one. Nothing on it is turned
round in pages that run from right to left.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple, Self
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convoca.core.dates import list_words
from convoca.places.projection import HEIGHT, WIDTH, project

WIDE, NARROW = 960, 360
ALONE, SMALLEST = 6.0, 10.0  # radii of a dot for one, of one with a number
LARGEST_ON_A_PHONE = 21.0
CELL = 24.0
RING = 2.0
CLOSEST = 40.0  # units of the world's 1000: closer, the outline is too coarse to help
NORTH, SOUTH = 84.0, -57.0  # what the map of the world shows, unless something lies beyond
NAMED = 3


@dataclass(frozen=True, slots=True)
class Spot:
    """Something at a place: what it is called, where it leads, and how many it stands for."""

    latitude: float
    longitude: float
    label: str
    url: str
    count: int = 1


class Extent(NamedTuple):
    """A part of the world in degrees."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def read(cls, text: str | None) -> Self | None:
        """ "-60,-35,-50,-20" as it stands in an address; None for whatever is no extent."""
        try:
            west, south, east, north = (float(part) for part in (text or "").split(","))
        except ValueError:
            return None
        is_one = -180 <= west < east <= 180 and -90 <= south < north <= 90
        return cls(west, south, east, north) if is_one else None

    @classmethod
    def around(cls, spots: Iterable[Spot], margin: float = 2.0) -> Self | None:
        """The part of the world that holds all spots, with some air; None without any."""
        places = [(spot.latitude, spot.longitude) for spot in spots]
        if not places:
            return None
        south, north = min(p[0] for p in places), max(p[0] for p in places)
        west, east = min(p[1] for p in places), max(p[1] for p in places)
        high, wide = margin + (north - south) / 10, margin + (east - west) / 10
        return cls(
            max(-180.0, west - wide),
            max(-90.0, south - high),
            min(180.0, east + wide),
            min(90.0, north + high),
        )

    def __str__(self) -> str:
        return ",".join(f"{degrees:.2f}".rstrip("0").rstrip(".") for degrees in self)


class Dot(NamedTuple):
    """What the template draws; numbers are written with a point in every language."""

    x: str
    y: str
    radius: str
    reach: str
    number: int
    title: str
    url: str


class Drawing(NamedTuple):
    kind: str
    width: int
    height: int
    land: str
    dots: list[Dot]


@dataclass(slots=True)
class _Group:
    x: float
    y: float
    largest: float
    spots: list[Spot] = field(default_factory=list)
    count: int = 0

    @property
    def radius(self) -> float:
        """The more it stands for, the larger its area."""
        if self.count < 2:
            return ALONE
        return max(SMALLEST, min(self.largest, 7.0 * math.pow(self.count, 0.35)))

    def take(self, x: float, y: float, spots: list[Spot], count: int) -> None:
        """Join in; the middle moves in proportion."""
        whole = self.count + count
        self.x += (x - self.x) * count / whole
        self.y += (y - self.y) * count / whole
        self.spots += spots
        self.count = whole


def draw(
    spots: Iterable[Spot],
    *,
    width: int = WIDE,
    extent: Extent | None = None,
    zoom: str = "",
    more: str = "#map-list",
) -> Drawing:
    """The map at a width, whole or of one extent.

    A dot leads where its spot leads. One that stands for several leads to the address `zoom` with
    `?box=…` added (read it with `Extent.read`) or, without `zoom`, to `more`: the list below.
    """
    spots = [spot for spot in spots if math.isfinite(spot.latitude + spot.longitude)]
    left, top, wide, high = _window(extent, spots)
    scale = width / wide
    points = []
    for spot in spots:
        x, y = project(spot.latitude, spot.longitude)
        x, y = (x - left) * scale, (y - top) * scale
        if -1 <= x <= width + 1 and -1 <= y <= high * scale + 1:
            points.append((x, y, spot))
    return Drawing(
        kind="narrow" if width < (WIDE + NARROW) / 2 else "wide",
        width=width,
        height=round(high * scale),
        land=f"scale({scale / 10:.5f}) translate({-left * 10:.1f} {-top * 10:.1f})",
        dots=[_dot(group, zoom, more) for group in _grouped(points, largest=width / 28)],
    )


def _window(extent: Extent | None, spots: list[Spot]) -> tuple[float, float, float, float]:
    """The part of the projected world that is drawn: left, top, width, height."""
    if extent is None:
        is_farther = any(not SOUTH <= spot.latitude <= NORTH for spot in spots)
        top, foot = (0.0, HEIGHT) if is_farther else (project(NORTH, 0)[1], project(SOUTH, 0)[1])
        return 0.0, top, WIDTH, foot - top
    middle = min(max(0.0, extent.south), extent.north)  # where it is widest
    corners = [
        project(latitude, longitude)
        for latitude in (extent.south, middle, extent.north)
        for longitude in (extent.west, extent.east)
    ]
    left, right = min(x for x, _ in corners), max(x for x, _ in corners)
    top, foot = min(y for _, y in corners), max(y for _, y in corners)
    wide = min(WIDTH, max(right - left, 2 * (foot - top), CLOSEST))
    return (left + right - wide) / 2, (top + foot - wide / 2) / 2, wide, wide / 2


def _grouped(points: list[tuple[float, float, Spot]], *, largest: float) -> list[_Group]:
    """Spots that would lie on each other, together; the largest groups first."""
    cells: dict[tuple[int, int], _Group] = {}
    for x, y, spot in points:
        group = cells.setdefault(
            (int(x // CELL), int(y // CELL)), _Group(x, y, max(largest, LARGEST_ON_A_PHONE))
        )
        group.take(x, y, [spot], max(1, spot.count))
    groups = list(cells.values())
    while True:
        merged = _merged(groups)
        if len(merged) == len(groups):
            return merged
        groups = merged


def _merged(groups: list[_Group]) -> list[_Group]:
    placed: dict[tuple[int, int], list[_Group]] = {}
    size = 2 * max((group.largest for group in groups), default=0) + RING
    kept = []
    for group in sorted(groups, key=lambda group: (-group.count, group.x, group.y)):
        column, row = int(group.x // size), int(group.y // size)
        near = (
            other
            for c in (column - 1, column, column + 1)
            for r in (row - 1, row, row + 1)
            for other in placed.get((c, r), ())
        )
        reach = group.radius + RING
        over = next(
            (o for o in near if math.dist((o.x, o.y), (group.x, group.y)) < o.radius + reach), None
        )
        if over:
            over.take(group.x, group.y, group.spots, group.count)
        else:
            kept.append(group)
            placed.setdefault((column, row), []).append(group)
    return kept


def _dot(group: _Group, zoom: str, more: str) -> Dot:
    urls = {spot.url for spot in group.spots}
    if len(urls) == 1:
        url = urls.pop()
    elif zoom and (extent := Extent.around(group.spots)):
        url = f"{zoom}{'&' if '?' in zoom else '?'}{urlencode({'box': str(extent)}, safe=',')}"
    else:
        url = more
    radius = group.radius
    return Dot(
        x=f"{group.x:.1f}",
        y=f"{group.y:.1f}",
        radius=f"{radius:.1f}",
        reach=f"{max(radius, 14.0):.1f}",
        number=group.count,
        title=_title(group),
        url=url,
    )


def _title(group: _Group) -> str:
    labels = list(dict.fromkeys(spot.label for spot in group.spots))
    named, rest = labels[:NAMED], len(labels) - NAMED
    if rest > 0:
        named.append(ngettext("%(count)d more", "%(count)d more", rest) % {"count": rest})
    names = list_words(named)
    if group.count < 2:
        return names
    return _("%(count)d: %(names)s") % {"count": group.count, "names": names}
