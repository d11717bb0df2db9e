"""How contested places and countries are named here: the operator's `CONVOCA_HOME/places.toml`.

    [places.5128581]            # a number of GeoNames
    name = "New York"           # how the place is called
    region = ""                 # which region it is shown in; empty: none
    country = "US"              # which country it is shown in; empty: none

    [countries.XK]              # a code of two letters
    en = "Kosovo"               # how the country is called, by language
    es = "Kosovo"
    shown = true                # false: it is no choice in lists of countries

What the file does not say stays as GeoNames and CLDR have it.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import structlog

from convoca.core.config import WrongSetting
from convoca.core.languages import UnknownTag, tidy_tag

log = structlog.get_logger(__name__)
_CODE = re.compile(r"[A-Z]{2}")
_OF_A_PLACE = ("name", "region", "country")


@dataclass(frozen=True)
class Contested:
    places: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    countries: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()


def contested(file: Path) -> Contested:
    """What the file says now; read anew when it changes.

    Raises `WrongSetting` with a sentence that names the file and the entry.
    """
    try:
        changed = file.stat().st_mtime_ns
    except FileNotFoundError:
        return Contested()
    return _read(file, changed)


def contested_or_nothing(file: Path) -> Contested:
    """The same for pages, which a slip in the file must not break: it is logged, once."""
    try:
        return contested(file)
    except WrongSetting as wrong:
        _complain(str(wrong))
        return Contested()


@lru_cache(maxsize=4)
def _complain(sentence: str) -> None:
    log.error("places.toml-wrong", sentence=sentence)


@lru_cache(maxsize=4)
def _read(file: Path, changed: int) -> Contested:
    try:
        written = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise WrongSetting(f"{file} cannot be read: {error}.") from error
    for name, value in written.items():
        if name not in ("places", "countries") or not isinstance(value, dict):
            raise WrongSetting(f"{file}: “{name}” is neither [places.…] nor [countries.…].")
    places = {
        _number(file, number): _place(file, number, entry)
        for number, entry in written.get("places", {}).items()
    }
    countries: dict[str, dict[str, str]] = {}
    hidden = set()
    for code, entry in written.get("countries", {}).items():
        where = f"{file}: countries.{code}"
        if not _CODE.fullmatch(code) or not isinstance(entry, dict):
            raise WrongSetting(
                f"{where}: a country is a code of two capitals, such as [countries.XK]."
            )
        entry = dict(entry)
        shown = entry.pop("shown", True)
        if not isinstance(shown, bool):
            raise WrongSetting(f"{where}.shown: “{shown}” is neither true nor false.")
        hidden |= set() if shown else {code}
        countries[code] = {_tag(where, tag): _words(where, tag, w) for tag, w in entry.items()}
    return Contested(places, countries, frozenset(hidden))


def _number(file: Path, number: str) -> int:
    if not number.isdecimal():
        raise WrongSetting(
            f"{file}: places.{number}: a place is named by its number in GeoNames, "
            "such as [places.5128581]."
        )
    return int(number)


def _place(file: Path, number: str, entry: Any) -> dict[str, str]:
    where = f"{file}: places.{number}"
    if not isinstance(entry, dict):
        raise WrongSetting(
            f"{where}: write [places.{number}] and below it name, region or country."
        )
    for key, value in entry.items():
        if key not in _OF_A_PLACE:
            raise WrongSetting(f"{where}: there is no “{key}”; there are {', '.join(_OF_A_PLACE)}.")
        if not isinstance(value, str) or (key == "name" and not value.strip()):
            raise WrongSetting(f"{where}.{key}: write it as text in quotation marks.")
        if key == "country" and value and not _CODE.fullmatch(value):
            raise WrongSetting(f"{where}.country: “{value}” is no code of two capitals.")
    return {key: value.strip()[:200] for key, value in entry.items()}


def _tag(where: str, tag: str) -> str:
    try:
        return tidy_tag(tag)
    except UnknownTag as error:
        raise WrongSetting(f"{where}: “{tag}” is neither “shown” nor a language tag.") from error


def _words(where: str, tag: str, words: Any) -> str:
    if not isinstance(words, str) or not words.strip():
        raise WrongSetting(f"{where}.{tag}: write the name as text in quotation marks.")
    return words.strip()[:200]
