"""The poster as a picture for messengers: field, tear, and a stub with day, place and QR code."""

from io import BytesIO
from typing import Final, NamedTuple

from django.utils import translation
from django.utils.translation import gettext as _
from PIL import Image, ImageDraw

from convoca.actions.printing import qr
from convoca.actions.printing.facts import PosterFacts
from convoca.campaigns.addresses import interface_language
from convoca.core.ink import Ink
from convoca.core.languages import is_rtl
from convoca.core.lettering import Block, Voice, fit, stack, write

WIDTH: Final = 1080
HEIGHT: Final = 1350
MARGIN: Final = 64
ROOM: Final = WIDTH - 2 * MARGIN
TEAR: Final = 810
STUB_TOP: Final = TEAR + 40
CODE: Final = 300
SIDE: Final = ROOM - CODE - 40
GAP: Final = 8
MOST_BYTES: Final = 200_000
COLOURS: Final = (48, 24, 12, 6)

TITLE_SIZES: Final = (300, 264, 232, 204, 180, 158, 138, 122, 108, 96, 84, 74, 66, 58, 50)
DAY_SIZES: Final = (230, 200, 170, 140, 110)
LINE_SIZES: Final = (44, 38, 34)
SMALL_SIZES: Final = (40, 36, 32, 28, 25, 22)
ADDRESS_SIZES: Final = (44, 40, 36, 32, 28, 25, 22, 20)
BIG_SIZES: Final = (64, 54, 44)
POSTER: Final[tuple[Voice, ...]] = ("poster", "bold")
TEXT: Final[tuple[Voice, ...]] = ("text",)
BOLD: Final[tuple[Voice, ...]] = ("bold",)


class Sheet(NamedTuple):
    """Where the picture is drawn, in which ink, and from which side."""

    page: ImageDraw.ImageDraw
    ink: Ink
    is_turned: bool

    def at(self, start: int) -> int:
        """A distance from the start side, as a place on the picture."""
        return WIDTH - start if self.is_turned else start


def draw(facts: PosterFacts) -> bytes:
    """Return a PNG of 1080 by 1350, at most 200 kB.

    What no face here can draw rightly is left out, never drawn wrongly.
    """
    facts = facts.printable()
    image = Image.new("RGB", (WIDTH, HEIGHT), facts.ink.field)
    sheet = Sheet(ImageDraw.Draw(image), facts.ink, facts.dir == "rtl")
    top = _head(sheet, facts)
    _title(sheet, facts, top)
    for left in range(0, WIDTH, 30):
        sheet.page.line([(left, TEAR), (left + 17, TEAR)], fill=facts.ink.on, width=5)
    _code(sheet, facts)
    below = _day(sheet, facts)
    _lines(sheet, facts, below)
    return _saved(image)


def _head(sheet: Sheet, facts: PosterFacts) -> int:
    """What it is and whose, at the top; answers how far down it reaches."""
    top = MARGIN - 10
    with translation.override(interface_language(facts.lang)):
        demo = _("Demo") if facts.is_demo else ""
    words = " · ".join(word for word in (demo, facts.kind, facts.campaign or facts.network) if word)
    return _paragraph(sheet, words, facts.lang, top, BOLD, SMALL_SIZES, lines=2)


def _title(sheet: Sheet, facts: PosterFacts, top: int) -> None:
    """As large as fits, standing on the tear; struck where the action is off.

    Where the title cannot be set here, the campaign or the kind of action stands in its place.
    """
    floor = TEAR - 44
    if facts.state and (facts.day or facts.is_off):
        top = _paragraph(sheet, facts.state, facts.lang, top + 8, BOLD, (54, 44), lines=1)
    room = floor - top - 20
    title, lang = None, facts.title_language
    for words in (facts.title, facts.campaign, facts.kind, facts.network):
        title = title or fit(words, lang, ROOM, TITLE_SIZES, lines=7, height=room, voices=POSTER)
        lang = lang if title else facts.lang
    if title is None:
        return
    turned = title[0].direction == "rtl" if title[0].direction else is_rtl(lang)
    start = WIDTH - MARGIN if turned else MARGIN
    if turned != sheet.is_turned:  # a title in another script stands at the page's start side
        start = sheet.at(MARGIN + round(max(map(title[0].breadth, title[1]))))
    stack(sheet.page, title, start, floor, facts.ink.on, turned)
    if facts.is_off:
        _strike(sheet, title, start, floor, turned)


def _strike(sheet: Sheet, block: Block, start: int, floor: int, turned: bool) -> None:
    setting, lines = block
    thick = max(5, round(setting.font.size / 14))
    for number, line in enumerate(reversed(lines)):
        middle = round(floor - number * setting.leading - setting.font.size * 0.40)
        end = start + round(setting.breadth(line)) * (-1 if turned else 1)
        sheet.page.line([(start, middle), (end, middle)], fill=sheet.ink.on, width=thick)


def _day(sheet: Sheet, facts: PosterFacts) -> int:
    """The figure, with month, weekday and hour beside it; answers how far down they reach."""
    figure = fit(facts.day, facts.lang, SIDE // 2, DAY_SIZES, lines=1, voices=POSTER)
    if not figure:
        top = _paragraph(
            sheet, facts.state, facts.lang, STUB_TOP, BOLD, BIG_SIZES, lines=2, room=SIDE
        )
        return top + 26
    setting, lines = figure
    # Figures of the poster face are 0.69 em high.
    baseline = STUB_TOP + round(setting.font.size * 0.69)
    start = sheet.at(MARGIN)
    write(sheet.page, setting, lines[0], start, baseline, facts.ink.on, sheet.is_turned)
    if facts.is_off:
        _strike(sheet, figure, start, round(baseline + setting.font.size * 0.06), sheet.is_turned)
    beside = MARGIN + round(setting.breadth(lines[0])) + 28
    reach = MARGIN + SIDE - beside
    top = STUB_TOP - 10
    for words, voices in ((facts.weekday, TEXT), (facts.month, BOLD), (facts.clock, TEXT)):
        top = _paragraph(
            sheet, words, facts.lang, top, voices, LINE_SIZES, lines=3, start=beside, room=reach
        )
    return max(baseline, top) + 26


def _lines(sheet: Sheet, facts: PosterFacts, top: int) -> None:
    """Place and hosts beside the code, as large as lets all of them stand above the floor."""
    words = [(place, BOLD) for place in facts.place] + [(facts.hosts_words, TEXT)]
    blocks: list[Block] = []
    for size in SMALL_SIZES:
        found = (fit(w, facts.lang, SIDE, [size], lines=4, voices=v) for w, v in words)
        blocks = [block for block in found if block]
        if top + sum(_height(block) + GAP for block in blocks) <= HEIGHT - MARGIN + GAP:
            break
    for block in blocks:
        if top + _height(block) > HEIGHT - MARGIN + GAP:
            break
        top = _draw(sheet, block, top, MARGIN) + GAP


def _code(sheet: Sheet, facts: PosterFacts) -> None:
    """The QR code on white at the end side, the short address under it, from left to right."""
    rows = qr.matrix(facts.url)
    whole = len(rows) + 2 * qr.QUIET
    module = CODE // whole
    side = module * whole
    left = MARGIN if sheet.is_turned else WIDTH - MARGIN - side
    top = STUB_TOP
    sheet.page.rectangle([left, top, left + side - 1, top + side - 1], fill="#FFFFFF")
    for number, row in enumerate(rows, start=qr.QUIET):
        for column, dark in enumerate(row, start=qr.QUIET):
            if dark:
                x, y = left + column * module, top + number * module
                sheet.page.rectangle([x, y, x + module - 1, y + module - 1], fill="#000000")
    address = fit(facts.short_address, "en", CODE, ADDRESS_SIZES, lines=2, voices=BOLD)
    if address:
        setting, lines = address
        for number, line in enumerate(lines, start=1):
            below = top + side + 8 + number * setting.leading
            write(sheet.page, setting, line, left, below, facts.ink.on, turned=False)


def _paragraph(
    sheet: Sheet,
    words: str,
    lang: str,
    top: int,
    voices: tuple[Voice, ...],
    sizes: tuple[int, ...],
    *,
    lines: int,
    start: int = MARGIN,
    room: int = ROOM,
) -> int:
    """Lines from `top` down, from the start side; answers where the next may begin."""
    block = fit(words, lang, room, sizes, lines=lines, voices=voices)
    return _draw(sheet, block, top, start) if block else top


def _height(block: Block) -> int:
    setting, lines = block
    return len(lines) * setting.leading


def _draw(sheet: Sheet, block: Block, top: int, start: int) -> int:
    setting, broken = block
    for number, line in enumerate(broken, start=1):
        baseline = top + number * setting.leading - round(setting.font.size * 0.2)
        write(sheet.page, setting, line, sheet.at(start), baseline, sheet.ink.on, sheet.is_turned)
    return top + _height(block)


def _saved(image: Image.Image) -> bytes:
    """The picture in few colours; in fewer still should it be too heavy."""
    for colours in COLOURS:
        out = BytesIO()
        image.quantize(colours).save(out, "PNG", optimize=True)
        if out.tell() <= MOST_BYTES:
            break
    return out.getvalue()
