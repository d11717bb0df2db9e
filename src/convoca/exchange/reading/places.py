"""Where a row happened: its town by the gazetteer, its position, its venue. What is not clear is
left open, and said so.
"""

import re
import tomllib
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from babel import Locale

from convoca.core.fold import fold
from convoca.exchange.reading.reasons import Reason
from convoca.places.gazetteer import Answer, Finder, Outcome, distance
from convoca.places.index import Found
from convoca.places.keys import district_keys, key
from convoca.places.positions import read_position

FAR = 150.0
"""Kilometres from its town at which a position is wrong."""
LARGE = 50_000
"""People: so large a town is recognised where its name is misspelt."""
NEAR = 30.0
"""Kilometres within which a position without a town belongs to the nearest one."""
DISTRICTS = Path(__file__).with_name("districts.toml")
_LANGUAGES = ("en", "es", "fr", "pt", "de", "it", "ar", "nl", "ru")
_KEPT = 100_000
_IN = re.compile(r"\s+(?:in|en|à|em|bei|nel|a)\s+(?=[^\W\d_])", re.IGNORECASE)
_LIST = re.compile(r"\s*(?:;|/|\n|\s&\s|\sand\s|\sund\s|\set\s|\sy\s|\se\s)\s*", re.IGNORECASE)
_COMMA = re.compile(r"\s*[,،、，]\s*")
_PARTED = re.compile(r"\s{2,}|\s*[()\[\]]+\s*")  # "City Hall (Lima)", and where brackets got lost
_MANY = re.compile(
    r"(?:and |in )?(?:other|several|many|various|main|major|some|different|at least|\d+)\b.*"
    r"\b(?:cities|towns|places|locations|parts|regions|provinces|states|villages)\b.*"
    r"|(?:in )?(?:across|throughout|elsewhere)\b.*|national\b.*|nation ?wide\b.*"
)
_SIDE = re.compile(
    r"(?:the |in |around |outside |inside )*"
    r"(?:(?:central|inner|north|south|east|west)(?:ern|east|west)*|the (?:city|town|streets) of"
    r"|(?:city|town|streets?|cent(?:er|re)|suburbs?|outskirts) of|centro de|centre de)\s+",
    re.IGNORECASE,
)
_POSTCODE = re.compile(r"(?<!\d)\d{4,5}\s+([^\W\d_][^,;\d]+)")
_WIDE = {
    "national", "nationwide", "national level", "countrywide", "country wide", "country", "various",
    "various cities", "several cities", "multiple cities", "multiple locations", "worldwide",
    "several locations", "various locations", "nacional", "a nivel nacional", "todo el pais",
    "varias ciudades", "nationale", "france entiere", "plusieurs villes", "bundesweit",
    "deutschlandweit", "landesweit", "em todo o pais", "varias cidades", "nazionale", "varie citta",
    "mundial",
}  # fmt: skip
_ONLINE = {"online", "virtual", "zoom", "web", "internet", "en linea", "en ligne", "virtuell"}


# Words that say that a name is that of a building, a square or a street, not of a town.
_VENUES = frozenset(
    [
        "square",
        "building",
        "street",
        "avenue",
        "plaza",
        "park",
        "university",
        "college",
        "hall",
        "embassy",
        "ministry",
        "palace",
        "parliament",
        "station",
        "airport",
        "bridge",
        "stadium",
        "hospital",
        "school",
        "mosque",
        "church",
        "cathedral",
        "court",
        "courthouse",
        "road",
        "highway",
        "headquarters",
        "office",
        "prison",
        "monument",
        "gate",
        "centre",
        "center",
        "mall",
        "library",
        "theatre",
        "theater",
        "museum",
        "hotel",
        "factory",
        "embajada",
        "ministerio",
        "palacio",
        "universidad",
        "calle",
        "avenida",
        "parque",
        "puente",
        "estadio",
        "iglesia",
        "congreso",
        "place",
        "rue",
        "palais",
        "universite",
        "gare",
        "mairie",
        "prefecture",
        "parvis",
        "praca",
        "rua",
        "universidade",
        "platz",
        "strasse",
        "bahnhof",
        "rathaus",
        "universitat",
        "piazza",
        "via",
        "stazione",
    ]
)


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


class Town(NamedTuple):
    place: Found | None
    notes: tuple[Reason, ...] = ()
    candidates: tuple[Found, ...] = ()
    is_wide: bool = False


class Places:
    """Asks a gazetteer, and remembers: files name the same few towns over and over."""

    def __init__(self, finder: Finder) -> None:
        self.finder = finder
        self._towns: dict[tuple[str, ...], Town] = {}
        self._countries: dict[str, str] = {}
        self._near: dict[tuple[float, float], Found | None] = {}
        self._regions: dict[tuple[str, str], str] = {}

    def where(self, said: Written, *, country: str = "", town: Found | None = None) -> Where:
        """Place a row. `country` and `town` are those of rows that name none."""
        notes: list[Reason] = []
        code = self.country(said.country) if said.country else country
        district = _district_named(said.district, code)
        if said.country and not code:
            notes.append(Reason.about("country-unknown", said.country))
        venue = said.venue
        if said.city:
            found = self.town(said.city, said.region, district, code)
            venue = venue or _before(said.place, said.city) or said.address
        elif town is not None:
            found = Town(self._by_postcode(said, town) or self._beside(said, town) or town)
            is_its_name = fold(said.place) == fold(town.name)
            venue = venue or ("" if is_its_name else said.place) or said.address
        elif said.place or said.address:
            words = said.place or said.address
            found, head = self._in_words(words, said.region, district, code)
            if found.place is None and said.place and said.address:
                other, _head = self._in_words(said.address, said.region, district, code)
                found, head = (other, said.place) if other.place else (found, head)
            venue = venue or head or ("" if found.place else said.place or said.address)
        elif said.region:
            found = Town(None, (Reason.about("place-wide", said.region),), is_wide=True)
        else:
            found = Town(None, () if said.is_online else (Reason("place-missing"),))
        point, notes_on_point = self._point(said)
        is_online = said.is_online or fold(said.place or said.city) in _ONLINE
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

    # Words

    def country(self, text: str) -> str:
        """The code of a country by its name in any language that the table knows, or its code."""
        known = self._countries.get(text)
        if known is None:
            areas = self.finder.index.areas(key(text))
            codes = {country for country, region in areas if not region}
            plain = text.strip()
            known = ""
            if len(plain) == 2 and plain.upper() in codes:
                known = plain.upper()
            elif len(codes) > 1:  # "Malawi" is also what Latvia is called somewhere
                codes &= {code for code in codes if fold(plain) in _names_of(code)}
            if not known and len(codes) == 1:
                known = codes.pop()
            if len(self._countries) < _KEPT:
                self._countries[text] = known
        return known

    def town(self, city: str, region: str, district: str, country: str) -> Town:
        """A town by its own column, within what stands beside it."""
        asked = (city, region, district, country)
        known = self._towns.get(asked)
        if known is None:
            known = self._find(city, region, district, country)
            self._remember(asked, known)
        return known

    def _find(self, city: str, region: str, district: str, country: str) -> Town:
        if _is_wide(city):
            return Town(None, (Reason.about("place-wide", city),), is_wide=True)
        region = self._known_region(region, country)
        answer = self.finder.find(city, country=country or None, region=region or None)
        if answer.outcome is not Outcome.CLEAR and district:
            closer = self.finder.find(
                f"{city}, {district}", country=country or None, region=region or None
            )
            if closer.place:
                answer = closer
        place = answer.place
        is_here = place is not None and place.country == country  # overseas has its own districts
        if district and not region and place and is_here and _is_elsewhere(place, district):
            return Town(None, (Reason.about("place-unknown", f"{city}, {district}"),))
        if answer.outcome is Outcome.UNKNOWN and (parts := _COMMA.split(city))[1:]:
            return self._past(parts, region, country, city)
        return self._slipped(answer, city, region, country)

    def _slipped(self, answer: Answer, text: str, region: str, country: str) -> Town:
        """The one large town of a country that is written nearly so: "Phnom Phen".

        Within a region the gazetteer does that by itself, and more exactly.
        """
        asked = key(text)
        if answer.outcome is not Outcome.UNKNOWN or region or not country or len(asked) < 6:
            return self._town_of(answer, text)
        near = self.finder.find(text, country=country, suggest=True, limit=20).places
        large = [p for p in near if p.population >= LARGE and _are_alike(asked, key(p.name))]
        if len(large) != 1:
            return self._town_of(answer, text)
        return Town(large[0], (Reason.about("place-guess", text, place=large[0].name),))

    def _town_of(self, answer: Answer, text: str) -> Town:
        if answer.place:
            if not answer.is_guess:
                return Town(answer.place)
            return Town(answer.place, (Reason.about("place-guess", text, place=answer.place.name),))
        if answer.outcome is Outcome.ASK:
            return Town(None, (Reason.about("place-asked", text),), answer.places)
        return Town(None, (Reason.about("place-unknown", text),))

    def _known_region(self, region: str, country: str) -> str:
        """The region where the country has one of that name; a part of the world is none."""
        if not region:
            return ""
        asked = (region, country)
        if asked not in self._regions:
            areas = self.finder.index.areas(key(region))
            is_known = any(r and (not country or c == country) for c, r in areas)
            if not is_known and country:
                is_known = region.strip() in {code for code, _name in self.finder.regions(country)}
            self._regions[asked] = region if is_known else ""
        return self._regions[asked]

    def _in_words(self, text: str, region: str, district: str, country: str) -> tuple[Town, str]:
        """The town of "Venue, City, ST", and the words before it."""
        parted = _PARTED.sub(", ", text.strip()).strip(" ,")
        if parted != text:
            found = self._words_as(text.strip(), region, country)
            if found.place and not found.notes:
                return found, ""
        text = parted
        parts = [part for part in _COMMA.split(text) if part]
        if district and "," not in text:
            return self.town(text.strip(), region, district, country), ""
        if len(parts) > 2:
            tail = ", ".join(parts[-2:])
            found = self._words_as(tail, region, country)
            if found.place and not found.notes:
                return found, ", ".join(parts[:-2])
        found = self._words_as(text, region, country)
        place = found.place
        head = ""
        if place and len(parts) > 1:
            own = key(place.name)
            at = next((n for n, part in enumerate(parts) if key(part) == own), 0)
            head = ", ".join(parts[:at])
        return found, head

    def _words_as(self, text: str, region: str, country: str) -> Town:
        asked = (text, region, country)
        known = self._towns.get(asked)
        if known is None:
            known = self._find_words(text, region, country)
            self._remember(asked, known)
        return known

    def _find_words(self, text: str, region: str, country: str) -> Town:
        if _is_wide(text):
            return Town(None, (Reason.about("place-wide", text),), is_wide=True)
        asked = key(text)
        region = self._known_region(region, country)
        answer = self.finder.find(text, country=country or None, region=region or None)
        if answer.place:
            return self._town_of(answer, text)
        areas = self.finder.index.areas(asked)
        if any(not country or c == country for c, _r in areas):
            return Town(None, (Reason.about("place-wide", text),), is_wide=True)
        several = [part for part in _LIST.split(text) if key(part) and not _is_wide(part)]
        if len(several) > 1 or (several and several[0] != text and not _COMMA.search(several[0])):
            return self._several(several, region, country, text)
        parts = [part for part in _COMMA.split(text) if key(part) and not _is_wide(part)]
        if len(parts) == 1 and parts[0] != text:
            return self._several(parts, region, country, text)
        if len(parts) > 1 and answer.outcome is Outcome.UNKNOWN:
            return self._past(parts, region, country, text)
        if len(inside := _IN.split(text)) > 1 and country:
            place = self._sure(inside[-1], region, country)
            if place:
                return Town(place, (Reason.about("place-guess", text, place=place.name),))
        rest = text[side.end() :] if (side := _SIDE.match(text)) else ""
        is_town = rest and all(region for _c, region in self.finder.index.areas(key(rest)))
        if is_town and country and (place := self._sure(rest, region, country)):
            return Town(place, (Reason.about("place-guess", text, place=place.name),))
        return self._slipped(answer, text, region, country)

    def _several(self, parts: list[str], region: str, country: str, text: str) -> Town:
        """Towns named side by side: one only where all the others are parts of it or unknown."""
        towns = [found for part in parts[:6] if (found := self._sure(part, region, country))]
        if not towns:
            return Town(None, (Reason.about("place-unknown", text),))
        first = towns[0]
        if any(_km(first, other) > NEAR for other in towns[1:]):
            return Town(None, (Reason.about("place-several", text),))
        if len(towns) < len(parts):
            return Town(None, (Reason.about("place-unknown", text),), tuple(towns[:1]))
        return Town(first, (Reason.about("place-guess", text, place=first.name),))

    def _past(self, parts: list[str], region: str, country: str, text: str) -> Town:
        """A town before words that are not understood, where its country is known beside it."""
        venue = not _VENUES.isdisjoint(fold(parts[0]).split())
        if venue and len(parts) == 2 and country and (place := self._sure(parts[1], "", country)):
            return Town(place, (Reason.about("place-guess", text, place=place.name),))
        areas = (self.finder.index.areas(key(part)) for part in parts[1:])
        if not country or any(c == country for found in areas for c, _r in found):
            return Town(None, (Reason.about("place-unknown", text),))  # not in the region named
        towns = [(at, t) for at, p in enumerate(parts) if (t := self._sure(p, region, country))]
        if not towns:
            return Town(None, (Reason.about("place-unknown", text),))
        first = towns[0][1]
        if any(_km(first, other) > NEAR for _at, other in towns[1:]):
            return Town(None, (Reason.about("place-several", text),))
        if towns[0][0] > 0 and len(parts) > 2:
            return Town(None, (Reason.about("place-unknown", text),))
        return Town(first, (Reason.about("place-guess", text, place=first.name),))

    def _sure(self, text: str, region: str, country: str) -> Found | None:
        answer = self.finder.find(text, country=country or None, region=region or None)
        return answer.place if answer.place and not answer.is_guess else None

    def _by_postcode(self, said: Written, town: Found) -> Found | None:
        """Another town of the same country after a postcode in the address."""
        match = _POSTCODE.search(said.place or said.address)
        if not match or fold(match[1]).startswith(fold(town.name)):
            return None
        other = self.town(match[1].strip(), "", "", town.country).place
        return other if other and _km(other, town) < FAR else None

    def _beside(self, said: Written, town: Found) -> Found | None:
        """A large town near the file's own that is named before or after a comma."""
        parts = [part for part in _COMMA.split(said.place or said.address) if part]
        if len(parts) < 2 or key(town.name) in map(key, parts):
            return None
        for part in (parts[0], parts[-1]):
            other = self.town(part, "", "", town.country).place
            if other and key(other.name) == key(part) and other.population >= LARGE:
                return other if _km(other, town) < 2 * NEAR else None
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

    def _remember(self, asked: tuple[str, ...], found: Town) -> None:
        if len(self._towns) > _KEPT:
            self._towns.clear()
        self._towns[asked] = found


@lru_cache(maxsize=1)
def _districts() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = tomllib.loads(DISTRICTS.read_text(encoding="utf-8"))
    return found


def _district_named(text: str, country: str) -> str:
    """The name of a district that is written as a number."""
    if text[:1].isdecimal():
        return _districts().get(country, {}).get(text.upper().zfill(2), "")
    return text


@lru_cache(maxsize=256)
def _names_of(country: str) -> frozenset[str]:
    """What a country is called in the languages that most lists are written in."""
    names = (Locale(language).territories.get(country, "") for language in _LANGUAGES)
    return frozenset(map(fold, names))


def _are_alike(one: str, other: str) -> bool:
    return one[:1] == other[:1] and SequenceMatcher(None, one, other).ratio() >= 0.8


def _before(text: str, city: str) -> str:
    """What stands before the town in "Pier 4, Lisbon, Portugal"; all where it is not there."""
    parts = [part for part in _COMMA.split(text.strip()) if part]
    at = next((n for n, part in enumerate(parts) if key(part) == key(city)), len(parts))
    return ", ".join(parts[:at])


def _is_elsewhere(place: Found, district: str) -> bool:
    """Whether a place lies in another district than the one that stands beside its name."""
    return bool(place.district) and district_keys(place.district).isdisjoint(
        district_keys(district)
    )


def _is_wide(text: str) -> bool:
    words = fold(text)
    return words in _WIDE or _MANY.fullmatch(words) is not None


def _km(one: Found, other: Found) -> float:
    return distance(one.latitude, one.longitude, other.latitude, other.longitude)


def _away(place: Found, point: tuple[float, float]) -> float:
    return distance(place.latitude, place.longitude, *point)
