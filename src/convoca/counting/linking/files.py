"""Two sources' lists as files: rows of any header, in any order, as reports.

The alias table is for linking two files in one go; it knows the headers that lists of actions
usually have. What goes into the database comes in through an importer that shows its mapping.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from convoca.core.fold import fold
from convoca.counting.linking.reports import Report
from convoca.places.gazetteer import Answer
from convoca.places.index import Found

_ALIASES = {
    "id": "id uid nr no number event_id external_id identifier",
    "first_on": "date day first_day start start_date starts_on first_on event_date fecha datum "
    "data",
    "last_on": "end end_date last_day ends_on last_on date_end fecha_fin enddatum",
    "country": "country country_code nation pais pays land",
    "region": "state region province admin1 state_code departement bundesland provincia estado",
    "district": "county district admin2",
    "town": "city town municipality locality place ciudad ville ort stadt cidade citta",
    "venue": "venue site address street adresse direccion",
    "location": "location lieu lugar local where",
    "latitude": "latitude lat",
    "longitude": "longitude lon lng long",
    "organisers": "actors organisers organizers organisations organizations organisation groups "
    "group protesteridentity",
    "words": "claims claim demands title name category tags tag description topic topics issue "
    "issues subject event summary notes titulo titre titel thema tema",
    "kind": "event_type type kind action_type",
    "low": "size_low low estimate_low crowd_low attendees participants size crowd attendance "
    "teilnehmer asistentes",
    "high": "size_high high estimate_high crowd_high",
}
_FIELD = {alias: name for name, aliases in _ALIASES.items() for alias in aliases.split()}
_SEVERAL = {"words", "organisers"}
_NUMBER = re.compile(r"\d+(?:[,.]\d{3})*(?!\d)")
LARGEST = 100_000_000
MOSTLY = 0.8
"""The share of a list's towns in one country from which on it is the country of all of them."""


class Finder(Protocol):
    """Whoever knows where a named place is."""

    def find(
        self, name: str, *, country: str | None = None, region: str | None = None
    ) -> Answer: ...


class WrongFile(Exception):
    """These rows cannot be linked; the sentence says why."""


@dataclass
class Listed:
    """The reports of a file, and the rows that are none."""

    reports: list[Report] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)
    """Row number (the header is row 1) and why."""
    unused: list[str] = field(default_factory=list)


def mapping(header: Sequence[str]) -> dict[str, list[str]]:
    """Which columns say what: field → columns, in the order of the file."""
    found: dict[str, list[str]] = {}
    for column in header:
        name = _FIELD.get(fold(column).replace(" ", "_"))
        if name and (name in _SEVERAL or name not in found):
            found.setdefault(name, []).append(column)
    if "id" not in found or "first_on" not in found:
        missing = "id" if "id" not in found else "date"
        raise WrongFile(f"there is no column “{missing}”; the columns are {', '.join(header)}")
    if not {"town", "location", "latitude"} & found.keys():
        raise WrongFile(
            "there is no column that says where (city, location); "
            f"the columns are {', '.join(header)}"
        )
    return found


def read(rows: Iterable[Mapping[str, str | None]], header: Sequence[str], finder: Finder) -> Listed:
    """The rows as reports, with towns looked up. A row without id or date is refused."""
    columns = mapping(header)
    used = {column for of in columns.values() for column in of}
    listed = Listed(unused=[column for column in header if column not in used])
    kept: list[tuple[dict[str, list[str]], date]] = []
    seen: set[str] = set()
    for number, row in enumerate(rows, start=2):
        cells = {name: [(row.get(c) or "").strip() for c in of] for name, of in columns.items()}
        if not any(cell for of in cells.values() for cell in of):
            continue
        first = _day(cells["first_on"][0])
        if not cells["id"][0] or cells["id"][0] in seen:
            listed.refused.append(
                (number, "no id" if not cells["id"][0] else "the id stands twice")
            )
        elif first is None:
            listed.refused.append((number, "no date that can be read (YYYY-MM-DD)"))
        else:
            seen.add(cells["id"][0])
            kept.append((cells, first))
    towns = _Towns(finder, [cells for cells, _ in kept])
    listed.reports = [_report(cells, first, towns) for cells, first in kept]
    return listed


class _Towns:
    """Looks towns up, each once; in the country that most of the list lies in."""

    def __init__(self, finder: Finder, rows: Sequence[Mapping[str, list[str]]]) -> None:
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

    def asked(self, cells: Mapping[str, list[str]]) -> tuple[str, str, str]:
        return _town(cells), _one(cells, "region"), _one(cells, "country")

    def of(self, cells: Mapping[str, list[str]]) -> Found | None:
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


def _report(cells: Mapping[str, list[str]], first: date, towns: _Towns) -> Report:
    place = towns.of(cells)
    low, high = _size(_one(cells, "low")), _size(_one(cells, "high"))
    last = _day(_one(cells, "last_on"))
    pin = _position(_one(cells, "latitude"), _one(cells, "longitude"))
    venue = _one(cells, "venue")
    if not venue and "," in _one(cells, "location"):
        venue = _one(cells, "location").split(",")[0] if _one(cells, "town") else ""
        venue = "" if fold(venue) == fold(_town(cells)) else venue
    return Report(
        id=cells["id"][0],
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


def _one(cells: Mapping[str, list[str]], name: str) -> str:
    return next(iter(cells.get(name, ())), "")


def _town(cells: Mapping[str, list[str]]) -> str:
    return _one(cells, "town") or _one(cells, "location")


def _day(cell: str) -> date | None:
    try:
        return date.fromisoformat(cell[:10])
    except ValueError:
        return None


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
