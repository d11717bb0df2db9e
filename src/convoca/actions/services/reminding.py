"""The day before: a reminder to those who wished for one, by the clock of the place."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from convoca.actions.models import Action, SignUp
from convoca.actions.models.signup import SignUpQuerySet
from convoca.actions.services.letters import LONG, write_to

BATCH = 50
MORNING = time(10)
"""The hour of the reminder where nobody has said at what hour the action begins."""


def remind_from(action: Action) -> datetime:
    """The same clock hour of the day before, there, also where clocks change in between."""
    assert action.day is not None  # noqa: S101  only what has a day is asked about
    there = ZoneInfo(action.zone)
    clock = (action.clock or MORNING).replace(fold=0)
    return datetime.combine(action.day - timedelta(days=1), clock, tzinfo=there)


def due() -> list[Action]:
    """The actions whose reminder is due now and that have not begun."""
    now = timezone.now()
    soon = Action.objects.dated().filter(starts_at__range=(now, now + timedelta(hours=39)))
    open_ones = soon.filter(pk__in=_wishing().values("action")).in_time()
    return [action for action in open_ones[:200] if remind_from(action) <= now]


def remind_next(action: Action) -> bool:
    """Write the next reminders of an action; answers whether there are more.

    Who has signed up within this last day needs none.
    """
    with transaction.atomic():
        rows = _wishing().filter(action=action, confirmed_at__lt=remind_from(action))
        part = list(rows.select_for_update(of=("self",)).order_by("pk")[:BATCH])
        now = timezone.now()
        for row in part:
            row.action = action
            write_to(row, "actions/reminder", urgency=LONG)
        SignUp.objects.filter(pk__in=[row.pk for row in part]).update(reminded_at=now)
    return len(part) == BATCH


def is_waited_for(action: Action) -> bool:
    """Whether somebody is still to be reminded."""
    return _wishing().filter(action=action, confirmed_at__lt=remind_from(action)).exists()


def forget_reminders(action: Action) -> None:
    """It was moved: whoever was reminded is reminded again before the new day."""
    SignUp.objects.filter(action=action, reminded_at__isnull=False).update(reminded_at=None)


def _wishing() -> SignUpQuerySet:
    rows = SignUp.objects.coming().filter(tell_me=True, reminded_at=None)
    return rows.exclude(email_index="")
