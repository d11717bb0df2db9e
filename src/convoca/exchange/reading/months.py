"""Names of months and days of the week in the languages that CLDR has, and words around dates."""

from functools import lru_cache

from convoca.core.calendar_names import names_of, of_one_meaning
from convoca.core.fold import fold

LANGUAGES = (
    "en", "es", "fr", "pt", "de", "it", "ar", "ca", "nl", "pl", "ru", "uk", "tr", "el", "ro", "sv",
    "da", "nb", "fi", "cs", "sk", "hu", "bg", "sr", "hr", "sl", "lt", "lv", "et", "eu", "gl", "fa",
    "ur", "hi", "bn", "id", "ms", "sw", "vi", "ko", "ja", "zh", "he",
)  # fmt: skip
_OTHERS = {"sept": 9, "märz": 3, "maerz": 3, "jän": 1, "set": 9, "setiembre": 9, "avr": 4}


@lru_cache(maxsize=1)
def months() -> dict[str, int]:
    """The folded names, whole and short. What means two months in two languages is neither."""
    folded = ((fold(name), number) for name, number in names_of("months", LANGUAGES))
    known = of_one_meaning(
        (word, number) for word, number in folded if word and not any(map(str.isdecimal, word))
    )
    known |= {fold(name): number for name, number in names_of("months", ["en"])}
    return known | {fold(word): number for word, number in _OTHERS.items()}


@lru_cache(maxsize=1)
def weekdays() -> frozenset[str]:
    """The folded names of the days of the week; they say nothing that a date does not."""
    found = {fold(name) for name, _number in names_of("days", LANGUAGES)}
    return frozenset(word for word in found if len(word) > 1 and not word.isdecimal())
