"""What runs in the background: lists are taken in, and those that nobody wants are forgotten."""

from collections.abc import Callable
from typing import Any

from django.dispatch import receiver

from convoca.compat import task
from convoca.core.tick import every_day, every_minute
from convoca.exchange.models import Import
from convoca.exchange.services.handing_in import forget_lists
from convoca.exchange.services.taking import take_next
from convoca.exchange.signals import list_waits
from convoca.outbox import pace
from convoca.outbox.waking import wake

A_TURN = 30.0
"""Seconds. A file is read from its beginning in each turn, so turns are longer than usual, and that
reading does not count; asked to stop, a turn ends with its portion all the same."""

every_day(forget_lists)


@task(queue_name="long")
def take_in() -> None:
    """Take lists in for some time, then come back. Harmless to repeat."""
    may_begin = pace.for_seconds(A_TURN)
    while may_begin() and take_next(_for_a_turn()):
        pass
    if Import.objects.due().exists():
        wake(take_in)


def _for_a_turn() -> Callable[[], bool]:
    """A question that answers yes for a turn, counted from when it is first asked."""
    asked: list[Callable[[], bool]] = []

    def may_go_on() -> bool:
        if not asked:
            asked.append(pace.for_seconds(A_TURN))
        return asked[0]()

    return may_go_on


@receiver(list_waits)
def wake_for_list(sender: object, **kwargs: Any) -> None:
    """Look in the caller's transaction."""
    wake(take_in)


@every_minute
def look_for_lists() -> None:
    """What a crash left unfinished goes on."""
    if Import.objects.due().exists():
        wake(take_in)
