"""What the floors below must know of actions: the trail's sentences, and later more."""

from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext_lazy

from convoca.actions import sections as own
from convoca.actions.models import (
    Action,
    Attachment,
    HostCode,
    Hosting,
    HostLink,
    LetIn,
    ListAsked,
    Refused,
    Trigger,
)
from convoca.actions.tags import SETS
from convoca.campaigns import doing
from convoca.network import sections, trail

EVENTS = {
    "action.asked_for_more": gettext_lazy("%(who)s asked the host of the action %(what)s for more"),
    "action.brought_back": gettext_lazy("%(who)s brought the cancelled action %(what)s back"),
    "action.cancelled": gettext_lazy("%(who)s cancelled the action %(what)s"),
    "action.confirmed": gettext_lazy("%(who)s confirmed the action %(what)s by mail"),
    "action.copied": gettext_lazy("%(who)s made another action like %(what)s"),
    "action.deleted": gettext_lazy("%(who)s deleted the action %(what)s before it was public"),
    "action.edited": gettext_lazy("%(who)s changed what is said about the action %(what)s"),
    "action.hidden": gettext_lazy("%(who)s hid the action %(what)s until it has been looked at"),
    "action.list_taken": gettext_lazy(
        "%(who)s took the list of those who come to %(what)s away as a spreadsheet"
    ),
    "action.moved": gettext_lazy("%(who)s changed time or place of the action %(what)s"),
    "action.posted": gettext_lazy("%(who)s posted the action %(what)s"),
    "action.postponed": gettext_lazy("%(who)s put the action %(what)s off"),
    "action.published": gettext_lazy("%(who)s let the action %(what)s in"),
    "action.shown_again": gettext_lazy("%(who)s showed the hidden action %(what)s again"),
    "action.still_on": gettext_lazy("%(who)s confirmed that the action %(what)s takes place"),
    "action.called": gettext_lazy("The action %(what)s got the day that its trigger set"),
    "action.taken_over": gettext_lazy(
        "%(who)s took the action %(what)s over; %(ended)s links of hosts ended"
    ),
    "committee.nudged": gettext_lazy("%(who)s asked %(what)s whether it puts something on"),
    "trigger.added": gettext_lazy("%(who)s named what actions can wait for: %(what)s"),
    "trigger.called": gettext_lazy("%(who)s called what actions waited for: %(what)s"),
    "trigger.withdrawn": gettext_lazy("%(who)s took away what actions can wait for: %(what)s"),
    "action.waits": gettext_lazy("The action %(what)s waits for a moderator"),
    "action.translated": gettext_lazy("%(who)s wrote the action %(what)s in %(language)s"),
    "action.written_to_all": gettext_lazy("%(who)s wrote to all who come to %(what)s"),
    "actions.refused": gettext_lazy("%(who)s refused actions of %(what)s (%(count)s)"),
    "actions.taken_out": gettext_lazy("%(who)s took back that actions were let in (%(count)s)"),
    "actions.taken_back": gettext_lazy("%(who)s took refusals back in %(what)s"),
    "door.flooded": gettext_lazy(
        "%(what)s looks at every new action from now on: %(arrived)s came within an hour"
    ),
    "door.paused": gettext_lazy("%(who)s paused new actions in %(what)s"),
    "door.resumed": gettext_lazy("%(who)s lets new actions be posted in %(what)s again"),
    "door.rota_set": gettext_lazy("%(who)s changed who is told first of a flood in %(what)s"),
    "door.set": gettext_lazy("%(who)s changed how %(what)s lets actions in"),
    "list.allowed": gettext_lazy("%(who)s allowed that a list of sign-ups is taken: %(what)s"),
    "list.asked": gettext_lazy(
        "%(who)s asked for a list of sign-ups: %(what)s (%(count)s actions)"
    ),
    "list.declined": gettext_lazy("%(who)s declined a list of sign-ups: %(what)s"),
    "list.taken": gettext_lazy("%(who)s took a list of sign-ups: %(what)s (%(count)s rows)"),
    "problem.deleted": gettext_lazy("Somebody deleted what they had reported of %(what)s"),
    "problem.not_right": gettext_lazy(
        "%(who)s found nothing wrong with the reported action %(what)s (%(count)s)"
    ),
    "problem.reported": gettext_lazy("Somebody reported a problem with the action %(what)s"),
    "problem.right": gettext_lazy(
        "%(who)s found that what was reported of the action %(what)s is right (%(count)s)"
    ),
    "door.turned_back": gettext_lazy("%(who)s let %(what)s take actions as before the flood"),
    "attachment.agreed": gettext_lazy(
        "%(who)s agreed that the action %(what)s stands on the pages of %(campaign)s"
    ),
    "attachment.asked": gettext_lazy(
        "%(who)s asked that the action %(what)s stands on the pages of %(campaign)s"
    ),
    "attachment.ended": gettext_lazy(
        "%(who)s took the action %(what)s off the pages of %(campaign)s"
    ),
    "host-code.made": gettext_lazy("%(who)s made a code to post actions for %(what)s"),
    "host-code.revoked": gettext_lazy("%(who)s took a code to post actions for %(what)s back"),
    "host-link.accepted": gettext_lazy("%(who)s agreed to help to host %(what)s"),
    "host-link.ended": gettext_lazy("%(who)s ended a private link to %(what)s"),
    "host-link.invited": gettext_lazy("%(who)s invited somebody to help to host %(what)s"),
    "host-link.renewed": gettext_lazy("%(who)s renewed the private link to %(what)s"),
    "hosting.accepted": gettext_lazy("%(who)s said that %(host)s hosts %(what)s, too"),
    "hosting.asked": gettext_lazy("%(who)s asked %(host)s to host %(what)s, too"),
    "hosting.declined": gettext_lazy("%(who)s said that %(host)s does not host %(what)s"),
    "hosting.ended": gettext_lazy("%(who)s said that %(host)s no longer hosts %(what)s"),
    "hosting.vouched": gettext_lazy("%(who)s vouched for %(host)s, which hosts %(what)s"),
}
"""What actions record in the trail, as sentences."""
NOUNS = "action actions attachment door host-code host-link hosting list problem trigger"
SUBJECTS = {NOUNS: pgettext_lazy("in the trail", "Actions")}
KINDS = {
    Trigger: trail.Kind(lambda one: {"what": one, "campaign": one.campaign}, related=("campaign",)),
    LetIn: trail.Kind(lambda one: {"what": one.by}, related=("by",)),
    Refused: trail.Kind(lambda one: {"what": one.campaign}, related=("campaign",)),
    Attachment: trail.Kind(
        lambda one: {"what": one.action, "campaign": one.campaign},
        related=("action", "campaign"),
        url=lambda one: reverse("action-id", args=[one.action.code]),
    ),
    ListAsked: trail.Kind(
        lambda one: {"what": one.campaign},
        related=("campaign",),
        url=lambda one: reverse("actions:lists"),
    ),
    HostCode: trail.Kind(
        lambda one: {"what": one.host_name}, related=("organisation", "committee")
    ),
    HostLink: trail.Kind(
        lambda one: {"what": one.action},
        related=("action",),
        url=lambda one: reverse("action-id", args=[one.action.code]),
    ),
    Hosting: trail.Kind(
        lambda one: {"what": one.action, "host": one.name},
        related=("action", "organisation", "committee"),
        url=lambda one: reverse("action-id", args=[one.action.code]),
    ),
    Action: trail.Kind(
        lambda one: {"what": one},
        url=lambda one: reverse("action-id", args=[one.code]),
    ),
}


def register() -> None:
    """Make all of it known."""
    doing.register(own.in_campaign, tags=SETS)
    sections.register(own.of_host)
    sections.register_for_committees(own.of_host)
    sections.add_tags(*SETS)
    trail.add_events(EVENTS, SUBJECTS)
    for model, kind in KINDS.items():
        trail.add_kind(model, kind)
