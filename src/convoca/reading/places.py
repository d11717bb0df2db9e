"""The places that a text names, by the table of places; what it leaves open stays open."""

from collections import Counter
from dataclasses import replace

from convoca.places.gazetteer import Finder
from convoca.places.index import Found
from convoca.places.keys import key
from convoca.reading.atlas import Atlas
from convoca.reading.draft import FoundPlace
from convoca.reading.spots import Spots
from convoca.reading.text import Span, Text
from convoca.reading.words import Words

LIKELY_AMONG = 8.0
"""Times as many people as its next namesake: then it is the one that is meant."""


def _each_once(found: list[FoundPlace]) -> list[FoundPlace]:
    """A place that is written in several ways is one, with the other ways beside its name."""
    kept: dict[tuple[object, ...], FoundPlace] = {}
    for place in found:
        same: tuple[object, ...] = (place.kind, key(place.name))
        if place.kind == "country" and place.country:
            same = ("country", place.country)
        elif place.kind == "city" and len(place.choices) == 1:
            same = ("city", place.choices)
        if same not in kept:
            kept[same] = place
        elif key(kept[same].name) != key(place.name):
            kept[same] = replace(kept[same], also=(*kept[same].also, place.name))
    return list(kept.values())


class PlacesFinder:
    """Looks up the names of one text, and settles by what stands around which city is meant."""

    def __init__(self, text: Text, words: Words, finder: Finder) -> None:
        self._atlas = Atlas(text, words, finder)
        self._spots = Spots(text, words, self._atlas)

    def find(self, taken: list[Span]) -> list[FoundPlace]:
        """The places, each once. `taken`: names of organisations, campaigns and days."""
        spots = self._spots.find(sorted(taken))
        named = [code for _span, _name, kind, code in spots if kind == "country"]
        found: dict[tuple[str, str], FoundPlace] = {}
        cities: list[tuple[Span, str, str]] = []
        told = {key(name): code for _span, name, kind, code in spots if kind == "region"}
        for span, name, kind, code in spots:
            if kind == "city" and key(name) in told:
                continue  # once said to be a region, a name is that again
            if kind == "city":
                cities.append((span, name, code))
            else:
                found.setdefault(
                    (key(name), kind), FoundPlace(name, kind, code or None, span, 0.85)
                )
        around = Counter(named)
        answers = [self._atlas.cities(name, within) for _span, name, within in cities]
        around.update(c.country for got in answers if got and len(got) == 1 for c in got)
        for (name, kind), place in list(found.items()):
            town = self._town_around(place, around) if kind == "region" else None
            if town:
                del found[name, kind]
                cities.append((place.span, place.name, ""))
                answers.append(town)
        for (span, name, _), got in zip(cities, answers, strict=True):
            if not got:
                continue
            country, sure = self._settled(got, around)
            choices = tuple(c.id for c in got if country in (None, c.country))[:8]
            old = found.get((key(name), "city"))
            if old is None or (old.country is None and country):
                found[key(name), "city"] = FoundPlace(name, "city", country, span, sure, choices)
        return _each_once(sorted(found.values(), key=lambda one: one.span))

    def _town_around(self, place: FoundPlace, around: Counter[str]) -> list[Found] | None:
        """A region far off bears the name of a town in a country that the text is about."""
        if not place.country or not around or place.country in around:
            return None
        got = self._atlas.cities(place.name, "")
        return got if any(one.country in around for one in got[:4]) else None

    def _settled(self, got: list[Found], around: Counter[str]) -> tuple[str | None, float]:
        """The country of a city: of the one candidate, of what stands around, or left open."""
        if len({c.country for c in got}) == 1:
            return got[0].country, 0.85
        first, second = got[0], got[1]
        ratio = (first.population + 1) / (second.population + 1)
        if first.country in around or ratio > LIKELY_AMONG * 6:
            return first.country, 0.75
        near = [c for c in got[:4] if c.country in around]
        if near:
            return max(near, key=lambda c: around[c.country]).country, 0.65
        return (first.country, 0.6) if ratio > LIKELY_AMONG else (None, 0.4)
