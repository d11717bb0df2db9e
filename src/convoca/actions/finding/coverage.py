"""Where nobody acts yet: countries and larger cities without a committee or an action."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count

from convoca.actions.finding.asking import ENDS
from convoca.actions.finding.wanted import Figures, Wanted
from convoca.campaigns.front import Reader
from convoca.core.fold import fold
from convoca.network.models import Committee, Organisation, Region
from convoca.places import names, near, services
from convoca.places.index import Found
from convoca.places.names import country_name
from convoca.places.near import Near, Point

AROUND = 25.0
"""Kilometres within which a committee or an action counts as in a city."""
CITIES = 30
MOST = 2000
HELPERS = 60


@dataclass(frozen=True)
class Country:
    """How a country is covered; its address is the coverage of its cities."""

    code: str
    name: str
    actions: int
    committees: int
    organisations: int
    url: str

    @property
    def lacks(self) -> bool:
        return not (self.actions and self.committees)


@dataclass(frozen=True)
class Part:
    """The countries of a region, those that lack something first."""

    name: str
    countries: list[Country]

    @property
    def lacking(self) -> int:
        return sum(one.lacks for one in self.countries)


def of_world(wanted: Wanted, figures: Figures, who: Reader) -> list[Part]:
    """Every country of the network's regions, and every other in which it has somebody. Four
    queries.
    """
    actions = dict(figures.countries)
    committees = _counted(Committee.objects.acting())
    organisations = _counted(Organisation.objects.members())
    regions = list(Region.objects.kept()[:200])

    def country(code: str) -> Country:
        return Country(
            code=code,
            name=country_name(code, who.language),
            actions=actions.get(code, 0),
            committees=committees.get(code, 0),
            organisations=organisations.get(code, 0),
            url=wanted.address("coverage/", country=code, region=None, box=None),
        )

    def part(name: str, codes: set[str]) -> Part:
        rows = [country(code) for code in codes if code]
        return Part(name, sorted(rows, key=lambda one: (not one.lacks, fold(one.name))))

    if wanted.region is not None:
        return [part(str(wanted.region), set(wanted.region.countries))]
    of_regions = {code for region in regions for code in region.countries}
    elsewhere = {*actions, *committees, *organisations} - of_regions
    parts = [part(str(region), set(region.countries)) for region in regions]
    return [one for one in [*parts, part("", elsewhere)] if one.countries]


def _counted(rows: "object") -> dict[str, int]:
    counted = rows.order_by().values_list("country").annotate(Count("pk"))  # type: ignore[attr-defined]
    return {code: number for code, number in counted if code}


@dataclass(frozen=True)
class City:
    """A larger city: how many actions and which committees are in it or close by."""

    name: str
    actions: int
    committees: list[Committee]
    nearest: Near | None
    """The nearest committee of the country, where none is in the city."""
    url: str
    host_url: str

    @property
    def lacks(self) -> bool:
        return not (self.actions and self.committees)

    @property
    def far(self) -> str:
        return near.distance_words(self.nearest.km) if self.nearest else ""


def of_country(wanted: Wanted) -> list[City]:
    """The larger cities of the wanted country, those where nobody is first, then by size."""
    stops = wanted.stops().order_by().values_list("place__latitude", "place__longitude")
    spots = list(stops.annotate(actions=Count("action", distinct=True))[:MOST])
    committees = list(
        Committee.objects.acting()
        .filter(country=wanted.country, place__isnull=False)
        .select_related("place")[:MOST]
    )
    cities = [
        _city(found, spots, committees, wanted)
        for found in services.larger_cities(wanted.country, limit=CITIES)
    ]
    return sorted(cities, key=lambda one: not one.lacks)


def _city(
    found: Found, spots: list[tuple[float, float, int]], committees: list[Committee], wanted: Wanted
) -> City:
    point = found.latitude, found.longitude
    here = near.sorted_by_distance(spots, point, within_km=AROUND, position=lambda s: (s[0], s[1]))
    by_distance = near.sorted_by_distance(committees, point, position=_where)
    close = [one.row for one in by_distance if one.km <= AROUND]
    label = names.label(found)
    return City(
        name=found.name,
        actions=sum(one.row[2] for one in here),
        committees=close,
        nearest=None if close or not by_distance else by_distance[0],
        url=f"{wanted.address(ENDS['near'], country='')}?{urlencode({'q': label})}",
        host_url=f"{wanted.host_url}?{urlencode({'place': label, 'place_chosen': found.id})}",
    )


def _where(committee: Committee) -> Point:
    place = committee.place
    return (place.latitude, place.longitude) if place else (0.0, 0.0)


def helpers_in(country: str) -> list[Organisation]:
    """Who could help to start something in a country: its member organisations, by name."""
    return list(Organisation.objects.members().filter(country=country).by_name()[:HELPERS])
