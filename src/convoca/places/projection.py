"""Where a position lies on a map: the Equal Earth projection.

Areas keep their proportions, so that no continent looks larger than it is. Šavrič, Patterson and
Jenny, 2018 (doi:10.1080/13658816.2018.1504949).
"""

import math
from typing import NamedTuple, Self

WIDTH, HEIGHT = 1000.0, 486.7
_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796
_ROOT3 = math.sqrt(3)
_SINE, _RADIAN = _ROOT3 / 2, math.pi / 180


def _across(at: float) -> float:
    square = at * at
    return _A1 + square * (3 * _A2 + square * square * (7 * _A3 + 9 * _A4 * square))


def _up(at: float) -> float:
    square = at * at
    return at * (_A1 + square * (_A2 + square * square * (_A3 + _A4 * square)))


def _unit(latitude: float, longitude: float) -> tuple[float, float]:
    at = math.asin(_ROOT3 / 2 * math.sin(math.radians(latitude)))
    x = 2 * _ROOT3 * math.radians(longitude) * math.cos(at) / (3 * _across(at))
    return x, _up(at)


_SCALE = WIDTH / 2 / _unit(0, 180)[0]


class Projection(NamedTuple):
    """The world with one meridian upright in the middle.

    `stretch` draws it so much wider and lower: areas stay, and shapes are true where
    `Projection.at` was asked to make them so.
    """

    meridian: float = 0.0
    stretch: float = 1.0

    @classmethod
    def at(cls, latitude: float, longitude: float) -> Self:
        """The one that distorts nothing at this position."""
        latitude = max(-85.0, min(85.0, latitude))
        wide = _unit(latitude, 1)[0] / math.cos(math.radians(latitude))
        high = _unit(latitude + 0.5, 0)[1] - _unit(latitude - 0.5, 0)[1]
        return cls(longitude, math.sqrt(high / wide))

    def place(self, latitude: float, longitude: float) -> tuple[float, float]:
        """A position on a map 1000 wide where nothing is stretched: x from west, y from north."""
        if not -90.0 <= latitude <= 90.0:
            latitude = math.copysign(90.0, latitude)
        # Written out, because a map of ten thousand places spends most of its time here.
        at = math.asin(_SINE * math.sin(latitude * _RADIAN))
        square = at * at
        fourth = square * square
        up = at * (_A1 + square * (_A2 + fourth * (_A3 + _A4 * square)))
        across = _A1 + square * (3 * _A2 + fourth * (7 * _A3 + 9 * _A4 * square))
        east = self.turned(longitude) * _RADIAN
        wide = 4 / 3 * _SINE * _SCALE * self.stretch
        x = WIDTH / 2 + wide * east * math.cos(at) / across
        return x, HEIGHT / 2 - up * _SCALE / self.stretch

    def turned(self, longitude: float) -> float:
        """How far east of the middle a meridian lies; to the west it is less than nothing."""
        east = longitude - self.meridian
        return east if -180.0 <= east <= 180.0 else (east + 180.0) % 360.0 - 180.0

    def position(self, x: float, y: float) -> tuple[float, float]:
        """Latitude and longitude of a point of the map; the nearest there is, off the world."""
        height = (HEIGHT / 2 - y) * self.stretch / _SCALE
        at = max(-math.pi / 3, min(math.pi / 3, height / _A1))
        for _ in range(12):
            at -= (_up(at) - height) / _across(at)
            at = max(-math.pi / 3, min(math.pi / 3, at))
        latitude = math.degrees(math.asin(max(-1.0, min(1.0, math.sin(at) * 2 / _ROOT3))))
        wide = 2 * _ROOT3 * math.cos(at) / (3 * _across(at))
        east = math.degrees((x - WIDTH / 2) / self.stretch / _SCALE / wide)
        longitude = max(-180.0, min(180.0, east)) + self.meridian
        return latitude, (longitude + 180.0) % 360.0 - 180.0


WORLD = Projection()


def project(latitude: float, longitude: float) -> tuple[float, float]:
    """A position on the map of the world."""
    return WORLD.place(latitude, max(-180.0, min(180.0, longitude)))
