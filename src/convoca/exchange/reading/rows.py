"""The rows of a file, read: each a `ReadRow`, or a `RefusedRow` with its reasons."""

import re
from collections.abc import Iterator
from hashlib import blake2b
from zoneinfo import ZoneInfo

from convoca.core.fold import fold
from convoca.exchange.reading import limits
from convoca.exchange.reading.days import DayReader, When
from convoca.exchange.reading.fields import FIELDS
from convoca.exchange.reading.files import OpenedFile
from convoca.exchange.reading.mapping import Mapping
from convoca.exchange.reading.places import Places, Where, Written
from convoca.exchange.reading.reasons import Reason
from convoca.exchange.reading.row import ReadRow, Refused, RefusedRow, Tally
from convoca.exchange.reading.seen import Seen
from convoca.exchange.reading.sizes import Size, SizeReader
from convoca.exchange.reading.study import Study
from convoca.exchange.reading.tables import Record
from convoca.exchange.reading.timing import Timing, local, zone_of
from convoca.places.index import Found

_URL = re.compile(r"https?://[^\s<>\"'\\]{3,2000}", re.IGNORECASE)
_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]")  # people's addresses are not kept
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
LONGEST_KEY = 150
"""Characters of an id in a list; the end of a longer one becomes a digest. A day may follow it."""
EXTRA = 1_000
"""Characters of each cell that is kept as it is."""


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
        except Refused as refused:
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
        self.timing = Timing(DayReader(study.style))
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
            raise Refused(record.reason)
        cells = record.cells
        if len(cells) < self.width:
            cells = cells + [""] * (self.width - len(cells))
        if max(map(len, cells)) > limits.CELL:
            raise Refused(Reason("cell-long", {"most": limits.CELL}))
        said = {name: value for name, n in self.one.items() if (value := cells[n].strip())}
        notes: list[Reason] = list(record.notes)
        self._refuse_empty(said, cells)
        whens = self.timing.whens(said, notes)
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
        when = local(whens[0], said.get("zone", "") or self._zone(where), notes)
        whens[0] = when
        about = "\n".join(self._cells("about", cells))
        kind = said.get("kind", "")
        title = said.get("title", "") or about or kind
        organisers = self._parts("organisers", cells, _PARTS)
        is_hidden = said.get("hidden", "").lower() in _HIDDEN or (
            "public" in said and said["public"].lower() in _NO
        )
        extra = {
            name: cell[:EXTRA]
            for n, name in self.others
            if (cell := cells[n]) and cell.strip() and not _MAIL.search(cell)
        }
        urls = self._urls(cells, extra)
        zone = (
            when.instant.tzinfo.key
            if when.instant and isinstance(when.instant.tzinfo, ZoneInfo)
            else ""
        )
        first = when.first
        if first is None:
            raise Refused(Reason("date-missing"))
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
        if said and zone_of(said):
            return said
        return where.place.zone if where.place else self.zone

    def _refuse_empty(self, said: dict[str, str], cells: list[str]) -> None:
        names = ("day", "start", "city", "place", "venue", "title")
        if not any(name in said for name in names) and not self._cells("about", cells):
            raise Refused(Reason("row-empty"))

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
                raise Refused(words)
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
            raise Refused(Reason("size-turned", {"low": low, "high": high}))
        return Size(low, high, text or (f"{low}" if low == high else f"{low}–{high}")), text

    def _number(self, said: dict[str, str], name: str) -> int | None:
        if name not in said:
            return None
        found = self.sizes.number(said[name])
        if isinstance(found, Reason):
            if found.code in {"size-unread", "size-not-people"}:
                return None
            raise Refused(found)
        return found

    # Which

    def _key(self, said: dict[str, str], row: ReadRow) -> str:
        """The id in its own list; else a digest of what a correction seldom changes."""
        if row.has_id:
            slot = said.get("slot", "")
            own = f"{said['id']}/{slot}" if slot else said["id"]
            return own if len(own) <= LONGEST_KEY else f"{own[: LONGEST_KEY - 25]}~{_digest(own)}"
        parts = (
            row.first.isoformat(), row.last.isoformat(), str(row.starts or ""), row.place_text,
            said.get("venue", ""), said.get("address", ""), row.title, row.kind, *row.organisers,
        )  # fmt: skip
        words = "\0".join(" ".join(part.split()).casefold() for part in parts)
        return f"~{_digest(words)}"

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
                raise Refused(Reason.about("id-twice", said["id"], row=earlier))
            if earlier and not row.has_id:
                if (same := self.bodies.get(body)) and same != number:
                    raise Refused(Reason("row-twice", {"row": same}))
                times = 2
                while self.keys.get(f"{row.key}-{times}"):
                    times += 1
                row.key = f"{row.key}-{times}"
        for row in rows:
            self.keys.add(row.key, number)
        if not rows[0].has_id:
            self.bodies.add(body, number)


def _digest(words: str) -> str:
    return blake2b(words.encode("utf-8", "replace"), digest_size=12).hexdigest()


def _town_of(setting: str, country: str, places: Places) -> Found | None:
    if not setting:
        return None
    answer = places.finder.find(setting, country=country or None)
    return answer.place or (answer.places[0] if answer.places else None)
