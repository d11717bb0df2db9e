"""Days as people write them. What a file leaves open (6/12/2018) is decided once for the file."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from convoca.core.fold import fold
from convoca.exchange.reading import limits
from convoca.exchange.reading.clocks import read_clocks
from convoca.exchange.reading.digits import plain_digits
from convoca.exchange.reading.months import months, weekdays
from convoca.exchange.reading.reasons import Reason

EXCEL_ZERO = date(1899, 12, 30)
DAY = 86_400
LONGEST = 1_500
"""Characters of a cell that are read for days."""
_KEPT = 50_000


class When(NamedTuple):
    """What a cell says of time: days, times of day, or an instant of which the zone is known."""

    first: date | None
    last: date | None = None
    start: time | None = None
    end: time | None = None
    instant: datetime | None = None
    precision: str = "day"
    """Or "week" or "month": it happened on some day of these."""
    end_instant: datetime | None = None


@dataclass(frozen=True, slots=True)
class Style:
    """How a file writes days."""

    slashes: str = "dmy"
    """Or "mdy": what 6/12/2018 means. It holds for hyphens too."""
    dots: str = "dmy"
    whole_days: bool = False
    """Whether midnight only means that no time is said."""
    local_z: bool = False
    """Whether a Z after a time is to be taken for local time."""


class _Bad(Exception):
    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.code)
        self.reason = reason


_ISO = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(Z|UTC|[+-]\d{2}:?(?:\d{2})?)?)?",
    re.IGNORECASE,
)
_BASIC = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})?(Z)?)?")
_NUMBER = re.compile(r"(\d+)(?:\.(\d+))?")
NUMERIC = re.compile(r"(\d{1,4})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{1,4})(?:[,\sT]+(.*))?", re.DOTALL)
_CJK = re.compile(r"(\d{2,4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日號号일]?")
_WEEK = re.compile(
    r"^(?:the )?(?:week (?:of|beginning|starting)|week commencing|w/c|semaine du|semana d[eo]l?"
    r"|woche (?:vom|ab)|settimana del(?:l')?|أسبوع)\s+"
)
_RANGE = r"-|–|—|\bbis\b|\bto\b|\buntil\b|\bthrough\b|\bau\b|\bà\b|\bal\b|\baté\b|\bao\b|\bhasta\b"
_TO = re.compile(rf"\s*(?:{_RANGE})\s*")
_SPACED = re.compile(rf"\s+(?:{_RANGE})\s*|\s*(?:{_RANGE})\s+")
_HYPHENED = re.compile(r"\d{1,4}-\d{1,2}-\d{1,4}")
_WORDS_TO = set("to bis until through au à al até ao hasta".split())  # noqa: SIM905
_AND = re.compile(
    r"\s*(?:[,;+&\n]|\bund\b|\bu\.|\band\b|\bet\b|\by\b|\be\b)\s*|\s+(?=\d{1,2}\.\d)"
    r"|(?<=[\s.])/\s*"
)
_FILLERS = {
    "of", "the", "de", "del", "do", "da", "den", "der", "le", "la", "el", "du", "am", "on", "di",
    "il", "dia", "vom", "von", "from", "st", "nd", "rd", "th", "er", "º", "ª", "dell", "d", "no",
    "van", "op", "i", "lo", "em", "στις", "في", "يوم",
}  # fmt: skip
_PIECE = re.compile(r"\d+|[^\W\d_]+|[-–—/.,']|º|ª")
_CLOCK = re.compile(
    r"(?:,|\b(?:at|um|à|a las|às|alle|ore)\s)?\s*\b\d{1,2}(?:(?::|h)\d{2}(?:\s*[ap]\.?m\.?)?"
    r"|\s*[ap]\.?m\b\.?|\s*uhr\b|h\b).*$",
    re.IGNORECASE | re.DOTALL,
)
_PARTIAL = re.compile(r"(\d{1,2})\.?(?:\s?([./-])\s?(\d{1,2})\.*(?:\s?(\d{4}|\d{2}))?)?[.\s]*")
_NAMED = [
    re.compile(p)
    for p in (
        r"(?P<d>\d{1,2})[- /]?M(?P<m>\d+)(?:[- /]?(?P<y>\d{4}|\d{2}))?",
        r"M(?P<m>\d+)[- ]?(?P<d>\d{1,2})(?: (?P<y>\d{4}))?",
        r"(?P<y>\d{4})[- ]?M(?P<m>\d+)[- ]?(?P<d>\d{1,2})",
        r"(?P<d>\d{1,2})",
    )
]
_MONTH_ONLY = re.compile(r"M(?P<m>\d+)[- /]?(?P<y>\d{4}|\d{2})")
_SPAN_AFTER = re.compile(r"M(\d+) (\d{1,2}) ?(?:-|→) ?(\d{1,2}) (\d{4})")
Partial = tuple[int | None, int | None, int]


class DayReader:
    """Reads cells in the style of one file. Never raises."""

    def __init__(self, style: Style, *, today: date | None = None) -> None:
        self.style = style
        self.latest = (today or datetime.now(UTC).date()).year + limits.YEARS_AHEAD
        self._kept: dict[tuple[str, str], list[When] | Reason] = {}

    def read(self, text: str, year: str = "") -> list[When] | Reason:
        """The days that a cell names; several where it lists them. `year` for days without one."""
        found = self._kept.get((text, year))
        if found is None:
            try:
                found = self._read(text, year)
            except _Bad as bad:
                found = bad.reason
            if len(self._kept) > _KEPT:
                self._kept.clear()
            self._kept[text, year] = found
        return found

    def _read(self, typed: str, year: str) -> list[When] | Reason:
        text = typed.strip().rstrip(",;")
        if len(text) > LONGEST:
            raise _Bad(Reason.about("date-unread", text))
        if match := _ISO.fullmatch(text):
            return [self._of_iso(match, text)]
        text = _CJK.sub(r"\1-\2-\3", plain_digits(text)).strip()
        if match := _ISO.fullmatch(text) or _BASIC.fullmatch(text):
            return [self._of_iso(match, text)]
        if match := _NUMBER.fullmatch(text):
            return [self._of_number(match, text)]
        if match := NUMERIC.fullmatch(text):
            when = self._of_numeric(match, text)
            if when:
                return [when]
        return self._of_words(text, int(year) if year.isdecimal() and len(year) == 4 else None)

    # One day in figures

    def _of_iso(self, match: re.Match[str], text: str) -> When:
        year, month, day, hour, minute, _second, zone = match.groups()
        first = self._day(int(year), int(month), int(day), text)
        if hour is None:
            return When(first)
        if int(hour) == 24 and int(minute) == 0:
            return When(first)
        if int(hour) > 23 or int(minute) > 59:
            raise _Bad(Reason.about("date-impossible", text))
        clock = time(int(hour), int(minute))
        if self.style.whole_days and clock == time(0):
            return When(first)
        if zone and not (self.style.local_z and zone.upper() in {"Z", "UTC"}):
            at = datetime.combine(first, clock, UTC) - _offset(zone)
            return When(None, instant=at)
        return When(first, start=clock)

    def _of_number(self, match: re.Match[str], text: str) -> When:
        """Seconds or thousandths since 1970, or a spreadsheet's days since 1900."""
        whole, part = match.groups()
        value = int(whole) if len(whole) < 16 else 0
        if len(whole) in {12, 13, 14}:
            value, whole = value // 1000, whole[:-3]
        if 10**8 <= value < 10**11:
            at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=value)
            self._check_year(at.year, text)
            if self.style.whole_days and value % DAY == 0:
                return When(at.date())
            return When(None, instant=at)
        if 10_000 <= value < 80_000:
            at = datetime(1899, 12, 30, tzinfo=UTC) + timedelta(days=float(f"{value}.{part or 0}"))
            self._check_year(at.year, text)
            at += timedelta(seconds=30)
            has_clock = bool(part) and int(part) > 0
            return When(
                at.date(), start=at.time().replace(second=0, microsecond=0) if has_clock else None
            )
        raise _Bad(Reason.about("date-unread", text))

    def _of_numeric(self, match: re.Match[str], text: str) -> When | None:
        one, sign, two, three, rest = match.groups()
        start = end = None
        if rest and rest.strip(" .,"):
            clocks = read_clocks(rest)
            if not clocks:
                return None
            start, end = clocks[0]
        if self.style.whole_days and start == time(0) and end is None:
            start = None
        return When(self._numeric(one, sign, two, three, text), start=start, end=end)

    def _numeric(self, one: str, sign: str, two: str, three: str, text: str) -> date:
        if len(one) > 2:
            return self._day(int(one), int(two), int(three), text)
        if len(three) == 3 or len(three) == 1:
            raise _Bad(Reason.about("date-unread", text))
        day, month = int(one), int(two)
        order = self.style.dots if sign == "." else self.style.slashes
        if order == "mdy":
            day, month = month, day
        if month > 12 >= day:  # the one that goes against the rest of the file
            day, month = month, day
        return self._day(self._year(three), month, day, text)

    # Words, ranges, lists

    def _of_words(self, text: str, year: int | None) -> list[When] | Reason:
        words = text.lower().replace("–", "-").replace("—", "-")
        precision = "day"
        if week := _WEEK.match(words):
            words, precision = words[week.end() :], "week"
        start = end = None
        clock = _CLOCK.search(words)
        if clock and (clocks := read_clocks(clock[0].strip(" ,"))):
            start, end = clocks[0]
            words = words[: clock.start()]
        words = self._with_months(words)
        if month := _MONTH_ONLY.fullmatch(words):
            first = self._day(self._year(month["y"]), int(month["m"]), 1, text)
            return [When(first, _month_end(first), precision="month")]
        spans = self._spans(words, text)
        whens = []
        for first, last in self._filled(spans, year, text):
            if precision == "week":
                last = first + timedelta(days=6)
            if not timedelta(0) <= last - first <= timedelta(days=limits.LONGEST_DAYS):
                return Reason.about("date-turned", start=first.isoformat(), end=last.isoformat())
            whens.append(When(first, last, start, end, precision=precision))
        return whens

    def _with_months(self, words: str) -> str:
        """Names of months as M5; days of the week and small words left away."""
        if not re.search(r"[^\W\d_]{3}", words):
            return words
        names, days = months(), weekdays()
        pieces, has_name = [], False
        for piece in _PIECE.findall(words):
            folded = fold(piece) if piece[0].isalpha() else piece
            if number := names.get(folded):
                pieces.append(f"M{number}")
                has_name = True
            elif piece in _WORDS_TO:
                pieces.append("→")
            elif folded in days or folded in _FILLERS:
                continue
            else:
                pieces.append(piece)
        if not has_name:
            return words
        text = " ".join(piece for piece in pieces if piece not in {".", ",", "'", "º", "ª"})
        return re.sub(r"(M\d+|\b\d{1,2}) ([-/]) (?=M\d+|\d{2,4}$)", _tight, text)

    def _spans(self, words: str, text: str) -> list[tuple[Partial, Partial]]:
        if after := _SPAN_AFTER.fullmatch(words):
            month, first, last, year = map(int, after.groups())
            return [((year, month, first), (year, month, last))]
        if not re.search(r"M\d+-|-M", words):  # 13-M8-2018
            words = (_SPACED if _HYPHENED.search(words) else _TO).sub("→", words)
        parts = [part for part in _AND.split(words.strip()) if part.strip(" .")]
        if not parts or len(parts) > limits.DAYS_IN_CELL:
            code = "date-many" if parts else "date-unread"
            raise _Bad(Reason.about(code, text, most=limits.DAYS_IN_CELL))
        spans = []
        for part in parts:
            ends = [self._partial(one, text) for one in _ends(part)]
            if len(ends) > 2:
                raise _Bad(Reason.about("date-unread", text))
            spans.append((ends[0], ends[-1]))
        return spans

    def _partial(self, part: str, text: str) -> Partial:
        part = part.strip(" ,")
        if match := _ISO.fullmatch(part):
            return int(match[1]), int(match[2]), int(match[3])
        if match := _PARTIAL.fullmatch(part):
            day, sign, month, year = match.groups()
            if month and (self.style.dots if sign == "." else self.style.slashes) == "mdy":
                day, month = month, day
            return self._year(year) if year else None, int(month) if month else None, int(day)
        if match := NUMERIC.fullmatch(part):
            one, sign, two, three = match.group(1, 2, 3, 4)
            whole = self._numeric(one, sign, two, three, text)
            return whole.year, whole.month, whole.day
        for pattern in _NAMED:
            if match := pattern.fullmatch(part.replace(".", "").strip()):
                found = match.groupdict()
                year, month = found.get("y"), found.get("m")
                return (
                    self._year(year) if year else None,
                    int(month) if month else None,
                    int(found["d"]),
                )
        raise _Bad(Reason.about("date-unread", text))

    def _filled(
        self, spans: list[tuple[Partial, Partial]], year: int | None, text: str
    ) -> Iterator[tuple[date, date]]:
        """Days with the month and year that stand after them: "21., 28.07. und 4.8.2014"."""
        flat = [one for span in spans for one in span]
        month: int | None = None
        whole: list[Partial] = []
        is_in_cell = any(one[0] for one in flat)
        for one in reversed(flat):
            after = month
            year, month = one[0] or year, one[1] or month
            if year and after and month and not one[0] and is_in_cell and month - after >= 6:
                year -= 1  # 17.12. and 4.1.2015
            whole.append((year, month, one[2]))
        whole.reverse()
        for (y1, m1, d1), (y2, m2, d2) in zip(whole[::2], whole[1::2], strict=True):
            if not (m1 and m2):
                raise _Bad(Reason.about("date-unread", text))
            if not (y1 and y2):
                raise _Bad(Reason.about("date-yearless", text))
            yield self._day(y1, m1, d1, text), self._day(y2, m2, d2, text)

    # Years

    def _year(self, written: str) -> int:
        year = int(written)
        if len(written) == 2:
            return year + (2000 if year <= self.latest % 100 else 1900)
        return year

    def _check_year(self, year: int, text: str) -> None:
        if year < limits.FIRST_YEAR:
            raise _Bad(Reason.about("date-early", text, year=year))
        if year > self.latest:
            raise _Bad(Reason.about("date-late", text, year=year))

    def _day(self, year: int, month: int, day: int, text: str) -> date:
        self._check_year(year, text)
        try:
            return date(year, month, day)
        except ValueError:
            raise _Bad(Reason.about("date-impossible", text)) from None


def _ends(part: str) -> list[str]:
    """The two ends of a range, or the one day."""
    return [one for one in part.split("→") if one.strip(" .")] or [part]


def _tight(match: re.Match[str]) -> str:
    return match[1] + match[2]


def _offset(zone: str) -> timedelta:
    if zone.upper() in {"Z", "UTC"}:
        return timedelta(0)
    digits = zone[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return -offset if zone[0] == "-" else offset


def _month_end(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
