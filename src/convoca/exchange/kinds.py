"""What lists call kinds of actions."""

import re
import tomllib
from functools import cache, lru_cache
from pathlib import Path

from convoca.actions.models.action import Kind
from convoca.core.fold import fold

FILE = Path(__file__).with_name("kinds.toml")


@cache
def _words() -> tuple[dict[str, str], re.Pattern[str]]:
    table = tomllib.loads(FILE.read_text(encoding="utf-8"))
    known = {
        fold(word): kind for kind, by in table.items() for words in by.values() for word in words
    }
    known |= {kind.value: kind.value for kind in Kind}
    longest_first = sorted(known, key=len, reverse=True)
    return known, re.compile(rf"(?<!\w)({'|'.join(map(re.escape, longest_first))})(?!\w)")


@lru_cache(maxsize=4096)
def kind_of(*texts: str) -> str:
    """The kind that the first known word of these texts names; "other" where none does."""
    known, pattern = _words()
    for text in texts:
        if found := pattern.search(fold(text[:500])):
            return known[found[1]]
    return Kind.OTHER
