"""How the map of one country is framed: its projection and its window, and which file draws it.

`scripts/make_countries.py` writes both the frames and the outlines.
"""

import json
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from convoca.places.projection import Projection

_FILE = Path(__file__).parent / "data" / "countries.json"
_EDGE = 8  # steps in which an edge of a window is followed


class Box(NamedTuple):
    """A part of a projected map."""

    left: float
    top: float
    right: float
    foot: float

    @property
    def wide(self) -> float:
        return self.right - self.left

    @property
    def high(self) -> float:
        return self.foot - self.top

    def shaped(self, least: float, most: float) -> "Box":
        """With air added around until its height is between so many times its width."""
        high = max(self.high, self.wide * least)
        wide = max(self.wide, high / most)
        x, y = (self.left + self.right) / 2, (self.top + self.foot) / 2
        return Box(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)

    def grown(self, points: list[tuple[float, float]], air: float = 0.0) -> "Box":
        """Widened so that it holds these points too, those outside with some air."""
        out = [(x, y) for x, y in points if not self.holds(x, y)]
        if not out:
            return self
        return Box(
            min(self.left, *(x - air for x, _ in out)),
            min(self.top, *(y - air for _, y in out)),
            max(self.right, *(x + air for x, _ in out)),
            max(self.foot, *(y + air for _, y in out)),
        )

    def holds(self, x: float, y: float) -> bool:
        return self.left <= x <= self.right and self.top <= y <= self.foot

    def edge(self) -> list[tuple[float, float]]:
        """Points all along its edge."""
        parts = [at / _EDGE for at in range(_EDGE + 1)]
        across = [(self.left + self.wide * at, y) for at in parts for y in (self.top, self.foot)]
        down = [(x, self.top + self.high * at) for at in parts for x in (self.left, self.right)]
        return across + down


class Frame(NamedTuple):
    """A country on its own map.

    A `grain` is the step in which its outline is drawn; `drawn` is as far as neighbours are.
    """

    code: str
    projection: Projection
    grain: float
    window: Box
    drawn: Box

    @property
    def outline(self) -> str:
        """The static file of the outline; its picture alone shows the window."""
        return f"places/countries/{self.code}.svg"

    def shows(self, part: Box) -> bool:
        left, top, right, foot = part
        return self.drawn.holds(left, top) and self.drawn.holds(right, foot)


@lru_cache(maxsize=1)
def _frames() -> dict[str, Frame]:
    written = json.loads(_FILE.read_text(encoding="ascii"))
    return {
        code: Frame(
            code, Projection(*numbers[:2]), numbers[2], Box(*numbers[3:7]), Box(*numbers[7:])
        )
        for code, numbers in written.items()
    }


def frame_of(country: str) -> Frame | None:
    """The frame of a country by its code; None for what has no map of its own."""
    return _frames().get(country)
