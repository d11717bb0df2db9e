"""What stands on a poster, a card and a sheet: words only, ready for one reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypedDict

from convoca.core.dates import (
    day_figure,
    day_words,
    days_words,
    list_words,
    month_words,
    weekday_words,
)
from convoca.core.ink import Ink
from convoca.core.languages import direction
from convoca.core.typefaces import missing_letters, printable


@dataclass(frozen=True)
class PosterFacts:
    """An action as it is printed. Empty words are left out, with all that belongs to them."""

    title: str
    lang: str
    """The language of everything but the title."""
    ink: Ink
    short_address: str
    """As people read and type it: `convoca.example/a/7KQ2`."""
    url: str
    """Where the QR code leads."""
    kind: str = ""
    """The kind of action in words: "March"."""
    day: str = ""
    """The day figure, "12"; empty where no day is set."""
    month: str = ""
    """Month and year in words."""
    weekday: str = ""
    date_words: str = ""
    """The whole day in words with its weekday, as the language writes it."""
    clock: str = ""
    """The hour with its zone in words."""
    place: tuple[str, ...] = ()
    """Town, venue, street; of a route, its stops."""
    hosts: tuple[str, ...] = ()
    campaign: str = ""
    network: str = ""
    state: str = ""
    """Such as "Cancelled" or "Postponed"; empty for an action that stands."""
    is_off: bool = False
    """Cancelled: title and day are struck."""
    is_demo: bool = False
    title_lang: str = ""
    """The title's own language, where it is not `lang`."""

    @property
    def dir(self) -> str:
        return direction(self.lang)

    @property
    def title_language(self) -> str:
        return self.title_lang or self.lang

    @property
    def title_dir(self) -> str:
        return direction(self.title_language)

    @property
    def hosts_words(self) -> str:
        """All who host it, as the language writes a list."""
        return list_words(list(self.hosts), self.lang)

    @property
    def place_words(self) -> str:
        return " · ".join(self.place)

    @property
    def when_words(self) -> str:
        """The whole day and the hour in one line; empty where no day is set."""
        return " · ".join(part for part in (self.date_words, self.clock) if part)

    def printable(self) -> "PosterFacts":
        """The same in words that can be printed here: no symbols that no face holds."""
        words: dict[str, Any] = {name: printable(getattr(self, name)) for name in _WORDS}
        return replace(self, **words, place=_lines(self.place), hosts=_lines(self.hosts))

    def missing_letters(self) -> str:
        """The letters that no face here holds; mostly none."""
        words = [getattr(self, name) for name in _WORDS]
        return missing_letters(*words, *self.place, *self.hosts)


class DayWords(TypedDict):
    """What facts hold of a day; for `PosterFacts(…, **words_of_days(…))`."""

    day: str
    month: str
    weekday: str
    date_words: str


def words_of_days(first: date, last: date | None, lang: str) -> DayWords:
    """One day or several as figure, month and year, weekday, and whole."""
    is_one = last is None or last == first
    whole = day_words(first, lang, weekday=True) if is_one else days_words(first, last, lang)
    return DayWords(
        day=day_figure(first, last, lang),
        month=month_words(first, lang),
        weekday=weekday_words(first, lang) if is_one else "",
        date_words=whole,
    )


_WORDS = (
    *("title", "kind", "day", "month", "weekday", "date_words", "clock"),
    *("campaign", "network", "state", "short_address"),
)


def _lines(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(line for word in words if (line := printable(word)))


@dataclass(frozen=True)
class Expected:
    """One line of a sign-in sheet: who said they come, and how many they are."""

    name: str
    people: int = 1


@dataclass(frozen=True)
class SheetFacts:
    """A sign-in sheet. Who prints it holds personal data; nothing of it is kept here."""

    action: PosterFacts
    printed_on: date
    destroy_by: date
    names: tuple[Expected, ...] = ()
    blank_lines: int = 20
    consent: str = ""
    """What people agree to who write down how to reach them; without it nobody is asked to."""
