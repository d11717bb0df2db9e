"""Names of countries and territories in the languages that are read."""

import re
from collections.abc import Callable
from functools import lru_cache

from babel import Locale

from convoca.places.gazetteer import Finder
from convoca.places.keys import key
from convoca.reading.words import KNOWN, words_of
from convoca.reading.words.shared import any_words, regions

_OF = re.compile(r"^d['’]")
RESERVED = {"IC": "ES", "EA": "ES", "AC": "SH", "TA": "SH", "DG": "IO", "CP": "FR"}
"""Parts of countries to which CLDR gives a code, though ISO 3166-1 does not."""


@lru_cache(maxsize=1)
def parts() -> dict[str, str]:
    """Names of such parts, and the country of each."""
    return {
        key(Locale.parse(tag).territories.get(code, code)): country
        for tag in KNOWN
        for code, country in RESERVED.items()
    } | {key("Canarias"): "ES"}


@lru_cache(maxsize=1)
def known_regions() -> dict[str, str]:
    """Regions that the table of places does not know, or not in these languages."""
    return {key(name): country for country, names in regions().items() for name in names}


@lru_cache(maxsize=1)
def wide_regions() -> frozenset[str]:
    """Continents and the like, in the languages that are read."""
    return frozenset(key(name) for tag in KNOWN for name in words_of(tag).words("regions"))


@lru_cache(maxsize=1)
def country_letters() -> dict[str, str]:
    return dict(pair.split(":") for pair in any_words("country_letters"))


@lru_cache(maxsize=1)
def countries() -> dict[str, str]:
    """The names of countries and territories in the languages that are read."""
    found: dict[str, str] = {}
    skipped = {"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO", *RESERVED}
    for tag in (*KNOWN, "ca", "nl", "es_MX", "pt_PT", "ru", "tr"):
        names = Locale.parse(tag).territories
        for code, name in names.items():
            if len(code) == 2 and code.isalpha() and code not in skipped:
                found.setdefault(key(name), code)
                short = re.sub(r"\s*\(.*\)", "", name)
                found.setdefault(key(short), code)
    also = {"usa": "US", "eeuu": "US", "eua": "US", "uk": "GB", "etatsunis": "US",
            "turkey": "TR", "elsalvador": "SV", "holanda": "NL", "holland": "NL",
            "hollande": "NL", "olanda": "NL", "palestina": "PS", "palestine": "PS",
            "فلسطين": "PS", "guinebissau": "GW", "caboverde": "CV", "ivorycoast": "CI",
            "estadosunidos": "US", "czechrepublic": "CZ", "republicacheca": "CZ",
            "republiquetcheque": "CZ", "republicatcheca": "CZ", "burma": "MM",
            "saharaoccidental": "EH"}  # fmt: skip
    return found | also


def is_place_of(finder: Finder | None) -> Callable[[str], bool]:
    """Tells whether a name is a country's or a place's of the table."""

    def is_place(name: str) -> bool:
        asked = key(_OF.sub("", name))
        return (
            asked in countries()
            or asked in wide_regions()
            or bool(finder and finder.index.refs([asked]))
        )

    return is_place
