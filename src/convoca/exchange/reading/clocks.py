"""Times of day as people write them: "18.00 – 20.30 Uhr", "5 pm", "à 14h30", "10-12h"."""

import re
from datetime import time

from convoca.exchange.reading.digits import plain_digits

_ONE = (
    r"(?P<h{n}>\d{{1,2}})(?:\s?[:.,h_{hyphen}]\s?(?P<m{n}>\d{{2}})(?::\d{{2}}(?:\.\d+)?)?|(?P<u{n}>\s?h\b)?)"
    r"\s*(?P<s{n}>[ap]\.?\s?m\b\.?)?\s*(?:uhr|hrs?|horas?|heures?|ore|h|s)?\.?"
)
_TO = (
    r"\s*(?:-|–|—|/|\b(?:bis|to|until|till|à|a|as|às|allas?|alle|hasta|até|t/?m|and|und|y|e)\b)\s*"
)
_AT = (
    r"(?:(?:at|from|ab|um|von|à|de|das|às|alle|ore|(?:desde |a )?las|ca\.?|jeweils|vers|gegen)\s+)*"
)
_FIRST = _ONE.format(n=1, hyphen="")
_SECOND = _ONE.format(n=2, hyphen="-")  # "14.00-18-00" can only be a slip
_RANGE = re.compile(rf"{_AT}{_FIRST}{_TO}(?:ca\.\s*|max\.?\s*)?{_SECOND}")
_SINGLE = re.compile(rf"{_AT}{_FIRST}(?:\s*(?:-|–|—)\s*(?:\?+|…|\.\.\.|open end)?)?")
_LINES = re.compile(r"\s*[\n;|]\s*|\s{2,}(?=\d)")
_SPREADSHEET = re.compile(r"(?:1899|1900)-\d\d-\d\d (\d\d:\d\d)(?::\d\d)?")
_PART_OF_A_DAY = re.compile(r"0\.\d{3,}")  # what a spreadsheet holds for a time
_NOTHING = {"", "?", "??", "???", "-", "--", "–", "n/a", "na", "tbd", "tba", "offen", "noch offen"}
_WHOLE_DAY = {
    "all day",
    "ganztägig",
    "todo el día",
    "toute la journée",
    "dia inteiro",
    "o dia todo",
}

Clocks = tuple[time, time | None]
"""When it begins, and when it ends where that is said."""


def read_clocks(text: str, *, bare: bool = False) -> list[Clocks] | None:
    """The times that a cell names, one for each line; empty where it says that there is none.

    None for what is no time. With `bare`, as in a column of times, "14" is one.
    """
    text = plain_digits(text).strip().lower()
    if text in _NOTHING or text in _WHOLE_DAY:
        return []
    if sheet := _SPREADSHEET.fullmatch(text):
        text = sheet[1]
    if _PART_OF_A_DAY.fullmatch(text):
        minutes = round(float(text) * 1440)
        return [(time(minutes // 60 % 24, minutes % 60), None)]
    if bare and text.isdecimal() and int(text[:3]) < 24:
        return [(time(int(text)), None)]
    found = [_one(line) for line in _LINES.split(text) if line.strip()]
    return None if None in found else [clocks for clocks in found if clocks]


def _one(line: str) -> Clocks | None:
    line = line.strip()
    if both := _RANGE.fullmatch(line):
        suffix = both["s1"] or both["s2"]
        start, end = _time(both, 1, suffix), _time(both, 2, both["s2"])
        if start and end and suffix and not both["s1"] and start > end:  # 11 to 1 pm
            start = _time(both, 1, None)
        return (start, end) if start and end else None
    if (single := _SINGLE.fullmatch(line)) and _is_a_time(single):
        start = _time(single, 1, single["s1"])
        return (start, None) if start else None
    return None


def _is_a_time(match: re.Match[str]) -> bool:
    """Whether it is more than a bare number."""
    return not match[0].strip().isdecimal()


def _time(match: re.Match[str], n: int, suffix: str | None) -> time | None:
    hour, minute = int(match[f"h{n}"]), int(match[f"m{n}"] or 0)
    if suffix:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if suffix.startswith("p") else 0)
    if hour == 24 and minute == 0:
        hour = 0
    return time(hour, minute) if hour < 24 and minute < 60 else None
