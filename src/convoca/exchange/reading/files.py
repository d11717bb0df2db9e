"""A file as it was handed in: what it is, its columns, and its rows as often as they are wanted."""

import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from convoca.core.errors import Refusal
from convoca.exchange.reading import calendars, encodings, headers, limits, objects, tables
from convoca.exchange.reading.reasons import Reason
from convoca.exchange.reading.tables import Record

FORMATS: dict[str, StrOrPromise] = {
    "csv": gettext_lazy("Table (CSV)"),
    "ics": gettext_lazy("Calendar"),
    "geojson": gettext_lazy("Map data (GeoJSON)"),
    "json": gettext_lazy("List (JSON)"),
    "osdi": gettext_lazy("Action Network or OSDI"),
    "mobilize": gettext_lazy("Mobilize"),
    "mobilizon": gettext_lazy("Mobilizon"),
}
"""What each format is called."""
SAMPLE = 262_144
"""Bytes by which a file is recognised."""
HEADING_WITHIN = 20
"""Rows among which the heading is looked for."""
_DATA = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}.*|\d+([.,]\d+)?|https?://.*", re.DOTALL)


@dataclass
class OpenedFile:
    """A list that was recognised. `records` begins anew each time it is called."""

    path: Path
    name: str
    format: str
    """A key of `FORMATS`."""
    columns: list[str]
    records: Callable[[], Iterator[Record]]
    notes: list[Reason] = field(default_factory=list)
    has_heading: bool = True


def open_file(path: Path, *, name: str = "", kind: str = "actions") -> OpenedFile:
    """Recognise a file by what is in it, not by its name. `kind` is what it lists.

    Raises `Refusal` for what is no list of actions: a packed folder, a workbook, a picture, a page.
    """
    name = name or path.name
    start, encoding, text = _beginning(path)
    if _is_calendar(text):
        return _with_rows(path, name, calendars.read(_document(path, encoding)))
    if text[0] in "{[":
        return _with_rows(path, name, objects.read(_document(path, encoding)))
    return _of_table(path, name, encoding, start, kind)


def check_beginning(path: Path, *, kind: str = "actions") -> None:
    """Refuse by the beginning of a file what is no list. What must be held whole, JSON and
    calendars, may be refused later still, when it is opened.
    """
    start, encoding, text = _beginning(path)
    if not _is_calendar(text) and text[0] not in "{[":
        _of_table(path, path.name, encoding, start, kind)


def _is_calendar(text: str) -> bool:
    return text[:15].upper() == "BEGIN:VCALENDAR"


def _beginning(path: Path) -> tuple[bytes, str, str]:
    """The first bytes, their encoding, and their text. Refuses what these show to be no list."""
    try:
        with tables.unpacked(path) as raw:
            start = raw.read(SAMPLE)
    except OSError as error:
        raise Refusal("file-unreadable", _("This file cannot be opened.")) from error
    _refuse_other_kinds(start)
    encoding = encodings.encoding_of(start)
    text = start.decode(encoding, errors="replace").lstrip("\ufeff \t\r\n")
    if not text:
        raise Refusal("file-empty", _("This file is empty."))
    if re.match(r"<(!doctype|html|head|body)\b", text, re.IGNORECASE):
        message = _("This is a web page, not a list. Was it saved while signed out?")
        raise Refusal("file-page", message)
    if text.startswith("<"):
        raise Refusal("file-xml", _("XML is not read. Save the list as CSV, please."))
    return start, encoding, text


def _refuse_other_kinds(start: bytes) -> None:
    if start.startswith(b"PK\x03\x04"):
        if b"[Content_Types].xml" in start or b"xl/" in start or b"opendocument" in start[:200]:
            raise Refusal("file-workbook", _("This is a workbook. Save the sheet as CSV, please."))
        raise Refusal("file-zip", _("This is a packed folder (ZIP). Send the list in it, please."))
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refusal("file-workbook", _("This is a workbook. Save the sheet as CSV, please."))
    if start.startswith(b"%PDF"):
        raise Refusal("file-pdf", _("This is a PDF. A list is needed: CSV, calendar or JSON."))


def _document(path: Path, encoding: str) -> str:
    """The text of a file that must be held whole."""
    with tables.unpacked(path) as raw:
        content = raw.read(limits.DOCUMENT + 1)
    if len(content) > limits.DOCUMENT:
        raise Refusal("file-large", _("This file is too large to read."))
    text = content.decode(encoding, errors=encodings.errors_for(encoding)).lstrip("\ufeff")
    return text.replace("\0", "")  # as in tables: databases take none


def _with_rows(path: Path, name: str, found: objects.Found) -> OpenedFile:
    """Rows of names and values as a sheet: a column for each name that occurs."""
    rows, notes = found.rows, found.notes
    names: dict[str, int] = {}
    for row in rows:
        for key in row.values:
            names.setdefault(key, len(names))
    columns = list(names)[: limits.COLUMNS]
    if len(names) > limits.COLUMNS:
        notes = [*notes, Reason("columns-many", {"most": limits.COLUMNS})]

    def records() -> Iterator[Record]:
        for row in rows:
            cells = [row.values.get(column, "") for column in columns]
            yield Record(row.number, cells, row.reason, row.notes)

    return OpenedFile(path, name, found.format, columns, records, notes)


def _of_table(path: Path, name: str, encoding: str, start: bytes, kind: str) -> OpenedFile:
    sample = start.decode(encoding, errors=encodings.errors_for(encoding)).removeprefix("\ufeff")
    if len(start) == SAMPLE and "\n" in sample:
        sample = sample[: sample.rindex("\n") + 1]
    delimiter = tables.delimiter_of(sample) or ","
    first_rows = list(
        islice(tables.rows(io.StringIO(sample, newline=""), delimiter), HEADING_WITHIN)
    )
    at = _heading_of(first_rows, kind)
    _refuse_prose(first_rows, at, kind)
    notes = []
    if at is None:
        width = max(len(row.cells) for row in first_rows)
        columns = [str(number) for number in range(1, width + 1)]
        notes.append(Reason("header-missing"))
    else:
        columns = _named(first_rows[at].cells)
        if at:
            notes.append(Reason("header-late", {"row": first_rows[at].number}))
    if encodings.is_mended(start, encoding):
        notes.append(Reason("encoding-mended"))
    if len(columns) > limits.COLUMNS:
        columns = columns[: limits.COLUMNS]
        notes.append(Reason("columns-many", {"most": limits.COLUMNS}))
    after = 0 if at is None else first_rows[at].number

    def records() -> Iterator[Record]:
        with tables.opened(path, encoding) as stream:
            for record in tables.rows(stream, delimiter, len(columns)):
                if record.number > after:
                    yield record

    return OpenedFile(path, name, "csv", columns, records, notes, has_heading=at is not None)


def _refuse_prose(rows: Sequence[Record], at: int | None, kind: str) -> None:
    """Text with commas in it is no list: a heading that we know, or rows of several cells, are."""
    is_known = at is not None and any(headers.guess(cell, kind) for cell in rows[at].cells)
    filled = [row for row in rows if sum(bool(cell.strip()) for cell in row.cells) > 1]
    has_data = any(_looks_like_data(row.cells) for row in filled)
    if not is_known and not has_data and (at is None or len(filled) < 2):
        message = _("This is not a list: no heading and no columns were found in it.")
        raise Refusal("file-not-list", message)


def _heading_of(rows: Sequence[Record], kind: str) -> int | None:
    """Which row is the heading: the one in which most cells are headings that we know.

    Where none is, the first row that looks like one: words, and each once.
    """
    known = [
        sum(headers.guess(c, kind) is not None for c in row.cells if c.strip()) for row in rows
    ]
    if known and max(known) > 0 and not _looks_like_data(rows[known.index(max(known))].cells):
        return known.index(max(known))
    for at, row in enumerate(rows):
        cells = [cell.strip() for cell in row.cells if cell.strip()]
        if len(cells) > 1:
            is_words = not _looks_like_data(cells) and len(set(cells)) == len(cells)
            return at if is_words and max(map(len, cells)) < 80 else None
    return None


def _looks_like_data(cells: Sequence[str]) -> bool:
    return any(_DATA.fullmatch(cell.strip()) for cell in cells)


def _named(cells: Sequence[str]) -> list[str]:
    """Names for all columns, each once: a column without one is called by its number."""
    names: list[str] = []
    for number, cell in enumerate(cells, start=1):
        name = " ".join(cell.split())[:200] or f"({number})"
        base, times = name, 1
        while name in names:
            times += 1
            name = f"{base} ({times})"
        names.append(name)
    return names
