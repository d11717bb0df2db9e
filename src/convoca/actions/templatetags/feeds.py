"""What an action's page says to programs."""

from typing import NamedTuple

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from convoca.actions.feeds import jsonld
from convoca.actions.feeds.shown import shown
from convoca.actions.finding import Wanted
from convoca.actions.models import Action, Seats
from convoca.campaigns.front import reader

register = template.Library()


@register.simple_tag
def event_data(action: Action, picture: str = "") -> SafeString:
    """The action for search engines, as one block of data that no browser runs. `picture` is the
    whole address of what stands in where it has none of its own.
    """
    taken = Seats.objects.filter(pk=action.pk).values_list("people", flat=True).first()
    is_full = bool(action.capacity) and (taken or 0) >= (action.capacity or 0)
    (one,) = shown([action], reader())
    words = jsonld.script_text(one, picture=picture, is_full=is_full)
    return format_html('<script type="application/ld+json">{}</script>', words)


class Follow(NamedTuple):
    """One way to follow a set of actions."""

    words: str
    url: str
    type: str


@register.simple_tag
def ways_to_follow(wanted: Wanted) -> list[Follow]:
    """The same set as feeds: `actions/_follow.html` and `actions/_feeds.html` show them."""
    return [
        Follow(words, wanted.address(f"actions.{kind}", box=None), served_as)
        for words, kind, served_as in (
            (pgettext("to follow as", "calendar"), "ics", "text/calendar"),
            ("Atom", "atom", "application/atom+xml"),
            ("RSS", "rss", "application/rss+xml"),
            ("GeoJSON", "geojson", "application/geo+json"),
            ("CSV", "csv", "text/csv"),
        )
    ]


@register.simple_tag
def put_on_site(wanted: Wanted) -> str:
    """Where it is said how to show the same set on another site."""
    return wanted.address("embed/", box=None)
