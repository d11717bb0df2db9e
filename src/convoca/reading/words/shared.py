"""Words of all languages together: `any.toml`."""

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

ARTICLES = "the|el|la|los|las|le|les|o|a|os|as|il|lo|i|gli|die|der|das"
"""Of all languages that are read, as ways of a pattern."""


@lru_cache(maxsize=1)
def _any() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("any.toml").read_text(encoding="utf-8"))


def regions() -> dict[str, list[str]]:
    """Regions by country, as `regions.toml` has them; an empty country stands for several."""
    file = Path(__file__).with_name("regions.toml")
    said = tomllib.loads(file.read_text(encoding="utf-8"))
    return {code if code != "several" else "": names for code, names in said.items()}


def any_words(name: str) -> list[str]:
    """One list of the file, as it is written there."""
    said: str = _any()[name]
    return said.split()


def any_phrases(name: str) -> list[str]:
    """A list of the file whose entries are of several words."""
    said: list[str] = _any()[name]
    return said
