"""Lines of action: numbered or bulleted lists, unless what stands around says otherwise."""

import re
from dataclasses import dataclass, field

from convoca.reading.draft import Said
from convoca.reading.text import Span, Text
from convoca.reading.words import Words

_ITEM = re.compile(
    r"[ \t]*(?:\(?(?P<n>\d{1,2})\s*(?:[.)]\)?|[º°ª]\)?|\s[-–])|\(?(?P<l>[a-z])\)"
    r"|(?P<b>[-–—•●◦▪‣·*»➢✓☐■□▶]))[ \t]+(?=\S)"
)
_CLOCK = re.compile(r"\d{1,2}\s?(?::|h)\s?\d{2}|\d{1,2}\s?h\b")
_LEADING = re.compile(r"^[\W_]+")


@dataclass(slots=True)
class Block:
    """One list: what introduces it, and its items."""

    intro: Span
    items: list[Span] = field(default_factory=list)
    mark: str = ""


def blocks(text: Text) -> list[Block]:
    """The lists of a text; blank lines and indented lines do not end one."""
    found: list[Block] = []
    intro, current = Span(0, 0), None
    for match in re.finditer(r"[^\n]+", text.raw):
        line = Span(*match.span())
        if not text.raw[line.start : line.end].strip():
            continue
        item = _ITEM.match(text.raw, line.start, line.end)
        if item:
            mark = "n" if item["n"] else "l" if item["l"] else item["b"]
            if current is None or current.mark != mark:
                current = Block(intro, mark=mark)
                found.append(current)
            current.items.append(Span(item.end(), line.end))
        elif current and text.raw[line.start] in " \t":
            last = current.items[-1]
            current.items[-1] = Span(last.start, line.end)
        else:
            intro, current = line, None
    return [block for block in found if len(block.items) > 1 or block.mark == "n"]


def is_signed(text: Text, words: Words, block: Block) -> bool:
    """Whether a list is of signatories."""
    return bool(words.pattern("signed").search(text.flat, *block.intro))


def lines_of(text: Text, words: Words) -> list[Said]:
    """The lines of action, in order."""
    found: list[Said] = []
    for block in blocks(text):
        if _is_other(text, words, block):
            continue
        for item in block.items:
            raw = text.raw[item.start : item.end]
            start = _LEADING.match(raw)
            at = item.start + (start.end() if start and raw[start.end() :].strip() else 0)
            value = " ".join(text.raw[at : item.end].split())
            if value:
                found.append(Said(value, Span(at, item.end), 0.8))
    return found


def _is_other(text: Text, words: Words, block: Block) -> bool:
    """Signatories, topics, timetables and what is demanded of those who govern."""
    intro = text.flat[block.intro.start : block.intro.end].strip()
    intro = intro[-160:]
    if is_signed(text, words, block) or words.pattern("support").match(intro):
        return True
    if words.pattern("topics").search(intro) and len(intro.split()) <= 6:
        return True
    if words.pattern("demands").search(intro) and words.pattern("authorities").search(intro):
        return True
    flats = [text.flat[item.start : item.end] for item in block.items]
    if sum(bool(_CLOCK.search(flat[:20])) for flat in flats) * 2 > len(flats):
        return True
    heads = sum(_is_name(text, words, item) for item in block.items)
    return heads * 2 > len(flats)


def _is_name(text: Text, words: Words, item: Span) -> bool:
    """Whether an item is the name of an organisation rather than a sentence."""
    written = text.raw[item.start : item.end].split("(")[0].strip(" ;,.")
    heads = set(words.words("org_heads"))
    flat = text.flat[item.start : item.start + len(written)].split()
    capital = [w for w in written.split() if w[0].isupper()]
    small = [w for w in written.split() if w[0].islower() and len(w) > 3]
    return (
        len(flat) <= 12
        and len(capital) >= 2
        and len(small) <= 1
        and bool(heads & set(flat) or len(capital) > 2)
    )
