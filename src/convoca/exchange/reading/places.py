"""Where a row happened: its town, its position, its venue. What is not clear is left open, and
said so.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple

from convoca.core.fold import fold
from convoca.exchange.reading.reasons import Reason
from convoca.exchange.reading.towns import (
    COMMA,
    LARGE,
    NEAR,
    Town,
    Towns,
    district_named,
    km,
    words_for,
)
from convoca.places.gazetteer import Finder, distance
from convoca.places.index import Found
from convoca.places.keys import key
from convoca.places.positions import read_position

FAR = 150.0
"""Kilometres from its town at which a position is wrong."""
_KEPT = 100_000
_POSTCODE = re.compile(r"(?<!\d)\d{4,5}\s+([^\W\d_][^,;\d]+)")


class Where(NamedTuple):
    place: Found | None
    latitude: float | None
    longitude: float | None
    country: str
    venue: str
    is_online: bool
    notes: tuple[Reason, ...]


@dataclass(slots=True)
class Written:
    """What a row says of its place, as it is written."""

    city: str = ""
    district: str = ""
    region: str = ""
    country: str = ""
    place: str = ""
    venue: str = ""
    address: str = ""
    postcode: str = ""
    latitude: str = ""
    longitude: str = ""
    position: str = ""
    is_lonlat: bool = False
    is_online: bool = False


class Places:
    """Places rows by a gazetteer."""

    def __init__(self, finder: Finder) -> None:
        self.finder = finder
        self.towns = Towns(finder)
        self._near: dict[tuple[float, float], Found | None] = {}

    def where(self, said: Written, *, country: str = "", town: Found | None = None) -> Where:
        """Place a row. `country` and `town` are those of rows that name none."""
        notes: list[Reason] = []
        code = self.towns.country(said.country) if said.country else country
        district = district_named(said.district, code)
        if said.country and not code:
            notes.append(Reason.about("country-unknown", said.country))
        venue = said.venue
        if said.city:
            found = self.towns.town(said.city, said.region, district, code)
            venue = venue or _before(said.place, said.city) or said.address
        elif town is not None:
            found = Town(self._by_postcode(said, town) or self._beside(said, town) or town)
            is_its_name = fold(said.place) == fold(town.name)
            venue = venue or ("" if is_its_name else said.place) or said.address
        elif said.place or said.address:
            words = said.place or said.address
            found, head = self.towns.in_words(words, said.region, district, code)
            if found.place is None and said.place and said.address:
                other, _head = self.towns.in_words(said.address, said.region, district, code)
                found, head = (other, said.place) if other.place else (found, head)
            venue = venue or head or ("" if found.place else said.place or said.address)
        elif said.region:
            found = Town(None, (Reason.about("place-wide", said.region),), is_wide=True)
        else:
            found = Town(None, () if said.is_online else (Reason("place-missing"),))
        point, notes_on_point = self._point(said)
        is_online = said.is_online or fold(said.place or said.city) in words_for("online")
        place, point = self._together(found, point, code, notes_on_point)
        if is_online and place is None:
            notes.append(Reason("place-online"))
        elif place is not found.place and place is not None:
            pass  # the position has said what the words left open
        else:
            notes += found.notes
        notes += notes_on_point
        return Where(
            place,
            point[0] if point else None,
            point[1] if point else None,
            place.country if place else code,
            venue,
            is_online,
            tuple(notes),
        )

    def _by_postcode(self, said: Written, town: Found) -> Found | None:
        """Another town of the same country after a postcode in the address."""
        match = _POSTCODE.search(said.place or said.address)
        if not match or fold(match[1]).startswith(fold(town.name)):
            return None
        other = self.towns.town(match[1].strip(), "", "", town.country).place
        return other if other and km(other, town) < FAR else None

    def _beside(self, said: Written, town: Found) -> Found | None:
        """A large town near the file's own that is named before or after a comma."""
        parts = [part for part in COMMA.split(said.place or said.address) if part]
        if len(parts) < 2 or key(town.name) in map(key, parts):
            return None
        for part in (parts[0], parts[-1]):
            other = self.towns.town(part, "", "", town.country).place
            if other and key(other.name) == key(part) and other.population >= LARGE:
                return other if km(other, town) < 2 * NEAR else None
        return None

    # Positions

    def _point(self, said: Written) -> tuple[tuple[float, float] | None, list[Reason]]:
        point: tuple[float, float] | None = None
        written = said.position or f"{said.latitude} {said.longitude}".strip()
        if said.latitude and said.longitude:
            try:
                point = float(said.latitude), float(said.longitude)
            except ValueError:
                point = read_position(said.latitude, said.longitude)
        elif said.position:
            point = read_position(said.position)
            if point and said.is_lonlat:
                point = point[1], point[0]
        if not written or point == (0.0, 0.0):
            return None, []
        if point is None:
            return None, [Reason.about("position-impossible", written)]
        latitude, longitude = point
        if abs(latitude) <= 90 and abs(longitude) <= 180:
            return point, []
        if abs(longitude) <= 90 and abs(latitude) <= 180:
            return (longitude, latitude), [Reason("position-swapped")]
        return None, [Reason.about("position-impossible", written)]

    def _together(
        self, found: Town, point: tuple[float, float] | None, country: str, notes: list[Reason]
    ) -> tuple[Found | None, tuple[float, float] | None]:
        """The town and the position, each checked by the other."""
        if point is None:
            return found.place, None
        turned = (point[1], point[0]) if abs(point[1]) <= 90 else None
        place = found.place
        if place is None and found.candidates:
            near = [c for c in found.candidates if _away(c, point) < NEAR]
            place = min(near, key=lambda c: _away(c, point)) if near else None
        if place is not None:
            away = _away(place, point)
            if away <= FAR:
                return place, point
            if turned and _away(place, turned) <= FAR:
                notes.append(Reason("position-swapped"))
                return place, turned
            notes.append(Reason("position-far", {"km": round(away), "place": place.name}))
            return place, None
        if found.is_wide:  # the middle of a country is where nothing happened
            return None, None
        nearest = self.nearest(point)
        is_elsewhere = nearest is None or (country and nearest.country != country)
        if is_elsewhere and turned:
            other = self.nearest(turned)
            if other is not None and (other.country == country if country else nearest is None):
                notes.append(Reason("position-swapped"))
                return other, turned
        if nearest is not None and country and nearest.country != country:
            return None, point
        return nearest, point

    def nearest(self, point: tuple[float, float]) -> Found | None:
        asked = round(point[0], 2), round(point[1], 2)
        if asked not in self._near:
            if len(self._near) > _KEPT:
                self._near.clear()
            self._near[asked] = self.finder.nearest(*point, within=NEAR)
        return self._near[asked]


def _before(text: str, city: str) -> str:
    """What stands before the town in "Pier 4, Lisbon, Portugal"; all where it is not there."""
    parts = [part for part in COMMA.split(text.strip()) if part]
    at = next((n for n, part in enumerate(parts) if key(part) == key(city)), len(parts))
    return ", ".join(parts[:at])


def _away(place: Found, point: tuple[float, float]) -> float:
    return distance(place.latitude, place.longitude, *point)
