"""The spots of a map of actions: counted by place in the database."""

from django.db.models import Count, Min
from django.urls import reverse

from convoca.actions.finding.wanted import Wanted
from convoca.places.map import Spot
from convoca.places.models import Place

MOST_SPOTS = 10_000


def spots_of(wanted: Wanted) -> list[Spot]:
    """A spot for each town: it leads to its one action, or to the list of what is there.

    One query, however many towns there are.
    """
    counted = (
        wanted.stops()
        .order_by()
        .values_list(*(f"place__{name}" for name in _SHOWN))
        .annotate(actions=Count("action", distinct=True), code=Min("action__code"))
        .order_by("-actions", "place")[:MOST_SPOTS]
    )
    one_by_code = reverse("actions:by-code", args=["0"]).replace("0/", "")
    found = []
    for *facts, number, code in counted:
        place = Place(**dict(zip(_SHOWN, facts, strict=True)))
        url = f"{one_by_code}{code}/" if number == 1 else _town(wanted, place)
        found.append(Spot(place.latitude, place.longitude, place.name, url, number))
    return found


_SHOWN = ("id", "geonames_id", "name", "country", "latitude", "longitude")


def _town(wanted: Wanted, place: Place) -> str:
    """The list of a town, in the same set; of one that no table knows, by its position."""
    if place.geonames_id:
        return wanted.address(country=place.country, city=place, region=None, box=None)
    return wanted.address(country=place.country, q=place.name, region=None, box=None)
