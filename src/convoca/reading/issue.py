"""Which day a text is of: what it says of itself, before what its mail says."""

import re
from datetime import timedelta
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from convoca.reading.days import Day, months, real
from convoca.reading.draft import Said
from convoca.reading.plain import plain
from convoca.reading.text import Span, Text
from convoca.reading.words import Words
from convoca.reading.words.shared import any_words

if TYPE_CHECKING:
    from convoca.reading.moments import Calendar

MAILED = re.compile(rf"\s*(?:{'|'.join(map(plain, any_words('mail_shown')))})\s?:\s")
_HEADERS = [*any_words("mail_shown"), *any_words("mail_hidden")]
_HEADER = re.compile(rf"[\s>]*(?:{'|'.join(map(re.escape, map(plain, _HEADERS)))})\s?:\s")
_TOP = 6
_BOTTOM = 4
_DATELINE = 160
"""Signs: so far from the beginning of its line a day is not that of a heading."""
_OPENING = 8
"""Words of a line before the day on which a text says that it was adopted."""
_SHORT = 40
"""Signs of a line at the foot that is little more than a month."""
_FRESH = 120
"""Days: a day without a year above or below a text is of its issue if it is no older."""
_LETTERS = re.compile(r"[^\W\d_]+")
_ARTICLE = re.compile(r"\s*(?:el|la|le|on|o|a|em|no|na|il|am|den|dem|el dia|no dia)\s+")
_POSTED = re.compile(r"^\s*date\s*:?\s*(\d{4})-(\d{2})(?:-(\d{2}))?(?!\d)")


def is_mailed(text: Text, line: Span) -> bool:
    """Whether a line is a header of a mail: "Data: 4 de novembro" alone is an appointment."""
    if not MAILED.match(text.flat, line.start, line.end):
        return False
    beside = [text.line_at(line.start - 1)] if line.start else []
    beside += [text.line_at(line.end + 1)] if line.end + 1 < len(text.raw) else []
    return any(_HEADER.match(plain(text.shown[one.start : one.end])) for one in beside)


@lru_cache(maxsize=1)
def _month_alone() -> re.Pattern[str]:
    names = "|".join(map(re.escape, months()))
    return re.compile(rf"(?:.{{0,60}},)?\s*({names})\s+(?:(?:de|del|of)\s+)?(\d{{4}})\s*\.?")


class IssueFinder:
    """Looks for the day of issue among the days of a calendar."""

    def __init__(self, calendar: "Calendar") -> None:
        self.calendar, self.text, self.words = calendar, calendar.text, calendar.words
        self._by = self.words.either("by")

    def find(self) -> Said | None:
        lines = self.text.lines()
        sent = [one for one in lines[:_TOP] if is_mailed(self.text, one)]
        if sent:
            return self._issued_of(lines[lines.index(sent[-1]) + 1 :]) or self._sent(sent)
        return (
            self._issued_of(lines)
            or self._adopted()
            or self._today()
            or self._issued_of(lines, is_range=True)
        )

    def _sent(self, lines: list[Span]) -> Said | None:
        """The day in the head of a mail, where the text names none of its own."""
        for day in self.calendar.days:
            if any(line.start <= day.span.start < line.end for line in lines):
                return self._said(day)
        return None

    def _adopted(self) -> Said | None:
        """ "Adopted on 6 June 2027": the last such day of the text."""
        for day in reversed(self.calendar.days):
            before = self.text.flat[max(0, day.span.start - 50) : day.span.start]
            said = list(self.words.pattern("adopted").finditer(before))
            if not said or re.search(r"[.;:!?\n\d]", before[said[-1].end() :]):
                continue
            line = self.text.line_at(day.span.start)
            words = _LETTERS.finditer(self.text.flat, line.start, day.span.start)
            opens = len(list(islice(words, _OPENING + 1))) <= _OPENING
            if opens and (found := self._said(day)):
                return found
        return None

    def _today(self) -> Said | None:
        """ "Today, Tuesday 8 June"."""
        for day in self.calendar.days:
            before = self.text.flat[max(0, day.span.start - 12) : day.span.start]
            said = list(self.words.pattern("today").finditer(before))
            if said and not before[said[-1].end() :].strip(" ,") and (found := self._said(day)):
                return found
        return None

    def _said(self, day: Day) -> Said | None:
        """A day as one of issue: the last of a range, not after the text was received."""
        starts, ends, _by = self.calendar.dates(day, self.calendar.received, is_past=True)
        last = ends or starts
        is_fresh = bool(day.first[0]) or bool(
            last and self.calendar.received - last <= timedelta(days=_FRESH)
        )
        if last and last <= self.calendar.received and is_fresh:
            return Said(last.isoformat(), day.span, 0.9 if day.first[0] else 0.75)
        return None

    def _issued_of(self, lines: list[Span], *, is_range: bool = False) -> Said | None:
        top = lines[:_TOP]
        bottom = [line for line in lines[-_BOTTOM:] if line not in top]
        header = updated = None
        is_blog = bool(lines) and any(
            not self.text.raw[lines[0].start : day.span.start].strip(" ,")
            and not self.text.raw[day.span.end : lines[0].end].strip()
            for day in self.calendar.days[:1]
            if day.span.start < lines[0].end
        )
        """Whether the first line is a day and nothing else, as that of a posting."""
        for line in (*top, *reversed(bottom)):
            flat = self.text.flat[line.start : line.end]
            own = self._dateline(line, is_first=line in top, is_range=is_range)
            if posted := _POSTED.match(flat):
                parts = [int(part) for part in posted.groups() if part]
                if 1 <= parts[1] <= 12 and (len(parts) == 2 or real(*parts)):
                    value = "-".join(f"{part:02d}" for part in parts)
                    header = Said(value, Span(line.start, line.start + posted.end()), 0.85)
                    own = own if own and own.span.start >= header.span.end else None
            if own and line in top and self._is_updated(own):
                updated = updated or own
                continue
            if own and line in top and (first := self._written_before(own, top)):
                self.calendar.posted = own.span
                return first
            if own and line in top and is_blog and (signed := self._signed_at(bottom)):
                self.calendar.posted = own.span
                return signed
            if own:
                self.calendar.posted = updated.span if updated else None
                return own
        return header or updated

    def _is_updated(self, said: Said) -> bool:
        """ "Last updated: 10 August" is the page's, on the line or on the one above."""
        line = self.text.line_at(said.span.start)
        above = self.text.line_at(line.start - 1) if line.start else line
        return bool(
            self.words.pattern("updated").search(self.text.flat, above.start, said.span.start)
        )

    def _written_before(self, posted: Said, top: list[Span]) -> Said | None:
        """Of two lines that are days alone, the one before: the author's own, not the page's."""
        for day in self.calendar.days:
            line = self.text.line_at(day.span.start)
            if line not in top or day.span.start <= posted.span.end or not day.first[0]:
                continue
            beside = (
                self.text.flat[line.start : day.span.start]
                + self.text.flat[day.span.end : line.end]
            )
            if beside.strip(" .,") or day.last:
                continue
            found = self._said(day)
            if found and len(posted.value) == 10 and found.value < posted.value:
                return found
        return None

    def _signed_at(self, bottom: list[Span]) -> Said | None:
        """The month alone at the foot, under who signs: the author's own, before the page's."""
        for line in reversed(bottom):
            flat = self.text.flat[line.start : line.end]
            only = _month_alone().fullmatch(flat) if len(flat) < _SHORT else None
            if only:
                return Said(f"{int(only[2]):04d}-{months()[only[1]]:02d}", line, 0.7)
        return None

    def _opens_sentence(self, day: Day, before: str, after: str) -> bool:
        """ "El sábado 12 de octubre, a las 10, se reunió" tells; it is no dateline."""
        has_article = (
            _ARTICLE.fullmatch(before)
            if before.strip()
            else _ARTICLE.match(self.text.flat, day.span.start, day.span.end)
        )
        goes_on = re.match(r"\s*,\s*", after)
        at = day.span.end + (goes_on.end() if goes_on else 0)
        return bool(has_article and goes_on and self.text.raw[at : at + 1].islower())

    def _dateline(self, line: Span, *, is_first: bool, is_range: bool) -> Said | None:
        """A line that is little more than a day, or a paragraph that opens with place and day."""
        flat = self.text.flat[line.start : line.end]
        if re.match(r"\s*(?:[-*•–]|\d+[.)])\s", flat):
            return None
        for day in reversed(self.calendar.days):
            if (
                day.is_list
                or (day.last and not is_range)
                or not (line.start <= day.span.start and day.span.end <= line.end)
            ):
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
                and bool(re.match(rf"\s*(?:[-–—:.|,؛]|\)|(?:{self._by})\s)", after))
                and bool(re.search(r"^\s*$|[,\s(]$", before))
                and not has_moved(self.words, before)
                and not self._opens_sentence(day, before, after)
            )
            is_last = not after.strip(" .)") and not has_moved(self.words, before)
            signs = is_first and bool(re.search(r"\s[-–—|]\s*$", before)) and not after.strip(" .")
            signs = signs or (is_first and is_last and bool(day.first[0]) and before[-2:] == ", ")
            if not (signs or ((is_short or opens) and not has_moved(self.words, before))):
                continue
            if day.last and not (is_first and is_short and "," in before and not after.strip(" .")):
                continue
            if found := self._said(day):
                return found
        only = _month_alone().fullmatch(flat) if len(flat) < 60 else None
        if only:
            return Said(f"{int(only[2]):04d}-{months()[only[1]]:02d}", line, 0.8)
        return None


def has_moved(words: Words, before: str) -> bool:
    """Whether words before a day say that something happens then."""
    return any(
        words.pattern(name).search(before)
        for name in (
            "before_deadline",
            "moment.day",
            "moment.assembly",
            "moment.other",
            "moment.week",
            "not_issued",
        )
    )
