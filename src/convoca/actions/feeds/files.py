"""Actions as whole files: for `convoca export`, for work screens, and by permanent id."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from convoca.actions.feeds import tables
from convoca.actions.feeds.calendar import entry_of
from convoca.actions.feeds.gone import gone
from convoca.actions.feeds.shown import Shown, shown
from convoca.actions.models import Action, Seats
from convoca.campaigns.addresses import root
from convoca.campaigns.front import Reader
from convoca.core import ics
from convoca.network import spreadsheets

WORK_COLUMNS = ("state", "campaign_code", "sign_ups", "people", "waiting", "not_confirmed_since")
"""What a work screen's export says beside what is public. Never who signed up."""


def counts() -> dict[int, tuple[int, int, int]]:
    """For each public action how many signed up, come, and wait."""
    rows = Seats.objects.filter(action__listed=True)
    return {
        pk: (sign_ups, people, waiting)
        for pk, sign_ups, people, waiting in rows.values_list("pk", "sign_ups", "people", "waiting")
    }


def work_row(one: Shown, counted: dict[int, tuple[int, int, int]]) -> list[object]:
    """One action under `WORK_COLUMNS`."""
    since = one.action.unconfirmed_since
    return [
        one.action.state,
        one.action.campaign.code,
        *counted.get(one.action.pk, (0, 0, 0)),
        since.isoformat() if since else "",
    ]


def count() -> int:
    """How many actions the public may read, past and cancelled ones too."""
    return Action.objects.public().count()


def every(who: Reader, at_once: int) -> Iterator[list[Shown]]:
    """All of them in the order in which they came, so many at once."""
    last = 0
    while rows := list(Action.objects.public().filter(pk__gt=last).order_by("pk")[:at_once]):
        yield shown(rows, who)
        last = rows[-1].pk


def written(kind: str, rows: Sequence[Shown], who: Reader) -> bytes:
    """The rows as `csv`, `ics`, `geojson` or `json`."""
    title = str(who.network)
    if kind == "ics":
        entries = [entry_of(one) for one in rows if one.span]
        zone, removed = who.network.zone, [one.as_entry for one in gone(Action.objects.taken_off())]
        return ics.calendar(entries, name=title, source=root(), zone=zone, removed=removed)
    if kind == "csv":
        return spreadsheets.as_csv(tables.COLUMNS, map(tables.row, rows))
    if kind == "geojson":
        found: dict[str, Any] = {
            "type": "FeatureCollection",
            "name": title,
            "features": [tables.feature(one) for one in rows],
        }
    else:
        found = {"network": title, "actions": [facts(one) for one in rows]}
    found["removed"] = [one.as_json for one in gone(Action.objects.taken_off())]
    return json.dumps(found, ensure_ascii=False, indent=1, default=str).encode() + b"\n"


def facts(one: Shown) -> dict[str, Any]:
    """An action as plain JSON: what everybody may read of it, in all its languages."""
    action, image = one.action, one.image
    return {
        "id": one.id,
        "uid": one.urn,
        "url": one.url,
        "names": action.names,
        "kind": action.kind,
        "state": action.state,
        "status": one.status,
        "start": one.span.start if one.span else None,
        "end": one.span.end if one.span else None,
        "timezone": action.zone,
        "moved_from": action.moved_from_starts_at,
        "hosts": [{"name": host.name, "url": host.url or None} for host in one.hosts],
        "campaign": f"{root()}/campaigns/{action.campaign.code}",
        "places": [
            {
                "town": stop.place.name,
                "region": stop.place.region or None,
                "country": stop.place.country or None,
                "venue": stop.shown_venue or None,
                "street": stop.shown_street or None,
                "time": f"{stop.clock:%H:%M}" if stop.clock else None,
                "latitude": None if action.hides_address else stop.shown_latitude,
                "longitude": None if action.hides_address else stop.shown_longitude,
            }
            for stop in one.stops
        ],
        "address_is_public": not action.hides_address,
        "online": one.online_url or None,
        "bring": action.bring,
        "access": action.access,
        "languages": action.spoken,
        "capacity": action.capacity,
        "image": {"url": image.url, "type": image.kind, "alt": image.alt} if image else None,
        "sequence": action.sequence,
        "published": action.published_at,
        "updated": action.changed_at,
        "cancelled": action.cancelled_at,
        "cancel_reason": action.cancel_reason or None,
        "source": one.source,
        "licence": one.licence or None,
        "sources": [
            {"name": origin.name, "licence": origin.licence or None, "url": origin.url or None}
            for origin in one.origins
        ],
    }
