"""What an action's page says to programs."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from convoca.actions.feeds import jsonld
from convoca.actions.feeds.shown import Shown
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
    words = jsonld.script_text(Shown(action, reader()), picture=picture, is_full=is_full)
    return format_html('<script type="application/ld+json">{}</script>', words)
