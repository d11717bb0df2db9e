"""Tasks only say "look": the rows they drain are the truth."""

from typing import Any

from django.dispatch import receiver

from convoca.compat import task
from convoca.core import tick
from convoca.outbox import pace, services, waking
from convoca.outbox.models import Message
from convoca.outbox.signals import something_waits


@task(queue_name="urgent")
def drain(urgency: str) -> None:
    """Send what is due for ten seconds, then come back. Harmless to repeat; the tick does."""
    may_go_on = pace.for_seconds()
    with services.open_office() as transport:
        while may_go_on() and (batch := Message.objects.claim(urgency)):
            if not services.send(batch, transport, may_go_on=may_go_on):
                break
    if not may_go_on() and Message.objects.due(urgency).exists():
        wake(Message, urgency)


@task(queue_name="long")
def run_daily(name: str) -> None:
    """Do what comes round each day, by its registered name. The tick saw that it is due."""
    if name in tick.DAILY:
        tick.DAILY[name]()
        services.done_for_today(name)


@receiver(something_waits)
def wake(sender: object, urgency: str, **kwargs: Any) -> None:
    """Enqueue a drain in the caller's transaction, unless one is waiting."""
    waking.wake(drain.using(queue_name=urgency), urgency)
