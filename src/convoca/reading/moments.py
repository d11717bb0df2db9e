"""Which day a text is of, which days it announces, and which it only tells of."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from convoca.reading.days import Day, finder_for, months, real
from convoca.reading.draft import Moment, Said
from convoca.reading.issue import IssueFinder, has_moved, is_mailed
from convoca.reading.text import Covered, Hits, Span, Text, shouted
from convoca.reading.words import Words

KINDS = ("launch", "week", "month", "assembly", "day", "other")
BACK = 100
"""Days: a day without a year that lies so far back, or less, is not the next year's."""
RECENT = 62
"""Days: what a report reports happened no longer ago."""
_SMALL_MONTHS = ("es", "fr", "pt", "it")
"""Languages that write months without a capital, so that one in capitals is a name's."""
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_MONTH = re.compile(r"(?<!\w)([^\W\d_]{3,})(?:,?\s+(?:(?:de|del|of)\s+)?([12]\d{3}))?(?!\w)")
_AROUND = 120
"""Signs between a month's name and the words "month of action"."""
_LETTERS = re.compile(r"[^\W\d_]{3,}")
_NAME = 60
"""Signs before a day that may be the beginning of a name."""
_NUMBER = re.compile(r"\d")
_TOP = 1500
"""Signs at the top of a declaration, where it says at which meeting it was made."""
_LABEL = 600
"""Signs of a sentence that its label, of 120, is made from."""
_BESIDE = 200
"""Signs: a day that stands so near before says which month "the 30th" is of."""


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
        self._hits: dict[str, Hits] = {}
        addresses = Covered(len(text.raw), (Span(*m.span()) for m in _ADDRESS.finditer(text.raw)))
        self.days = [
            day
            for day in self._finder.find(text)
            if not (self._is_named(day) or addresses.meets(day.span))
        ]
        self.impossible = False
        self.posted: Span | None = None
        """The day on which a page was posted, where the text has one of its own."""
        self.issued: Said | None = None  # until it is found
        self.issued = IssueFinder(self).find()
        self.base = self._base()

    def hits(self, name: str) -> Hits:
        """Where words of a list stand in the text."""
        found = self._hits.get(name)
        if found is None:
            found = self._hits[name] = Hits(self.words.pattern(name), self.text.flat)
        return found

    def is_ahead(self) -> bool:
        """Whether any day of the text lies ahead of its issue."""
        found = (self.dates(day, self.base) for day in self.days)
        return any((ends or starts) > self.base for starts, ends, _by in found if starts)

    def _base(self) -> date:
        if self.issued and len(self.issued.value) == 10:
            return date.fromisoformat(self.issued.value)
        if self.issued:
            year, month = map(int, self.issued.value.split("-"))
            ends = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
            return min(ends, self.received)
        return self.received

    def _is_named(self, day: Day) -> bool:
        """Whether a day is part of a name: "Junta Vecinal 16 de Julio"."""
        raw = self.text.raw[day.span.start : day.span.end]
        if day.first[0] or day.last:
            return False
        month = raw.split()[-1]
        line = self.text.line_at(day.span.start)
        start = max(line.start, day.span.start - _NAME)
        before = re.search(r"([^\W\d_]+) $", self.text.raw[start : day.span.start])
        is_quoted = self.text.raw[start : day.span.start].endswith(("«", "“", '"', "« "))
        return (
            self.words.language in _SMALL_MONTHS
            and month[:1].isupper()
            and (is_quoted or bool(before and before[1][0].isupper()))
            and not shouted(self.text, day.span)
            and not has_moved(self.words, self.text.flat[start : day.span.start])
        )

    # Days to the calendar

    def dates(
        self, day: Day, base: date, *, is_past: bool = False
    ) -> tuple[date | None, date | None, str]:
        first, last = day.first, day.last
        year_by = "written" if first[0] or (last and last[0]) else ""
        if year_by:
            year = first[0] or (last[0] if last else 0)
            starts = real(year, *first[1:])
            ends = real(last[0] or year, *last[1:]) if last else None
        else:
            starts, year_by = self._yearless(day, base, is_past=is_past)
            ends = None
            if starts and last:
                ends = real(starts.year, *last[1:])
                if ends and ends < starts:
                    ends = real(starts.year + 1, *last[1:])
        if starts is None or (last and ends is None):
            self.impossible = True
            return None, None, ""
        if ends and not timedelta(0) < ends - starts <= timedelta(days=400):
            return starts, None, year_by
        return starts, ends, year_by

    def _yearless(self, day: Day, base: date, *, is_past: bool) -> tuple[date | None, str]:
        years = [one for y in (-1, 0, 1) if (one := real(base.year + y, *day.first[1:]))]
        if not years:
            return None, ""
        by = "issue" if self.issued and not is_past else "received"
        if day.weekday is not None:
            fits = [one for one in years if one.weekday() == day.weekday]
            if len(fits) == 1:
                return fits[0], "weekday"
        if year := self._that_year(day):
            return real(year, *day.first[1:]), "written"
        turned = self._turned(day) or -self._is_since(day)
        if turned > 0:
            ahead = [one for one in years if one >= base]
            return (ahead[0] if ahead else years[-1]), by
        if is_past or turned < 0:
            past = [one for one in years if one <= base]
            return (past[-1] if past else None), by
        ahead = [one for one in years if one >= base - timedelta(days=BACK)]
        return (ahead[0] if ahead else years[-1]), by

    def _that_year(self, day: Day) -> int:
        """ "On 7 May of that year": the year that was written last before."""
        after = _skip(self.text.flat, day.span.end)
        if not self.words.pattern("that_year").match(self.text.flat, after):
            return 0
        before = re.findall(
            r"(?<!\d)[12]\d{3}(?!\d)",
            self.text.flat[max(0, day.span.start - 2000) : day.span.start],
        )
        return int(before[-1]) if before else 0

    def _is_since(self, day: Day) -> bool:
        """ "Since the storm of 22 February": gone by; "desde el 3 de mayo" alone may be to come."""
        if day.last:
            return False
        before = self.text.flat[max(0, day.span.start - _NAME) : day.span.start]
        said = list(self.words.pattern("since").finditer(before))
        if not said or re.search(r"[.;:!?\n]", before[said[-1].end() :]):
            return False
        between = _LETTERS.findall(before[said[-1].end() :])
        return self.words.language in ("en", "fr", "de", "ar") or len(between) > 1

    def _turned(self, day: Day) -> int:
        """Whether the words beside a day say that it is to come (1) or gone by (-1)."""
        flat = self.text.flat
        after = re.match(r"\s+([^\W\d_]+)", flat[day.span.end : day.span.end + 20])
        before = re.search(r"([^\W\d_]+)\s+$", flat[max(0, day.span.start - 20) : day.span.start])
        for sign, name in ((1, "next_after"), (-1, "last_after")):
            said = self.words.words(name)
            beside = [m[1].removesuffix("s") for m in (after, before) if m]
            if any(word in said or word.removesuffix("e") in said for word in beside):
                return sign
        return 0

    @property
    def _issued_at(self) -> Span | None:
        return self.issued.span if self.issued else None

    def found(self) -> list[Found]:
        """All days of the text, those without a month too, without the day of issue."""
        by_text = []
        for day in self.days:
            line = self.text.line_at(day.span.start)
            if any(one and day.span.meets(one) for one in (self._issued_at, self.posted)):
                continue
            if is_mailed(self.text, line):
                continue
            starts, ends, by = self.dates(day, self.base)
            if starts:
                by_text.append(Found(day, starts, ends, by))
        taken = [day.span for day in self.days]
        stops = [one.day.span.end for one in by_text]
        numbers = {one.starts.day for one in by_text}
        for span, kind, weekday, number in self._finder.near(self.text, taken):
            if kind == "day" and weekday is None and number in numbers:
                continue  # "on the 4th", of which more is said elsewhere
            beside = None
            if weekday is None:  # "by 24 September; answers on the 30th"
                last = bisect_left(stops, span.start) - 1
                is_near = last >= 0 and span.start - stops[last] < _BESIDE
                beside = by_text[last].starts if is_near else None
            if at := self._near(kind, weekday, number, beside):
                fixed = Day(span, (at.year, at.month, at.day), None, weekday, "relative")
                by = "weekday" if weekday is not None else "relative"
                by_text.append(Found(fixed, at, None, by))
        return sorted(by_text, key=lambda one: one.day.span.start)

    def _near(
        self, kind: str, weekday: int | None, number: int, beside: date | None
    ) -> date | None:
        base, one = self.base, timedelta(days=1)
        if kind == "day":
            around = [base + one * n for n in range(-31, 62)]
            fits = [d for d in around if d.day == number and weekday in (None, d.weekday())]
            return min(fits, key=lambda d: abs(d - (beside or base))) if fits else None
        if kind in ("yesterday", "tomorrow", "today"):
            known = self.issued and len(self.issued.value) == 10
            moved = {"yesterday": -1, "tomorrow": 1, "today": 0}[kind]
            return base + one * moved if known and moved else None
        if weekday is None:
            return None
        ahead = (weekday - base.weekday()) % 7
        return (
            base - one * ((base.weekday() - weekday) % 7 or 7)
            if kind in ("last", "past", "since")
            else base + one * (ahead or 7)
        )


def _skip(flat: str, at: int) -> int:
    while at < len(flat) and flat[at] in " ,":
        at += 1
    return at


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
                elif kind == "statement" and what == "assembly" and ends:
                    own = one.day.span.start < _TOP
                elif kind == "call" and what == "launch":
                    own = calendar.base - last <= timedelta(days=7)
                subject = subject or own
                if own and what == "other" and kind in ("report", "resolutions"):
                    what = "assembly"
            sure = 0.9 if one.year_by == "written" else 0.75
            found = Moment(starts, ends, one.day.span, one.year_by, sure, what, label)
            if ahead or own:
                moments.setdefault((starts, ends), found)
            elif starts != calendar.base:
                mentions.setdefault((starts, ends), found)
    for month in _months(calendar):
        moments.setdefault((month.starts, month.ends), month)
    for key in moments:
        mentions.pop(key, None)
    if kind == "course":
        _drop_sessions(calendar, moments)
    return list(moments.values()), list(mentions.values())


def _months(calendar: Calendar) -> Iterator[Moment]:
    """Months that are themselves announced: "April will be a month of action"."""
    flat, names = calendar.text.flat, months(calendar.words.language)
    taken = Covered(len(flat), (day.span for day in calendar.days))
    for hit in calendar.words.pattern("moment.month").finditer(flat):
        after = _LETTERS.match(flat, _skip(flat, hit.end()))
        if not after or after[0] in names:
            continue  # "the month of April" alone only says when
        sentence = calendar.text.sentence_at(hit.start())
        start, end = (
            max(sentence.start, hit.start() - _AROUND),
            min(sentence.end, hit.end() + _AROUND),
        )
        found = [
            (abs(one.start() - hit.start()), one)
            for one in _MONTH.finditer(flat, start, end)
            if one[1] in names and not taken.meets(Span(*one.span(1)))
        ]
        if not found or (
            calendar.words.language == "en" and calendar.text.raw[min(found)[1].start()].islower()
        ):
            continue
        said = min(found)[1]
        month, year = names[said[1]], int(said[2] or 0)
        base = calendar.base
        starts = date(year or base.year + (month < base.month), month, 1)
        ends = date(starts.year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        if ends > base:
            by = "written" if year else "issue" if calendar.issued else "received"
            label = " ".join(calendar.text.raw[start:end].split())[:120]
            yield Moment(starts, ends, Span(*said.span()), by, 0.6, "month", label)


def _drop_sessions(calendar: Calendar, moments: dict[tuple[date, date | None], Moment]) -> None:
    """A course is one moment from its first to its last session."""
    ranges = [key for key, one in moments.items() if key[1] and one.kind != "deadline"]
    ranges = _as_one(calendar, moments, ranges)
    if not ranges:
        return
    starts, ends = max(ranges, key=lambda key: (key[1] or key[0]) - key[0])
    for key, one in list(moments.items()):
        sentence = calendar.text.sentence_at(one.span.start)
        said = calendar.hits("session").last_in(sentence.start, one.span.end)
        inside = ends is not None and starts <= key[0] <= ends and not key[1]
        if inside and one.kind != "deadline" and (said or key[0] in (starts, ends)):
            del moments[key]


def _as_one(
    calendar: Calendar,
    moments: dict[tuple[date, date | None], Moment],
    ranges: list[tuple[date, date | None]],
) -> list[tuple[date, date | None]]:
    """Parts of a course, each of several days: "1st module: 7 to 10 June", as one moment."""
    parts = []
    for key in ranges:
        span = moments[key].span
        sentence = calendar.text.sentence_at(span.start)
        line = calendar.text.line_at(span.start)
        if calendar.hits("session").last_in(min(sentence.start, line.start), span.start):
            parts.append(key)
    if len(parts) < 2 or len(parts) < len(ranges):
        return ranges
    starts, ends = min(key[0] for key in parts), max(key[1] or key[0] for key in parts)
    whole = replace(moments[parts[0]], starts=starts, ends=ends)
    for key in parts:
        del moments[key]
    moments[starts, ends] = whole
    return [(starts, ends)]


def _split(calendar: Calendar, one: Found, kind: str) -> list[tuple[date, date | None]]:
    """A list of days is one course, or several days."""
    if not (one.day.is_list and one.ends) or kind == "course":
        return [(one.starts, one.ends)]
    months_day = (one.starts.replace(day=day) for day in one.day.listed if day >= one.starts.day)
    return [*((day, None) for day in dict.fromkeys((one.starts, *months_day))), (one.ends, None)]


def _kind_of(calendar: Calendar, one: Found, ends: date | None, kind: str) -> tuple[str, str]:
    text, words, span = calendar.text, calendar.words, one.day.span
    sentence = text.sentence_at(span.start)
    shown = Span(sentence.start, min(sentence.end, sentence.start + _LABEL))
    label = " ".join(text.raw[shown.start : shown.end].split())[:120]
    number = _NUMBER.search(text.flat, span.start, span.end)
    begins = number.start() if number else span.start  # "antes del": the day's own article counts
    before = text.flat[max(sentence.start, span.start - 60) : begins]
    closing = [m.end() for m in words.pattern("before_deadline").finditer(before)]
    if not ends and closing and len(before) - closing[-1] < 30:
        return "deadline", label
    best: tuple[int, str] = (10_000, "")
    for name in KINDS:
        for hit in calendar.hits(f"moment.{name}").about(span, sentence):
            away = span.start - hit.end if hit.end <= span.start else 20 + hit.start - span.end
            best = min(best, (abs(away), name))
    length = (ends - one.starts).days + 1 if ends else 1
    what = best[1] or ("week" if 5 <= length <= 9 and kind == "call" else "")
    if not what:
        what = "day" if kind in ("call", "statement") and length <= 4 else "other"
    if what == "day" and length > 4:
        what = "week" if length <= 9 else "other"
    if ends and kind in ("course", "brigade") and what != "week":
        what = "other"
    return what, label
