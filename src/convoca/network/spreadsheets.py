"""Spreadsheets in and out: whatever a spreadsheet program saves as CSV is read, and what we write
cannot run as a formula.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from django.http import HttpResponse
from django.utils.translation import gettext as _

from convoca.core.errors import Refusal

LARGEST = 5 * 1024 * 1024
MOST_ROWS = 20_000
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def decode(raw: bytes) -> str:
    """The text of a file: UTF-8 or UTF-16 with their marks, UTF-8, else Windows-1252."""
    if len(raw) > LARGEST:
        raise Refusal("file-large", _("This file is larger than 5 MB. Split it, please."))
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    if "\x00" in text:
        raise Refusal("file-not-csv", _("This is not a CSV file. Save the sheet as CSV first."))
    return text


def read(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row as (its number in the sheet, column → cell); empty rows are passed over.

    Columns are parted by comma, semicolon or tab, as the first line has them. Names of columns are
    taken in small letters with `_` for blanks. A cell that looks like a formula is text.
    """
    text, delimiter = _parted(text)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        columns = [_column(cell) for cell in next(rows, [])]
        if len(set(columns)) != len(columns):
            raise Refusal("column-twice", _("A column stands twice in the first row."))
        for number, cells in enumerate(rows, start=2):
            if number > MOST_ROWS + 1:
                raise Refusal("file-long", _("This file has more than 20,000 rows."))
            if any(cell.strip() for cell in cells):
                padded = [*cells, *[""] * (len(columns) - len(cells))]
                yield number, {c: tame(v) for c, v in zip(columns, padded, strict=False)}
    except csv.Error as error:
        raise Refusal(
            "file-not-csv",
            _("Row %(row)d cannot be read as CSV.") % {"row": rows.line_num},
        ) from error


def columns_of(text: str) -> list[str]:
    """The names of the columns, as `read` will call them."""
    text, delimiter = _parted(text)
    try:
        first = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
    except csv.Error as error:
        raise Refusal(
            "file-not-csv", _("Row %(row)d cannot be read as CSV.") % {"row": 1}
        ) from error
    return [_column(cell) for cell in first]


def _parted(text: str) -> tuple[str, str]:
    """The text without its mark, and what parts its cells: as its first line has them."""
    text = text.removeprefix("\ufeff")
    header = (text.splitlines() or [""])[0]
    return text, max(",;\t", key=header.count)


def _column(cell: str) -> str:
    return "_".join(cell.strip().lower().split())


def tame(cell: str) -> str:
    """A cell as text: blanks at its ends gone, and the apostrophe that an export put before a
    formula.
    """
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_DANGEROUS) else cell


def neutral(cell: object) -> str:
    """A cell that no spreadsheet program takes for a formula; a number of ours is none."""
    text = "" if cell is None else str(cell)
    if isinstance(cell, int | float):
        return text
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def as_csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A sheet as CSV, without its mark."""
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet)
    writer.writerow(head)
    writer.writerows([neutral(cell) for cell in row] for row in rows)
    return sheet.getvalue()


def write(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A CSV download: written whole, UTF-8 with its mark, so that spreadsheet programs see it."""
    answer = HttpResponse("\ufeff" + as_csv(head, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer
