"""What the floors below must know of drafting: the trail's sentences."""

from django.urls import reverse
from django.utils.translation import gettext_lazy

from convoca.drafting.models import Named
from convoca.network import trail

EVENTS = {
    "campaign.drafted": gettext_lazy("%(who)s drafted %(what)s from a text"),
    "campaign.call_translated": gettext_lazy(
        "%(who)s added a text as a translation of the call of %(what)s (%(language)s)"
    ),
    "campaign.named_let_be": gettext_lazy(
        "%(who)s took %(what)s off the list of those whom the text of %(campaign)s names"
    ),
    "campaign.named_put_back": gettext_lazy(
        "%(who)s put %(what)s back on the list of those whom the text of %(campaign)s names"
    ),
    "text.forgotten": gettext_lazy("%(who)s forgot a text that %(person)s had started from"),
}
"""What drafting records in the trail, as sentences."""


def register() -> None:
    """Make all of it known."""
    trail.add_events(EVENTS, {})
    trail.add_kind(
        Named,
        trail.Kind(
            lambda one: {"what": one, "campaign": one.campaign},
            related=("campaign",),
            url=lambda one: reverse("drafting:named", args=[one.campaign.code]),
        ),
    )
