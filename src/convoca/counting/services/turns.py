"""Who changes what reports say, or of what they speak, does so one after the other: reports, links
and actions hang together in circles, and two who lock them in different orders would wait for each
other without end.
"""

from collections.abc import Iterable

from django.db.models import Q

from convoca.actions.models import Action
from convoca.counting.models import Source


def take_turn() -> None:
    """Wait for whoever does so now, to the end of the caller's transaction. The first thing of each
    such service, before it locks anything else; taken once more it costs a query.

    The source of all hosts stands for the turn. Rows that refer to it can be written meanwhile.
    """
    turn = Source.objects.filter(kind=Source.Kind.HOSTS).select_for_update(no_key=True)
    if turn.order_by().values_list("pk", flat=True).first() is None:
        Source.objects.hosts()
        turn.first()


def hold_actions(numbers: Iterable[int | None]) -> None:
    """Lock these actions and those that turned out to be them, before any is written: what changes
    an action elsewhere locks it first, and waits for the pages' marks afterwards.
    """
    wanted = {pk for pk in numbers if pk is not None}
    if wanted:
        rows = Action.objects.filter(Q(pk__in=wanted) | Q(same_as__in=wanted)).order_by("pk")
        list(rows.select_for_update().values_list("pk", flat=True))
