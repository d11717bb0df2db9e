"""A text freed of what mail and paper put into it: quote marks, stars, lines broken in the middle.

Each sign stays where it is, so that a passage found in one is a passage of the other. Only a word
that was parted at the end of a line is drawn together, and blanks are left behind it.
"""

import re
from itertools import pairwise

from convoca.reading.words.shared import any_words

_QUOTED = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)
_STARS = re.compile(
    r"(?<![\w*_~])(\*\*|__|~~|[*_~])(?=[^\s*_~])([^\n]{1,200}?)(?<=[^\s*_~])\1(?![\w*_~])"
)
_HASHES = re.compile(r"^ {0,3}#{1,6}(?= )", re.MULTILINE)
_PARTED = re.compile(r"([ \t\u00a0]*)([^\W\d_]\S*)")
_ITEM = re.compile(
    r"[ \t]*(?:\(?\d{1,2}\s*[.)\]º°ª]|[IVX]{1,4}[.)]|\(?[a-z]\)|[-–—•●◦▪‣·*»➢✓☐■□▶]\s"
    r"|[\u2190-\u2bff\U0001f000-\U0001faff])"
)
_DAY_ALONE = re.compile(r"[^\W\d_]+,? \d{1,2}\.? [^\W\d_]+ \d{4}")
_COLUMNS = re.compile(r"\S(?: {3,}|\t+)\S")
_WRAPPED = (40, 110)
"""Signs of the longest line of a text whose lines were broken to fit a page."""
_FULL = 3
"""So many lines at least show how wide the page is; they are shorter by a long word at most."""
_SHORT = 14
_SMALL = 4
"""Letters of a word behind which a number may stand: "de"."""
PAD = "\u00a0"
"""Stands where a sign was taken away inside a line, so that it is not taken for a column."""


_HIDES = "|".join(map(re.escape, any_words("mail_hidden")))
_SHOWS = "|".join(map(re.escape, any_words("mail_shown")))
_REST = r"[^\n]*(?:\n[ \t]+\S[^\n]*)*"
"""Of a header: its line, and those below that are drawn in."""
_MAIL = re.compile(rf"(?:^[ \t]*(?:{_HIDES}|{_SHOWS})\s?:[ \t]{_REST}\n){{2,}}", re.M | re.I)
_HIDDEN = re.compile(
    rf"^[ \t]*(?:{_HIDES})\s?:[ \t]{_REST}"
    r"|(?<=:)(?:[ \t]*(?:re|rv|fwd?|tr|aw|wg|enc)\s?:|[ \t]*\[[^\]\n]{0,200}\])+",
    re.M | re.I,
)


def _without_headers(match: re.Match[str]) -> str:
    """The headers of a mail: senders and addresses are no part of the text, day and subject are."""
    return _HIDDEN.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), match[0])


def readable(text: str) -> str:
    """The text without quote marks and stars, its broken lines joined, and of the same length."""
    text = _MAIL.sub(_without_headers, _QUOTED.sub(lambda m: " " * len(m[0]), text))
    for _ in range(2):  # *_both_*
        text = _STARS.sub(lambda m: f"{PAD * len(m[1])}{m[2]}{PAD * len(m[1])}", text)
    text = _HASHES.sub(lambda m: " " * len(m[0]), text)
    lines = text.split("\n")
    wide = _width(lines)
    parts = [lines[0]]
    for line, following in pairwise(lines):
        if not _goes_on(line, following, wide):
            parts += "\n", following
        elif parted := _PARTED.match(following) if line.endswith("-") else None:
            gone = 1 + len(parted[1])
            if parted[2][0].islower():
                parts[-1], gone = parts[-1][:-1], gone + 1
            parts += parted[2], PAD * gone, following[parted.end() :]
        else:
            rest = following.lstrip(" \t")
            parts += " ", PAD * (len(following) - len(rest)), rest
    return "".join(parts)


def _width(lines: list[str]) -> int:
    """How wide the page was; 0 where lines were not broken to fit one."""
    lengths = sorted(len(line.rstrip()) for line in lines if line.strip())
    longer = 0
    while lengths and longer < 3 and longer < len(lengths) // 10 and not _is_width(lengths, 5):
        lengths.pop()  # an address, or a line that was not broken
        longer += 1
    return lengths[-_FULL] if _is_width(lengths, 5 if longer else _FULL) else 0


def _is_width(lengths: list[int], full: int) -> bool:
    """Whether the longest line is of the width of a page, and some others are nearly as long."""
    if not lengths or not _WRAPPED[0] <= lengths[-1] <= _WRAPPED[1]:
        return False
    return sum(length >= lengths[-1] - _SHORT for length in lengths) >= full


def _goes_on(line: str, following: str, wide: int) -> bool:
    """Whether the next line is the rest of this one."""
    here, after = line.strip(), following.strip()
    if not here or not after or _ITEM.match(following):
        return False
    if _COLUMNS.search(here) or _COLUMNS.search(after):
        return False
    if _DAY_ALONE.fullmatch(after) or (here.isupper() and after[0].islower()):
        return False  # under a heading
    if line.endswith("-") and here[-2:-1].isalpha():
        return True
    if after[0].isdigit() and (not here.split()[-1].islower() or len(here.split()[-1]) > _SMALL):
        return False
    if after[0].islower() or after[0].isdigit():
        least = 12 if _ITEM.match(line) and after[0].islower() else 25
        return len(here) >= least and here[-1] not in ".!?:;"
    if not wide or here.isupper() or here[-1] in ":;":
        return False
    first = after.split(maxsplit=1)[0]
    return len(line.rstrip()) + 1 + len(first) > wide
