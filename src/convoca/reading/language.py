"""In which language a text is, and of which kind it is: counted words, nothing learned."""

import re
from collections import Counter
from functools import lru_cache

from convoca.reading.draft import Said
from convoca.reading.lines import blocks
from convoca.reading.text import Span, Text
from convoca.reading.words import KNOWN, Words, words_of

KINDS = ("call", "statement", "report", "resolutions", "alert", "course", "brigade", "letters")
READ = 20_000
_WORD = re.compile(r"[^\W\d_]+")
_WORDY = 300
"""Signs of a text that says something, though nothing tells what."""
_UNDER_WAY = re.compile(r"\b(?:en|em|in|au|nel|no|en el|no)\s$")
"""Before "curso", "cours", "corso", that are no lessons then: "under way"."""
_REPEATED = 3
"""Times that one word counts below the heading."""
_LISTED = 3
"""How much more "the meeting resolves:" says above a list."""
_HEAD = 4
"""How much more a word says in the heading than below it."""


@lru_cache(maxsize=1)
def _common() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for language in KNOWN:
        for word in words_of(language).words("common"):
            found.setdefault(word, []).append(language)
    return found


def language_of(text: Text) -> Said | None:
    """By small words; one that few languages have counts more. None where nothing tells."""
    common, scores, count = _common(), Counter[str](), 0
    for match in _WORD.finditer(text.flat[:READ]):
        count += 1
        for language in (having := common.get(match[0], ())):
            scores[language] += 1000 // len(having)  # whole numbers, so that ties stay ties
    if not scores or scores.total() < 80 * count:
        return None
    (best, most), *others = scores.most_common(2)
    ahead = 1 - (others[0][1] / most if others else 0)
    if ahead < 0.05:
        return None
    return Said(best, Span(0, min(len(text.raw), READ)), min(0.99, 0.5 + ahead / 2))


def kind_of(text: Text, words: Words) -> Said | None:
    """The kind that most words speak for; those of the heading count four times."""
    scores = Counter[str]()
    first: dict[str, Span] = {}
    body = text.flat[:READ]
    head = _head(body)
    for kind in KINDS:
        said = Counter[str]()
        for match in words.pattern(f"kind.{kind}").finditer(body):
            if kind == "course" and _UNDER_WAY.search(
                body, max(0, match.start() - 8), match.start()
            ):
                continue
            if kind == "letters" and words.pattern("kind.statement").match(body, match.start()):
                continue  # "an open letter"
            said[match[0]] += 1
            if match.start() < head:
                scores[kind] += _HEAD
            elif said[match[0]] <= _REPEATED:
                scores[kind] += 1
            first.setdefault(kind, Span(*match.span()))
    for block in blocks(text):
        if found := words.pattern("kind.resolutions").search(text.flat, *block.intro):
            scores["resolutions"] += _LISTED
            first.setdefault("resolutions", Span(*found.span()))
    if not scores:
        return None
    (best, most), *_ = scores.most_common(1)
    return Said(best, first[best], round(min(0.95, 0.3 + most / scores.total() * 0.7), 2))


def likely_kind(text: Text, *, is_ahead: bool) -> Said | None:
    """Where no word tells: what names a day to come mostly calls to it; a guess, asked first."""
    if not is_ahead and len(text.raw) < _WORDY:
        return None
    return Said("call" if is_ahead else "statement", Span(0, 0), 0.2)


def _head(flat: str) -> int:
    """Where the heading ends: at most the first two lines with words, and 200 signs."""
    ends = [m.end() for m in re.finditer(r"[^\n]*\w[^\n]*\n?", flat[:400])][:2]
    return min(ends[-1] if ends else 0, 200)
