"""The days that a text names, with the passage of each. Which of them matter is said elsewhere."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

from convoca.core.calendar_names import names_of, of_one_meaning
from convoca.reading.plain import plain
from convoca.reading.text import Covered, Span, Text
from convoca.reading.words import KNOWN, Words, numbers_of

_LOCALES = (
    *KNOWN, "ar_LB", "ar_MA", "ar_TN", "ca", "gl", "eu", "nl", "pl", "ru", "uk", "tr", "el", "ro",
    "sv", "da", "nb", "fi", "cs", "hu", "id", "sw", "fa",
)  # fmt: skip
_FIRSTS = {"primero": 1, "primeiro": 1, "premier": 1, "first": 1, "primo": 1}
"""Days in words, besides the numbers of each language."""
_ALSO = {"setiembre": 9, "sept": 9, "marz": 3, "janner": 1, "set": 9}


@lru_cache(maxsize=16)
def months(language: str = "") -> dict[str, int]:
    """Names of months in all languages; short forms only of one, where it is known.

    "Des 30 juin" is not the 30th of December, as a Norwegian would shorten it.
    """
    own = [tag for tag in _LOCALES if tag.split("_")[0] == language] or _LOCALES
    names = [*names_of("months", _LOCALES, ["wide"]), *names_of("months", own, ["abbreviated"])]
    found = ((plain(name).strip(". "), n) for name, n in names)
    words = ((w, n) for w, n in found if len(w) > 2 and not any(sign.isdigit() for sign in w))
    return of_one_meaning(words) | _ALSO


@lru_cache(maxsize=1)
def weekdays() -> dict[str, int]:
    """Names of the days of the week, Monday 0; whole names only."""
    names = [(plain(name), n) for name, n in names_of("days", _LOCALES, ["wide"])]
    return of_one_meaning([*names, *((name.removesuffix("-feira"), n) for name, n in names)])


def _month_words(names: dict[str, int]) -> frozenset[str]:
    """The longest word of each month's name."""
    return frozenset(max(re.findall(r"[^\W\d_]+", name), key=len) for name in names)


_MAY_DATE = re.compile(r"[^\W\d_]+|\d\s?[-/.年년]\s?\d")
_BEFORE, _AFTER = 400, 60
"""Signs before and behind the name of a month that may belong to its day: lists are long."""
_THE_DAYS = re.compile(
    r"(?:\b(?:os|los|les|the|i|il|il giorno|dem|den)\b)?\s*(?:\b(?:dias|jours|giorni|days)\b)?"
)


def _ways(words: dict[str, int]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


@dataclass(frozen=True, slots=True)
class Day:
    """A day or a range as written. `year` 0: none is written."""

    span: Span
    first: tuple[int, int, int]
    last: tuple[int, int, int] | None = None
    weekday: int | None = None
    fixed: str = ""
    """What fixes a day that is written without month: relative or weekday."""
    is_list: bool = False
    listed: tuple[int, ...] = ()
    """Of a list, the days of the month before its last."""


class DaysFinder:
    """Finds days in texts of one language; names of months of all languages are known."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self._months = months(words.language)
        self._month_words = _month_words(self._months)
        month, weekday = _ways(self._months), _ways(weekdays())
        to = "|".join(["-", "–", "—", *(re.escape(w) for w in words.words("to"))])
        both = "|".join([",", "/", *(re.escape(w) for w in words.words("and"))])
        art = (
            r"(?:(?:el|los|las|le|les|the|l'|il|den|dem|dias?|jours?|o|os|em|on|no|aos?|du|del)\s+"
            r"|l')?"
        )
        week = rf"(?:(?P<{{}}>{weekday})(?:-feira)?\.?,?\s+(?:dia\s+|den\s+|the\s+|le\s+)?)?"
        number = r"\d{1,2}(?:\s?(?:st|nd|rd|th|er|re|\.?[oa]|°|\.)(?!\w))?"
        year = r"(?:,?\s*(?:(?:de|del|do|of|d'|لعام|عام|سنه)\s+)?(?P<y>[12]\d{3})(?!\d))?"
        head = (
            rf"(?P<chain>(?:{art}(?:(?:{weekday}),?\s+)?{number}"
            rf"\s*(?:(?:{to}|{both})\s*){{1,2}}){{0,12}})"
        )
        dmy = (
            rf"(?<![\w/.,-]){head}{art}{week.format('w')}(?P<d>{number})"
            rf"\s*[-/]?\s*(?:(?:de|of|d'|di|do|del|من)\s*)?(?P<m>{month})(?!\w)\.?{year}"
        )
        mdy = (
            rf"(?<!\w){week.format('w2')}(?P<m2>{month})\.?\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?"
            rf"(?:\s*(?:{to}|{both})\s*(?P<e2>\d{{1,2}})(?:st|nd|rd|th)?)?(?![\d:])"
            r"(?:,?\s+(?P<y2>[12]\d{3})(?!\d))?"
        )
        iso = r"(?<![\d-])(?P<y3>[12]\d{3})[-/.](?P<m3>\d{1,2})[-/.](?P<d3>\d{1,2})(?![\d-])"
        num = (
            rf"(?<![\d./+-]){week.format('w4')}(?P<d4>\d{{1,2}})([./-])(?P<m4>\d{{1,2}})\9"
            r"(?P<y4>\d{4})(?![\d-])"
        )
        num = num.replace(r"([./-])", r"(?P<s4>[./-])").replace(r"\9", r"(?P=s4)")
        short = (
            rf"(?<![\d./+-]){week.format('w8')}(?P<d8>\d{{1,2}})/(?P<m8>(?(w8)(?:1[0-2]|0?[1-9])|(?:0[1-9]|1[0-2])))"
            r"(?![\d/]|\s*%)"
        )
        cjk = r"(?P<y5>\d{4})\s*[年년]\s*(?P<m5>\d{1,2})\s*[月월]\s*(?P<d5>\d{1,2})"
        self._dates = re.compile("|".join((dmy, mdy, iso, num, cjk, short)))
        self._number = re.compile(r"\d{1,2}")
        self._to = re.compile(rf"(?:^|[\s\d])(?:{to})(?:\s|$)|[-–—]")
        self._joint = re.compile(
            rf"\s*(?:(?P<to>{to})|(?P<and>{both}))\s*(?:(?:a|al|le|el|the|o|den|zum|du|il)\s+)*(?:(?:{weekday}),?\s+)?"
        )
        self._between = words.pattern("between")
        bare = [
            rf"(?P<w6>{weekday})(?:-feira)?,?\s+(?:dia\s+|the\s+|le\s+|den\s+)?(?P<d6>\d{{1,2}})(?:st|nd|rd|th|\.)?(?!\d|[:./]\d)(?!\s*(?:h|am|pm|uhr)\b)"
        ]
        if words.words("on_day"):
            said = "|".join(map(re.escape, words.words("on_day")))
            is_english = words.language == "en"
            ending = r"(?:st|nd|rd|th)" if is_english else ""
            goes_on = "|".join((*words.words("common"), *words.words("figure_stop")))
            ends = rf"(?=\s*(?:[^\w\s]|$)|\s+(?:{goes_on})\b)" if is_english else ""
            bare.append(  # "the 11th assembly" is no day
                rf"(?<!\w)(?:{said})\s+(?P<d7>\d{{1,2}}){ending}(?!\d|[:./]\d|\s*(?:a|e|y|de|horas?|h)\s){ends}"
            )
        self._bare = re.compile("|".join(bare))
        self._relative = self._relatives(weekday)
        self._said = numbers_of(words.language) | _FIRSTS
        said = _ways({word: n for word, n in self._said.items() if n <= 31})
        self._in_words = re.compile(
            rf"(?<!\w)(?P<d>{said})(?:\s(?:y|e|et)\s(?P<one>un[oa]?|um))?\s+(?:de\s+|d'|di\s+|of\s+)?(?P<m>{month})(?!\w){year}"
        )
        self._weekdays = weekdays()

    def _relatives(self, weekday: str) -> re.Pattern[str]:
        def ways(name: str) -> str:
            return self.words.either(name)

        after = f"{ways('next_after')}"
        art = r"(?:(?:el|le|o|a|il|the|am|dem|den)\s+)?"
        return re.compile(
            rf"(?<!\w)(?:(?P<today>{ways('today')})|(?P<yesterday>{ways('yesterday')})"
            rf"|(?P<tomorrow>{ways('tomorrow')})|(?:{ways('this')})\s+(?P<this>{weekday})"
            rf"|(?:{ways('last')})\s+(?P<last>{weekday})"
            rf"|(?:{ways('since')})\s+{art}(?P<since>{weekday})|(?:{ways('by_day')})\s+{art}(?P<by>{weekday})"
            rf"|(?P<next>{weekday})\s+(?:{after})|(?P<past>{weekday})\s+(?:{ways('last_after')}))(?!\w)"
        )

    def find(self, text: Text) -> list[Day]:
        """All days with day and month, ranges joined, in the order of the text."""
        single = sorted(self._written(text), key=lambda day: day.span)
        joined: list[Day] = []
        for day in single:
            if joined and (both := self._joined(text, joined[-1], day)):
                joined[-1] = both
            else:
                joined.append(day)
        return joined

    def _written(self, text: Text) -> Iterator[Day]:
        for match in self._in_words.finditer(text.flat):
            day = self._said[match["d"]] + bool(match["one"])
            if day <= 31:
                first = (int(match["y"] or 0), self._months[match["m"]], day)
                yield Day(Span(*match.span()), first)
        for match in self._matches(text.flat):
            found = match.groupdict()
            span = Span(*match.span())
            if found["m"]:
                yield from self._of_words(match, span)
            elif found["m2"]:
                month, year = self._months[found["m2"]], int(found["y2"] or 0)
                last = (year, month, int(found["e2"])) if found["e2"] else None
                week = self._weekdays.get(found["w2"] or "")
                yield Day(span, (year, month, int(found["d2"])), last, week)
            else:
                at = next(n for n in "3458" if found[f"d{n}"])
                year, month, day = (int(found.get(f"{part}{at}") or 0) for part in "ymd")
                if at == "4" and month > 12 >= day:
                    month, day = day, month
                week = self._weekdays.get(found["w8"] or "") if at == "8" else None
                yield Day(span, (year, month, day), None, week)

    def _matches(self, flat: str) -> Iterator[re.Match[str]]:
        """The pattern is slow, so it is only tried about a month's name or numbers with a mark."""
        known, windows = self._month_words, list[tuple[int, int]]()
        for spot in _MAY_DATE.finditer(flat):
            if spot[0] in known or spot[0][0].isdigit():
                start, end = max(0, spot.start() - _BEFORE), spot.end() + _AFTER
                if windows and start <= windows[-1][1]:
                    start = windows.pop()[0]
                windows.append((start, end))
        for start, end in windows:
            yield from self._dates.finditer(flat, start, end)

    def _of_words(self, match: re.Match[str], span: Span) -> Iterator[Day]:
        month, year = self._months[match["m"]], int(match["y"] or 0)
        last = int(self._number.match(match["d"])[0])  # type: ignore[index]
        chain = match["chain"]
        days = [int(one) for one in self._number.findall(chain)]
        week = self._weekdays.get(match["w"] or "")
        if not days:
            yield Day(span, (year, month, last), None, week)
        elif len(days) == 1 and (self._is_range(match, chain) or last - days[0] == 1):
            yield Day(span, (year, month, days[0]), (year, month, last))
        else:
            runs = [*days, last]
            is_run = all(b - a == 1 for a, b in pairwise(runs))
            ends = (year, month, last)
            listed = () if is_run else tuple(days)
            yield Day(span, (year, month, runs[0]), ends, is_list=not is_run, listed=listed)

    def _is_range(self, match: re.Match[str], chain: str) -> bool:
        if self._to.search(chain):
            return True
        before = match.string[max(0, match.start() - 18) : match.start()]
        found = list(self._between.finditer(before))
        return bool(found) and not _THE_DAYS.sub("", before[found[-1].end() :]).strip()

    def _joined(self, text: Text, one: Day, other: Day) -> Day | None:
        """Two days that the text joins into a range or a list: "22 September to 3 October"."""
        if other.span.start - one.span.end > 40 or (one.last and not one.is_list):
            return None
        between = text.flat[one.span.end : other.span.start] + " "
        match = self._joint.fullmatch(between)
        if not match:
            return None
        before = text.flat[max(0, one.span.start - 12) : one.span.start].split()
        opens = bool(before) and bool(self._between.fullmatch(before[-1]))
        if not match["to"] and not (opens or one.is_list) and not _follows(one.first, other.first):
            return None
        year = other.first[0] or one.first[0]
        first = (one.first[0] or year, *one.first[1:])
        if not one.first[0] and year and one.first[1:] > other.first[1:]:
            first = (year - 1, *one.first[1:])
        end = other.last or other.first
        is_list = one.is_list or other.is_list
        span = Span(one.span.start, other.span.end)
        return replace(one, span=span, first=first, last=(year, *end[1:]), is_list=is_list)

    def near(self, text: Text, taken: list[Span]) -> Iterator[tuple[Span, str, int | None, int]]:
        """Days said without a month: what says it, the weekday and the day of the month."""
        covered = Covered(len(text.raw), taken)
        for match in self._bare.finditer(text.flat):
            span = Span(*match.span())
            if not covered.meets(span):
                found = match.groupdict()
                day = int(found["d6"] or found.get("d7") or 0)
                yield span, "day", self._weekdays.get(found["w6"] or ""), day
        for match in self._relative.finditer(text.flat):
            span = Span(*match.span())
            if covered.meets(span):
                continue
            kind = next(name for name, value in match.groupdict().items() if value)
            after = text.flat[span.end : span.end + 4].strip(" ,")
            if kind not in ("today", "yesterday", "tomorrow") and after[:1].isdigit():
                continue
            yield span, kind, self._weekdays.get(match[kind]), 0


@lru_cache(maxsize=16)
def finder_for(words: Words) -> DaysFinder:
    """The finder of a language: its patterns are long, so it is kept."""
    return DaysFinder(words)


def _follows(one: tuple[int, int, int], other: tuple[int, int, int]) -> bool:
    try:
        year = other[0] or one[0] or 2000
        return date(year, *other[1:]) - date(one[0] or year, *one[1:]) == timedelta(days=1)
    except ValueError:
        return False


def real(year: int, month: int = 1, day: int = 1) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
