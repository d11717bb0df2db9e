"""A text made plain, sign for sign: where something stands there, it stands in the text too."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from convoca.core.fold import fold

LONGEST = 200_000
"""Characters of a text that are read; what comes after is said to be left out."""


class Span(NamedTuple):
    """Where something stands in the text of a draft."""

    start: int
    end: int

    def meets(self, other: "Span") -> bool:
        return self.start < other.end and other.start < self.end


@lru_cache(maxsize=8192)
def _plain(sign: str) -> str:
    if sign in "’‘ʼ`´":
        return "'"
    if sign.isspace() and sign != "\n":
        return " "
    if sign.isdecimal():
        return str(unicodedata.decimal(sign))
    if not sign.isalpha():
        return sign
    folded = fold(sign)
    return folded[0] if folded else sign


def plain(text: str) -> str:
    """The text without accents and capitals, and of the same length."""
    return "".join(map(_plain, text))


def tidy(text: str) -> str:
    """The text as it is read and as its spans count: composed letters, one kind of line end."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", text)[:LONGEST]


_SENTENCE = re.compile(
    r"(?<=[.!?؟…])[\"”»')]?\s+(?=[^\W\d_]|[¡¿«“\"])|\n\s*\n|\n(?=\s*[-–—•*●▪·]\s)"
)
_SHORT_BEFORE = re.compile(r"(?:\b\w|\b(?:st|dr|mr|mrs|sr|sra|ca|no|art))\.$")


class Covered:
    """Which signs of a text belong to something found already."""

    def __init__(self, size: int, spans: Iterable[Span]) -> None:
        self._signs = bytearray(size)
        for start, end in spans:
            self._signs[start:end] = b"\1" * (end - start)

    def meets(self, span: Span) -> bool:
        return any(self._signs[span.start : span.end])


class Text(NamedTuple):
    """A text, its plain spelling and its sentences."""

    raw: str
    flat: str
    sentences: tuple[Span, ...]

    @classmethod
    def of(cls, text: str) -> "Text":
        raw = tidy(text)
        flat = plain(raw)
        return cls(raw, flat, tuple(_sentences(raw, flat)))

    def sentence_at(self, at: int) -> Span:
        low, high = 0, len(self.sentences)
        while low + 1 < high:
            middle = (low + high) // 2
            low, high = (middle, high) if self.sentences[middle].start <= at else (low, middle)
        return self.sentences[low] if self.sentences else Span(0, len(self.raw))

    def line_at(self, at: int) -> Span:
        start = self.raw.rfind("\n", 0, at) + 1
        end = self.raw.find("\n", at)
        return Span(start, len(self.raw) if end < 0 else end)


def _sentences(raw: str, flat: str) -> list[Span]:
    found, start = [], 0
    for match in _SENTENCE.finditer(raw):
        if _SHORT_BEFORE.search(flat, max(start, match.start() - 6), match.start()):
            continue
        found.append(Span(start, match.end()))
        start = match.end()
    return [*found, Span(start, len(raw))]
