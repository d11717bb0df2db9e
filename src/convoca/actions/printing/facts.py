"""What stands on a poster, a card and a sheet: words only, ready for one reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Any, Final, TypedDict

from django.utils import translation
from django.utils.translation import ngettext

from convoca.campaigns.addresses import interface_language
from convoca.core.dates import (
    day_figure,
    day_words,
    days_words,
    list_words,
    month_words,
    number_words,
    weekday_words,
)
from convoca.core.ink import Ink
from convoca.core.languages import direction
from convoca.core.typefaces import missing_letters, printable

MOST_PLACES: Final = 4
MOST_HOSTS: Final = 7
LONGEST_LINE: Final = 90


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
    """Month and year in words; the whole interval where it goes over a month's end."""
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

    @property
    def stamp(self) -> str:
        """The hash of everything printed, for addresses of pictures that never grow old."""
        return sha256(repr(self).encode()).hexdigest()[:12]

    def printable(self) -> "PosterFacts":
        """The same in words that can be printed here: no symbols that no face holds, and no more
        places and hosts than a sheet takes; the last line then says how many there are besides.
        """
        words: dict[str, Any] = {name: printable(getattr(self, name)) for name in _WORDS}
        return replace(self, **words, place=self._places(), hosts=self._hosts())

    def _places(self) -> tuple[str, ...]:
        lines = _lines(self.place)
        if len(lines) <= MOST_PLACES:
            return lines
        more = len(lines) - MOST_PLACES + 1
        with translation.override(interface_language(self.lang)):
            words = ngettext("and %(count)s more place", "and %(count)s more places", more)
        return *lines[: MOST_PLACES - 1], words % {"count": number_words(more, self.lang)}

    def _hosts(self) -> tuple[str, ...]:
        names = _lines(self.hosts)
        if len(names) <= MOST_HOSTS:
            return names
        more = len(names) - MOST_HOSTS + 1
        with translation.override(interface_language(self.lang)):
            words = ngettext("%(count)s other", "%(count)s others", more)
        return *names[: MOST_HOSTS - 1], words % {"count": number_words(more, self.lang)}

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
    is_within = last is None or (last.year, last.month) == (first.year, first.month)
    whole = day_words(first, lang, weekday=True) if is_one else days_words(first, last, lang)
    return DayWords(
        day=day_figure(first, last, lang),
        month=month_words(first, lang) if is_within else days_words(first, last, lang),
        weekday=weekday_words(first, lang) if is_one else "",
        date_words=whole,
    )


_WORDS = (
    *("title", "kind", "day", "month", "weekday", "date_words", "clock"),
    *("campaign", "network", "state", "short_address"),
)


def _lines(words: Sequence[str]) -> tuple[str, ...]:
    """Each in one line that can be printed, cut where it would fill the sheet."""
    lines = (printable(word) for word in words)
    return tuple(
        line if len(line) <= LONGEST_LINE else line[: LONGEST_LINE - 1].rstrip() + "…"
        for line in lines
        if line
    )


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
