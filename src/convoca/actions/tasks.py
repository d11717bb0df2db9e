"""Tasks and what comes round: they only say "look", the rows are the truth."""

from typing import Any

from django.dispatch import receiver

from convoca.actions.models import Action, Telling
from convoca.actions.services import (
    arriving,
    asking,
    host_links,
    hosting,
    reminding,
    signups,
    telling,
)
from convoca.actions.services.letters import with_slip
from convoca.actions.signals import action_changed, action_published, something_to_tell
from convoca.compat import task
from convoca.core.tick import every_day, every_minute
from convoca.outbox import pace
from convoca.outbox.waking import wake
from convoca.texts import services as texts


@task(queue_name="long")
def tell() -> None:
    """Write mails about changes for ten seconds, then come back. Harmless to repeat."""
    may_go_on = pace.for_seconds()
    while may_go_on() and telling.tell_next():
        pass
    if not may_go_on() and Telling.objects.unfinished().exists():
        wake(tell)


@task(queue_name="long")
def remind() -> None:
    """Write due reminders for ten seconds, then come back. Harmless to repeat."""
    may_go_on = pace.for_seconds()
    for action in reminding.due():
        fresh = with_slip(action)
        while may_go_on() and reminding.remind_next(fresh):
            pass
    if not may_go_on() and _somebody_waits():
        wake(remind)


@task(queue_name="long")
def follow_the_day(pk: int) -> None:
    """Let the told day of a moved action's sign-ups follow, some hundreds at a time."""
    action = Action.objects.filter(pk=pk).first()
    may_go_on = pace.for_seconds()
    while action is not None and may_go_on():
        if not telling.follow_the_day(action):
            return
    if action is not None:
        follow_the_day.enqueue(pk)


@receiver(something_to_tell)
def wake_telling(sender: object, **kwargs: Any) -> None:
    """Look in the caller's transaction, unless a task is waiting that will see its rows."""
    wake(tell)


@receiver(action_changed)
def wake_following(sender: object, *, action: Action, what: set[str], **kwargs: Any) -> None:
    """Another time: other days of deletion, and reminders are due anew."""
    if "time" in what:
        reminding.forget_reminders(action)
        follow_the_day.enqueue(action.pk)


@every_minute
def look_for_tellings() -> None:
    """What a crash left unfinished goes on."""
    if Telling.objects.unfinished().exists():
        wake(tell)


@every_minute
def ask_hosts() -> None:
    """Three days before, hosts are asked whether it takes place."""
    asking.ask_hosts()


@every_minute
def look_for_reminders() -> None:
    """Wake the reminders where somebody waits for one."""
    if _somebody_waits():
        wake(remind)


@every_minute
def move_lists_up() -> None:
    """Waiting lists move up where a host has made more room."""
    signups.move_lists_up()


@receiver(action_changed)
def keep_links(sender: object, *, action: Action, what: set[str], **kwargs: Any) -> None:
    """Another time: the links of its hosts are kept as long as was told, counted from there."""
    if "time" in what:
        host_links.keep_until(action)


@receiver(action_published)
def offer_description(sender: object, *, action: Action, **kwargs: Any) -> None:
    """From now on translators find its words."""
    if action.description is not None:
        texts.reopen(action.description)


@every_day
def forget_drafts() -> None:
    """What no host confirmed within seven days goes, with its words and its people."""
    hosting.forget_unconfirmed()


@every_day
def forget_unconfirmed() -> None:
    """What nobody confirmed by mail in time goes."""
    signups.forget_unconfirmed()


def _somebody_waits() -> bool:
    return any(reminding.is_waited_for(action) for action in reminding.due())


@every_day
def forget_traces() -> int:
    """Empty what similar actions were found by, thirty days after they came."""
    return arriving.forget_traces()
