"""Rows of a source's list as reports, for linking two lists in one go. How files are read, and what
their columns are called, is known to `exchange`.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, Protocol

from convoca.core.fold import fold
from convoca.counting.linking.reports import Report
from convoca.places.gazetteer import Answer
from convoca.places.index import Found

_NUMBER = re.compile(r"\d+(?:[,.]\d{3})*(?!\d)")
LARGEST = 100_000_000
MOSTLY = 0.8
"""The share of a list's towns in one country from which on it is the country of all of them."""


class Finder(Protocol):
    """Whoever knows where a named place is."""

    def find(
        self, name: str, *, country: str | None = None, region: str | None = None
    ) -> Answer: ...


@dataclass
class Listed:
    """The reports of a file, and the rows that are none."""

    reports: list[Report] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)
    """Row number (the header is row 1) and why."""
    unused: list[str] = field(default_factory=list)


Cells = Mapping[str, Sequence[str]]
"""What a row says: id, country, region, district, town, location, venue, latitude, longitude,
organisers, words, kind, low, high; several cells where several columns say it.
"""


class Row(NamedTuple):
    """One row of a list, its days read."""

    number: int
    cells: Cells
    first: date | None
    last: date | None = None


def listed(rows: Iterable[Row], finder: Finder) -> Listed:
    """The rows as reports, with towns looked up. A row without id or date is refused."""
    found = Listed()
    kept: list[Row] = []
    seen: set[str] = set()
    for row in rows:
        own = _one(row.cells, "id")
        if not own or own in seen:
            why = "no id" if not own else "the id stands twice"
            found.refused.append((row.number, why))
        elif row.first is None:
            found.refused.append((row.number, "no date that can be read"))
        else:
            seen.add(own)
            kept.append(row)
    towns = _Towns(finder, [row.cells for row in kept])
    found.reports = [_report(row, row.first, towns) for row in kept if row.first]
    return found


class _Towns:
    """Looks towns up, each once; in the country that most of the list lies in."""

    def __init__(self, finder: Finder, rows: Sequence[Cells]) -> None:
        self.finder = finder
        self.found: dict[tuple[str, str, str], Found | None] = {}
        self.country = ""
        asked = Counter(self.asked(cells) for cells in rows)
        if not any(country for _, _, country in asked):
            clear = Counter(
                place.country
                for key in sorted(asked)[:: max(1, len(asked) // 400)]
                if (place := self._find(*key))
            )
            most = clear.most_common(1)
            if most and most[0][1] >= MOSTLY * clear.total():
                self.country = most[0][0]

    def asked(self, cells: Cells) -> tuple[str, str, str]:
        return _town(cells), _one(cells, "region"), _one(cells, "country")

    def of(self, cells: Cells) -> Found | None:
        town, region, country = self.asked(cells)
        key = (town, region, country or self.country)
        if key not in self.found:
            self.found[key] = self._find(*key)
        return self.found[key]

    def _find(self, town: str, region: str, country: str) -> Found | None:
        if not town:
            return None
        name = f"{town}, {region}" if region else town
        answer = self.finder.find(name, country=country if len(country) == 2 else None)
        return answer.place


def _report(row: Row, first: date, towns: _Towns) -> Report:
    cells, last = row.cells, row.last
    place = towns.of(cells)
    low, high = _size(_one(cells, "low")), _size(_one(cells, "high"))
    pin = _position(_one(cells, "latitude"), _one(cells, "longitude"))
    venue = _one(cells, "venue")
    if not venue and "," in _one(cells, "location"):
        venue = _one(cells, "location").split(",")[0] if _one(cells, "town") else ""
        venue = "" if fold(venue) == fold(_town(cells)) else venue
    return Report(
        id=_one(cells, "id"),
        first_on=first,
        last_on=last if last and last > first else None,
        country=place.country if place else _one(cells, "country") or towns.country,
        region=place.region_code if place and place.region_code else _one(cells, "region"),
        district=_one(cells, "district") or (place.district if place else ""),
        town=_town(cells),
        place=str(place.id) if place else "",
        position=pin or ((place.latitude, place.longitude) if place else None),
        is_pin=pin is not None,
        venue=venue,
        organisers=tuple(o for cell in cells.get("organisers", ()) for o in cell.split(";") if o),
        words=tuple(cell for cell in cells.get("words", ()) if cell),
        kind=_one(cells, "kind"),
        low=low,
        high=high if high is not None else low,
    )


def _one(cells: Cells, name: str) -> str:
    return next(iter(cells.get(name, ())), "")


def _town(cells: Cells) -> str:
    return _one(cells, "town") or _one(cells, "location")


def _size(cell: str) -> int | None:
    """The first number of a cell: "6 (photo headcount)" is 6. Words alone are no number here."""
    found = _NUMBER.search(cell)
    number = int(re.sub(r"[,.]", "", found.group())) if found else 0
    return number if 0 < number <= LARGEST else None


def _position(latitude: str, longitude: str) -> tuple[float, float] | None:
    try:
        position = float(latitude), float(longitude)
    except ValueError:
        return None
    return position if abs(position[0]) <= 90 and abs(position[1]) <= 180 else None
