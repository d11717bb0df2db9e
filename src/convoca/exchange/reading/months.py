"""Names of months and days of the week in the languages that CLDR has, and words around dates."""

from functools import lru_cache

from babel import Locale

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
    found: dict[str, set[int]] = {}
    for language in LANGUAGES:
        locale = Locale.parse(language)
        for form in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in locale.months[form][width].items():
                    word = fold(name)
                    if word and not word.isdecimal() and not any(c.isdecimal() for c in word):
                        found.setdefault(word, set()).add(number)
    known = {word: min(numbers) for word, numbers in found.items() if len(numbers) == 1}
    english = Locale.parse("en").months["format"]
    for width in ("wide", "abbreviated"):
        known |= {fold(name): number for number, name in english[width].items()}
    return known | {fold(word): number for word, number in _OTHERS.items()}


@lru_cache(maxsize=1)
def weekdays() -> frozenset[str]:
    """The folded names of the days of the week; they say nothing that a date does not."""
    found = set()
    for language in LANGUAGES:
        for form in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                found |= {fold(name) for name in Locale.parse(language).days[form][width].values()}
    return frozenset(word for word in found if len(word) > 1 and not word.isdecimal())
