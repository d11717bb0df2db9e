"""Moments as iCalendar (RFC 5545, 7986). The same rows always give the same bytes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from icalendar import Calendar, Event, vDuration, vText, vUri

CONTENT_TYPE = "text/calendar; charset=utf-8"
PRODID = "-//Convoca//Campaigns//EN"
AN_HOUR = timedelta(hours=1)
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\u2028\u2029]")


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
    created_at: datetime
    changed_at: datetime
    sequence: int
    is_cancelled: bool = False
    location: str = ""
    position: tuple[float, float] | None = None
    categories: Sequence[str] = ()
    image: str = ""


def calendar(entries: Sequence[Entry], *, name: str, source: str, zone: str) -> bytes:
    """A calendar to publish: CRLF, folded at 75 octets, one VTIMEZONE for each zone in use."""
    book = Calendar()
    book.add("prodid", PRODID)
    book.add("version", "2.0")
    book.add("method", "PUBLISH")
    book.add("name", plain(name))
    book.add("x-wr-calname", plain(name))
    book.add("x-wr-timezone", zone)
    book.add("refresh-interval", vDuration(AN_HOUR), parameters={"VALUE": "DURATION"})
    book.add("x-published-ttl", vDuration(AN_HOUR))
    book.add("source", vUri(source), parameters={"VALUE": "URI"})
    for entry in entries:
        book.add_component(_event(entry))
    days = [entry.last for entry in entries if entry.at is not None]
    if days:
        book.add_missing_timezones(date(min(days).year, 1, 1), date(max(days).year + 1, 1, 1))
    written: bytes = book.to_ical()
    return written


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("uid", f"urn:uuid:{entry.uid}")
    event.add("dtstamp", entry.changed_at.astimezone(UTC))
    event.add("created", entry.created_at.astimezone(UTC))
    event.add("last-modified", entry.changed_at.astimezone(UTC))
    event.add("sequence", entry.sequence)
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    if entry.at is not None:
        event.add("dtstart", entry.at)
    else:
        event.add("dtstart", entry.first)
        event.add("dtend", entry.last + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("summary", plain(entry.summary))
    event.add("description", plain(f"{entry.description}\n\n{entry.url}".strip()))
    event.add("url", entry.url)
    if entry.location:
        event.add("location", plain(entry.location))
    if entry.position:
        event.add("geo", entry.position)
    if entry.categories:
        event.add("categories", [plain(word) for word in entry.categories])
    if entry.image:
        parameters = {"VALUE": "URI", "DISPLAY": "BADGE", "FMTTYPE": "image/png"}
        event.add("image", vUri(entry.image), parameters=parameters)
    return event


def plain(words: str) -> vText:
    """Text without control characters; icalendar escapes what is left."""
    return vText(_CONTROL.sub("", words.replace("\r\n", "\n")))
