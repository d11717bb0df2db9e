"""Days, instants and numbers in the words of the page's language."""

from datetime import date, datetime

from django import template

from convoca.campaigns.doing import doing_in
from convoca.campaigns.inks import ink_of, ink_url, twelve_url
from convoca.core.dates import day_words, days_words, moment_words, number_words
from convoca.core.languages import autonym, direction, language_name

register = template.Library()
register.filter("number_words", number_words)
register.filter("language_words", language_name)
register.filter("autonym", autonym)
register.filter("direction", direction)
register.filter("ink_url", ink_url)


register.simple_tag(twelve_url)
register.simple_tag(doing_in)


@register.filter
def day(value: date | datetime | None) -> str:
    """A day in words; nothing for None."""
    if value is None:
        return ""
    return day_words(value.date() if isinstance(value, datetime) else value)


@register.filter
def until(first: date, last: date) -> str:
    """An interval of days in words."""
    return days_words(first, last)


@register.filter
def instant(value: datetime | None) -> str:
    """An instant in words, with UTC named; nothing for None."""
    return moment_words(value) if value else ""


@register.filter
def ink_hex(colour: str) -> str:
    """The end of the class name of a colour: `ink-cc3311`."""
    return ink_of(colour).hex
