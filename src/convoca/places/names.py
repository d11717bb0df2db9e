"""What countries and places are called: by CLDR, unless the operator's file says otherwise."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from convoca.core.fold import fold
from convoca.core.languages import fallbacks, locale_for
from convoca.places.contested import Contested, contested_or_nothing
from convoca.places.index import Found


def ours() -> Contested:
    """The operator's word on contested places and countries."""
    return contested_or_nothing(Path(settings.CONVOCA_HOME) / "places.toml")


def country_name(code: str, language: str) -> str:
    """The country's name in a language; the code itself where no list knows it."""
    return _name(ours(), code, language)


def country_choices(language: str) -> list[tuple[str, str]]:
    """All countries that are shown, code and name, in the order of the language's letters."""
    said = ours()
    choices = [(code, _name(said, code, language)) for code in codes() if code not in said.hidden]
    return sorted(choices, key=lambda choice: fold(choice[1]))


def _name(said: Contested, code: str, language: str) -> str:
    chosen = said.countries.get(code)
    if chosen:
        for tag in (*fallbacks(language), "en"):
            if tag in chosen:
                return chosen[tag]
    return _by_cldr(code, language)


@lru_cache(maxsize=4096)
def _by_cldr(code: str, language: str) -> str:
    own, english = locale_for(language).territories, locale_for("en").territories
    return str(own.get(code) or english.get(code) or code)


@lru_cache(maxsize=1)
def codes() -> tuple[str, ...]:
    """The codes of two letters that CLDR calls countries or territories."""
    no_country = {"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"}
    english = map(str, locale_for("en").territories)
    return tuple(sorted(c for c in english if len(c) == 2 and c.isalpha() and c not in no_country))


def shown(place: Found) -> Found:
    """A place of the table as it is named and placed here."""
    said = ours().places.get(place.id, {})
    return place._replace(
        name=said.get("name", place.name),
        region=said.get("region", place.region),
        country=said.get("country", place.country),
    )


def in_full(*words: str) -> str:
    """A name, then what it lies in, each once: "Asunción, Paraguay"."""
    name, *around = dict.fromkeys(part for part in words if part) or [""]
    for place in around:
        name = pgettext("a place and what it lies in", "%(name)s, %(around)s") % {
            "name": name,
            "around": place,
        }
    return name


def around(place: Found, *, district: str = "") -> str:
    """What a place lies in: "Alajuela, Costa Rica", in the reader's language."""
    country = country_name(place.country, get_language() or "en") if place.country else ""
    parts = (part for part in (district, place.region, country) if part != place.name)
    return in_full(*parts)


def label(place: Found) -> str:
    """A place with all that it lies in, each said once."""
    country = country_name(place.country, get_language() or "en") if place.country else ""
    return in_full(place.name, place.region, country)


def credit() -> str:
    """Whom we thank for the names of places, on every page that shows some."""
    return _("Places: GeoNames, CC BY 4.0.")


def position_on_borders() -> str:
    """What stands under every map."""
    return _("Borders as in the source, no position taken.")
