"""A picture of a part of a country on which a press of the mouse says where: no script is needed.

The browser sends with the form which point of the picture was pressed; the same file of the
country's outline serves every part.
"""

from dataclasses import dataclass
from typing import Self

from django.templatetags.static import static

from convoca.places.frames import Frame, frame_of
from convoca.places.positions import Point

WIDTH, HEIGHT = 280, 210  # points of the screen: it must fit a phone unscaled
WIDEST, NARROWEST = 2.5, 0.15  # of the world's 1000 units: some 100 km, and 6
CLOSER = 4.0


@dataclass(frozen=True, slots=True)
class Picture:
    """A part of a country's map round a position, so many units wide."""

    frame: Frame
    middle: Point
    wide: float = WIDEST

    @classmethod
    def around(cls, country: str, middle: Point, *, is_closer: bool = False) -> Self | None:
        """The picture to choose from, or the closer one; None for a country without a map."""
        frame = frame_of(country)
        if frame is None:
            return None
        return cls(frame, middle, WIDEST / CLOSER if is_closer else WIDEST)

    @classmethod
    def read(cls, text: str) -> Self | None:
        """What `str` wrote into the form; None for whatever else a browser sends."""
        try:
            code, *numbers = text[:80].split(",")
            latitude, longitude, wide = map(float, numbers)
        except ValueError:
            return None
        frame = frame_of(code)
        is_one = abs(latitude) <= 90 and abs(longitude) <= 180 and NARROWEST <= wide <= WIDEST
        return cls(frame, (latitude, longitude), wide) if frame and is_one else None

    def __str__(self) -> str:
        latitude, longitude = self.middle
        return f"{self.frame.code},{latitude:.5f},{longitude:.5f},{self.wide:.4f}"

    @property
    def corner(self) -> Point:
        x, y = self.frame.projection.place(*self.middle)
        return x - self.wide / 2, y - self.wide * HEIGHT / WIDTH / 2

    @property
    def address(self) -> str:
        """The country's outline, cut to this part by the browser."""
        (left, top), frame = self.corner, self.frame
        part = (
            (left - frame.window.left) / frame.grain,
            (top - frame.window.top) / frame.grain,
            self.wide / frame.grain,
            self.wide * HEIGHT / WIDTH / frame.grain,
        )
        box = ",".join(f"{number:.2f}" for number in part)
        return f"{static(frame.outline)}#svgView(viewBox({box}))"

    @property
    def kilometres(self) -> float:
        """How wide it is."""
        return self.wide * 40_075 / 1000 / self.frame.projection.stretch

    def pressed(self, x: str, y: str) -> Point | None:
        """The position of a point that was pressed.

        None for 0, 0: that is what the Enter key of another line sends.
        """
        if not (x.isdecimal() and y.isdecimal() and (int(x[:5]) or int(y[:5]))):
            return None
        left, top = self.corner
        scale = self.wide / WIDTH
        return self.frame.projection.position(
            left + min(int(x[:5]), WIDTH) * scale, top + min(int(y[:5]), HEIGHT) * scale
        )

    def closer(self, middle: Point) -> "Picture":
        return Picture(self.frame, middle, max(NARROWEST, self.wide / CLOSER))
