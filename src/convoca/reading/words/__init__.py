"""The words of each language: one readable file for each, `es.toml`."""

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from convoca.reading.plain import plain

FIRST_CLASS = ("es", "fr", "en", "pt")
KNOWN = (*FIRST_CLASS, "it", "de", "ar")
_NEVER = re.compile(r"(?!)")


def pattern(words: Any) -> re.Pattern[str]:
    """One pattern for a list of words or of phrases; `*` stands for any ending."""
    listed = words.split() if isinstance(words, str) else words
    if not listed:
        return _NEVER
    ordered = sorted((plain(word) for word in listed), key=len, reverse=True)
    ways = "|".join(
        re.escape(word).replace(r"\*", r"\w*").replace(r"\ ", r"\s+") for word in ordered
    )
    return re.compile(rf"(?<!\w)(?:{ways})(?!\w)")


class Words:
    """What the file of one language says; empty where it is silent."""

    def __init__(self, language: str) -> None:
        self.language = language
        file = Path(__file__).with_name(f"{language}.toml")
        self._said: dict[str, Any] = (
            tomllib.loads(file.read_text(encoding="utf-8")) if language in KNOWN else {}
        )
        self._lists: dict[str, tuple[str, ...]] = {}
        self._patterns: dict[str, re.Pattern[str]] = {}

    def words(self, name: str) -> tuple[str, ...]:
        found = self._lists.get(name)
        if found is None:
            said = self._said.get(name, [])
            listed = said.split() if isinstance(said, str) else said
            found = self._lists[name] = tuple(plain(word) for word in listed)
        return found

    def either(self, name: str) -> str:
        """A list as ways of a pattern of one's own; where it is silent, one that is never met."""
        return "|".join(map(re.escape, self.words(name))) or "(?!)"

    def pattern(self, name: str) -> re.Pattern[str]:
        """The pattern of a list; `unit.people` is the list `people` in the table `unit`."""
        found = self._patterns.get(name)
        if found is None:
            table, _, entry = name.partition(".")
            said = self._said.get(table, [])
            found = pattern(said.get(entry, []) if entry and isinstance(said, dict) else said)
            self._patterns[name] = found
        return found


@lru_cache(maxsize=16)
def words_of(language: str) -> Words:
    return Words(language)


@lru_cache(maxsize=16)
def numbers_of(language: str) -> dict[str, int]:
    """The numbers that a language writes in words."""
    file = Path(__file__).with_name("numbers.toml")
    said = tomllib.loads(file.read_text(encoding="utf-8")).get(language, "").split()
    return {plain(word): int(value) for value, word in zip(said[::2], said[1::2], strict=True)}


@lru_cache(maxsize=16)
def rounded_of(language: str) -> list[tuple[str, str]]:
    """Numbers that a language rounds by a word of their own: "une trentaine"."""
    file = Path(__file__).with_name("numbers.toml")
    said = tomllib.loads(file.read_text(encoding="utf-8"))["rounded"].get(language, "").split()
    return [(value, plain(word)) for value, word in zip(said[::2], said[1::2], strict=True)]
