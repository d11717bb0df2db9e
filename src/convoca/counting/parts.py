"""What counting adds to the pages of an action, and to the station Act."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from convoca.actions.additions import Deed, Part, Tab
from convoca.actions.models import Action
from convoca.actions.rules import may_moderate, may_moderate_anything
from convoca.core.access import Visitor
from convoca.counting.models import Report
from convoca.counting.models.report import is_reported_by_hosts
from convoca.counting.rules import may_keep_sources, may_note_press
from convoca.counting.shown import told_of
from convoca.counting.speaking import speaking_of


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
    told = told_of(action)
    if not (told.is_worth_a_part or action.is_past):
        return None
    context = {
        "told": told,
        "may_note": action.is_past and may_note_press(visitor, action),
        "may_set_aside": may_moderate(visitor, action),
    }
    return Part("counting/work/_told.html", context)


def speaks_of_it(action: Action, visitor: Visitor) -> Part | None:
    """For the desk: which reports speak of it, and what turned out to be it."""
    rows = speaking_of(action)
    here_too = list(action.duplicates.filter(is_told=False).order_by("pk"))
    may_part = may_moderate(visitor, action)
    may_join = may_part and action.is_past and action.listed
    if not (rows or here_too or action.same_as_id or may_join):
        return None
    context = {
        "action": action,
        "rows": rows,
        "here_too": here_too,
        "may_part": may_part,
        "may_join": may_join,
    }
    return Part("counting/work/_speaks_of_it.html", context)


def tabs(visitor: Visitor) -> list[Tab]:
    """For moderators, reports that may be of one action; for stewards, who sources are."""
    tabs = []
    if may_moderate_anything(visitor):
        tabs.append(Tab("doubtful", pgettext("reports", "Perhaps the same"), "counting:doubtful"))
    if may_keep_sources(visitor):
        tabs.append(Tab("sources", _("Sources"), "counting:sources"))
    return tabs
