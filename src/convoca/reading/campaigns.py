"""Names of campaigns: what stands in quotation marks beside that word."""

import re

from convoca.core.fold import fold
from convoca.reading.draft import Said
from convoca.reading.text import Span, Text
from convoca.reading.words import Words

QUOTED = re.compile(
    r"«\s*([^«»\n]{3,120}?)\s*»|“\s*([^“”\n]{3,120}?)\s*”|\"([^\"\n]{3,120}?)\"|„([^“”\n]{3,120}?)[“”]"
    r"|‘([^‘’\n]{6,120}?)’(?!\w)|(?<!\w)'([^'\n]{6,120}?)'(?!\w)"
)
_STOP = re.compile(r"[.!?;\n]")


def campaigns_of(text: Text, words: Words) -> list[Said]:
    """What is quoted soon after the word campaign, or right before it."""
    found: dict[str, Said] = {}
    word = words.pattern("campaign")
    for match in QUOTED.finditer(text.raw):
        value = next(group for group in match.groups() if group).strip(" ,.;")
        before = text.flat[max(0, match.start() - 45) : match.start()]
        near = [m.end() for m in word.finditer(before)]
        after = text.flat[match.end() : match.end() + 25]
        behind = re.match(r"\s*,\s*", after) and word.search(after)
        is_said = near and not _STOP.search(before[near[-1] :])
        if is_said or (behind and not _STOP.search(after[: behind.start()])):
            start = text.raw.find(value, match.start())
            found.setdefault(fold(value), Said(value, Span(start, start + len(value)), 0.85))
    return list(found.values())
