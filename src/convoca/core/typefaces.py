"""The typefaces that pictures and PDF are set in: ours, and the operator's in `CONVOCA_HOME/fonts`.

A reader's browser has faces for every script the reader can read; a server has none. Ours hold
Latin, Greek, Cyrillic, Devanagari and Arabic; for others the operator puts TTF or OTF files there.
"""

import struct
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib import resources
from pathlib import Path
from typing import Final, Literal

from django.conf import settings

Weight = Literal["", "-bold"]
ENDINGS: Final = {".ttf", ".otf", ".ttc", ".otc"}
SHIPPED: Final = ("sans", "arabic")
_JOINERS: Final = frozenset({0x200C, 0x200D, 0x200E, 0x200F, 0x061C})
"""Signs without a shape that words are spelt with; all others of their kind are left out."""
_ZERO_WIDTH: Final = "\u200c\u200d"


@dataclass(frozen=True)
class Typeface:
    """A file of letters, and which letters it holds."""

    path: Path
    spans: tuple[tuple[int, int], ...]
    """First and last code point of each run, in order."""

    @cached_property
    def _firsts(self) -> list[int]:
        return [first for first, _ in self.spans]

    def __contains__(self, letter: str) -> bool:
        point = ord(letter)
        at = bisect_right(self._firsts, point)
        return at > 0 and point <= self.spans[at - 1][1]

    def holds(self, text: str) -> bool:
        """Whether every letter of the text is in it; blanks and joiners need none."""
        return all(letter in self for letter in text if not _is_unseen(letter))


# --- which there are --------------------------------------------------------------------------


def folder_of_ours() -> Path:
    return Path(str(resources.files("convoca.core").joinpath("fonts")))


def folder_of_operator() -> Path:
    return Path(settings.CONVOCA_HOME) / "fonts"


def text_faces(weight: Weight = "") -> list[Typeface]:
    """The text faces in the order in which they are tried: ours, then the operator's by name."""
    ours = [_read(folder_of_ours() / f"text-{name}{weight}.ttf") for name in SHIPPED]
    return [face for face in ours if face] + operators_faces()


def operators_faces() -> list[Typeface]:
    """The faces in the operator's folder by file name; what is no font there is passed over."""
    folder = folder_of_operator()
    if not folder.is_dir():
        return []
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in ENDINGS)
    return [face for path in files if (face := _read(path))]


def printable(text: str) -> str:
    """The text in one line as it can be printed. Signs that steer and symbols that no face here
    holds (such as emoji) are left out; letters stay, held or not: see `missing_letters`.
    """
    spaced = (" " if letter.isspace() else letter for letter in unicodedata.normalize("NFC", text))
    kept = "".join(letter for letter in spaced if not _is_left_out(letter))
    pairs = zip(" " + kept, kept, strict=False)
    words = "".join(c for before, c in pairs if c not in _ZERO_WIDTH or _is_letter(before))
    return " ".join(words.split())


def missing_letters(*texts: str) -> str:
    """The letters of these texts that no text face here holds, each once; mostly none."""
    faces = text_faces()
    letters = sorted({letter for text in texts for letter in printable(text)})
    return "".join(
        letter
        for letter in letters
        if not _is_unseen(letter) and not any(letter in face for face in faces)
    )


def _is_letter(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "LM"


def _is_unseen(letter: str) -> bool:
    return letter.isspace() or ord(letter) in _JOINERS


def _is_left_out(letter: str) -> bool:
    kind, point = unicodedata.category(letter), ord(letter)
    if kind[0] == "C":
        return point not in _JOINERS
    is_sign = kind[0] in "SP" or kind == "Me" or 0xFE00 <= point <= 0xFE0F
    return is_sign and not any(letter in face for face in text_faces())


# --- reading a font's table of letters (OpenType, `cmap`, formats 4 and 12) -----------------------


def _read(path: Path) -> Typeface | None:
    try:
        stamp = path.stat()
    except OSError:
        return None
    return _read_once(path, stamp.st_mtime_ns, stamp.st_size)


@lru_cache(maxsize=64)
def _read_once(path: Path, changed_ns: int, size: int) -> Typeface | None:
    """The face, or the first of a collection; None for what is no font."""
    try:
        data = path.read_bytes()
        return Typeface(path, _joined(_runs(data)))
    except (OSError, struct.error, IndexError):
        return None


def _runs(data: bytes) -> Iterator[tuple[int, int]]:
    start = struct.unpack_from(">I", data, 12)[0] if data[:4] == b"ttcf" else 0
    for number in range(struct.unpack_from(">H", data, start + 4)[0]):
        tag, _, offset, _ = struct.unpack_from(">4sIII", data, start + 12 + 16 * number)
        if tag == b"cmap":
            yield from _runs_of_table(data, offset)


def _runs_of_table(data: bytes, table: int) -> Iterator[tuple[int, int]]:
    for number in range(struct.unpack_from(">H", data, table + 2)[0]):
        platform, encoding, offset = struct.unpack_from(">HHI", data, table + 4 + 8 * number)
        if (platform, encoding) in {(3, 1), (3, 10)} or platform == 0:
            form = struct.unpack_from(">H", data, table + offset)[0]
            if form == 4:
                yield from _format_4(data, table + offset)
            elif form == 12:
                yield from _format_12(data, table + offset)


def _format_4(data: bytes, at: int) -> Iterator[tuple[int, int]]:
    count = struct.unpack_from(">H", data, at + 6)[0] // 2
    ends, starts = at + 14, at + 16 + 2 * count
    offsets = starts + 4 * count
    for number in range(count):
        last = struct.unpack_from(">H", data, ends + 2 * number)[0]
        first = struct.unpack_from(">H", data, starts + 2 * number)[0]
        here = offsets + 2 * number
        skip = struct.unpack_from(">H", data, here)[0]
        if last == 0xFFFF:
            last = 0xFFFE
        if not skip:
            yield first, last
            continue
        for point in range(first, last + 1):
            if struct.unpack_from(">H", data, here + skip + 2 * (point - first))[0]:
                yield point, point


def _format_12(data: bytes, at: int) -> Iterator[tuple[int, int]]:
    for number in range(min(struct.unpack_from(">I", data, at + 12)[0], 1 << 16)):
        first, last, _ = struct.unpack_from(">III", data, at + 16 + 12 * number)
        yield first, min(last, 0x10FFFF)


def _joined(runs: Iterator[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    spans: list[tuple[int, int]] = []
    for first, last in sorted(run for run in runs if run[0] <= run[1]):
        if spans and first <= spans[-1][1] + 1:
            spans[-1] = spans[-1][0], max(last, spans[-1][1])
        else:
            spans.append((first, last))
    return tuple(spans)
