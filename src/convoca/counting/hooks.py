"""What the floors below must know of counting: the trail's sentences."""

from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext_lazy

from convoca.actions import additions
from convoca.counting import parts
from convoca.counting.models import Claim, Report
from convoca.network import trail

EVENTS = {
    "claim.kept_apart": gettext_lazy("%(who)s said that the report %(what)s is of another action"),
    "claim.linked": gettext_lazy("%(who)s said of which action the report %(what)s is"),
    "claim.parted": gettext_lazy("%(who)s took back of which action the report %(what)s is"),
    "report.changed": gettext_lazy("%(who)s corrected the report on the action %(what)s"),
    "report.sent": gettext_lazy("%(who)s reported how the action %(what)s went"),
}
"""What counting records in the trail, as sentences."""
SUBJECTS = {"claim report": pgettext_lazy("in the trail", "Reports")}
KINDS = {
    Claim: trail.Kind(
        lambda one: {"what": one},
        related=("action",),
        url=lambda one: reverse("action-id", args=[one.action.code]) if one.action else "",
    ),
    Report: trail.Kind(
        lambda one: {"what": one.action},
        related=("action",),
        url=lambda one: reverse("action-id", args=[one.action.code]),
    ),
}


def register() -> None:
    """Make all of it known."""
    additions.register_for_hosts(parts.for_hosts)
    trail.add_events(EVENTS, SUBJECTS)
    for kind, facts in KINDS.items():
        trail.add_kind(kind, facts)
