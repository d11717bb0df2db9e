"""A campaign's ink, and the size of a poster's title: pure functions, no pictures, no database.

From one colour everything coloured on a public page is derived, so that any colour a person types
can be read: on the field, on paper, in the light and in the dark.
"""

import json
import math
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final, Literal

Rgb = tuple[int, int, int]

READABLE: Final = 4.5  # WCAG AA for text of any size
READABLE_ON_TINT: Final = 8.5
DESK_LIGHT: Final = "#E9EBE6"
PAPER_LIGHT: Final = "#FAFBF8"
INK_LIGHT: Final = "#15191D"
DESK_DARK: Final = "#0E1113"
PAPER_DARK: Final = "#171B1E"
INK_DARK: Final = "#EDEFEA"

NAMED: Final[dict[str, str]] = {
    "vermilion": "#CC3311",
    "madder": "#AE1536",
    "magenta": "#B81C72",
    "violet": "#6A35A8",
    "ultramarine": "#2A3FC0",
    "petrol": "#0A6472",
    "leaf": "#1C7A45",
    "olive": "#6C6B0C",
    "marigold": "#F4B223",
    "sky": "#5CB8E6",
    "coral": "#FF8A66",
    "mint": "#6FD3A5",
}


@dataclass(frozen=True)
class Ink:
    """One colour and what is derived from it; all as `#RRGGBB`."""

    field: str
    on: str  # text on the field
    mark_light: str  # links, dots and bars on paper or desk
    mark_dark: str
    tint_light: str  # a ground that carries ink text only
    tint_dark: str

    @property
    def hex(self) -> str:
        """As it stands in addresses and class names: six small letters, no sign."""
        return self.field[1:].lower()


# --- reading and deriving ---------------------------------------------------------------------


def ink(colour: str) -> Ink:
    """Return the ink of a named colour or of `#RGB` or `#RRGGBB`, with or without the sign.

    Anything else raises ValueError.
    """
    field = _parse(colour)
    return Ink(
        field=_hex(field),
        on=_hex(_text_on(field)),
        mark_light=_hex(_mark(field, DESK_LIGHT, PAPER_LIGHT, step=-LIGHTNESS_STEP)),
        mark_dark=_hex(_mark(field, DESK_DARK, PAPER_DARK, step=LIGHTNESS_STEP)),
        tint_light=_hex(_tint(field, PAPER_LIGHT, INK_LIGHT, share=0.12)),
        tint_dark=_hex(_tint(field, PAPER_DARK, INK_DARK, share=0.25)),
    )


def stylesheet(colour: Ink) -> str:
    """Return the few custom properties that colour a page, or one part of it, in this ink.

    The sheet sets the whole page; where several inks stand on one page each part says which by
    the class `ink-rrggbb`.
    """
    scope = f":root,.ink-{colour.hex}"
    return (
        f"{scope}{{--field:{colour.field};--on:{colour.on};"
        f"--mark:{colour.mark_light};--tint:{colour.tint_light}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{{scope}{{"
        f"--mark:{colour.mark_dark};--tint:{colour.tint_dark}}}}}\n"
    )


def contrast(one: str, other: str) -> float:
    """Return the WCAG contrast ratio of two colours, from 1 to 21."""
    return _contrast(_rgb(one), _rgb(other))


def _parse(colour: str) -> Rgb:
    known = NAMED.get(colour.strip().lower(), colour.strip())
    digits = known.removeprefix("#")
    if not re.fullmatch(r"[0-9A-Fa-f]{3}|[0-9A-Fa-f]{6}", digits):
        raise ValueError(f"not a colour: {colour[:20]!r}")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    return _rgb("#" + digits)


def _text_on(field: Rgb) -> Rgb:
    """Paper or ink, whichever contrasts more; where neither is readable, white or black."""
    best = max((_rgb(PAPER_LIGHT), _rgb(INK_LIGHT)), key=lambda text: _contrast(text, field))
    if _contrast(best, field) >= READABLE:
        return best
    return max(((255, 255, 255), (0, 0, 0)), key=lambda text: _contrast(text, field))


LIGHTNESS_STEP: Final = 0.005
CHROMA_STEP: Final = 0.97


def _mark(field: Rgb, *grounds: str, step: float) -> Rgb:
    """Move the field's lightness, hue kept, until it can be read on every ground."""
    lightness, chroma, hue = _oklch(field)
    grounds_rgb = [_rgb(ground) for ground in grounds]
    mark = field
    moved = 0
    while min(_contrast(mark, ground) for ground in grounds_rgb) < READABLE:
        moved += 1
        mark = _in_gamut(lightness + moved * step, chroma, hue)
    return mark


def _tint(field: Rgb, paper: str, text: str, *, share: float) -> Rgb:
    """Mix the field into paper, less of it where text would be hard to read."""
    tint = _mix(field, _rgb(paper), share)
    while _contrast(tint, _rgb(text)) < READABLE_ON_TINT:
        share -= 0.01
        tint = _mix(field, _rgb(paper), share)
    return tint


# --- colour arithmetic ------------------------------------------------------------------------


def _rgb(text: str) -> Rgb:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def _hex(colour: Rgb) -> str:
    return "#{:02X}{:02X}{:02X}".format(*colour)


def _mix(one: Rgb, other: Rgb, share: float) -> Rgb:
    red, green, blue = (round(a * share + b * (1 - share)) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _linear(channel: int) -> float:
    value = channel / 255
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


_LINEAR: Final = tuple(_linear(channel) for channel in range(256))


def _gamma(value: float) -> int:
    value = min(1.0, max(0.0, value))
    shown = 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
    return round(255 * shown)


def _luminance(colour: Rgb) -> float:
    red, green, blue = colour
    return 0.2126 * _LINEAR[red] + 0.7152 * _LINEAR[green] + 0.0722 * _LINEAR[blue]


def _contrast(one: Rgb, other: Rgb) -> float:
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _oklch(colour: Rgb) -> tuple[float, float, float]:
    """Lightness, chroma and hue in Björn Ottosson's OKLab."""
    red, green, blue = (_LINEAR[channel] for channel in colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.atan2(b, a)


def _linear_rgb(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _in_gamut(lightness: float, chroma: float, hue: float) -> Rgb:
    """The colour a screen can show with this lightness and hue, as strong as may be."""
    shown = _linear_rgb(lightness, chroma, hue)
    while not all(-1e-6 <= value <= 1 + 1e-6 for value in shown) and chroma > 1e-4:
        chroma *= CHROMA_STEP
        shown = _linear_rgb(lightness, chroma, hue)
    red, green, blue = (_gamma(value) for value in shown)
    return red, green, blue


# --- titles -----------------------------------------------------------------------------------

Size = Literal["t1", "t2", "t3", "t4"]
# The size, the longest title and the longest word it takes, counted in Latin letters.
SIZES: Final[tuple[tuple[Size, float, float], ...]] = (
    ("t1", 16, 12),
    ("t2", 32, 15),
    ("t3", 70, 20),
)


def poster_size(title: str) -> Size:
    """Return the largest size at which no title is cut and no word broken."""
    clean = unicodedata.normalize("NFC", title)
    length = _breadth(" ".join(clean.split()))
    longest = max((_breadth(word) for word in _unbreakable(clean)), default=0.0)
    for size, most, word in SIZES:
        if length <= most and longest <= word:
            return size
    return "t4"


def poster_classes(title: str) -> str:
    """Return the classes of a poster's title: its size and how its letters must be set.

    `plain`: the poster face lacks a letter of it; `arab`: Arabic script; `tall`: the letters
    need more room above (accents on capitals, Greek, Cyrillic, Vietnamese).
    """
    classes: list[str] = [poster_size(title)]
    if not is_covered(title):
        classes.append("plain")
    if any(_is_arabic(letter) for letter in title):
        classes.append("arab")
    elif any(_is_tall(letter) for letter in unicodedata.normalize("NFC", title)):
        classes.append("tall")
    return " ".join(classes)


def is_covered(title: str) -> bool:
    """Whether the poster face holds every letter of the title, each with its marks in one file."""
    return all(
        any(cluster <= piece for piece in covered().values())
        for cluster in _clusters(unicodedata.normalize("NFC", title))
    )


@cache
def covered() -> dict[str, frozenset[int]]:
    """The code points of each file of the poster face, as scripts/make_fonts.py wrote them."""
    text = resources.files("convoca.core").joinpath("fonts/covered.json").read_text("utf-8")
    return {
        piece: frozenset(point for first, last in spans for point in range(first, last + 1))
        for piece, spans in json.loads(text).items()
    }


def _clusters(title: str) -> list[set[int]]:
    """Each letter together with the marks on it; blanks and invisible signs need no letter."""
    clusters: list[set[int]] = []
    for letter in title:
        if letter.isspace() or unicodedata.category(letter) == "Cf":
            continue
        if unicodedata.combining(letter) and clusters:
            clusters[-1].add(ord(letter))
        else:
            clusters.append({ord(letter)})
    return clusters


def _unbreakable(title: str) -> list[str]:
    """What a browser will not break: words, and the parts of words with a dash in them."""
    spaced = "".join(f" {c} " if unicodedata.east_asian_width(c) in "WF" else c for c in title)
    return [part for part in re.split(r"[\s\u200b\-\u2010\u2013\u2014]+", spaced) if part]


def _breadth(text: str) -> float:
    return sum(_breadth_of(letter) for letter in text)


def _breadth_of(letter: str) -> float:
    """How many Latin letters of the poster face a letter is as broad as."""
    point = ord(letter)
    if unicodedata.category(letter) in {"Mn", "Me", "Cf"}:
        return 0.0
    if 0x0370 <= point <= 0x03FF or 0x1F00 <= point <= 0x1FFF:
        return 1.15
    if _is_arabic(letter) or 0x0400 <= point <= 0x052F:
        return 1.3
    if 0x0900 <= point <= 0x0DFF:  # Devanagari to Sinhala, which are set in the plain face
        return 1.3
    if unicodedata.east_asian_width(letter) in "WF":
        return 2.0
    return 1.0


def _is_arabic(letter: str) -> bool:
    point = ord(letter)
    return 0x0600 <= point <= 0x06FF or 0x0750 <= point <= 0x077F or 0x08A0 <= point <= 0x08FF


def _is_tall(letter: str) -> bool:
    point = ord(letter)
    if 0x0370 <= point <= 0x052F or 0x1EA0 <= point <= 0x1FFF:
        return True
    return letter.isupper() and len(unicodedata.normalize("NFD", letter)) > 1
