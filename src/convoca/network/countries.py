"""Countries as people type them. What they are called is said by `places`."""

from functools import lru_cache

from convoca.core.fold import fold
from convoca.core.languages import UI_LANGUAGES
from convoca.places.names import codes, country_name


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    """Folded names in the interface's languages, and the codes themselves → code."""
    found: dict[str, str] = {}
    for language in UI_LANGUAGES:
        for code in codes():
            found.setdefault(fold(country_name(code, language)), code)
    return found | {code.lower(): code for code in codes()}


def code_of(typed: str) -> str:
    """The code of a country typed as two letters or by name; empty where there is none."""
    return _codes().get(fold(typed), "")
