"""An action as schema.org says it (`Event`), for search engines."""

import json
from typing import Any
from zoneinfo import ZoneInfo

from babel.numbers import get_territory_currencies
from django.utils.safestring import SafeString, mark_safe

from convoca.actions.feeds.shown import Host, Shown
from convoca.actions.models import Stop
from convoca.actions.models.action import State

_ESCAPED = {ord(sign): f"\\u{ord(sign):04X}" for sign in "<>&\u2028\u2029"}
_SCHEMA = "https://schema.org/"


def script_text(shown: Shown, *, picture: str = "", is_full: bool = False) -> SafeString:
    """What stands in the script element: no sign in it can end the element or begin another."""
    written = json.dumps(event(shown, picture=picture, is_full=is_full), ensure_ascii=False)
    return mark_safe(written.translate(_ESCAPED))  # noqa: S308  escaped in the line before


def event(shown: Shown, *, picture: str = "", is_full: bool = False) -> dict[str, Any]:
    """`picture` stands in where the action has none of its own."""
    action, span = shown.action, shown.span
    images = [shown.image.url] if shown.image else [picture] if picture else []
    facts = {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": shown.id,
        "url": shown.url,
        "name": str(shown.title),
        "description": shown.words(200) or " · ".join([*shown.lines, shown.when, shown.where]),
        "startDate": span.start if span else None,
        "endDate": span.end if span else None,
        "previousStartDate": _before(shown),
        "eventStatus": _SCHEMA + _status(shown),
        "eventAttendanceMode": _SCHEMA + _mode(shown),
        "location": _places(shown),
        "image": images or None,
        "organizer": [_organiser(host) for host in shown.hosts] or None,
        "offers": _offer(shown, is_full=is_full),
        "isAccessibleForFree": True,
        "inLanguage": shown.title.lang or shown.who.language,
    }
    if action.capacity:
        facts["maximumAttendeeCapacity"] = action.capacity
    return {name: value for name, value in facts.items() if value is not None}


def _before(shown: Shown) -> str | None:
    """When it was to start before it was moved; not for what has no new day yet."""
    action = shown.action
    if action.day is None or action.moved_from_starts_at is None:
        return None
    zone = ZoneInfo(action.moved_from_zone or action.zone)
    return action.moved_from_starts_at.astimezone(zone).isoformat()


def _status(shown: Shown) -> str:
    action = shown.action
    if action.is_cancelled:
        return "EventCancelled"
    if action.state == State.POSTPONED:
        return "EventPostponed"
    if action.moved_from_starts_at is not None:
        return "EventRescheduled"
    if action.is_online_only and action.moved_from_where:
        return "EventMovedOnline"
    return "EventScheduled"


def _mode(shown: Shown) -> str:
    if shown.action.is_online_only:
        return "OnlineEventAttendanceMode"
    if shown.action.online_url:
        return "MixedEventAttendanceMode"
    return "OfflineEventAttendanceMode"


def _places(shown: Shown) -> Any:
    """One location, or a list where it stops at several or can be joined from afar too."""
    places = [_place(stop, shown) for stop in shown.stops]
    if shown.online_url or not places:
        places.append({"@type": "VirtualLocation", "url": shown.online_url or shown.url})
    return places[0] if len(places) == 1 else places


def _place(stop: Stop, shown: Shown) -> dict[str, Any]:
    address = {
        "@type": "PostalAddress",
        "streetAddress": stop.shown_street,
        "addressLocality": stop.place.name,
        "addressRegion": stop.place.region,
        "addressCountry": stop.place.country,
    }
    place: dict[str, Any] = {
        "@type": "Place",
        "name": stop.shown_venue or stop.place.name,
        "address": {name: value for name, value in address.items() if value},
    }
    if shown.positions:
        place["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": stop.shown_latitude,
            "longitude": stop.shown_longitude,
        }
    return place


def _organiser(host: Host) -> dict[str, str]:
    facts = {"@type": "Organization", "name": host.name, "url": host.url}
    return {name: value for name, value in facts.items() if value}


def _offer(shown: Shown, *, is_full: bool) -> dict[str, str]:
    action = shown.action
    free = "Discontinued" if action.is_cancelled else "SoldOut" if is_full else "InStock"
    currencies = get_territory_currencies(action.country) if action.country else []
    offer = {
        "@type": "Offer",
        "url": shown.url,
        "price": "0",
        "priceCurrency": currencies[0] if currencies else "EUR",
        "availability": _SCHEMA + free,
    }
    if action.published_at:
        offer["validFrom"] = action.published_at.isoformat()
    return offer
