"""Names of organisations in Arabic, which has no capitals."""

import re

from convoca.reading.text import Span
from convoca.reading.tokens import Tokens
from convoca.reading.words import Words

_OF = re.compile(r"ال|لل|وال|(?:في|من|اجل)$")
_NOT_OF = {"الي", "التي", "الذي", "الان"}


def arabic_name(tokens: Tokens, words: Words, at: int) -> tuple[Span, int] | None:
    """A head and what belongs to it: the words with the article, at most six."""
    heads = words.words("org_heads")
    flat = tokens.flat(tokens.spans[at])
    if flat not in heads and flat.removeprefix("و") not in heads:
        return None
    last, bare = at, 0
    for next_at in range(at + 1, min(at + 8, len(tokens.spans))):
        between = tokens.text.raw[tokens.spans[next_at - 1].end : tokens.spans[next_at].start]
        word = tokens.flat(tokens.spans[next_at])
        if between.strip() or "\n" in between or word in _NOT_OF:
            break
        if _OF.match(word) and not (last == at and word in {"في", "من", "اجل"}):
            last, bare = next_at, 0
            continue
        bare += 1  # "جمعية أصدقاء البحر": what belongs to a thing stands before its article
        is_name = bare <= 2 and last == at and word not in words.words("joins")
        if (
            not is_name
            or words.pattern("call_verbs").fullmatch(word)
            or word in words.words("common")
        ):
            break
    while last > at and tokens.flat(tokens.spans[last]) in {"في", "من", "اجل"}:
        last -= 1
    if last == at:
        return None
    start = tokens.spans[at].start + (flat not in heads)
    return Span(start, tokens.spans[last].end), last + 1
