"""The map of a set of actions: spots, counted by place in the database."""

from datetime import datetime

from django.db.models import Count, Min
from django.template.loader import get_template
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from convoca.actions.finding.wanted import Wanted
from convoca.actions.models.action import COUNTED
from convoca.pages.keeping import Kept
from convoca.places.map import Spot
from convoca.places.models import Place
from convoca.places.templatetags.places import places_map

MOST_SPOTS = 10_000
MAP_TAGS = (COUNTED, "places", "site")
_maps: "Kept[tuple[SafeString, datetime]]" = Kept(most=50)


def map_html(wanted: Wanted, zoom: str) -> SafeString:
    """The map; `zoom` is the address of a part of it. Kept, as it costs more than all the rest of
    its page, and stands above each page of the same list.
    """
    return wanted.kept(_maps, (get_language(), zoom), MAP_TAGS, lambda same: _drawn(same, zoom))


def _drawn(wanted: Wanted, zoom: str) -> SafeString:
    label = _("Where the actions are")
    context = places_map(
        spots_of(wanted), label, extent=wanted.box, country=wanted.country, zoom=zoom
    )
    return SafeString(get_template("places/_map.html").render(context))


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
