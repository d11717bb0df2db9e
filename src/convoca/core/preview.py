"""The picture that other sites show beside a link: poster and stub, 1200 by 630."""

from collections.abc import Sequence
from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw

from convoca.core.ink import Ink
from convoca.core.languages import is_rtl
from convoca.core.lettering import fit, stack, write

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
    called = fit(title, lang, ROOM, TITLE_SIZES, lines=6, height=floor - MARGIN)
    named = fit(network, lang, STUB_ROOM, [NAME_SIZE], lines=5)
    if called:
        _day(page, (day, DAY_SIZES), (month, NAME_SIZE), STUB_ROOM, lang, stub, ink.on, turned)
    elif day:
        _day(page, (day, ALONE_SIZES), (month, 72), ROOM, lang, field, ink.on, turned)
    else:
        called = fit(network, lang, ROOM, TITLE_SIZES, lines=6, height=floor - MARGIN)
        named = None
    if called:
        stack(page, called, field, floor, ink.on, turned)
    if named:
        stack(page, named, stub, floor, ink.on, turned)
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
    figure = fit(day[0], lang, room, day[1], lines=1)
    if not figure:
        return
    setting, lines = figure
    baseline = MARGIN + round(setting.font.size * 0.7)
    write(page, setting, lines[0], start, baseline, colour, turned)
    under = fit(month[0], lang, room, [month[1]], lines=3)
    if under:
        setting, lines = under
        for number, line in enumerate(lines, start=1):
            below = baseline + 20 + number * setting.leading
            write(page, setting, line, start, below, colour, turned)
