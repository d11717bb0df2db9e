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
_NAMED = re.compile(
    r" ((?:[^\W\d_a-z][\w'’]+)(?: (?:[a-zà-ÿ]{1,3} ){0,2}[^\W\d_a-z][\w'’]+){1,7})(?![\w(])"
)
"""Words with a capital behind the word campaign: "the campaign Let Rivers Run"."""
_OF = re.compile(r"\w+ \w+ .*\b(?:del|della|dalla|dello|dei|du|des|of|from|da|do|dos|das) $")
"""Much that ends so leads to something else: "campaign to take Cuba from the “list”"."""
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
        is_said = (
            near and not _STOP.search(before[near[-1] :]) and not _OF.search(before[near[-1] :])
        )
        if is_said or (behind and not _STOP.search(after[: behind.start()])):
            start = text.raw.find(value, match.start())
            found.setdefault(fold(value), Said(value, Span(start, start + len(value)), 0.85))
    for match in word.finditer(text.flat) if not found else ():
        named = _NAMED.match(text.raw, match.end())
        line = text.line_at(match.start())
        shouts = text.raw[line.start : line.end].isupper()
        if named and (shouts or text.raw[match.start()].islower()):
            span = Span(named.start(1), min(named.end(1), line.end))
            value = text.raw[span.start : span.end]
            found.setdefault(fold(value), Said(value, span, 0.5))
    return list(found.values())
