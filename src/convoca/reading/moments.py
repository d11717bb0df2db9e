"""Which day a text is of, which days it announces, and which it only tells of."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from convoca.reading.days import Day, finder_for, months
from convoca.reading.draft import Moment, Said
from convoca.reading.text import Span, Text
from convoca.reading.words import Words

KINDS = ("launch", "week", "month", "assembly", "day", "other")
BACK = 100
"""Days: a day without a year that lies so far back, or less, is not the next year's."""
RECENT = 62
"""Days: what a report reports happened no longer ago."""
_POSTED = re.compile(r"^\s*date\s*:?\s*(\d{4})-(\d{2})(?:-(\d{2}))?(?!\d)")
_LETTERS = re.compile(r"[^\W\d_]+")
_DATELINE = 160
"""Signs: so far from the beginning of its line a day is not that of a heading."""
_TOP = 6
_BOTTOM = 4


@dataclass(slots=True)
class Found:
    """A day as found, with what the calendar makes of it."""

    day: Day
    starts: date
    ends: date | None
    year_by: str


class Calendar:
    """Reads the days of one text against the day it was received."""

    def __init__(self, text: Text, words: Words, received: date) -> None:
        self.text, self.words, self.received = text, words, received
        self._finder = finder_for(words)
        self.days = self._finder.find(text)
        self.impossible = False
        self.issued: Said | None = None  # until it is found
        self.issued = self._issued()
        self.base = self._base()

    def _base(self) -> date:
        if self.issued and len(self.issued.value) == 10:
            return date.fromisoformat(self.issued.value)
        if self.issued:
            year, month = map(int, self.issued.value.split("-"))
            ends = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
            return min(ends, self.received)
        return self.received

    # The day of issue

    def _issued(self) -> Said | None:
        lines = [Span(*m.span()) for m in re.finditer(r"[^\n]*\S[^\n]*", self.text.raw)]
        top = lines[:_TOP]
        bottom = [line for line in lines[-_BOTTOM:] if line not in top]
        header = None
        for line in (*top, *reversed(bottom)):
            flat = self.text.flat[line.start : line.end]
            own = self._dateline(line, is_first=line in top)
            if posted := _POSTED.match(flat):
                parts = [int(part) for part in posted.groups() if part]
                if 1 <= parts[1] <= 12 and (len(parts) == 2 or _real(*parts)):
                    value = "-".join(f"{part:02d}" for part in parts)
                    header = Said(value, Span(line.start, line.start + posted.end()), 0.85)
                    own = own if own and own.span.start >= header.span.end else None
            if own:
                return own
        return header

    def _dateline(self, line: Span, *, is_first: bool) -> Said | None:
        """A line that is little more than a day, or a paragraph that opens with place and day."""
        flat = self.text.flat[line.start : line.end]
        if re.match(r"\s*(?:[-*•–]|\d+[.)])\s", flat):
            return None
        for day in reversed(self.days):
            if day.last or not (line.start <= day.span.start and day.span.end <= line.end):
                continue
            if day.span.start - line.start > _DATELINE:
                continue
            before = self.text.flat[line.start : day.span.start]
            after = self.text.flat[day.span.end : min(line.end, day.span.end + _DATELINE)]
            if self.words.pattern("before_deadline").search(before) and ":" in before:
                continue
            is_short = len(_LETTERS.findall(before)) <= 4 and len(_LETTERS.findall(after)) <= 3
            opens = (
                is_first
                and len(_LETTERS.findall(before)) <= 4
                and bool(re.match(r"\s*(?:[-–—:.|,؛]|\))", after))
                and bool(re.search(r"^\s*$|[,\s(]$", before))
                and not self._moved(before)
            )
            signs = is_first and bool(re.search(r"\s[-–—|]\s*$", before)) and not after.strip(" .")
            if not (signs or ((is_short or opens) and not self._moved(before))):
                continue
            starts, _ends, _by = self._dates(day, self.received, is_past=True)
            if starts and starts <= self.received:
                return Said(starts.isoformat(), day.span, 0.9 if day.first[0] else 0.75)
        names = "|".join(map(re.escape, months()))
        only = re.fullmatch(
            rf"(?:.{{0,40}},)?\s*({names})\s+(?:(?:de|del|of)\s+)?(\d{{4}})\s*\.?", flat
        )
        if only and len(flat) < 60:
            return Said(f"{int(only[2]):04d}-{months()[only[1]]:02d}", line, 0.8)
        return None

    def _moved(self, before: str) -> bool:
        """Whether words before a day say that something happens then."""
        return any(
            self.words.pattern(name).search(before)
            for name in (
                "before_deadline",
                "moment.day",
                "moment.assembly",
                "moment.other",
                "moment.week",
            )
        )

    # Days to the calendar

    def _dates(
        self, day: Day, base: date, *, is_past: bool = False
    ) -> tuple[date | None, date | None, str]:
        first, last = day.first, day.last
        year_by = "written" if first[0] or (last and last[0]) else ""
        if year_by:
            year = first[0] or (last[0] if last else 0)
            starts = _real(year, *first[1:])
            ends = _real(last[0] or year, *last[1:]) if last else None
        else:
            starts, year_by = self._yearless(day, base, is_past=is_past)
            ends = None
            if starts and last:
                ends = _real(starts.year, *last[1:])
                if ends and ends < starts:
                    ends = _real(starts.year + 1, *last[1:])
        if starts is None or (last and ends is None):
            self.impossible = True
            return None, None, ""
        if ends and not timedelta(0) < ends - starts <= timedelta(days=400):
            return starts, None, year_by
        return starts, ends, year_by

    def _yearless(self, day: Day, base: date, *, is_past: bool) -> tuple[date | None, str]:
        years = [one for y in (-1, 0, 1) if (one := _real(base.year + y, *day.first[1:]))]
        if not years:
            return None, ""
        by = "issue" if self.issued and not is_past else "received"
        if day.weekday is not None:
            fits = [one for one in years if one.weekday() == day.weekday]
            if len(fits) == 1:
                return fits[0], "weekday"
        if is_past:
            past = [one for one in years if one <= base]
            return (past[-1] if past else None), by
        ahead = [one for one in years if one >= base - timedelta(days=BACK)]
        return (ahead[0] if ahead else years[-1]), by

    def found(self) -> list[Found]:
        """All days of the text, those without a month too, without the day of issue."""
        by_text = []
        for day in self.days:
            if self.issued and day.span.meets(self.issued.span):
                continue
            starts, ends, by = self._dates(day, self.base)
            if starts:
                by_text.append(Found(day, starts, ends, by))
        taken = [day.span for day in self.days]
        for span, kind, weekday, number in self._finder.near(self.text, taken):
            if at := self._near(kind, weekday, number):
                fixed = Day(span, (at.year, at.month, at.day), None, weekday, "relative")
                by = "weekday" if weekday is not None else "relative"
                by_text.append(Found(fixed, at, None, by))
        return sorted(by_text, key=lambda one: one.day.span.start)

    def _near(self, kind: str, weekday: int | None, number: int) -> date | None:
        base, one = self.base, timedelta(days=1)
        if kind == "day":
            around = [base + one * n for n in range(-31, 62)]
            fits = [d for d in around if d.day == number and weekday in (None, d.weekday())]
            return min(fits, key=lambda d: abs(d - base)) if fits else None
        if kind in ("yesterday", "tomorrow", "today"):
            known = self.issued and len(self.issued.value) == 10
            moved = {"yesterday": -1, "tomorrow": 1, "today": 0}[kind]
            return base + one * moved if known and moved else None
        if weekday is None:
            return None
        ahead = (weekday - base.weekday()) % 7
        return (
            base - one * ((base.weekday() - weekday) % 7 or 7)
            if kind in ("last", "past")
            else base + one * (ahead or 7)
        )


def _real(year: int, month: int = 1, day: int = 1) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def sorted_out(
    calendar: Calendar, kind: str, campaigns: Iterable[Said]
) -> tuple[list[Moment], list[Moment]]:
    """What is announced or reported as the text's own subject, and what is told besides."""
    moments: dict[tuple[date, date | None], Moment] = {}
    mentions: dict[tuple[date, date | None], Moment] = {}
    subject = False
    for one in calendar.found():
        for starts, ends in _split(calendar, one, kind):
            what, label = _kind_of(calendar, one, ends, kind)
            last = ends or starts
            ahead = last > calendar.base
            recent = timedelta(0) <= calendar.base - last <= timedelta(days=RECENT)
            own = False
            if not ahead and recent and not subject:
                if kind in ("report", "resolutions"):
                    own = what in ("assembly", "day", "week", "other")
                elif kind == "call" and what == "launch":
                    own = calendar.base - last <= timedelta(days=7)
                subject = subject or own
            sure = 0.9 if one.year_by == "written" else 0.75
            found = Moment(starts, ends, one.day.span, one.year_by, sure, what, label)
            if ahead or own:
                moments.setdefault((starts, ends), found)
            elif starts != calendar.base:
                mentions.setdefault((starts, ends), found)
    for key in moments:
        mentions.pop(key, None)
    return list(moments.values()), list(mentions.values())


def _split(calendar: Calendar, one: Found, kind: str) -> list[tuple[date, date | None]]:
    """A list of days is one course, or several days."""
    if not (one.day.is_list and one.ends) or kind == "course":
        return [(one.starts, one.ends)]
    months_day = (one.starts.replace(day=day) for day in one.day.listed if day >= one.starts.day)
    return [*((day, None) for day in dict.fromkeys((one.starts, *months_day))), (one.ends, None)]


def _kind_of(calendar: Calendar, one: Found, ends: date | None, kind: str) -> tuple[str, str]:
    text, words, span = calendar.text, calendar.words, one.day.span
    sentence = text.sentence_at(span.start)
    label = " ".join(text.raw[sentence.start : sentence.end].split())[:120]
    before = text.flat[max(sentence.start, span.start - 60) : span.start]
    closing = [m.end() for m in words.pattern("before_deadline").finditer(before)]
    if not ends and closing and len(before) - closing[-1] < 30:
        return "deadline", label
    best: tuple[int, str] = (10_000, "")
    for name in KINDS:
        for match in words.pattern(f"moment.{name}").finditer(
            text.flat, sentence.start, sentence.end
        ):
            away = (
                span.start - match.end()
                if match.end() <= span.start
                else 20 + match.start() - span.end
            )
            best = min(best, (abs(away), name))
    length = (ends - one.starts).days + 1 if ends else 1
    what = best[1] or ("week" if 5 <= length <= 9 and kind == "call" else "")
    if not what:
        what = "day" if kind in ("call", "statement") and length <= 4 else "other"
    if what == "day" and length > 4:
        what = "week" if length <= 9 else "other"
    return what, label
