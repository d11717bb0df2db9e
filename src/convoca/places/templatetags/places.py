"""What a template asks about places: a map of them, and whom to thank."""

from collections.abc import Iterable
from typing import Any

from django import template

from convoca.places import map as maps
from convoca.places import names

register = template.Library()

register.simple_tag(names.credit, name="places_credit")
register.simple_tag(names.position_on_borders, name="map_position")


@register.inclusion_tag("places/_map.html")
def places_map(
    spots: Iterable[maps.Spot],
    label: str,
    extent: maps.Extent | None = None,
    country: str = "",
    zoom: str = "",
    more: str = "#map-list",
) -> dict[str, Any]:
    """A map of these spots. The same list stands below it, in an element with the id `map-list`."""
    return {
        "drawings": maps.draw_all(spots, extent=extent, country=country, zoom=zoom, more=more),
        "label": label,
        "whole": zoom if extent else "",
        "position": names.position_on_borders(),
        "credit": names.credit(),
    }
