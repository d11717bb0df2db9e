"""Finding places, and keeping those that something uses."""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from convoca.core.errors import Refusal
from convoca.places import names
from convoca.places.gazetteer import Answer, Gazetteer
from convoca.places.index import Found
from convoca.places.models import Place


def gazetteer() -> Gazetteer:
    """The table of places, unpacked under CONVOCA_HOME by whoever asks first."""
    return _opened(Path(settings.PLACES_TABLE))


@lru_cache(maxsize=1)
def _opened(file: Path) -> Gazetteer:
    return Gazetteer(file)


def find(name: str, *, country: str = "", suggest: bool = False) -> Answer:
    """What a typed name means, with places named as they are named here."""
    answer = gazetteer().find(name, country=country or None, suggest=suggest)
    return Answer(answer.outcome, tuple(map(names.shown, answer.places)), answer.is_guess)


def found_with(geonames_id: int) -> Found | None:
    """The place of that number in the table, named as it is named here."""
    found = gazetteer().by_id(geonames_id)
    return names.shown(found) if found else None


@lru_cache(maxsize=256)
def _larger_cities(table: Gazetteer, country: str, limit: int) -> list[Found]:
    return table.larger_cities(country, limit=limit)


def larger_cities(country: str, *, limit: int = 30) -> list[Found]:
    """The largest cities of a country, without their quarters (`Gazetteer.larger_cities`)."""
    return [names.shown(city) for city in _larger_cities(gazetteer(), country, limit)]


@lru_cache(maxsize=256)
def _regions(table: Gazetteer, country: str) -> list[tuple[str, str]]:
    return table.regions(country)


def regions_of(country: str) -> list[tuple[str, str]]:
    """The regions of a country, code and name, in the order of their names."""
    return list(_regions(gazetteer(), country))


def zone_at(latitude: float, longitude: float) -> str:
    """The zone of a position that is no place of the table; at sea the hour of its meridian.

    A place has its own zone already; ask this only when a pin was moved.
    """
    import tzfpy  # noqa: PLC0415  optional: 33 MB that most processes never need

    longitude = (longitude + 180.0) % 360.0 - 180.0
    return tzfpy.get_tz(longitude, max(-90.0, min(90.0, latitude))) or "UTC"


def place_for(geonames_id: int) -> Place:
    """The place of that number, kept from now on. Repeating it changes nothing."""
    kept = Place.objects.filter(geonames_id=geonames_id).first()
    if kept:
        return kept
    found = found_with(geonames_id)
    if found is None:
        raise Refusal("place-unknown", _("This place is not in our table of places."))
    return keep(found)


def place_named(name: str, *, country: str = "", guess: bool = False) -> Place:
    """The one clear place of that name, kept; refuses what `place_meant` refuses."""
    return keep(place_meant(name, country=country, guess=guess))


def place_meant(name: str, *, country: str = "", guess: bool = False) -> Found:
    """The one clear place of that name. For files and other servers: forms ask people.

    Refuses a name that several places bear, one that none bears and, unless `guess`, one that is
    written nearly like a place's.
    """
    answer = find(name, country=country)
    if answer.place is None and answer.places:
        raise Refusal(
            "place-ambiguous",
            _("“%(name)s” may be several places; add the region and the country.") % {"name": name},
        )
    if answer.place is None or (answer.is_guess and not guess):
        raise Refusal("place-unknown", _("No place called “%(name)s” is known.") % {"name": name})
    return answer.place


def keep(found: Found) -> Place:
    """A row for a place of the table. Two who keep it at once share one row."""
    return Place.objects.get_or_create(geonames_id=found.id, defaults=_fields(found))[0]


def keep_all(found: Iterable[Found]) -> dict[int, int]:
    """Rows for many places of the table: their numbers there → those of their rows."""
    by_number = {one.id: one for one in found}
    kept = _rows_of(by_number)
    missing = [one for number, one in by_number.items() if number not in kept]
    if missing:
        rows = [Place(geonames_id=one.id, **_fields(one)) for one in missing]
        Place.objects.bulk_create(rows, ignore_conflicts=True)
        kept |= _rows_of([one.id for one in missing])
    return kept


def _rows_of(numbers: Iterable[int]) -> dict[int, int]:
    rows = Place.objects.filter(geonames_id__in=list(numbers))
    return {number: pk for number, pk in rows.values_list("geonames_id", "pk") if number}


def _fields(found: Found) -> dict[str, Any]:
    return {
        "name": found.name,
        "region": found.region,
        "country": found.country,
        "latitude": found.latitude,
        "longitude": found.longitude,
        "zone": found.zone,
        "population": found.population,
    }


@transaction.atomic
def name_anew() -> int:
    """Bring kept places to what the table and the operator's file say now; how many changed."""
    changed = 0
    for place in Place.objects.exclude(geonames_id=None).select_for_update():
        found = found_with(place.geonames_id or 0)
        if found is None:
            continue
        fields = _fields(found)
        if any(getattr(place, name) != value for name, value in fields.items()):
            for name, value in fields.items():
                setattr(place, name, value)
            place.save()
            changed += 1
    return changed
