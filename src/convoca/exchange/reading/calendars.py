"""Calendars (RFC 5545) as rows: each entry read by itself, repetitions expanded within limits."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, rruleset, rrulestr
from dateutil.rrule import rrule as Rule  # noqa: N812  a class, whatever its name says
from icalendar.parser import Contentline
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from convoca.exchange.reading import limits
from convoca.exchange.reading.objects import Found, Row, bounded
from convoca.exchange.reading.reasons import Reason

Property = tuple[dict[str, str], str]
_FOLD = re.compile(r"\r?\n[ \t]")
_ESCAPED = re.compile(r"\\([nN;,\\])")
_BREAK = re.compile(r"\r?\n|\r")
_HTML = re.compile(r"<[^<>]{1,300}>")
_KEPT = {
    "UID", "SUMMARY", "DESCRIPTION", "LOCATION", "GEO", "URL", "STATUS", "CATEGORIES", "ORGANIZER",
    "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "CONFERENCE",
}  # fmt: skip
_DURATION = re.compile(r"\+?P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")


def read(text: str) -> Found:
    """The entries of a calendar, in their order; what they repeat as entries of their own."""
    text = _FOLD.sub("", text)
    lines = _BREAK.split(text)
    zone = _calendar_zone(lines)
    blocks = list(_entries(lines))
    moved = {(b.one("UID"), b.one("RECURRENCE-ID")[:8]) for b in blocks if b.one("RECURRENCE-ID")}
    return bounded("ics", _rows(blocks, zone, moved))


def _rows(blocks: list["_Entry"], zone: str, moved: set[tuple[str, str]]) -> Iterator[Row]:
    for number, block in enumerate(blocks, start=1):
        try:
            yield from list(_instances(number, block, zone, moved))
        except (ValueError, OverflowError, KeyError, TypeError) as error:
            yield Row(number, {}, Reason.about("calendar-broken", error or "?"))


class _Entry:
    """The properties of one VEVENT."""

    def __init__(self) -> None:
        self.properties: dict[str, list[Property]] = {}
        self.problem = ""

    def add(self, line: str) -> None:
        name = re.split(r"[:;]", line, maxsplit=1)[0].upper()
        if name not in _KEPT:
            return
        try:
            name, params, value = Contentline(line).parts()  # type: ignore[no-untyped-call]
        except ValueError:
            self.problem = line
            return
        flat = {str(k).upper(): v if isinstance(v, str) else ",".join(v) for k, v in params.items()}
        self.properties.setdefault(name.upper(), []).append((flat, value))

    def one(self, name: str) -> str:
        found = self.properties.get(name)
        return found[0][1] if found else ""

    def words(self, name: str) -> str:
        return _ESCAPED.sub(_unescaped, self.one(name)).strip()

    def zone(self, name: str, fallback: str) -> str:
        found = self.properties.get(name)
        return (
            zone_named(found[0][0].get("TZID", "")) if found and "TZID" in found[0][0] else fallback
        )


def _unescaped(sign: re.Match[str]) -> str:
    return "\n" if sign[1] in "nN" else sign[1]


def _entries(lines: list[str]) -> Iterator[_Entry]:
    entry: _Entry | None = None
    inner = 0
    for line in lines:
        upper = line[:20].upper().strip()
        if upper == "BEGIN:VEVENT":
            entry, inner = _Entry(), 0
        elif upper == "END:VEVENT" and entry is not None:
            yield entry
            entry = None
        elif entry is not None and upper.startswith("BEGIN:"):
            inner += 1
        elif entry is not None and upper.startswith("END:"):
            inner -= 1
        elif entry is not None and inner == 0 and line:
            entry.add(line[: limits.CELL])
    if entry is not None:  # the file breaks off
        yield entry


def _calendar_zone(lines: list[str]) -> str:
    for line in lines[:500]:
        if line.upper().startswith("X-WR-TIMEZONE"):
            return zone_named(line.split(":", 1)[-1].strip())
    return ""


def zone_named(name: str) -> str:
    """The zone of a TZID: as it is, by its Windows name, or by the end of a path."""
    name = name.strip().strip('"')
    if name in WINDOWS_TO_OLSON:
        return str(WINDOWS_TO_OLSON[name])
    steps = name.strip("/").split("/")
    for at in range(len(steps)):
        candidate = "/".join(steps[at:])
        try:
            ZoneInfo(candidate)
        except (ValueError, OSError, KeyError):
            continue
        return candidate
    return name


def _instances(
    number: int, entry: _Entry, calendar_zone: str, moved: set[tuple[str, str]]
) -> Iterator[Row]:
    if entry.problem and not entry.one("DTSTART"):
        raise ValueError(entry.problem)
    start_text = entry.one("DTSTART")
    start, is_day, is_utc = _moment(start_text)
    length = _length(entry, start, is_day=is_day)
    zone = "UTC" if is_utc else entry.zone("DTSTART", "" if is_day else calendar_zone)
    starts, notes = _starts(entry, start)
    repeats = len(starts) > 1
    for at in starts:
        if (
            repeats
            and (entry.one("UID"), f"{at:%Y%m%d}") in moved
            and not entry.one("RECURRENCE-ID")
        ):
            continue
        instance = entry.one("RECURRENCE-ID")[:8] or (f"{at:%Y%m%dT%H%M}" if repeats else "")
        yield Row(
            number,
            _values(entry, at, length, zone, instance, is_day=is_day, is_utc=is_utc),
            None,
            notes,
        )


def _values(
    entry: _Entry,
    at: datetime,
    length: timedelta,
    zone: str,
    instance: str,
    *,
    is_day: bool,
    is_utc: bool,
) -> dict[str, str]:
    end = at + length
    organiser = entry.properties.get("ORGANIZER", [({}, "")])[0][0].get("CN", "")
    if is_day:
        start_text, end_text = f"{at:%Y-%m-%d}", f"{end - timedelta(days=1):%Y-%m-%d}"
    else:
        mark = "Z" if is_utc else ""
        start_text, end_text = f"{at:%Y-%m-%dT%H:%M}{mark}", f"{end:%Y-%m-%dT%H:%M}{mark}"
    values = {
        "UID": entry.one("UID"),
        "RECURRENCE-ID": instance,
        "SUMMARY": entry.words("SUMMARY"),
        "DESCRIPTION": _HTML.sub(" ", entry.words("DESCRIPTION")).strip(),
        "DTSTART": start_text,
        "DTEND": end_text if length else "",
        "TZID": "" if is_utc or is_day else zone,
        "LOCATION": entry.words("LOCATION"),
        "GEO": entry.one("GEO").replace(";", ", "),
        "URL": entry.one("URL"),
        "STATUS": entry.one("STATUS"),
        "CATEGORIES": "; ".join(value for _p, value in entry.properties.get("CATEGORIES", [])),
        "ORGANIZER": organiser.strip('"'),
    }
    return {name: value for name, value in values.items() if value}


def _moment(value: str) -> tuple[datetime, bool, bool]:
    """The wall clock, whether it is a whole day, and whether it is UTC."""
    value = value.strip()
    if len(value) == 8:
        return datetime.strptime(value, "%Y%m%d"), True, False  # noqa: DTZ007  a wall clock
    is_utc = value.upper().endswith("Z")
    return datetime.strptime(value[:13], "%Y%m%dT%H%M"), False, is_utc  # noqa: DTZ007


def _length(entry: _Entry, start: datetime, *, is_day: bool) -> timedelta:
    if duration := entry.one("DURATION"):
        if match := _DURATION.fullmatch(duration.strip()):
            weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
            return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
        raise ValueError(duration)
    if entry.one("DTEND"):
        end, _is_day, _is_utc = _moment(entry.one("DTEND"))
        return end - start if end > start else timedelta(days=is_day)
    return timedelta(days=is_day)


def _starts(entry: _Entry, start: datetime) -> tuple[list[datetime], tuple[Reason, ...]]:
    """When it happens: at most so many times and so many years from its first."""
    rule_text, extra = entry.one("RRULE"), entry.properties.get("RDATE", [])
    if not rule_text and not extra:
        return [start], ()
    last = start + timedelta(days=365 * limits.YEARS + 1)
    notes: tuple[Reason, ...] = ()
    repeats = rruleset()
    if rule_text:
        try:
            rule, is_cut = _rule(rule_text, start, last)
        except (ValueError, TypeError, KeyError):
            return [start], (Reason("recurrence-unread"),)
        if rule is None:
            return [start], (Reason("recurrence-often"),)
        repeats.rrule(rule)
        if is_cut:
            notes = (Reason("recurrence-cut", {"most": limits.INSTANCES}),)
    else:
        repeats.rdate(start)
    for _params, value in extra[: limits.INSTANCES]:
        for one in value.split(",")[: limits.INSTANCES]:
            repeats.rdate(_moment(one.split("/")[0])[0])
    excluded = {
        _moment(one)[0]
        for _p, value in entry.properties.get("EXDATE", [])
        for one in value.split(",")
    }
    days = {at.date() for at in excluded if at.time() == datetime.min.time()}
    found: list[datetime] = []
    for at in repeats:
        if at > last or len(found) == limits.INSTANCES:
            return found, (Reason("recurrence-cut", {"most": limits.INSTANCES}),)
        if at not in excluded and at.date() not in days:
            found.append(at)
    return found, notes


def _rule(text: str, start: datetime, last: datetime) -> tuple[Rule | None, bool]:
    """The rule with an end that is never far, and whether it would have gone on.

    A rule by the hour or the second is none that a march has, and can keep a processor busy for
    ever without a single date.
    """
    until = re.search(r"UNTIL=(\d{8})", text, re.IGNORECASE)
    bare = re.sub(r"(?:^|;)UNTIL=[^;]*", "", text.strip(), flags=re.IGNORECASE).strip(";")
    rule = rrulestr(bare, dtstart=start)
    if not isinstance(rule, Rule) or rule._freq > DAILY:
        return None, False
    ends = datetime.combine(date(*_ymd(until[1])), datetime.max.time()) if until else None
    is_cut = (ends is None and rule._count is None) or (ends is not None and ends > last)
    count = rule._count
    limit = min(last, ends) if ends else last
    if count is not None and count > limits.INSTANCES:
        is_cut = True
    return rule.replace(until=limit, count=None) if count is None else rule.replace(
        count=min(count, limits.INSTANCES)
    ), is_cut


def _ymd(text: str) -> tuple[int, int, int]:
    return int(text[:4]), int(text[4:6]), int(text[6:8])
