"""Dates in words, by CLDR, in the reader's language: "5 – 8 October 2027", never 05/10."""

import re
from datetime import date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time, get_timezone_name
from babel.lists import format_list
from babel.numbers import format_decimal
from django.utils import timezone
from django.utils.translation import get_language

from convoca.core.languages import locale_for

_BEGINS_WITH_I = re.compile(r"h?[ií](?![aeoáéó])", re.IGNORECASE)


def _locale(language: str | None) -> str:
    locale = str(locale_for(language or get_language() or "en"))
    return "en_GB" if locale == "en" else locale  # day before month, as most of the world writes


def day_words(day: date, language: str | None = None, *, weekday: bool = False) -> str:
    """A day in words, such as "5 October 2027"; with `weekday`, "Tuesday, 5 October 2027"."""
    return format_date(day, "full" if weekday else "long", locale=_locale(language))


def days_words(first: date, last: date | None, language: str | None = None) -> str:
    """A day, or an interval of days as the language writes it ("5–8 October 2027")."""
    if last is None or last == first:
        return day_words(first, language)
    locale = Locale.parse(_locale(language))
    wide = locale.interval_formats.get("yMMMMd")
    differs = "y" if first.year != last.year else "M" if first.month != last.month else "d"
    # Few locales have intervals with whole month names; CLDR says to widen the letters then.
    parts = (
        wide[differs]
        if wide
        else [part.replace("MMM", "MMMM") for part in locale.interval_formats["yMMMd"][differs]]
    )
    return "".join(
        format_date(day, part, locale=locale)
        for day, part in zip((first, last), parts, strict=True)
    )


def month_words(day: date, language: str | None = None) -> str:
    """Month and year in words, for beside a day figure."""
    return str(format_date(day, "LLLL y", locale=_locale(language)))


def weekday_words(day: date, language: str | None = None) -> str:
    """The day of the week alone, for beside a day figure."""
    return str(format_date(day, "cccc", locale=_locale(language)))


def day_figure(first: date, last: date | None = None, language: str | None = None) -> str:
    """The day as a large figure: "5", or "5–8" within a month; in the locale's digits."""
    locale = _locale(language)
    start = _number(first.day, locale)
    if last is None or last == first or (last.year, last.month) != (first.year, first.month):
        return start
    return f"{start}–{_number(last.day, locale)}"


def moment_words(at: datetime, zone: str = "UTC", language: str | None = None) -> str:
    """An instant in words with its zone by name: "22 November 2026, 14:00 UTC"."""
    locale = _locale(language)
    local = timezone.localtime(at, ZoneInfo(zone))
    day = format_date(local.date(), "long", locale=locale)
    clock = format_time(local, "HH:mm", tzinfo=local.tzinfo, locale=locale)
    words = locale_for(locale.replace("_", "-")).datetime_formats["medium"].format(clock, day)
    name = "UTC" if zone == "UTC" else get_timezone_name(local, "long", locale=locale)
    return f"{words} {name}"


def clock_words(clock: time, language: str | None = None) -> str:
    """An hour on a wall clock: "14:00"; in the locale's digits."""
    return _clock(clock.replace(tzinfo=None), _locale(language))


@lru_cache(maxsize=2048)
def _clock(clock: time, locale: str) -> str:
    return str(format_time(clock, "HH:mm", locale=locale))


def list_words(items: list[str], language: str | None = None) -> str:
    """A list as the language writes it: "a, b and c"; in Spanish "español e inglés"."""
    if not items:
        return ""
    locale = _locale(language)
    words = format_list(items, locale=locale)
    # CLDR's patterns do not know the sound that follows: "y" is "e" before i, but not before ie.
    if locale.startswith("es") and len(items) > 1 and _BEGINS_WITH_I.match(items[-1]):
        words = words.removesuffix(f"y {items[-1]}") + f"e {items[-1]}"
    return words


def number_words(number: float, language: str | None = None) -> str:
    """A number in the locale's digits and grouping."""
    return _number(number, _locale(language))


@lru_cache(maxsize=2048)
def _number(number: float, locale: str) -> str:
    return format_decimal(number, locale=locale)
