"""The letters of an organisation: behind its name in brackets, or before it."""

import re

from convoca.core.fold import fold
from convoca.reading.text import Span, Text
from convoca.reading.tokens import INITIAL

ACRONYM = re.compile(r"\s*[(\[]\s*([^\W\d_a-z][\w&.-]{1,14})\s*[)\]]")
BRACKETED = re.compile(
    r"(?<![\w.])(?P<word>[^\W\d_a-z][^\W\d_]{2,13}) \((?P<name>[^\W\d_a-z][^()\n\d:;]{10,140})\)"
)
"""Letters or a short name, and the whole name in brackets."""
_IN_BRACKETS = re.compile(r"(?<![\w.])([^\W\d_a-z][^\W\d_]{2,13}) \($")
_BEFORE = re.compile(r"(?<!\w)([^\W\d_a-z]{2,12})\s*(?:\(|[–—-]\s|:\s)\s*$")


def fits(text: Text, span: Span, acronym: str) -> bool:
    """Whether the letters of an acronym begin the words of a name."""
    letters = fold(acronym).replace(" ", "")
    if opening := INITIAL.match(text.flat[span.start : span.end]):
        span = Span(span.start + opening.end(), span.end)
    initials = "".join(
        word[0]
        for word in re.split(
            r"[\s'-]+",
            fold(text.raw[span.start : span.end].replace("'", " ").replace("’", " ")),
        )
        if word
    )
    if len(letters) < 2 or not initials or not acronym[:1].isupper() or initials[0] != letters[0]:
        return False
    rest = iter(initials)
    hits = sum(any(one == sign for one in rest) for sign in letters)
    return hits >= len(letters) - 1 or hits * 3 >= len(letters) * 2


def is_syllabic(word: str, name: str) -> bool:
    """Whether a word is made of letters of a name, in their order: "Mercosul"."""
    letters, words = fold(word).replace(" ", ""), fold(name).split()
    if not 3 <= len(letters) <= 14 or len(words) < 3 or letters[:1] != words[0][:1]:
        return False
    rest = iter("".join(words))
    return len(letters) < len("".join(words)) / 2 and all(
        any(one == sign for one in rest) for sign in letters
    )


def acronym_of(text: Text, span: Span, *, is_arabic: bool) -> str | None:
    """What stands in brackets behind a name, or before it: "RIEL (Red Internacional …)"."""
    raw = text.raw
    if found := ACRONYM.match(raw, span.end):
        is_one = sum(c.isupper() for c in found[1]) >= 2 or is_arabic
        return found[1] if is_one or is_syllabic(found[1], raw[span.start : span.end]) else None
    if (word := _IN_BRACKETS.search(raw, max(0, span.start - 20), span.start)) and is_syllabic(
        word[1], raw[span.start : span.end]
    ):
        return word[1]
    before = _BEFORE.search(raw, max(0, span.start - 20), span.start)
    return before[1] if before and fits(text, span, before[1]) else None
