"""The rows of a file, read: each a `ReadRow`, or a `RefusedRow` with its reasons."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache
from hashlib import blake2b
from zoneinfo import ZoneInfo

from convoca.core.fold import fold
from convoca.exchange.reading import limits
from convoca.exchange.reading.clocks import Clocks, read_clocks
from convoca.exchange.reading.days import DayReader, When
from convoca.exchange.reading.fields import FIELDS
from convoca.exchange.reading.files import OpenedFile
from convoca.exchange.reading.mapping import Mapping
from convoca.exchange.reading.places import Places, Where, Written
from convoca.exchange.reading.reasons import Reason
from convoca.exchange.reading.seen import Seen
from convoca.exchange.reading.sizes import Size, SizeReader
from convoca.exchange.reading.study import Study
from convoca.exchange.reading.tables import Record
from convoca.places.index import Found

_URL = re.compile(r"https?://[^\s<>\"'\\]{3,2000}", re.IGNORECASE)
_PARTS = re.compile(r"\s*[;|\n]\s*")
_TAGS = re.compile(r"\s*[;|,\n]\s*")
_NO = {"", "0", "false", "no", "n", "nein", "non", "nao", "não", "f", "public", "none"}
_HIDDEN = {"private", "true", "yes", "1", "hidden"}
_CANCELLED = {
    "cancelled", "canceled", "cancelado", "cancelada", "annule", "annulee", "abgesagt", "entfallt",
    "annullato", "annullata", "geannuleerd", "anulat", "odwolane", "отменено", "ملغي", "ملغاه",
    "suspendido", "suspendida",
}  # fmt: skip
_POSTPONED = {
    "postponed", "rescheduled", "aplazado", "aplazada", "reporte", "reportee", "verschoben",
    "adiado", "adiada", "rinviato", "rinviata", "مؤجل",
}  # fmt: skip
_STATUSES = (
    dict.fromkeys(_CANCELLED | {"rejected"}, "cancelled")
    | dict.fromkeys(_POSTPONED, "postponed")
    | {"tentative": "tentative"}
)
_TITLE = 200
EXTRA = 1_000
"""Characters of each cell that is kept as it is."""


@dataclass(slots=True)
class ReadRow:
    """What a row says of one action."""

    number: int
    """Of the row, as a spreadsheet program counts; of the entry in other files."""
    key: str
    """The id in its own list, or a stable digest of when, where and what; with the day where a
    row has several."""
    has_id: bool
    title: str
    about: str
    kind: str
    first: date
    last: date
    precision: str
    """"day"; or "week" or "month": it happened on some day from `first` to `last`."""
    starts: time | None
    ends: time | None
    zone: str
    place: Found | None
    latitude: float | None
    longitude: float | None
    country: str
    place_text: str
    """As it was written, with commas between what stood in several columns."""
    venue: str
    address: str
    is_online: bool
    is_hidden: bool
    """Whether the address is hidden: then there is neither venue nor position."""
    organisers: tuple[str, ...]
    tags: tuple[str, ...]
    size: Size | None
    size_text: str
    """What was written of its size, also where it is no number."""
    urls: tuple[str, ...]
    status: str
    """"", "cancelled", "postponed" or "tentative"."""
    extra: dict[str, str]
    notes: tuple[Reason, ...]


@dataclass(slots=True)
class RefusedRow:
    number: int
    reasons: tuple[Reason, ...]
    cells: list[str]


@dataclass
class Tally:
    """How many rows were what."""

    rows: int = 0
    read: int = 0
    refused: int = 0
    blank: int = 0
    headings: int = 0
    """Rows in which the heading stands once more."""


class _Refused(Exception):
    def __init__(self, *reasons: Reason) -> None:
        super().__init__(reasons[0].code)
        self.reasons = reasons


def read_rows(
    file: OpenedFile, mapping: Mapping, study: Study, places: Places, tally: Tally | None = None
) -> Iterator[ReadRow | RefusedRow]:
    """Each row in its order. Blank rows and repeated headings are counted, not given; a row in
    which only columns without a meaning are filled, such as a running number, is blank.

    A row that names several days gives a row for each.
    """
    tally = tally if tally is not None else Tally()
    reader = _Reader(file, mapping, study, places)
    heading = [column.strip() for column in file.columns]
    for record in file.records():
        cells = record.cells
        if not record.reason and not any(map(str.strip, cells)):
            tally.blank += 1
            continue
        if tally.rows == limits.ROWS:
            return
        if file.has_heading and cells and cells[0].strip() == heading[0] and _same(cells, heading):
            tally.headings += 1
            continue
        if not record.reason and not reader.says_anything(cells):
            tally.blank += 1
            continue
        tally.rows += 1
        try:
            found = reader.read(record)
        except _Refused as refused:
            tally.refused += 1
            yield RefusedRow(record.number, refused.reasons, cells)
            continue
        tally.read += 1
        yield from found


def _same(cells: list[str], heading: list[str]) -> bool:
    return [cell.strip() for cell in cells[: len(heading)]] == heading[: len(cells)]


class _Reader:
    """Reads the rows of one file; what a column means is looked up once."""

    def __init__(self, file: OpenedFile, mapping: Mapping, study: Study, places: Places) -> None:
        at = {name: n for n, name in enumerate(file.columns)}
        self.columns = file.columns
        self.width = len(file.columns)
        self.one: dict[str, int] = {}
        self.many: dict[str, list[int]] = {}
        for name, meant in FIELDS.items():
            found = [at[column] for column in mapping.columns_of(name)]
            if meant.many:
                self.many[name] = found
            elif found:
                self.one[name] = found[0]
        self.others = [(n, file.columns[n]) for n in self.many["other"]]
        columns = [*self.one.items(), *((m, n) for m, found in self.many.items() for n in found)]
        silent = {"other", "private", "year", "id", "slot"}
        self.meant = [n for m, n in columns if m not in silent] or list(range(self.width))
        self.days = DayReader(study.style)
        self.sizes = SizeReader(study.numbers)
        self.places = places
        self.uses_ids = study.uses_ids
        self.country = mapping.setting("country").upper()
        self.zone = mapping.setting("zone")
        self.town = _town_of(mapping.setting("town"), self.country, places)
        self.keys, self.bodies = Seen(), Seen()

    def says_anything(self, cells: list[str]) -> bool:
        """Whether more stands in a row than in columns that mean nothing, such as its number."""
        return any(cells[n].strip() for n in self.meant if n < len(cells))

    def read(self, record: Record) -> list[ReadRow]:
        if record.reason:
            raise _Refused(record.reason)
        cells = record.cells
        if len(cells) < self.width:
            cells = cells + [""] * (self.width - len(cells))
        if max(map(len, cells)) > limits.CELL:
            raise _Refused(Reason("cell-long", {"most": limits.CELL}))
        said = {name: value for name, n in self.one.items() if (value := cells[n].strip())}
        notes: list[Reason] = list(record.notes)
        self._refuse_empty(said, cells)
        whens = self._whens(said, notes)
        size, size_text = self._size(said, cells, notes)
        row = self._row(record.number, said, cells, whens, size, size_text, notes)
        own = self._key(said, row)
        rows = [row]
        if len(whens) > 1:
            rows = [self._on(row, when, own) for when in whens]
        else:
            row.key = own
        self._refuse_twice(record.number, rows, said, cells)
        return rows

    # What, who, where from

    def _row(
        self,
        number: int,
        said: dict[str, str],
        cells: list[str],
        whens: list[When],
        size: Size | None,
        size_text: str,
        notes: list[Reason],
    ) -> ReadRow:
        where = self._where(said)
        when = _local(whens[0], said.get("zone", "") or self._zone(where), notes)
        whens[0] = when
        about = "\n".join(self._cells("about", cells))
        kind = said.get("kind", "")
        title = said.get("title", "") or about or kind
        organisers = self._parts("organisers", cells, _PARTS)
        is_hidden = said.get("hidden", "").lower() in _HIDDEN or (
            "public" in said and said["public"].lower() in _NO
        )
        extra = {name: cells[n][:EXTRA] for n, name in self.others if cells[n] and cells[n].strip()}
        urls = self._urls(cells, extra)
        zone = (
            when.instant.tzinfo.key
            if when.instant and isinstance(when.instant.tzinfo, ZoneInfo)
            else ""
        )
        first = when.first
        if first is None:
            raise _Refused(Reason("date-missing"))
        return ReadRow(
            number=number,
            key="",
            has_id=self.uses_ids and "id" in said,
            title=" ".join(title.split())[:_TITLE],
            about=about,
            kind=" ".join(kind.split())[:_TITLE],
            first=first,
            last=when.last or first,
            precision=when.precision,
            starts=when.start,
            ends=when.end,
            zone=zone or self._zone(where, said.get("zone", "")),
            place=where.place,
            latitude=None if is_hidden else where.latitude,
            longitude=None if is_hidden else where.longitude,
            country=where.country,
            place_text=", ".join(
                said[name] for name in ("place", "city", "region", "country") if name in said
            ),
            venue="" if is_hidden else " ".join(where.venue.split())[:_TITLE],
            address="" if is_hidden else said.get("address", ""),
            is_online=where.is_online,
            is_hidden=is_hidden,
            organisers=organisers,
            tags=self._parts("tags", cells, _TAGS),
            size=size,
            size_text=size_text,
            urls=urls,
            status=self._status(said, organisers),
            extra=extra,
            notes=(*notes, *where.notes),
        )

    def _cells(self, name: str, cells: list[str]) -> list[str]:
        return [cell for n in self.many[name] if (cell := cells[n].strip())]

    def _parts(self, name: str, cells: list[str], sign: re.Pattern[str]) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for cell in self._cells(name, cells):
            for part in sign.split(cell):
                if part:
                    found[part[:_TITLE]] = None
        return tuple(found)[:50]

    def _urls(self, cells: list[str], extra: dict[str, str]) -> tuple[str, ...]:
        """The addresses in the columns of links; a cell without one is kept as it is."""
        found: dict[str, None] = {}
        for n in self.many["urls"]:
            if cell := cells[n].strip():
                urls = _URL.findall(cell)
                found |= dict.fromkeys(urls)
                if not urls:
                    extra[self.columns[n]] = cell[:EXTRA]
        return tuple(found)[:20]

    def _status(self, said: dict[str, str], organisers: tuple[str, ...]) -> str:
        if "cancelled" in said and said["cancelled"].lower() not in _NO:
            return "cancelled"
        if "status" in said:
            return _STATUSES.get(fold(said["status"]), "")
        # "ABGESAGT" on a line of its own, in a register without a column for it
        words = (*organisers, *_PARTS.split(said.get("title", ""))) if organisers or said else ()
        return "cancelled" if any(w.isupper() and fold(w) in _CANCELLED for w in words) else ""

    def _where(self, said: dict[str, str]) -> Where:
        written = Written(
            city=said.get("city", ""),
            district=said.get("district", ""),
            region=said.get("region", ""),
            country=said.get("country", ""),
            place=said.get("place", ""),
            venue=said.get("venue", ""),
            address=said.get("address", ""),
            postcode=said.get("postcode", ""),
            latitude=said.get("latitude", ""),
            longitude=said.get("longitude", ""),
            position=said.get("position", "") or said.get("position_lonlat", ""),
            is_lonlat="position" not in said,
            is_online=said.get("online", "").lower() not in _NO,
        )
        return self.places.where(written, country=self.country, town=self.town)

    def _zone(self, where: Where, said: str = "") -> str:
        if said and _zone_of(said):
            return said
        return where.place.zone if where.place else self.zone

    def _refuse_empty(self, said: dict[str, str], cells: list[str]) -> None:
        names = ("day", "start", "city", "place", "venue", "title")
        if not any(name in said for name in names) and not self._cells("about", cells):
            raise _Refused(Reason("row-empty"))

    # When

    def _whens(self, said: dict[str, str], notes: list[Reason]) -> list[When]:
        """The days of a row and, where they are said, the times of each."""
        year = said.get("year", "")
        if "day" not in said and "start" not in said and "clock" in said:
            said = said | {"start": said["clock"], "clock": ""}  # "start time" holds the day too
        if "end" not in said and "end_clock" in said:
            said = said | {"end": said["end_clock"], "end_clock": ""}
        clocks = self._clocks(said, notes)
        last_clock, _end = self._moment(said.get("end_clock", ""), year)
        start_clock, start = self._moment(said.get("start", ""), year)
        end_clock, end = self._moment(said.get("end", ""), year)
        end_clock = last_clock or end_clock
        if end_clock and len(clocks) == 1 and clocks[0][1] is None:
            clocks = [(clocks[0][0], end_clock[0])]
        if "day" in said:
            whens = self._read_days(said["day"], year)
        elif start is not None:
            whens = [start]
        else:
            raise _Refused(Reason("date-missing"))
        if "last_day" in said and end is None:
            end = self._read_days(said["last_day"], year)[-1]
        if len(whens) == 1:
            whens = [_until(whens[0], end)]
        if len(clocks) == len(whens):
            return [_at(when, *clock) for when, clock in zip(whens, clocks, strict=True)]
        if clocks and len(set(clocks)) == 1:
            return [_at(when, *clocks[0]) for when in whens]
        if clocks:
            notes.append(Reason.about("clock-several", said["clock"]))
        begins = (
            start_clock[0] if start_clock else (start.start if start and "day" in said else None)
        )
        ends = end_clock[0] if end_clock else (end.start if end and not end.instant else None)
        return [_at(when, begins, ends) if begins or ends else when for when in whens]

    def _read_days(self, text: str, year: str) -> list[When]:
        found = self.days.read(text, year)
        if isinstance(found, Reason):
            raise _Refused(found)
        if found[0].first is None and found[0].instant is None:
            raise _Refused(Reason("date-missing"))
        return found

    def _moment(self, text: str, year: str) -> tuple[Clocks | None, When | None]:
        """A column that may hold times or days: one of them, or nothing."""
        if not text:
            return None, None
        if clocks := _clocks_of(text):
            return clocks[0], None
        if _is_no_time(text):
            return None, None
        found = self.days.read(text, year)
        if isinstance(found, Reason):
            if found.code in {"date-early", "date-late", "date-impossible"}:
                raise _Refused(found)
            return None, None
        return None, found[0]

    def _clocks(self, said: dict[str, str], notes: list[Reason]) -> list[Clocks]:
        if not said.get("clock"):
            return []
        clocks = _clocks_of(said["clock"], bare=True)
        if clocks is None:
            notes.append(Reason.about("clock-unread", said["clock"]))
        return list(clocks or ())

    # How many

    def _size(
        self, said: dict[str, str], cells: list[str], notes: list[Reason]
    ) -> tuple[Size | None, str]:
        text = said.get("size", "")
        low, high = self._number(said, "size_low"), self._number(said, "size_high")
        best = self._number(said, "size_best")
        words = self.sizes.read(text) if text else None
        if isinstance(words, Reason):
            if words.code not in {"size-unread", "size-not-people"}:
                raise _Refused(words)
            if low is None and high is None and best is None:
                notes.append(words)
            words = None
        if low is None and high is None and best is None and words is None:
            for cell in self._cells("size_class", cells):
                found = self.sizes.read(cell)
                if isinstance(found, Size):
                    return found, text or cell
            return None, text
        if low is None and high is None and words is not None:
            return words, text
        if low is None:
            low = best if best is not None else (words.low if words else high)
        if high is None:
            high = (
                max(best, low)
                if best is not None and low is not None
                else (words.high if words else low)
            )
            if words is not None and high is not None and low is not None:
                high = max(high, low)
        if low is None:
            return None, text
        if high is not None and low > high:
            raise _Refused(Reason("size-turned", {"low": low, "high": high}))
        return Size(low, high, text or (f"{low}" if low == high else f"{low}–{high}")), text

    def _number(self, said: dict[str, str], name: str) -> int | None:
        if name not in said:
            return None
        found = self.sizes.number(said[name])
        if isinstance(found, Reason):
            if found.code in {"size-unread", "size-not-people"}:
                return None
            raise _Refused(found)
        return found

    # Which

    def _key(self, said: dict[str, str], row: ReadRow) -> str:
        """The id in its own list; else a digest of what a correction seldom changes."""
        if row.has_id:
            slot = said.get("slot", "")
            return f"{said['id']}/{slot}"[:300] if slot else said["id"][:300]
        parts = (
            row.first.isoformat(), row.last.isoformat(), str(row.starts or ""), row.place_text,
            said.get("venue", ""), said.get("address", ""), row.title, row.kind, *row.organisers,
        )  # fmt: skip
        words = "\0".join(" ".join(part.split()).casefold() for part in parts)
        return "~" + blake2b(words.encode("utf-8", "replace"), digest_size=12).hexdigest()

    def _on(self, row: ReadRow, when: When, own: str) -> ReadRow:
        """The same row on another of its days."""
        first = when.first or row.first
        values = {name: getattr(row, name) for name in ReadRow.__slots__}
        values |= {
            "key": f"{own}/{first.isoformat()}",
            "first": first,
            "last": when.last or first,
            "starts": when.start,
            "ends": when.end,
        }
        return ReadRow(**values)

    def _refuse_twice(
        self, number: int, rows: list[ReadRow], said: dict[str, str], cells: list[str]
    ) -> None:
        """Refuse a second row with an id, or that says the same; number those that differ."""
        body = tuple(cells)
        for row in rows:
            earlier = self.keys.get(row.key)
            if earlier and row.has_id and earlier != number:
                raise _Refused(Reason.about("id-twice", said["id"], row=earlier))
            if earlier and not row.has_id:
                if (same := self.bodies.get(body)) and same != number:
                    raise _Refused(Reason("row-twice", {"row": same}))
                times = 2
                while self.keys.get(f"{row.key}-{times}"):
                    times += 1
                row.key = f"{row.key}-{times}"
        for row in rows:
            self.keys.add(row.key, number)
        if not rows[0].has_id:
            self.bodies.add(body, number)


def _town_of(setting: str, country: str, places: Places) -> Found | None:
    if not setting:
        return None
    answer = places.finder.find(setting, country=country or None)
    return answer.place or (answer.places[0] if answer.places else None)


@lru_cache(maxsize=20_000)
def _clocks_of(text: str, *, bare: bool = False) -> tuple[Clocks, ...] | None:
    found = read_clocks(text[:500], bare=bare)
    return None if found is None else tuple(found)


def _is_no_time(text: str) -> bool:
    return _clocks_of(text) == ()


@lru_cache(maxsize=1024)
def _zone_of(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return None


def _at(when: When, start: time | None, end: time | None) -> When:
    return when._replace(start=start or when.start, end=end or when.end)


def _until(when: When, end: When | None) -> When:
    """A day with the last day that stands in a column of its own."""
    if end is None:
        return when
    if when.instant is not None or end.instant is not None:
        return when._replace(last=end.first, end=end.start, end_instant=end.instant)
    last = end.last or end.first
    if when.first is None or last is None:
        return when
    if last < when.first:
        raise _Refused(
            Reason("date-turned", {"start": when.first.isoformat(), "end": last.isoformat()})
        )
    return when._replace(last=last, end=end.start)


def _local(when: When, zone_name: str, notes: list[Reason]) -> When:
    """An instant by the clock of its place."""
    if when.instant is None:
        return when
    zone = _zone_of(zone_name) if zone_name else None
    if zone_name and zone is None:
        notes.append(Reason.about("zone-unknown", zone_name))
    if zone is None:
        notes.append(Reason("zone-missing"))
        zone = ZoneInfo("UTC")
    begins = when.instant.astimezone(zone)
    ends = when.end_instant.astimezone(zone) if when.end_instant else None
    if ends is not None and ends < begins:
        raise _Refused(
            Reason(
                "date-turned",
                {"start": f"{begins:%Y-%m-%d %H:%M}", "end": f"{ends:%Y-%m-%d %H:%M}"},
            )
        )
    last = ends.date() if ends else when.last
    return When(
        begins.date(), last if last and last >= begins.date() else None,
        begins.time().replace(second=0, microsecond=0),
        ends.time().replace(second=0, microsecond=0) if ends else when.end,
        begins,
    )  # fmt: skip
