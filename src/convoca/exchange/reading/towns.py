"""Which town words mean: "Venue, City, ST", "City Hall (Lima)", "Quito; national", "Phnom Phen"."""

import re
import tomllib
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

LARGE = 50_000
"""People: so large a town is recognised where its name is misspelt."""
NEAR = 30.0
"""Kilometres between what counts as one place."""
DISTRICTS = Path(__file__).with_name("districts.toml")
WORDS = Path(__file__).with_name("places.toml")
_LANGUAGES = ("en", "es", "fr", "pt", "de", "it", "ar", "nl", "ru")
_KEPT = 100_000
COMMA = re.compile(r"\s*[,،、，]\s*")
_IN = re.compile(r"\s+(?:in|en|à|em|bei|nel|a)\s+(?=[^\W\d_])", re.IGNORECASE)
_LIST = re.compile(r"\s*(?:;|/|\n|\s&\s|\sand\s|\sund\s|\set\s|\sy\s|\se\s)\s*", re.IGNORECASE)
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


class Town(NamedTuple):
    """What words mean: a place, or why none; `candidates` where it may be several."""

    place: Found | None
    notes: tuple[Reason, ...] = ()
    candidates: tuple[Found, ...] = ()
    is_wide: bool = False
    """Whether they name a country, a region or many towns."""


class Towns:
    """Asks a gazetteer, and remembers: files name the same few towns over and over."""

    def __init__(self, finder: Finder) -> None:
        self.finder = finder
        self._towns: dict[tuple[str, ...], Town] = {}
        self._countries: dict[str, str] = {}
        self._regions: dict[tuple[str, str], str] = {}

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
        if is_wide(city):
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
        if answer.outcome is Outcome.UNKNOWN and (parts := COMMA.split(city))[1:]:
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

    def in_words(self, text: str, region: str, district: str, country: str) -> tuple[Town, str]:
        """The town of "Venue, City, ST", and the words before it."""
        parted = _PARTED.sub(", ", text.strip()).strip(" ,")
        if parted != text:
            found = self._words_as(text.strip(), region, country)
            if found.place and not found.notes:
                return found, ""
        text = parted
        parts = [part for part in COMMA.split(text) if part]
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
        if is_wide(text):
            return Town(None, (Reason.about("place-wide", text),), is_wide=True)
        asked = key(text)
        region = self._known_region(region, country)
        answer = self.finder.find(text, country=country or None, region=region or None)
        if answer.place:
            return self._town_of(answer, text)
        areas = self.finder.index.areas(asked)
        if any(not country or c == country for c, _r in areas):
            return Town(None, (Reason.about("place-wide", text),), is_wide=True)
        several = [part for part in _LIST.split(text) if key(part) and not is_wide(part)]
        if len(several) > 1 or (several and several[0] != text and not COMMA.search(several[0])):
            return self._several(several, region, country, text)
        parts = [part for part in COMMA.split(text) if key(part) and not is_wide(part)]
        if len(parts) == 1 and parts[0] != text:
            return self._several(parts, region, country, text)
        if len(parts) > 1 and answer.outcome is Outcome.UNKNOWN:
            return self._past(parts, region, country, text)
        if len(inside := _IN.split(text)) > 1 and country:
            place = self.sure(inside[-1], region, country)
            if place:
                return Town(place, (Reason.about("place-guess", text, place=place.name),))
        rest = text[side.end() :] if (side := _SIDE.match(text)) else ""
        is_town = rest and all(region for _c, region in self.finder.index.areas(key(rest)))
        if is_town and country and (place := self.sure(rest, region, country)):
            return Town(place, (Reason.about("place-guess", text, place=place.name),))
        return self._slipped(answer, text, region, country)

    def _several(self, parts: list[str], region: str, country: str, text: str) -> Town:
        """Towns named side by side: one only where all the others are parts of it or unknown."""
        towns = [found for part in parts[:6] if (found := self.sure(part, region, country))]
        if not towns:
            return Town(None, (Reason.about("place-unknown", text),))
        first = towns[0]
        if any(km(first, other) > NEAR for other in towns[1:]):
            return Town(None, (Reason.about("place-several", text),))
        if len(towns) < len(parts):
            return Town(None, (Reason.about("place-unknown", text),), tuple(towns[:1]))
        return Town(first, (Reason.about("place-guess", text, place=first.name),))

    def _past(self, parts: list[str], region: str, country: str, text: str) -> Town:
        """A town before words that are not understood, where its country is known beside it."""
        venue = not words_for("venues").isdisjoint(fold(parts[0]).split())
        if venue and len(parts) == 2 and country and (place := self.sure(parts[1], "", country)):
            return Town(place, (Reason.about("place-guess", text, place=place.name),))
        if not country:
            return Town(None, (Reason.about("place-unknown", text),))
        towns = [(at, t) for at, p in enumerate(parts) if (t := self.sure(p, region, country))]
        named = [t for at, t in towns if len(key(parts[at])) > 3]  # "NY" is no town
        if len(named) > 1 and any(km(named[0], other) > NEAR for other in named[1:]):
            return Town(None, (Reason.about("place-several", text),))
        areas = (self.finder.index.areas(key(part)) for part in parts[1:])
        is_region = any(c == country for found in areas for c, _r in found)
        if not towns or is_region:  # not in the region that is named
            return Town(None, (Reason.about("place-unknown", text),))
        first = towns[0][1]
        if towns[0][0] > 0 and len(parts) > 2:
            return Town(None, (Reason.about("place-unknown", text),))
        return Town(first, (Reason.about("place-guess", text, place=first.name),))

    def sure(self, text: str, region: str, country: str) -> Found | None:
        answer = self.finder.find(text, country=country or None, region=region or None)
        return answer.place if answer.place and not answer.is_guess else None

    def _remember(self, asked: tuple[str, ...], found: Town) -> None:
        if len(self._towns) > _KEPT:
            self._towns.clear()
        self._towns[asked] = found


def km(one: Found, other: Found) -> float:
    return distance(one.latitude, one.longitude, other.latitude, other.longitude)


@lru_cache(maxsize=8)
def words_for(name: str) -> frozenset[str]:
    """The folded words of a table of `places.toml`."""
    table: dict[str, dict[str, list[str]]] = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    return frozenset(fold(word) for words in table[name].values() for word in words)


@lru_cache(maxsize=1)
def _districts() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = tomllib.loads(DISTRICTS.read_text(encoding="utf-8"))
    return found


def district_named(text: str, country: str) -> str:
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


def _is_elsewhere(place: Found, district: str) -> bool:
    """Whether a place lies in another district than the one that stands beside its name."""
    return bool(place.district) and district_keys(place.district).isdisjoint(
        district_keys(district)
    )


def is_wide(text: str) -> bool:
    words = fold(text)
    return words in words_for("wide") or _MANY.fullmatch(words) is not None
