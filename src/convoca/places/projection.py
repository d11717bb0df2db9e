"""Where a position lies on the map of the world: the Equal Earth projection.

Areas keep their proportions, so that no continent looks larger than it is. Šavrič, Patterson and
Jenny, 2018 (doi:10.1080/13658816.2018.1504949).
"""

import math

WIDTH, HEIGHT = 1000.0, 486.7
_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796
_ROOT3 = math.sqrt(3)


def _unit(latitude: float, longitude: float) -> tuple[float, float]:
    at = math.asin(_ROOT3 / 2 * math.sin(math.radians(latitude)))
    across = 9 * _A4 * at**8 + 7 * _A3 * at**6 + 3 * _A2 * at**2 + _A1
    x = 2 * _ROOT3 * math.radians(longitude) * math.cos(at) / (3 * across)
    return x, _A4 * at**9 + _A3 * at**7 + _A2 * at**3 + _A1 * at


_SCALE = WIDTH / 2 / _unit(0, 180)[0]


def project(latitude: float, longitude: float) -> tuple[float, float]:
    """A position on a map 1000 wide: x from the west, y from the north."""
    x, y = _unit(max(-90.0, min(90.0, latitude)), max(-180.0, min(180.0, longitude)))
    return WIDTH / 2 + x * _SCALE, HEIGHT / 2 - y * _SCALE
