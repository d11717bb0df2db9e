"""A map drawn by the server: the land, and a dot for each place or group of places.

Drawn in units of a screen's points at a given width, so that dots and numbers keep their size;
the template draws a wide and a narrow map and the stylesheet shows one. Nothing on it is turned
round in pages that run from right to left.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple, Self
from urllib.parse import urlencode

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convoca.core.dates import list_words
from convoca.places.frames import Box, Frame, frame_of
from convoca.places.projection import HEIGHT, WIDTH, WORLD, Projection, project

WIDE, NARROW = 960, 360
ALONE, SMALLEST = 6.0, 10.0  # radii of a dot for one, of one with a number
LARGEST_ON_A_PHONE = 21.0
CELL = 24.0
RING = 2.0
CLOSEST = 40.0  # units of the world's 1000: closer, the outline is too coarse to help
LEAST = 0.8  # the same on a country's own map: some thirty kilometres
WIDE_SHAPES, NARROW_SHAPES = (0.5, 0.75), (0.6, 1.5)  # a country's map: height by width
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
    """A part of the world in degrees. One across the line of the date ends east of 180."""

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
        is_one = -180 <= west < min(180, east) and east - west <= 360 and -90 <= south < north <= 90
        return cls(west, south, east, north) if is_one else None

    @classmethod
    def around(
        cls, spots: Iterable[Spot], margin: float = 2.0, projection: Projection = WORLD
    ) -> Self | None:
        """The part of the world that holds all spots, with some air; None without any.

        It goes across the line of the date only where the projection's middle is near it.
        """
        places = [(spot.latitude, spot.longitude) for spot in spots]
        return cls._spanning(places, projection, margin, 0.1) if places else None

    @classmethod
    def of_country(cls, country: str) -> Self | None:
        """What the map of a country shows; None for a code that has none."""
        frame = frame_of(country)
        if frame is None:
            return None
        edge = [frame.projection.position(x, y) for x, y in frame.window.edge()]
        return cls._spanning(edge, frame.projection)

    @classmethod
    def _spanning(
        cls,
        places: list[tuple[float, float]],
        projection: Projection,
        margin: float = 0.0,
        share: float = 0.0,
    ) -> Self:
        latitudes = [latitude for latitude, _ in places]
        longitudes = [projection.turned(east) + projection.meridian for _, east in places]
        south, north, west, east = *_ends(latitudes), *_ends(longitudes)
        high, wide = margin + (north - south) * share, margin + (east - west) * share
        back = projection.meridian - 180.0  # the edges of the map
        west, east = max(back, west - wide), min(back + 360.0, east + wide)
        turn = 360.0 if west < -180.0 else -360.0 if west >= 180.0 else 0.0
        return cls(west + turn, max(-90.0, south - high), east + turn, min(90.0, north + high))

    def holds(self, latitude: float, longitude: float) -> bool:
        is_between = any(self.west <= longitude + turn <= self.east for turn in (-360, 0, 360))
        return self.south <= latitude <= self.north and is_between

    def condition(self, latitude_field: str, longitude_field: str) -> Q:
        """The same for a queryset, as ranges that an index can answer."""
        between = Q(**{f"{longitude_field}__range": (self.west, min(180.0, self.east))})
        if self.east > 180.0:
            between |= Q(**{f"{longitude_field}__range": (-180.0, self.east - 360.0)})
        return Q(**{f"{latitude_field}__range": (self.south, self.north)}) & between

    def __str__(self) -> str:
        return ",".join(f"{degrees:.2f}".rstrip("0").rstrip(".") for degrees in self)


def _ends(numbers: list[float]) -> tuple[float, float]:
    return min(numbers), max(numbers)


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
    """A map at one width. `lines` are borders, and round a country its neighbours' outlines."""

    kind: str
    width: int
    height: int
    outline: str
    lines: str
    land: str
    dots: list[Dot]


class View(NamedTuple):
    """Which part of which map is drawn. `closest` is as near as its outline lets one come."""

    projection: Projection
    part: Box
    closest: float
    frame: Frame | None = None

    @property
    def is_closest(self) -> bool:
        return self.part.wide <= self.closest * 1.01

    @property
    def margin(self) -> float:
        """Degrees of air around what a dot that leads closer stands for."""
        return min(2.0, self.closest / 20) if self.frame else 2.0

    def land(self, scale: float) -> str:
        """How the outline's own units become points of the screen."""
        if self.frame is None:
            x, y, step = -self.part.left * 10, -self.part.top * 10, scale / 10
        else:
            window, grain = self.frame.window, self.frame.grain
            x, y = (window.left - self.part.left) / grain, (window.top - self.part.top) / grain
            step = scale * grain
        return f"scale({step:.6g}) translate({x:.1f} {y:.1f})"


@dataclass(slots=True)
class _Group:
    x: float
    y: float
    largest: float
    spots: list[Spot]
    count: int

    @property
    def radius(self) -> float:
        """The more it stands for, the larger its area."""
        if self.count < 2:
            return ALONE
        return max(SMALLEST, min(self.largest, 7.0 * math.pow(self.count, 0.35)))

    def take(self, other: "_Group") -> None:
        """Let another join in; the middle moves in proportion."""
        whole = self.count + other.count
        self.x += (other.x - self.x) * other.count / whole
        self.y += (other.y - self.y) * other.count / whole
        self.spots += other.spots
        self.count = whole


Plotted = list[tuple[float, float, Spot]]


def draw(
    spots: Iterable[Spot],
    *,
    width: int = WIDE,
    extent: Extent | None = None,
    country: str = "",
    zoom: str = "",
    more: str = "#map-list",
) -> Drawing:
    """The map at a width: the world, a country by its code, or an extent of either.

    A dot leads where its spot leads. One that stands for several leads to the address `zoom` with
    `?box=…` added (read it with `Extent.read`) or, without `zoom` or where no closer map can be
    drawn, to `more`: the list below. A country's map grows to hold spots outside it; where one
    lies too far away for that, the map of the world shows them.
    """
    return draw_all(spots, [width], extent=extent, country=country, zoom=zoom, more=more)[0]


def draw_all(
    spots: Iterable[Spot],
    widths: Iterable[int] = (WIDE, NARROW),
    *,
    extent: Extent | None = None,
    country: str = "",
    zoom: str = "",
    more: str = "#map-list",
) -> list[Drawing]:
    """The same map at several widths; where spots lie is worked out once."""
    spots = [spot for spot in spots if math.isfinite(spot.latitude + spot.longitude)]
    plotted: dict[Projection, Plotted] = {}

    def plot(projection: Projection) -> Plotted:
        if projection not in plotted:
            place = projection.place
            plotted[projection] = [(*place(s.latitude, s.longitude), s) for s in spots]
        return plotted[projection]

    drawings = []
    for width in widths:
        is_narrow = width < (WIDE + NARROW) / 2
        view = _of_a_country(country, extent, is_narrow, plot) or _of_the_world(extent, spots)
        left, top, right, foot = view.part
        scale = width / view.part.wide
        edge = 1 / scale
        points = [
            ((x - left) * scale, (y - top) * scale, spot)
            for x, y, spot in plot(view.projection)
            if left - edge <= x <= right + edge and top - edge <= y <= foot + edge
        ]
        groups = _grouped(points, largest=width / 28)
        drawings.append(
            Drawing(
                kind="narrow" if is_narrow else "wide",
                width=width,
                height=round(view.part.high * scale),
                outline=view.frame.outline if view.frame else "places/world.svg",
                lines="around" if view.frame else "borders",
                land=view.land(scale),
                dots=[_dot(group, view, zoom, more) for group in groups],
            )
        )
    return drawings


def _of_a_country(
    country: str,
    extent: Extent | None,
    is_narrow: bool,
    plot: Callable[[Projection], Plotted],
) -> View | None:
    """The country's own map; None where it has none, or would show what it does not draw."""
    frame = frame_of(country)
    if frame is None:
        return None
    projection = frame.projection
    closest = max(LEAST, frame.window.wide / 12)
    if extent is None:
        part = frame.window.grown([(x, y) for x, y, _ in plot(projection)], frame.window.wide / 16)
    else:
        part = _part(extent, projection)
        more = max(0.0, closest - part.wide) / 2
        part = Box(part.left - more, part.top, part.right + more, part.foot)
    part = part.shaped(*(NARROW_SHAPES if is_narrow else WIDE_SHAPES))
    return View(projection, part, closest, frame) if frame.shows(part) else None


def _of_the_world(extent: Extent | None, spots: list[Spot]) -> View:
    if extent is None:
        is_farther = any(not SOUTH <= spot.latitude <= NORTH for spot in spots)
        top, foot = (0.0, HEIGHT) if is_farther else (project(NORTH, 0)[1], project(SOUTH, 0)[1])
        return View(WORLD, Box(0.0, top, WIDTH, foot), CLOSEST)
    if extent.east > 180.0:  # this map is cut there: show both ends
        extent = Extent(-180.0, extent.south, 180.0, extent.north)
    left, top, right, foot = part = _part(extent, WORLD)
    wide = min(WIDTH, max(part.wide, 2 * part.high, CLOSEST))
    x, y = (left + right - wide) / 2, (top + foot - wide / 2) / 2
    return View(WORLD, Box(x, y, x + wide, y + wide / 2), CLOSEST)


def _part(extent: Extent, projection: Projection) -> Box:
    """What an extent takes up on a map; its edges bend, so more than its corners count."""
    middle = min(max(0.0, extent.south), extent.north)  # where it is widest
    corners = [
        projection.place(latitude, longitude)
        for latitude in (extent.south, middle, extent.north)
        for longitude in (extent.west, (extent.west + extent.east) / 2, extent.east)
    ]
    return Box(
        min(x for x, _ in corners),
        min(y for _, y in corners),
        max(x for x, _ in corners),
        max(y for _, y in corners),
    )


def _grouped(points: Plotted, *, largest: float) -> list[_Group]:
    """Spots that would lie on each other, together; the largest groups first."""
    cells: dict[tuple[int, int], Plotted] = {}
    for point in points:
        cells.setdefault((int(point[0] // CELL), int(point[1] // CELL)), []).append(point)
    largest = max(largest, LARGEST_ON_A_PHONE)
    groups = [_together(held, largest) for held in cells.values()]
    while True:
        merged = _merged(groups, largest)
        if len(merged) == len(groups):
            return merged
        groups = merged


def _together(points: Plotted, largest: float) -> _Group:
    count, across, down = 0, 0.0, 0.0
    for x, y, spot in points:
        weight = spot.count if spot.count > 1 else 1
        count += weight
        across += x * weight
        down += y * weight
    spots = [spot for _, _, spot in points]
    return _Group(across / count, down / count, largest, spots, count)


def _merged(groups: list[_Group], largest: float) -> list[_Group]:
    placed: dict[tuple[int, int], list[_Group]] = {}
    size = 2 * largest + RING
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
            over.take(group)
        else:
            kept.append(group)
            placed.setdefault((column, row), []).append(group)
    return kept


def _dot(group: _Group, view: View, zoom: str, more: str) -> Dot:
    urls = {spot.url for spot in group.spots}
    if len(urls) == 1:
        url = urls.pop()
    elif (
        zoom
        and not view.is_closest
        and (extent := Extent.around(group.spots, view.margin, view.projection))
    ):
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
    """The largest places by name, the others by number."""
    largest = sorted(group.spots, key=lambda spot: -spot.count)
    labels = list(dict.fromkeys(spot.label for spot in largest))
    named, rest = labels[:NAMED], len(labels) - NAMED
    if rest > 0:
        named.append(ngettext("%(count)d more", "%(count)d more", rest) % {"count": rest})
    names = list_words(named)
    if group.count < 2:
        return names
    return _("%(count)d: %(names)s") % {"count": group.count, "names": names}
