"""Sheets of members, as exchange hands their rows over."""

import csv
import io

from convoca.network.spreadsheets import tame


def rows_of(text: str) -> list[tuple[int, dict[str, str]]]:
    """Each row with its number in the sheet."""
    sheet = csv.DictReader(io.StringIO(text, newline=""), restval="")
    return [(n, {c: tame(v) for c, v in row.items()}) for n, row in enumerate(sheet, start=2)]
