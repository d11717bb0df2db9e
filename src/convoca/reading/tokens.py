"""The words of a text that may be part of a name."""

import re
from bisect import bisect_left

from convoca.reading.text import Span, Text

_WORD = re.compile(r"[^\W\d_](?:[\w'’]|-(?=\w))*|&|\d+")
_BLANKS = re.compile(r"[ \u00a0]+")
COLUMN = re.compile(r" {3,}|\t|\n")
INITIAL = re.compile(r"^(?:l'|d'|dell'|all'|un')")


class Tokens:
    """The words in the order of the text. A day parts names: "Harbour Museum on January 31st"."""

    def __init__(self, text: Text, dated: list[Span]) -> None:
        self.text = text
        self.spans: list[Span] = []
        days = iter([*sorted(dated), Span(len(text.raw) + 1, len(text.raw) + 1)])
        day = next(days)
        for match in _WORD.finditer(text.raw):
            while day.end <= match.start():
                day = next(days)
            if not day.meets(Span(*match.span())):
                self.spans.append(Span(*match.span()))

    def flat(self, span: Span) -> str:
        return self.text.flat[span.start : span.end]

    def is_capital(self, span: Span) -> bool:
        word = self.text.raw[span.start : span.end]
        bare = word[2:] if word[1:2] in "'’" and len(word) > 2 else word
        return bare[:1].isupper()

    def gap(self, index: int) -> str:
        """What stands before a word, up to the word before it; blanks of any kind as one."""
        before, token = self.spans[index - 1], self.spans[index]
        between = self.text.raw[before.end : token.start]
        return "\n" if COLUMN.search(between) else _BLANKS.sub(" ", between)

    def opens(self, at: int) -> bool:
        """Whether a word's capital may be only that of its sentence or line."""
        start = self.spans[at].start
        return start - max(self.text.sentence_at(start).start, self.text.line_at(start).start) < 3

    def part(self, at: int) -> None:
        """Part a word behind its article: "d'Assiettes"."""
        index = bisect_left(self.spans, Span(at, 0)) - 1
        if index >= 0 and self.spans[index].start < at < self.spans[index].end:
            token = self.spans[index]
            self.spans[index] = Span(at, token.end)
