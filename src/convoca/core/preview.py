"""The picture that other sites show beside a link: poster and stub, 1200 by 630."""

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from importlib import resources
from io import BytesIO
from typing import Final, NamedTuple

from PIL import Image, ImageDraw, ImageFont, features

from convoca.core.ink import Ink, covered, is_covered, poster_classes
from convoca.core.languages import is_rtl

WIDTH: Final = 1200
HEIGHT: Final = 630
STUB: Final = 340
MARGIN: Final = 56
ROOM: Final = WIDTH - STUB - 2 * MARGIN
STUB_ROOM: Final = STUB - 40 - MARGIN
TITLE_SIZES: Final = (250, 220, 190, 168, 148, 130, 114, 100, 88, 78, 68, 60, 52, 46, 40)
ALONE_SIZES: Final = (460, 400, 340, 280, 230, 190, 150)
DAY_SIZES: Final = (230, 190, 150, 120, 90)
NAME_SIZE: Final = 38


class Setting(NamedTuple):
    """How one text is set: the face at its size, its direction, and the height of a line."""

    font: ImageFont.FreeTypeFont
    direction: str | None
    language: str | None
    leading: int

    def breadth(self, text: str) -> float:
        return self.font.getlength(text, direction=self.direction, language=self.language)


def draw(title: str, network: str, ink: Ink, lang: str, *, day: str = "", month: str = "") -> bytes:
    """Return a PNG of the title, the day and the network's name on the campaign's ink.

    `day` and `month` are the day figure and the words under it. Only what the poster face is for
    stands on it: a reader's own text face cannot be had here. A text that the poster face cannot
    draw rightly (a script it lacks, or joined letters where this machine's Pillow cannot join
    them) is left out, never drawn wrongly: the day then takes the field; where none is set, the
    network's name.
    """
    image = Image.new("RGB", (WIDTH, HEIGHT), ink.field)
    page = ImageDraw.Draw(image)
    turned = is_rtl(lang)
    tear = STUB if turned else WIDTH - STUB
    for top in range(0, HEIGHT, 24):
        page.line([(tear, top), (tear, top + 13)], fill=ink.on, width=4)
    field, stub = MARGIN, WIDTH - STUB + 40
    if turned:
        field, stub = WIDTH - field, WIDTH - stub
    floor = HEIGHT - MARGIN
    called = _fit(title, lang, ROOM, TITLE_SIZES, lines=6, height=floor - MARGIN)
    named = _fit(network, lang, STUB_ROOM, [NAME_SIZE], lines=5)
    if called:
        _day(page, (day, DAY_SIZES), (month, NAME_SIZE), STUB_ROOM, lang, stub, ink.on, turned)
    elif day:
        _day(page, (day, ALONE_SIZES), (month, 72), ROOM, lang, field, ink.on, turned)
    else:
        called = _fit(network, lang, ROOM, TITLE_SIZES, lines=6, height=floor - MARGIN)
        named = None
    if called:
        _stack(page, called, field, floor, ink.on, turned)
    if named:
        _stack(page, named, stub, floor, ink.on, turned)
    out = BytesIO()
    image.quantize(48).save(out, "PNG", optimize=True)
    return out.getvalue()


def _day(
    page: ImageDraw.ImageDraw,
    day: tuple[str, Sequence[int]],
    month: tuple[str, int],
    room: int,
    lang: str,
    start: int,
    colour: str,
    turned: bool,
) -> None:
    """The figure at the head of its column, month and year under it; each with its size."""
    figure = _fit(day[0], lang, room, day[1], lines=1)
    if not figure:
        return
    setting, lines = figure
    baseline = MARGIN + round(setting.font.size * 0.7)
    _line(page, setting, lines[0], start, baseline, colour, turned)
    under = _fit(month[0], lang, room, [month[1]], lines=3)
    if under:
        setting, lines = under
        for number, line in enumerate(lines, start=1):
            below = baseline + 20 + number * setting.leading
            _line(page, setting, line, start, below, colour, turned)


# --- setting text -----------------------------------------------------------------------------

Block = tuple[Setting, list[str]]


def _fit(
    text: str,
    lang: str,
    room: int,
    sizes: Sequence[int],
    *,
    lines: int,
    height: int = HEIGHT,
) -> Block | None:
    """Set the text at the largest size at which it fits; cut it at the smallest, if it must be."""
    text = " ".join(unicodedata.normalize("NFC", text).split())
    face = _face(text)
    if not text or face is None:
        return None
    block: Block | None = None
    for size in sizes:
        setting = _setting(face, size, text, lang)
        broken = _break(text, setting, room)
        block = (setting, broken)
        fits = len(broken) <= lines and len(broken) * setting.leading <= height
        if fits and all(setting.breadth(line) <= room for line in broken):
            return setting, _balance(text, setting, room, len(broken))
    return block and _cut(block, room, lines)


def _face(text: str) -> str | None:
    """The one face that holds the whole text and can be drawn rightly here."""
    if not is_covered(text):
        return None
    letters = {ord(c) for c in text if not c.isspace() and unicodedata.category(c) != "Cf"}
    pieces = covered()
    needs_joining = any(unicodedata.combining(c) for c in text)
    if letters & (pieces["arabic"] - pieces["latin"]):
        face, needs_joining = "kufi", True
        if not letters <= _held("kufi"):
            return None
    else:
        face = "fira"
    return None if needs_joining and not features.check("raqm") else face


@lru_cache
def _held(face: str) -> frozenset[int]:
    pieces = covered()
    if face == "kufi":
        return pieces["arabic"] | {p for p in pieces["latin"] | pieces["latin-ext"] if p < 0x180}
    return frozenset().union(*(points for piece, points in pieces.items() if piece != "arabic"))


def _setting(face: str, size: int, text: str, lang: str) -> Setting:
    classes = poster_classes(text).split()
    leading = 1.3 if face == "kufi" else 1.1 if "tall" in classes else 0.97
    if size <= NAME_SIZE:
        leading = max(leading + 0.1, 1.12)
    shapes = features.check("raqm")
    return Setting(
        font=_font(face, size),
        direction=("rtl" if face == "kufi" or is_rtl(lang) else "ltr") if shapes else None,
        language=lang if shapes else None,
        leading=round(size * leading),
    )


@lru_cache(maxsize=32)
def _font(face: str, size: int) -> ImageFont.FreeTypeFont:
    data = resources.files("convoca.core").joinpath(f"fonts/poster-{face}.ttf").read_bytes()
    return ImageFont.truetype(BytesIO(data), size)


def _break(text: str, setting: Setting, room: float) -> list[str]:
    """Fill lines with whole words, each as full as it can be."""
    lines: list[str] = []
    for word in text.split():
        if lines and setting.breadth(f"{lines[-1]} {word}") <= room:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    return lines


def _balance(text: str, setting: Setting, room: int, count: int) -> list[str]:
    """The same number of lines, as even as they can be."""
    best = _break(text, setting, room)
    for narrower in range(room, room // 3, -12):
        tried = _break(text, setting, narrower)
        if len(tried) > count:
            break
        best = tried
    return best


def _cut(block: Block, room: int, most: int) -> Block:
    """Keep the first lines, each cut to the room, with an ellipsis where words are missing."""
    setting, lines = block
    kept = [_clip(line, setting, room) for line in lines[:most]]
    if len(lines) > most:
        kept[-1] = _clip(lines[most - 1] + " " + lines[most], setting, room)
    return setting, kept


def _clip(line: str, setting: Setting, room: int) -> str:
    if setting.breadth(line) <= room:
        return line
    while line and setting.breadth(line + "…") > room:
        line = line[:-1].rstrip()
    return line + "…"


def _stack(
    page: ImageDraw.ImageDraw,
    block: Block,
    start: int,
    floor: int,
    colour: str,
    turned: bool,
) -> None:
    """Draw the lines so that the last one stands on the floor."""
    setting, lines = block
    for number, line in enumerate(reversed(lines)):
        baseline = floor - number * setting.leading - _below(setting)
        _line(page, setting, line, start, baseline, colour, turned)


def _below(setting: Setting) -> int:
    """Room under the last line for what hangs below it."""
    return round(setting.font.size * 0.14)


def _line(
    page: ImageDraw.ImageDraw,
    setting: Setting,
    line: str,
    start: int,
    baseline: int,
    colour: str,
    turned: bool,
) -> None:
    page.text(
        (start, baseline),
        line,
        fill=colour,
        font=setting.font,
        anchor="rs" if turned else "ls",
        direction=setting.direction,
        language=setting.language,
    )
