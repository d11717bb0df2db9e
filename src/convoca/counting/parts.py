"""What counting adds to the pages of an action."""

from django.utils.translation import gettext as _

from convoca.actions.additions import Deed, Part
from convoca.actions.models import Action
from convoca.actions.rules import may_moderate
from convoca.core.access import Visitor
from convoca.counting.models import Report
from convoca.counting.models.report import is_reported_by_hosts
from convoca.counting.rules import may_note_press
from convoca.counting.shown import told_of


def for_hosts(action: Action) -> Deed | None:
    """Once it is over: how did it go?"""
    if not is_reported_by_hosts(action):
        return None
    if Report.objects.sent().filter(action=action).exists():
        return Deed("counting:host-report", _("Your report"), _("Correct it, or add photos"))
    return Deed("counting:host-report", _("How did it go?"), is_next=True)


def public(action: Action) -> Part | None:
    """What was reported: how many people, by whom, what was won; or that there is no report."""
    told = told_of(action)
    if not told.is_worth_a_part:
        return None
    return Part("counting/_told.html", {"told": told})


def at_work(action: Action, visitor: Visitor) -> Part | None:
    """The same for the desk, with what may be done about it."""
    told = told_of(action, with_people=True)
    if not (told.is_worth_a_part or action.is_past):
        return None
    context = {
        "told": told,
        "may_note": action.is_past and may_note_press(visitor, action),
        "may_set_aside": may_moderate(visitor, action),
    }
    return Part("counting/work/_told.html", context)
