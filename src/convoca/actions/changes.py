"""When lists of actions change by themselves."""

from datetime import datetime

from django.db.models import Min
from django.utils import timezone

from convoca.actions.models import Action
from convoca.actions.models.action import COUNTED, FAR, SHOWN_CANCELLED
from convoca.pages.keeping import Kept

_next: "Kept[datetime]" = Kept(most=1)


def next_change() -> datetime:
    """When the next of all public actions begins, is over, or has been cancelled for so long that
    calendars leave it out. No set of them changes by itself before.
    """
    now = timezone.now()
    found = _next.get_many(
        ["next"],
        tags=lambda key: (COUNTED,),
        make=lambda missing: {"next": _look(now)},
        still=lambda at: at > now,
    )
    return found["next"]


def _look(now: datetime) -> datetime:
    """Three questions, each one step in an index."""
    rows = Action.objects.filter(listed=True).order_by()
    begins = rows.filter(starts_at__gt=now).aggregate(at=Min("starts_at"))["at"]
    ends = rows.filter(over_at__gt=now).aggregate(at=Min("over_at"))["at"]
    since = Action.objects.filter(cancelled_at__gt=now - SHOWN_CANCELLED).order_by()
    gone = since.aggregate(at=Min("cancelled_at"))["at"]
    return min(filter(None, [begins, ends, gone and gone + SHOWN_CANCELLED]), default=FAR)
