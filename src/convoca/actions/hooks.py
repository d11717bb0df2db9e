"""What the floors below must know of actions: the trail's sentences, and later more."""

from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext_lazy

from convoca.actions.models import Action
from convoca.network import trail

EVENTS = {
    "action.brought_back": gettext_lazy("%(who)s brought the cancelled action %(what)s back"),
    "action.cancelled": gettext_lazy("%(who)s cancelled the action %(what)s"),
    "action.hidden": gettext_lazy("%(who)s hid the action %(what)s until it has been looked at"),
    "action.moved": gettext_lazy("%(who)s changed time or place of the action %(what)s"),
    "action.postponed": gettext_lazy("%(who)s put the action %(what)s off"),
    "action.published": gettext_lazy("%(who)s let the action %(what)s in"),
    "action.shown_again": gettext_lazy("%(who)s showed the hidden action %(what)s again"),
    "action.still_on": gettext_lazy("%(who)s confirmed that the action %(what)s takes place"),
}
"""What actions record in the trail, as sentences."""
SUBJECTS = {"action": pgettext_lazy("in the trail", "Actions")}
KINDS = {
    Action: trail.Kind(
        lambda one: {"what": one},
        url=lambda one: reverse("action-id", args=[one.code]),
    ),
}


def register() -> None:
    """Make all of it known."""
    trail.add_events(EVENTS, SUBJECTS)
    for model, kind in KINDS.items():
        trail.add_kind(model, kind)
