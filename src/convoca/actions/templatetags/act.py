"""The tabs of the station Act: those that lead somewhere for whoever looks."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext, pgettext

from convoca.actions.additions import tabs_for
from convoca.actions.rules import may_host_at_work, may_moderate_anything, may_see_board
from convoca.network.rules import is_steward

register = template.Library()


@register.inclusion_tag("actions/work/_tabs.html", takes_context=True)
def act_tabs(context: dict[str, Any], here: str) -> dict[str, Any]:
    """Needs the request; `here` is the key of the tab that is open."""
    person = context["request"].user
    tabs = []
    if may_see_board(person):
        tabs.append(("board", gettext("The day"), "actions:act"))
    tabs.append(("actions", gettext("Actions"), "actions:my-actions"))
    if may_moderate_anything(person):
        tabs.append(("queue", pgettext("actions", "Waiting"), "actions:queue"))
        tabs.append(("refused", gettext("Refused"), "actions:refused"))
    tabs += [(tab.key, tab.words, tab.page) for tab in tabs_for(person)]
    if may_host_at_work(person):
        tabs.append(("hosting", gettext("Hosting together"), "actions:work-hosting"))
        tabs.append(("codes", gettext("Codes to post actions"), "actions:work-codes"))
    if may_see_board(person):
        tabs.append(("silent", gettext("Silent committees"), "actions:silent"))
    if is_steward(person):
        tabs.append(("lists", gettext("Lists of sign-ups"), "actions:lists"))
    return {"here": here, "tabs": [(key, words, reverse(name)) for key, words, name in tabs]}
