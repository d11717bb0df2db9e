"""Calendars as text (RFC 5545, 5546, 7986). The same entries always give the same bytes.

The lines of entries are written here, because a library that builds an object for each property
takes seconds for a thousand entries; zones come from `icalendar` and are kept.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo

from icalendar import Timezone

CONTENT_TYPE = "text/calendar; charset=utf-8"
PRODID = "-//Convoca//Convoca//EN"
OCTETS = 75
"""The longest line, without its end."""
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_BARE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\"]")
_MARKED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


class Status(StrEnum):
    TENTATIVE = "TENTATIVE"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True)
class Entry:
    """What one calendar entry says; days without a zone unless `at` is given."""

    uid: UUID
    summary: str
    description: str
    url: str
    first: date
    last: date
    at: datetime | None
    """By the wall clock of a zone with a name."""
    created_at: datetime
    changed_at: datetime
    sequence: int
    until: datetime | None = None
    status: Status = Status.CONFIRMED
    location: str = ""
    position: tuple[float, float] | None = None
    categories: Sequence[str] = ()
    image: str = ""
    image_type: str = "image/png"
    organiser: tuple[str, str] | None = None
    """A name, and an address of a role; never that of a person."""
    source: str = ""
    """Who says so, and under which licence it may be passed on: in properties of our own, as RFC
    7986 knows a source of whole calendars only.
    """
    licence: str = ""


@dataclass(frozen=True)
class Removed:
    """An entry that is no more: what a calendar needs to let it go, and nothing of what it was."""

    uid: UUID
    summary: str
    at: datetime
    sequence: int
    """Higher than the entry's last one."""


def calendar(
    entries: Sequence[Entry],
    *,
    name: str,
    source: str,
    zone: str,
    description: str = "",
    removed: Sequence[Removed] = (),
) -> bytes:
    """A calendar to publish: CRLF, folded at 75 octets, one VTIMEZONE for each zone in use."""
    lines = [
        "BEGIN:VCALENDAR",
        f"PRODID:{PRODID}",
        "VERSION:2.0",
        "METHOD:PUBLISH",
        f"NAME:{text(name)}",
        f"X-WR-CALNAME:{text(name)}",
        f"X-WR-TIMEZONE:{_bare(zone)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        f"SOURCE;VALUE=URI:{_bare(source)}",
    ]
    if description:
        lines += [f"DESCRIPTION:{text(description)}", f"X-WR-CALDESC:{text(description)}"]
    body = [folded(line) for line in lines]
    body += _zones(entries)
    for entry in entries:
        body += map(folded, _event(entry))
    for one in removed:
        body += map(folded, _removal(one))
    body.append("END:VCALENDAR\r\n")
    return "".join(body).encode()


def _event(entry: Entry) -> Iterator[str]:
    changed = _instant(entry.changed_at)
    yield "BEGIN:VEVENT"
    yield f"UID:urn:uuid:{entry.uid}"
    yield f"DTSTAMP:{changed}"
    yield f"CREATED:{_instant(entry.created_at)}"
    yield f"LAST-MODIFIED:{changed}"
    yield f"SEQUENCE:{entry.sequence}"
    yield f"STATUS:{entry.status}"
    yield from _times(entry)
    yield "TRANSP:TRANSPARENT"
    yield f"SUMMARY:{text(entry.summary)}"
    described = "\n\n".join(part for part in (entry.description, entry.url) if part)
    yield f"DESCRIPTION:{text(described)}"
    yield f"URL:{_bare(entry.url)}"
    if entry.location:
        yield f"LOCATION:{text(entry.location)}"
    if entry.position:
        yield "GEO:{:.6f};{:.6f}".format(*entry.position)
    if words := [text(word) for word in entry.categories if word]:
        yield f"CATEGORIES:{','.join(words)}"
    if entry.image:
        kind = _bare(entry.image_type)
        yield f"IMAGE;VALUE=URI;DISPLAY=BADGE;FMTTYPE={kind}:{_bare(entry.image)}"
    if entry.organiser:
        name, address = map(_bare, entry.organiser)
        yield f'ORGANIZER;CN="{name}":mailto:{address}'
    if entry.source:
        yield f"X-CONVOCA-SOURCE:{text(entry.source)}"
    if entry.licence:
        yield f"X-CONVOCA-LICENCE:{text(entry.licence)}"
    yield "END:VEVENT"


def _removal(removed: Removed) -> Iterator[str]:
    """Its day is the day on which it was removed: every entry must have one."""
    at = _instant(removed.at)
    yield "BEGIN:VEVENT"
    yield f"UID:urn:uuid:{removed.uid}"
    yield f"DTSTAMP:{at}"
    yield f"LAST-MODIFIED:{at}"
    yield f"SEQUENCE:{removed.sequence}"
    yield f"STATUS:{Status.CANCELLED}"
    yield f"DTSTART;VALUE=DATE:{removed.at.astimezone(UTC):%Y%m%d}"
    yield "TRANSP:TRANSPARENT"
    yield f"SUMMARY:{text(removed.summary)}"
    yield "END:VEVENT"


def _times(entry: Entry) -> Iterator[str]:
    if entry.at is None:
        yield f"DTSTART;VALUE=DATE:{entry.first:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{entry.last + timedelta(days=1):%Y%m%d}"
        return
    yield f"DTSTART{_on_the_wall(entry.at)}"
    if entry.until is not None and entry.until > entry.at:
        yield f"DTEND{_on_the_wall(entry.until)}"


def _on_the_wall(at: datetime) -> str:
    """A time with its zone; in UTC where the wall clock shows the same time twice, because a
    calendar takes the first of the two.
    """
    zone = zone_of(at)
    return f";TZID={zone}:{at:%Y%m%dT%H%M%S}" if zone else f":{_instant(at)}"


def zone_of(at: datetime) -> str:
    """The name of the zone that a calendar must define for this time; empty where UTC says it."""
    key = at.tzinfo.key if isinstance(at.tzinfo, ZoneInfo) else "UTC"
    return "" if "/" not in key or key.startswith("Etc/") or at.fold else key


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _zones(entries: Iterable[Entry]) -> Iterator[str]:
    years: dict[str, set[int]] = {}
    for entry in entries:
        for at in (entry.at, entry.until):
            if entry.at and at and (name := zone_of(at)):
                years.setdefault(name, set()).add(at.year)
    for name in sorted(years):
        yield _zone(name, min(years[name]), max(years[name]))


@lru_cache(maxsize=2048)
def _zone(name: str, first: int, last: int) -> str:
    """What the clocks of a zone do in these years."""
    zone = Timezone.from_tzid(name, first_date=date(first, 1, 1), last_date=date(last + 1, 1, 1))
    written: str = zone.to_ical().decode()
    return written


def text(words: str) -> str:
    """Words as a value: without control characters, with the signs that part values marked."""
    return _CONTROL.sub("", words.replace("\r\n", "\n")).translate(_MARKED)


def _bare(words: str) -> str:
    """A value or parameter that is not text, on one line."""
    return _BARE.sub("", words)


def folded(line: str) -> str:
    """A line with its end, broken before the 76th octet and never inside a character."""
    if len(line) <= OCTETS and (line.isascii() or len(line.encode()) <= OCTETS):
        return f"{line}\r\n"
    octets, parts, start, room = line.encode(), [], 0, OCTETS
    while len(octets) - start > room:
        end = start + room
        while octets[end] & 0xC0 == 0x80:  # inside a character
            end -= 1
        parts.append(octets[start:end])
        start, room = end, OCTETS - 1  # the blank that begins the next line counts
    parts.append(octets[start:])
    return b"\r\n ".join(parts).decode() + "\r\n"
