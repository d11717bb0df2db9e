"""What a template asks about places: a map of them, and whom to thank."""

from collections.abc import Iterable
from typing import Any

from django import template

from convoca.places import map as maps
from convoca.places import names

register = template.Library()

register.simple_tag(names.credit, name="places_credit")


@register.inclusion_tag("places/_map.html")
def places_map(
    spots: Iterable[maps.Spot],
    label: str,
    extent: maps.Extent | None = None,
    zoom: str = "",
    more: str = "#map-list",
) -> dict[str, Any]:
    """A map of these spots. The same list stands below it, in an element with the id `map-list`."""
    spots = list(spots)
    drawings = [
        maps.draw(spots, width=width, extent=extent, zoom=zoom, more=more)
        for width in (maps.WIDE, maps.NARROW)
    ]
    return {
        "drawings": drawings,
        "label": label,
        "whole": zoom if extent else "",
        "position": names.position_on_borders(),
        "credit": names.credit(),
    }
