"""Languages by BCP 47 tag: spelling, names, direction. CLDR knows the names (through Babel)."""

import re
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from django.utils.translation import get_language

UI_LANGUAGES = ("en", "es", "fr", "pt", "ar")
"""The languages that the interface speaks. A text may be in any language at all."""

_TAG = re.compile(
    r"^(?P<language>[a-z]{2,3})"
    r"(?:-(?P<script>[a-z]{4}))?"
    r"(?:-(?P<region>[a-z]{2}|[0-9]{3}))?"
    r"(?P<variants>(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*)$"
)
_RTL_SCRIPTS = {"Arab", "Hebr", "Syrc", "Thaa", "Nkoo", "Adlm", "Rohg", "Mand", "Samr"}
_RTL_LANGUAGES = set(
    "ar he fa ur ps ckb sd ug yi dv syr arc arz aeb ary azb nqo".split()  # noqa: SIM905
)


class UnknownTag(ValueError):
    """Not a language tag of BCP 47, or one that no list of languages knows."""


@lru_cache(maxsize=2048)
def tidy_tag(typed: str) -> str:
    """The canonical spelling of a language tag: `zh_hant` is `zh-Hant`, `PT-br` is `pt-BR`.

    Raises `UnknownTag` for what is no tag, or a language that CLDR has no name for.
    """
    match = _TAG.match(typed.strip().replace("_", "-").lower())
    if not match:
        raise UnknownTag(typed)
    language = {"iw": "he", "in": "id", "ji": "yi", "mo": "ro"}.get(
        match["language"], match["language"]
    )
    if language not in Locale("en").languages:
        raise UnknownTag(typed)
    parts = [language]
    if match["script"]:
        parts.append(match["script"].title())
    if match["region"]:
        parts.append(match["region"].upper())
    return "-".join(parts) + match["variants"]


def script_of(tag: str) -> str:
    """The script that the tag names, such as `Hant`; empty where it names none."""
    found = next((p for p in tag.split("-")[1:] if len(p) == 4 and p.isalpha()), "")
    return found.title()


def is_rtl(tag: str) -> bool:
    """Whether the language is written from right to left; a script in the tag decides."""
    script = script_of(tag)
    return script in _RTL_SCRIPTS if script else tag.split("-")[0].lower() in _RTL_LANGUAGES


def direction(tag: str) -> str:
    """`rtl` or `ltr`, for the attribute `dir`."""
    return "rtl" if is_rtl(tag) else "ltr"


@lru_cache(maxsize=256)
def locale_for(tag: str) -> Locale:
    """The closest locale that CLDR has data for; English where it has none."""
    parts = tag.split("-")
    for length in range(len(parts), 0, -1):
        try:
            return Locale.parse("-".join(parts[:length]), sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en")


@lru_cache(maxsize=2048)
def autonym(tag: str) -> str:
    """The language's name in the language itself ("español"), else in English, else the tag."""
    base = tag.split("-")[0]
    try:
        own = Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return _AUTONYMS.get(base) or Locale("en").languages.get(base, tag)
    return own.get_display_name(own) or own.languages.get(base) or tag


_AUTONYMS = {"arn": "mapudungun", "ht": "kreyòl ayisyen", "gn": "avañe’ẽ", "ay": "aymar aru"}


def language_name(tag: str, into: str | None = None) -> str:
    """The language's name in the reader's language ("Quechua")."""
    return _language_name(tag, into or get_language() or "en")


@lru_cache(maxsize=4096)
def _language_name(tag: str, into: str) -> str:
    reader = locale_for(into)
    parts = tag.split("-")
    name = reader.languages.get(tag.replace("-", "_")) or reader.languages.get(parts[0])
    if not name:
        return autonym(tag)
    rest = [
        reader.scripts.get(p) or reader.territories.get(p) or p
        for p in parts[1:]
        if tag.replace("-", "_") not in reader.languages
    ]
    return f"{name} ({', '.join(rest)})" if rest else str(name)


def fallbacks(tag: str, chosen: dict[str, str] | None = None) -> list[str]:
    """Where to look when there is nothing in `tag`: itself, its parents, the network's choice."""
    parts = tag.split("-")
    line = ["-".join(parts[:n]) for n in range(len(parts), 0, -1)]
    seen = set(line)
    step = (chosen or {}).get(tag) or (chosen or {}).get(parts[0])
    while step and step not in seen:
        line.append(step)
        seen.add(step)
        step = (chosen or {}).get(step)
    return line
