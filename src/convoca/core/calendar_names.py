"""Names of months and days of the week as CLDR has them, for reading what people write."""

from collections.abc import Iterable, Iterator
from typing import Literal

from babel import Locale, UnknownLocaleError

WIDE_AND_SHORT = ("wide", "abbreviated")


def names_of(
    what: Literal["months", "days"], tags: Iterable[str], widths: Iterable[str] = WIDE_AND_SHORT
) -> Iterator[tuple[str, int]]:
    """Each name with its number (January 1, Monday 0), in these languages, as a date has it and as
    it stands alone; languages that CLDR does not know are passed over.
    """
    for tag in tags:
        try:
            locale = Locale.parse(tag)
        except UnknownLocaleError:
            continue
        for form in ("format", "stand-alone"):
            for width in widths:
                for number, name in getattr(locale, what)[form][width].items():
                    yield name, number


def of_one_meaning(names: Iterable[tuple[str, int]]) -> dict[str, int]:
    """The names that mean one number; what means two in two languages is left out."""
    found: dict[str, set[int]] = {}
    for name, number in names:
        found.setdefault(name, set()).add(number)
    return {name: min(numbers) for name, numbers in found.items() if len(numbers) == 1}
