"""What templates of the network ask: dates, languages, countries and pairs in words."""

import re
from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language

from convoca.accounts import fields
from convoca.core import dates
from convoca.core.ink import poster_classes
from convoca.core.languages import direction, language_name
from convoca.core.names import Names
from convoca.network.fields import pair_words
from convoca.network.models import Mandate
from convoca.places.names import country_name as name_of_country

register = template.Library()


@register.filter
def day_words(at: date | datetime | None) -> str:
    """A day in words; of an instant, the day it falls on in UTC."""
    if at is None:
        return ""
    return dates.day_words(timezone.localdate(at) if isinstance(at, datetime) else at)


@register.filter
def last_day_words(at: datetime | None) -> str:
    """The last day before an end that falls on a midnight of some zone: the day it was noon of."""
    return day_words(at - timedelta(hours=12)) if at else ""


@register.filter
def moment_words(at: datetime | None) -> str:
    """An instant in words, in UTC."""
    return dates.moment_words(at) if at else ""


@register.filter
def country_name(code: str) -> str:
    """A country in the reader's language."""
    return name_of_country(code, get_language() or "en") if code else ""


@register.filter
def country_names(codes: list[str]) -> str:
    """Countries as a list in the reader's language."""
    return dates.list_words([country_name(code) for code in codes])


@register.filter
def language_names(tags: list[str]) -> str:
    """Languages as a list in the reader's language."""
    return dates.list_words([language_name(tag) for tag in tags])


@register.filter
def pairs_in_words(pairs: list[list[str]]) -> str:
    """Language pairs as a list: "English into French"."""
    return dates.list_words(pair_words(pairs))


@register.filter
def names_lang(names: Names) -> str:
    """The language of the words that `{{ names }}` shows, for the attribute `lang`."""
    return names.language_for(get_language())


@register.filter
def names_dir(names: Names) -> str:
    """The direction of the words that `{{ names }}` shows."""
    return direction(names.language_for(get_language()) or "en")


@register.filter
def scope_words(mandate: Mandate) -> str:
    """For which countries or language pairs a mandate is, in words; empty for all."""
    if mandate.countries:
        return country_names(mandate.countries)
    return pairs_in_words(mandate.language_pairs)


@register.simple_tag
def without(query: Any, *names: str) -> str:
    """The page's own parameters without these, ready to stand before another: `q=x&`."""
    kept = query.copy()
    for name in names:
        kept.pop(name, None)
    text: str = kept.urlencode()
    return f"{text}&" if text else ""


@register.filter
def poster_of(names: Names) -> str:
    """The classes of a title in these names."""
    return poster_classes(str(names))


@register.filter
def contact_link(contact: str) -> str:
    """A contact as a link where it is a mail address or of a page, else as it stands."""
    words = contact.strip()
    if words.startswith(("https://", "http://")) and " " not in words:
        return format_html(
            '<a href="{}" rel="nofollow noopener ugc"><bdi>{}</bdi></a>', words, words
        )
    if re.fullmatch(r"[^\s@<>:?&]+@[^\s@<>:?&]+\.[^\s@<>:?&]+", words):
        return format_html('<a href="mailto:{}"><bdi>{}</bdi></a>', words, words)
    return format_html("<bdi>{}</bdi>", words)


@register.filter
def picture_url(picture: Any, size: str) -> str:
    """The address of a picture in one of its sizes."""
    return str(picture.url(size))


@register.simple_tag
def known_languages() -> list[tuple[str, str]]:
    """Tag and own name of every language: suggestions for a field of languages."""
    return fields.known_languages()
