"""What the floors below must know of counting: the trail's sentences."""

from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext_lazy

from convoca.actions import additions
from convoca.counting import parts, shown
from convoca.counting.models import Claim, Contest, Estimate, Report, Source, Summary
from convoca.counting.origins import TAGS, origins
from convoca.network import trail

EVENTS = {
    "action.joined": gettext_lazy("%(who)s said that the action %(what)s is here twice"),
    "action.parted": gettext_lazy("%(who)s said that the action %(what)s is one of its own"),
    "contest.answered": gettext_lazy("%(who)s answered who contests a figure: %(what)s"),
    "contest.opened": gettext_lazy("Somebody contests a figure: %(what)s"),
    "claim.kept_apart": gettext_lazy("%(who)s said that the report %(what)s is of another action"),
    "claim.linked": gettext_lazy("%(who)s said of which action the report %(what)s is"),
    "claim.placed": gettext_lazy("%(who)s noted when and where the report %(what)s is from"),
    "claim.placed_by_source": gettext_lazy(
        "The source of the report %(what)s says when or where it was now: what was noted by hand "
        "gives way"
    ),
    "claim.reopened": gettext_lazy(
        "%(who)s took back an answer about the report %(what)s: it waits again"
    ),
    "results.published": gettext_lazy("%(who)s published totals of %(what)s"),
    "results.set": gettext_lazy("%(who)s changed whether totals of %(what)s are shown"),
    "claim.parted": gettext_lazy("%(who)s took back of which action the report %(what)s is"),
    "estimate.noted": gettext_lazy(
        "%(who)s noted how many people the press counted at %(action)s: %(what)s"
    ),
    "estimate.put_back": gettext_lazy(
        "%(who)s let a number of people at %(action)s count again: %(what)s"
    ),
    "estimate.set_aside": gettext_lazy(
        "%(who)s set a number of people at %(action)s aside: %(what)s"
    ),
    "photo.added": gettext_lazy("%(who)s added a photo to the report on the action %(what)s"),
    "photo.cut": gettext_lazy("%(who)s cut a photo of the report on the action %(what)s"),
    "photo.hidden": gettext_lazy("%(who)s hid a photo of the report on the action %(what)s"),
    "photo.shown": gettext_lazy(
        "%(who)s showed a photo of the report on the action %(what)s again"
    ),
    "photo.removed": gettext_lazy("%(who)s took a photo of the report on the action %(what)s away"),
    "report.changed": gettext_lazy("%(who)s corrected the report on the action %(what)s"),
    "source.added": gettext_lazy("%(who)s noted a source: %(what)s"),
    "source.edited": gettext_lazy("%(who)s changed what is said of the source %(what)s"),
    "summary.noted": gettext_lazy("%(who)s noted what a source says of a whole moment: %(what)s"),
    "summary.removed": gettext_lazy(
        "%(who)s took away what a source says of a whole moment: %(what)s"
    ),
    "report.hidden": gettext_lazy("%(who)s hid the words of the report on the action %(what)s"),
    "report.shown": gettext_lazy(
        "%(who)s showed the words of the report on the action %(what)s again"
    ),
    "report.sent": gettext_lazy("%(who)s reported how the action %(what)s went"),
}
"""What counting records in the trail, as sentences."""
SUBJECTS = {
    "claim contest estimate photo report source summary": pgettext_lazy("in the trail", "Reports"),
    "results": pgettext_lazy("in the trail", "Results"),
}
KINDS = {
    Claim: trail.Kind(
        lambda one: {"what": one},
        related=("action",),
        url=lambda one: reverse("action-id", args=[one.action.code]) if one.action else "",
    ),
    Contest: trail.Kind(
        lambda one: {"what": one},
        related=("action",),
        url=lambda one: reverse("action-id", args=[one.action.code]),
    ),
    Estimate: trail.Kind(
        lambda one: {"what": one, "action": one.claim.action},
        related=("claim__action",),
        url=lambda one: (
            reverse("action-id", args=[one.claim.action.code]) if one.claim.action else ""
        ),
    ),
    Source: trail.Kind(
        lambda one: {"what": one},
        url=lambda one: reverse("counting:edit-source", args=[one.code]),
    ),
    Summary: trail.Kind(
        lambda one: {"what": one},
        related=("moment__campaign",),
        url=lambda one: reverse("counting:summaries", args=[one.moment.campaign.code]),
    ),
    Report: trail.Kind(
        lambda one: {"what": one.action},
        related=("action",),
        url=lambda one: reverse("action-id", args=[one.action.code]),
    ),
}


def register() -> None:
    """Make all of it known."""
    additions.register(parts.public, tags=shown.tags_of)
    additions.register_at_work(parts.at_work)
    additions.register_at_work(parts.speaks_of_it)
    additions.register_for_hosts(parts.for_hosts)
    additions.register_origins(origins, tags=TAGS)
    additions.register_tabs(parts.tabs)
    trail.add_events(EVENTS, SUBJECTS)
    for kind, facts in KINDS.items():
        trail.add_kind(kind, facts)
