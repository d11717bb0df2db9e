"""A list as reports that can be compared with those of another one. Nothing is written."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import cache

from convoca.core.errors import Refusal
from convoca.counting.linking.files import Finder, Listed, Row, listed
from convoca.exchange.reading import Mapping, OpenedFile, Reason, headers, study_file, suggest
from convoca.exchange.reading.days import DayReader, Style

_MEANS = {
    "id": ("id",),
    "country": ("country",),
    "region": ("region", "district"),
    "district": ("district",),
    "town": ("city",),
    "location": ("place",),
    "venue": ("venue", "address"),
    "latitude": ("latitude",),
    "longitude": ("longitude",),
    "organisers": ("organisers",),
    "words": ("title", "about", "tags"),
    "kind": ("kind",),
    "low": ("size_low", "size_best", "size"),
    "high": ("size_high",),
}
"""What is compared, and the fields of a list that say it: all of `_ALL`, else the first there is.
"""
_ALL = {"words", "organisers"}
_FIRST, _LAST = ("day", "start"), ("last_day", "end")
_NUMBERS = {"nr", "no", "number"}
"""A running number is no id that lasts, but between two files it is one."""
SURE = 1.0


def reports_of(file: OpenedFile, finder: Finder) -> Listed:
    """The reports of a list: columns by their headings, days as people write them. Refuses a list
    that lacks a column of ids, one of days, or one that says where.
    """
    mapping = suggest(file)
    at = {name: n for n, name in enumerate(file.columns)}
    columns = {what: [at[one] for one in _columns(mapping, what)] for what in _MEANS}
    first, last = (_first(mapping, fields) for fields in (_FIRST, _LAST))
    _refuse_lacking(file, columns, has_days=bool(first))
    records = list(file.records())
    begins, *ends = [at[one] for one in (*first, *last)]
    days_of = _reader(file, mapping, [one.cells[begins : begins + 1] for one in records])
    years = [at[one] for one in mapping.columns_of("year")]
    said = [(what, of) for what, of in columns.items() if of]

    def rows() -> Iterator[Row]:
        for record in records:
            cells = [cell.strip() for cell in record.cells]
            if not any(cells):
                continue
            cells += [""] * (len(at) - len(cells))
            year = cells[years[0]] if years else ""
            first, last = days_of(cells[begins], year)
            for n in ends:
                last = max(filter(None, (last, days_of(cells[n], year)[1])), default=None)
            told = {what: [cells[n] for n in of] for what, of in said}
            yield Row(record.number, told, first, last)

    found = listed(rows(), finder)
    used = {n for _what, of in said for n in of} | {begins, *ends, *years}
    found.unused = [name for name, n in at.items() if n not in used]
    return found


def _columns(mapping: Mapping, what: str) -> list[str]:
    if what == "id":
        numbered = [one for one in mapping.columns if headers.key(one) in _NUMBERS]
        return _first(mapping, ("id",)) or numbered[:1]
    if what == "kind":
        return [one for one in _first(mapping, ("kind",)) if not _is_category(one)]
    if what not in _ALL:
        return _first(mapping, _MEANS[what])
    return [
        column
        for column, field in mapping.columns.items()
        if field in _MEANS[what] or (what == "words" and _is_category(column))
    ]


def _is_category(column: str) -> bool:
    """What is called so may be a kind of action or a cause: it is read as words."""
    found = headers.guess(column)
    return found is not None and found.field == "kind" and found.confidence < SURE


def _first(mapping: Mapping, fields: tuple[str, ...]) -> list[str]:
    """The one column of the first of these fields that the list has."""
    return next((found[:1] for one in fields if (found := mapping.columns_of(one))), [])


Days = tuple[date | None, date | None]
"""The first and the last that a cell names."""


def _reader(
    file: OpenedFile, mapping: Mapping, written: Sequence[Sequence[str]]
) -> Callable[[str, str], Days]:
    """What reads days as this file writes them. Where all begin with the year there is nothing to
    decide, and the file need not be studied.
    """
    is_plain = all(cell[4:5] == "-" for cells in written for cell in cells if cell)
    reader = DayReader(Style() if is_plain else study_file(file, mapping).style)

    @cache
    def days_of(cell: str, year: str) -> Days:
        found = reader.read(cell, year) if cell else []
        if isinstance(found, Reason):
            return None, None
        days = [day for one in found for day in (one.first, one.last) if day]
        days += [one.instant.date() for one in found if one.instant and not one.first]
        return min(days, default=None), max(days, default=None)

    return days_of


def _refuse_lacking(file: OpenedFile, columns: dict[str, list[int]], *, has_days: bool) -> None:
    names = ", ".join(file.columns)
    for name, is_there in (("id", columns["id"]), ("date", has_days)):
        if not is_there:
            words = f"there is no column “{name}”; the columns are {names}"
            raise Refusal("column-missing", words)
    if not (columns["town"] or columns["location"] or columns["latitude"]):
        words = f"there is no column that says where (city, location); the columns are {names}"
        raise Refusal("column-missing", words)
