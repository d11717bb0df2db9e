"""Sheets that people take along: CSV that every spreadsheet program opens, and that cannot run as a
formula.
"""

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


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


def as_csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A sheet as CSV in UTF-8, with its mark, so that spreadsheet programs see it. It is written
    row by row into its bytes: a long one is in memory once.
    """
    sheet = io.BytesIO()
    text = io.TextIOWrapper(sheet, encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows([neutral(cell) for cell in row] for row in rows)
    text.flush()
    return sheet.getvalue()


def write(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A CSV download, written whole."""
    answer = HttpResponse(as_csv(head, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer
