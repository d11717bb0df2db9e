"""A text made plain, sign for sign: where something stands there, it stands in the text too."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from convoca.core.fold import composed
from convoca.reading.layout import readable
from convoca.reading.plain import plain

__all__ = ["LONGEST", "Covered", "Hits", "Span", "Text", "plain", "tidy"]

LONGEST = 200_000
"""Characters of a text that are read; what comes after is said to be left out."""


class Span(NamedTuple):
    """Where something stands in the text of a draft."""

    start: int
    end: int

    def meets(self, other: "Span") -> bool:
        return self.start < other.end and other.start < self.end


def tidy(text: str) -> str:
    """The text as it is read and as its spans count: composed letters, one kind of line end."""
    text = text[: 2 * LONGEST].removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return composed(text)[:LONGEST]


_LONG_WORD = re.compile(r"[^\W\d_]{3,}")
_ABOUT, _SHOUTED = 25, 2
"""Signs about a word, and words in capitals among them."""
_SENTENCE = re.compile(
    r"(?<=[.!?؟…])[\"”»')]?\s+(?=[^\W\d_]|[¡¿«“\"])|\n\s*\n"
    r"|\n(?=\s*(?:[-–—•*●▪·➤✅👉]|\(?\d{1,2}\s?[.)º]|\(?[a-z]\))\s)"
)
_SHORT_BEFORE = re.compile(r"(?:\b\w|\b(?:st|dr|mr|mrs|sr|sra|ca|no|art))\.$")


class Covered:
    """Which signs of a text belong to something found already."""

    def __init__(self, size: int, spans: Iterable[Span]) -> None:
        self._signs = bytearray(size)
        for start, end in spans:
            self._signs[start:end] = b"\1" * (end - start)

    def add(self, span: Span) -> None:
        self._signs[span.start : span.end] = b"\1" * (span.end - span.start)

    def meets(self, span: Span) -> bool:
        return self.first_in(span) >= 0

    def first_in(self, span: Span) -> int:
        """Where something found begins within a passage, or -1."""
        return self._signs.find(1, span.start, span.end)


class Hits:
    """Where a pattern stands in a text: looked up once, so that asking again is a bisection."""

    def __init__(self, pattern: re.Pattern[str], flat: str) -> None:
        found = [match.span() for match in pattern.finditer(flat)]
        self._starts = [start for start, _end in found]
        self._ends = [end for _start, end in found]

    def last_in(self, start: int, end: int) -> Span | None:
        """The last that stands within a passage."""
        at = bisect_right(self._ends, end) - 1
        return self._at(at) if at >= 0 and self._starts[at] >= start else None

    def about(self, span: Span, within: Span) -> Iterator[Span]:
        """Of those in a passage: the last before a spot of it, those that meet it, the next."""
        if before := self.last_in(within.start, span.start):
            yield before
        at = max(bisect_right(self._ends, span.start), bisect_left(self._starts, within.start))
        while at < len(self._ends) and self._ends[at] <= within.end:
            yield self._at(at)
            if self._starts[at] >= span.end:
                return
            at += 1

    def _at(self, at: int) -> Span:
        return Span(self._starts[at], self._ends[at])


class Text(NamedTuple):
    """A text as it is shown, the same made readable, its plain spelling and its sentences.

    All three are of one length: a place in one is a place in the others.
    """

    shown: str
    raw: str
    flat: str
    sentences: tuple[Span, ...]
    breaks: tuple[int, ...]
    """Where lines end."""

    @classmethod
    def of(cls, text: str) -> "Text":
        shown = tidy(text)
        raw = readable(shown)
        flat = plain(raw)
        breaks = tuple(match.start() for match in re.finditer("\n", raw))
        return cls(shown, raw, flat, tuple(_sentences(raw, flat)), breaks)

    def sentence_at(self, at: int) -> Span:
        low, high = 0, len(self.sentences)
        while low + 1 < high:
            middle = (low + high) // 2
            low, high = (middle, high) if self.sentences[middle].start <= at else (low, middle)
        return self.sentences[low] if self.sentences else Span(0, len(self.raw))

    def lines(self) -> list[Span]:
        """The lines in which something stands."""
        starts = (0, *(at + 1 for at in self.breaks))
        spans = map(Span, starts, (*self.breaks, len(self.raw)))
        return [
            span
            for span in spans
            if not self.raw[span.start : span.end].isspace() and span.start < span.end
        ]

    def line_at(self, at: int) -> Span:
        after = bisect_left(self.breaks, at)
        start = self.breaks[after - 1] + 1 if after else 0
        return Span(start, self.breaks[after] if after < len(self.breaks) else len(self.raw))


def _sentences(raw: str, flat: str) -> list[Span]:
    found, start = [], 0
    for match in _SENTENCE.finditer(raw):
        if _SHORT_BEFORE.search(flat, max(start, match.start() - 6), match.start()):
            continue
        found.append(Span(start, match.end()))
        start = match.end()
    return [*found, Span(start, len(raw))]


def shouted(text: Text, span: Span) -> bool:
    """Whether the words about are in capitals too, so that capitals say nothing."""
    line = text.line_at(span.start)
    before = text.raw[max(line.start, span.start - _ABOUT) : span.start]
    after = text.raw[span.end : min(line.end, span.end + _ABOUT)]
    letters = [sign for sign in before + after if sign.isalpha()]
    if not letters:
        return False
    others = _LONG_WORD.findall(f"{before} {after}")
    return all(map(str.isupper, letters)) or sum(other.isupper() for other in others) >= _SHOUTED
