"""Words set on a picture: the largest size at which they fit, and never a letter drawn wrongly."""

import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Final, Literal, NamedTuple

from PIL import ImageDraw, ImageFont, features

from convoca.core.ink import covered, is_covered, poster_classes
from convoca.core.languages import is_rtl
from convoca.core.typefaces import folder_of_ours, printable, text_faces

Voice = Literal["poster", "text", "bold"]
"""The poster's face for titles and figures; the text faces for everything else."""

SMALL: Final = 38
"""Up to this size lines stand further apart."""


class Setting(NamedTuple):
    """How one text is set: the face at its size, its direction, and the height of a line."""

    font: ImageFont.FreeTypeFont
    direction: str | None
    language: str | None
    leading: int

    def breadth(self, text: str) -> float:
        return self.font.getlength(text, direction=self.direction, language=self.language)


Block = tuple[Setting, list[str]]


def fit(
    text: str,
    lang: str,
    room: int,
    sizes: Sequence[int],
    *,
    lines: int,
    height: int = 10_000,
    voices: Sequence[Voice] = ("poster",),
) -> Block | None:
    """Set the text at the largest size at which it fits; cut it at the smallest, if it must be."""
    text = printable(text) if voices[0] != "poster" else _one_line(text)
    face = _face(text, voices)
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
    return block and (
        _broken(face, text, lang, room, sizes, lines, height) or _cut(block, room, lines)
    )


def _broken(
    face: Path, text: str, lang: str, room: int, sizes: Sequence[int], most: int, height: int
) -> Block | None:
    """A text with a word that is broader than the room at every size, broken within that word.

    The largest of the smaller sizes at which the fewest words are broken.
    """
    if any(unicodedata.bidirectional(letter) == "AL" for letter in text):
        return None  # joined letters are not torn apart
    best: Block | None = None
    fewest = len(text)
    for size in sizes[len(sizes) // 2 :]:
        setting = _setting(face, size, text, lang)
        pieces = list(_pieces(text, setting, room))
        lines = _break(" ".join(pieces), setting, room)
        fits = len(lines) <= most and len(lines) * setting.leading <= height
        if fits and len(pieces) < fewest:
            best, fewest = (setting, lines), len(pieces)
    return best


def _pieces(text: str, setting: Setting, room: int) -> Iterator[str]:
    """The words, those that are too broad in parts."""
    for word in text.split():
        rest = word
        while len(rest) > 1 and setting.breadth(rest) > room:
            cut = len(rest) - 1
            while cut > 1 and (setting.breadth(rest[:cut]) > room or _is_mark(rest[cut])):
                cut -= 1
            yield rest[:cut]
            rest = rest[cut:]
        yield rest


def _is_mark(letter: str) -> bool:
    return unicodedata.category(letter).startswith("M")


def _one_line(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _face(text: str, voices: Sequence[Voice]) -> Path | None:
    """The first face that holds the whole text and can be drawn rightly here."""
    for voice in voices:
        found = _poster_face(text) if voice == "poster" else _text_face(text, voice)
        if found is not None:
            return found
    return None


def _poster_face(text: str) -> Path | None:
    if not is_covered(text):
        return None
    letters = {ord(c) for c in text if not c.isspace() and unicodedata.category(c) != "Cf"}
    pieces = covered()
    needs_joining = any(unicodedata.combining(c) for c in text)
    if letters & (pieces["arabic"] - pieces["latin"]):
        name, needs_joining = "kufi", True
        if not letters <= _held("kufi"):
            return None
    else:
        name = "fira"
    if needs_joining and not features.check("raqm"):
        return None
    return folder_of_ours() / f"poster-{name}.ttf"


def _text_face(text: str, voice: Voice) -> Path | None:
    """Where Pillow cannot shape, only scripts whose letters stand side by side as they are."""
    if not features.check("raqm") and not all(_stands_alone(letter) for letter in text):
        return None
    faces = text_faces("-bold" if voice == "bold" else "")
    return next((face.path for face in faces if face.holds(text)), None)


def _stands_alone(letter: str) -> bool:
    is_cjk = unicodedata.east_asian_width(letter) in "WF"
    return not unicodedata.combining(letter) and (ord(letter) < 0x0590 or is_cjk)


@lru_cache
def _held(face: str) -> frozenset[int]:
    pieces = covered()
    if face == "kufi":
        return pieces["arabic"] | {p for p in pieces["latin"] | pieces["latin-ext"] if p < 0x180}
    return frozenset().union(*(points for piece, points in pieces.items() if piece != "arabic"))


def _setting(face: Path, size: int, text: str, lang: str) -> Setting:
    is_arabic = face.stem in {"poster-kufi", "text-arabic", "text-arabic-bold"}
    leading = 1.3 if is_arabic else 1.1 if "tall" in poster_classes(text).split() else 0.97
    if not face.stem.startswith("poster-"):
        leading += 0.15
    if size <= SMALL:
        leading = max(leading + 0.1, 1.12)
    shapes = features.check("raqm")
    return Setting(
        font=_font(face, size),
        direction=("rtl" if _runs_left(text, lang) else "ltr") if shapes else None,
        language=lang if shapes else None,
        leading=round(size * leading),
    )


def _runs_left(text: str, lang: str) -> bool:
    """Whether a line runs from right to left: by its language, else by its first letter."""
    ways = (unicodedata.bidirectional(letter) for letter in text)
    return is_rtl(lang) or next((way for way in ways if way in {"R", "AL", "L"}), "L") != "L"


@lru_cache(maxsize=48)
def _font(face: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(BytesIO(face.read_bytes()), size)


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


def stack(
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
        write(page, setting, line, start, baseline, colour, turned)


def _below(setting: Setting) -> int:
    """Room under the last line for what hangs below it."""
    return round(setting.font.size * 0.14)


def write(
    page: ImageDraw.ImageDraw,
    setting: Setting,
    words: str,
    start: int,
    baseline: int,
    colour: str,
    turned: bool,
) -> None:
    page.text(
        (start, baseline),
        words,
        fill=colour,
        font=setting.font,
        anchor="rs" if turned else "ls",
        direction=setting.direction,
        language=setting.language,
    )
