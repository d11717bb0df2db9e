"""What the floors below must know of drafting: the trail's sentences."""

from django.utils.translation import gettext_lazy

from convoca.network import trail

EVENTS = {
    "campaign.drafted": gettext_lazy("%(who)s drafted %(what)s from a text"),
    "campaign.call_translated": gettext_lazy(
        "%(who)s added a text as a translation of the call of %(what)s (%(language)s)"
    ),
}
"""What drafting records in the trail, as sentences."""


def register() -> None:
    """Make all of it known."""
    trail.add_events(EVENTS, {})
