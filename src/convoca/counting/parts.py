"""What counting adds to the pages of an action."""

from django.utils.translation import gettext as _

from convoca.actions.additions import Deed
from convoca.actions.models import Action
from convoca.counting.models import Report
from convoca.counting.models.report import is_reported_by_hosts


def for_hosts(action: Action) -> Deed | None:
    """Once it is over: how did it go?"""
    if not is_reported_by_hosts(action):
        return None
    if Report.objects.sent().filter(action=action).exists():
        return Deed("counting:host-report", _("Your report"), _("Correct it, or add photos"))
    return Deed("counting:host-report", _("How did it go?"), is_next=True)
