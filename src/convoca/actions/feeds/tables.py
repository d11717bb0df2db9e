"""Actions as GeoJSON (RFC 7946) and as a sheet with the names of OSDI."""

import json
from collections.abc import Sequence
from typing import Any

from convoca.actions.feeds.gone import gone_from
from convoca.actions.feeds.listed import Listed
from convoca.actions.feeds.shown import Shown

GEOJSON_TYPE = "application/geo+json; charset=utf-8"

COLUMNS = (
    "identifiers",
    "title",
    "summary",
    "instructions",
    "start_date",
    "end_date",
    "all_day",
    "timezone_identifier",
    "location.venue",
    "location.address_lines",
    "location.locality",
    "location.region",
    "location.country",
    "location.latitude",
    "location.longitude",
    "location.public",
    "status",
    "capacity",
    "type",
    "tags",
    "contact.name",
    "browser_url",
    "created_date",
    "modified_date",
    "source",
    "licence",
)
"""OSDI's names for an event, as Action Network and Mobilize read them; and whose words they are."""


def geojson(rows: Sequence[Shown], listed: Listed) -> str:
    collection = {
        "type": "FeatureCollection",
        "name": listed.title,
        "description": listed.limits,
        "features": [feature(one) for one in rows],
        "removed": [one.as_json for one in gone_from(listed.wanted)],
    }
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":"))


def feature(one: Shown) -> dict[str, Any]:
    """Without public coordinates it has no geometry; a route is several points."""
    points = [[longitude, latitude] for latitude, longitude in one.positions]
    geometry = None
    if len(points) == 1:
        geometry = {"type": "Point", "coordinates": points[0]}
    elif points:
        geometry = {"type": "MultiPoint", "coordinates": points}
    return {
        "type": "Feature",
        "id": one.urn,
        "geometry": geometry,
        "properties": {
            "title": str(one.title),
            "start": one.span.start if one.span else None,
            "end": one.span.end if one.span else None,
            "timezone": one.action.zone,
            "url": one.url,
            "status": one.status,
            "category": one.action.kind,
            "place": one.where,
            "precision": ("spot" if one.has_pin else "town") if points else None,
            "hosts": [host.name for host in one.hosts],
            "source": one.source,
            "licence": one.licence or None,
        },
    }


def row(one: Shown) -> list[object]:
    """One action under `COLUMNS`."""
    action, span = one.action, one.span
    stop = one.stops[0] if one.stops else None
    latitude, longitude = one.position or ("", "")
    return [
        one.urn,
        one.title,
        " · ".join(one.lines),
        one.who.words(action.bring),
        span.start if span else "",
        span.end if span else "",
        "true" if span and span.at is None else "false",
        action.zone,
        stop.shown_venue if stop else one.online_url,
        stop.shown_street if stop else "",
        stop.place.name if stop else "",
        stop.place.region if stop else "",
        stop.place.country if stop else "",
        latitude,
        longitude,
        "false" if action.hides_address else "true",
        one.status.lower(),
        action.capacity or "",
        action.kind,
        ", ".join(action.campaign.hashtags),
        ", ".join(host.name for host in one.hosts),
        one.url,
        action.created_at.isoformat(),
        action.changed_at.isoformat(),
        one.source,
        one.licence,
    ]
