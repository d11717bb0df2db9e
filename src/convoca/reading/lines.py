"""Lines of action: numbered or bulleted lists, unless what stands around says otherwise."""

import re
from collections import Counter
from dataclasses import dataclass, field

from convoca.reading.days import weekdays
from convoca.reading.draft import Said
from convoca.reading.text import Span, Text
from convoca.reading.words import Words
from convoca.reading.words.shared import any_words

_ITEM = re.compile(
    r"[ \t]*(?:(?P<r>[IVX]{1,4})\s?[.)–-]"
    r"|\(?(?P<n>\d{1,2})\s*(?:[.)]\)?|[º°ª]\)?|\s[-–])|\(?(?P<l>[a-z])\)"
    r"|(?P<b>[-–—•●◦▪‣·*»➢✓☐■□▶o]|[\u2190-\u2bff\U0001f000-\U0001faff][\ufe0f\u20e3]*"
    r"|\d[\ufe0f\u20e3]+))[ \t\u00a0]+(?=\S)"
)
_HEADING = 60
"""Signs of an item that may be a heading."""
_CLOCK = re.compile(r"\d{1,2}\s?(?::|h)\s?\d{2}|\d{1,2}\s?h\b")
_LEADING = re.compile(r"^[\W_]+")


@dataclass(slots=True)
class Block:
    """One list: what introduces it, and its items."""

    intro: Span
    items: list[Span] = field(default_factory=list)
    mark: str = ""
    signs: Counter[str] = field(default_factory=Counter)
    parent: "Block | None" = None
    """The list of which an item introduces this one."""


def blocks(text: Text) -> list[Block]:
    """The lists of a text; blank lines and indented lines do not end one."""
    found: list[Block] = []
    intro = Span(0, 0)
    current: Block | None = None
    for match in re.finditer(r"[^\n]+", text.raw):
        line = Span(*match.span())
        if not text.raw[line.start : line.end].strip():
            continue
        item = _ITEM.match(text.raw, line.start, line.end)
        if item:
            mark = "r" if item["r"] else "l" if item["l"] else item["b"] or "n"
            if "\u20e3" in item[0]:
                mark = "n"
            elif mark[0] >= "\u2600":  # signs of messengers change from line to line
                mark = "sign"
            is_apart = mark == "sign" and current and line.start > current.items[-1].end + 1
            if current is None or current.mark != mark or is_apart:
                is_under = current and text.raw[slice(*current.items[-1])].rstrip().endswith(":")
                if current and is_under:
                    current = Block(current.items[-1], mark=mark, parent=current)
                else:
                    current = Block(intro, mark=mark)
                found.append(current)
            current.items.append(Span(item.end(), line.end))
            current.signs[item["b"] or mark] += 1
        elif current and text.raw[line.start] in " \t":
            last = current.items[-1]
            current.items[-1] = Span(last.start, line.end)
        else:
            intro, current = line, None
    marks = {block.mark for block in found if len(block.items) > 1}
    return [block for block in found if _is_list(block, marks)]


def _is_list(block: Block, marks: set[str]) -> bool:
    """Several lines of one mark; one is enough where it is a number, or a mark of other lists too.

    Signs that all differ only adorn.
    """
    if block.mark == "sign":
        return max(block.signs.values()) > 1
    return len(block.items) > 1 or block.mark == "n" or block.mark in marks


def is_signed(text: Text, words: Words, block: Block) -> bool:
    """Whether a list is of signatories, or of those who convene."""
    return bool(words.pattern("signed").search(text.flat, *block.intro)) or is_convened(
        text, words, block.intro
    )


def is_convened(text: Text, words: Words, line: Span) -> bool:
    """Whether a line is nothing but "Organised by:"."""
    said = text.flat[line.start : line.end].strip(" *_#\u00a0")
    return said.endswith(":") and bool(
        words.pattern("organised_by").fullmatch(said.rstrip(": ").strip())
    )


def lines_of(text: Text, words: Words, kind: str = "") -> list[Said]:
    """The lines of action, in order."""
    found: list[Said] = []
    listed = blocks(text)
    outline = _outline(text, words, listed)
    headings = _headings(text, listed)
    for block in listed:
        if any(text.flat[slice(*item)].strip() in headings for item in block.items):
            continue
        if block.mark in outline or _is_other(text, words, block, kind):
            continue
        for item in block.items:
            raw = text.raw[item.start : item.end]
            start = _LEADING.match(raw)
            at = item.start + (start.end() if start and raw[start.end() :].strip() else 0)
            value = " ".join(text.raw[at : item.end].split())
            if value:
                found.append(Said(value, Span(at, item.end), 0.8))
    return found


def _outline(text: Text, words: Words, listed: list[Block]) -> set[str]:
    """The marks of headings: "2. The meeting decides:", and a list of its own below."""
    decides = words.pattern("kind.resolutions")
    return {
        block.parent.mark
        for block in listed
        if block.parent and decides.search(text.flat, *block.intro)
    }


def _headings(text: Text, listed: list[Block]) -> set[str]:
    """What a table of contents and a heading further below both say."""
    said = Counter(
        flat
        for block in listed
        for flat in (text.flat[slice(*item)].strip() for item in block.items)
        if len(flat) < _HEADING
    )
    return {flat for flat, count in said.items() if count > 1}


def _is_other(text: Text, words: Words, block: Block, kind: str) -> bool:
    """Signatories, topics, timetables and what is demanded of those who govern."""
    intro = text.flat[block.intro.start : block.intro.end].strip()
    intro = intro[-160:]
    if is_signed(text, words, block) or words.pattern("support").match(intro):
        return True
    topics = words.pattern("topics").search(intro)
    is_work = kind == "brigade" and topics and topics[0].startswith("program")
    is_last = topics and intro.endswith(":") and len(intro[topics.end() :].split()) <= 2
    if topics and not is_work and (is_last or len(intro.split()) <= 6):
        return True
    if words.pattern("demands").search(intro) and words.pattern("authorities").search(intro):
        return True
    flats = [text.flat[item.start : item.end] for item in block.items]
    if sum(_is_dated(flat) for flat in flats) * 2 > len(flats):
        return True
    if sum(bool(_CLOCK.search(flat[:20])) for flat in flats) * 2 > len(flats):
        return True
    if set(re.findall(r"[^\W\d_]+", intro)) & set(any_words("shouted_words")):
        return True
    slogans = words.pattern("slogans")
    if sum(bool(slogans.match(flat.lstrip(' \u00a0"«“'))) for flat in flats) * 2 > len(flats):
        return True  # "against the cuts", "not one right less"
    sessions = words.pattern("session")
    if kind == "course" and sum(bool(sessions.search(f[:30])) for f in flats) * 2 > len(flats):
        return True
    heads = sum(_is_name(text, words, item) for item in block.items)
    return heads * 2 > len(flats)


def _is_dated(flat: str) -> bool:
    """ "Vigil: Friday 11, 6 pm" is an appointment."""
    label, colon, rest = flat.partition(":")
    said = re.match(r"\s*(\d|[^\W\d_]+)", rest)
    is_day = said and (said[1].isdigit() or said[1] in weekdays())
    return bool(colon) and len(label.split()) <= 7 and bool(is_day)


def _is_name(text: Text, words: Words, item: Span) -> bool:
    """Whether an item is the name of an organisation rather than a sentence."""
    written = text.raw[item.start : item.end].split("(")[0].strip(" ;,.")
    heads = set(words.words("org_heads"))
    flat = text.flat[item.start : item.start + len(written)].split()
    if words.pattern("papers").match(text.flat, item.start, item.end):
        return False  # "Resolution on the World Trade Organisation"
    capital = [w for w in written.split() if w[0].isupper()]
    small = [w for w in written.split() if w[0].islower() and len(w) > 3]
    return (
        len(flat) <= 12
        and words.language != "de"
        and len(capital) >= 2
        and len(small) <= 1
        and bool(heads & set(flat) or len(capital) > 2)
    )
