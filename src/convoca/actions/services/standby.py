"""Standby: actions that wait for a trigger. A steward calls it; hosts confirm day and time."""

from datetime import date, time

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from convoca.actions.facts import When
from convoca.actions.models import Action, Telling, Trigger
from convoca.actions.models.action import State
from convoca.actions.services import life
from convoca.actions.services.host_links import mail_hosts
from convoca.actions.services.telling import tell
from convoca.actions.signals import action_changed
from convoca.audit import services as audit
from convoca.audit.services import Authority
from convoca.campaigns.models import Campaign
from convoca.core.errors import Refusal
from convoca.core.names import Names
from convoca.pages import services as pages


@transaction.atomic
def add_trigger(campaign: Campaign, *, names: Names, under: Authority) -> Trigger:
    """Name something that actions of this campaign can wait for."""
    trigger = Trigger.objects.create(campaign=campaign, names=names)
    audit.record("trigger.added", about=trigger, under=under)
    return trigger


@transaction.atomic
def withdraw_trigger(trigger: Trigger, *, under: Authority) -> None:
    """Offer it no longer. Refused while actions wait for it."""
    if trigger.actions.filter(state=State.STANDBY).exists():
        raise Refusal("trigger-awaited", _("Actions wait for this. They would wait for nothing."))
    trigger.withdrawn_at = trigger.withdrawn_at or timezone.now()
    trigger.save(update_fields=["withdrawn_at"])
    audit.record("trigger.withdrawn", about=trigger, under=under)


@transaction.atomic
def call(trigger: Trigger, *, day: date, clock: time | None, under: Authority) -> int:
    """It has come: every action that waited for it gets this day, not confirmed until its host
    says so in one tap. Says how many. Calling it again changes nothing.
    """
    trigger = Trigger.objects.select_for_update().get(pk=trigger.pk)
    if trigger.is_called:
        return 0
    if trigger.withdrawn_at is not None:
        raise Refusal("trigger-withdrawn", _("This is no longer waited for."))
    if day < timezone.localdate():
        raise Refusal("day-past", _("This day is over. Give a day to come."))
    trigger.called_at, trigger.day, trigger.clock = timezone.now(), day, clock
    trigger.save()
    audit.record("trigger.called", about=trigger, under=under, day=day.isoformat())
    waiting = trigger.actions.filter(state=State.STANDBY).select_for_update(of=("self",))
    count = 0
    for action in waiting.select_related("place", "campaign").order_by("pk"):
        _give_day(action, When(day, clock))
        count += 1
    return count


def _give_day(action: Action, when: When) -> None:
    now = timezone.now()
    life.set_when(action, when)
    action.state = State.TENTATIVE
    action.still_on_asked_at, action.still_on_at, action.changed_at = now, None, now
    action.sequence += 1
    action.save()
    audit.record("action.called", about=action)
    tell(action, Telling.Kind.DAY_SET)
    mail_hosts(action, "actions/trigger-called")
    pages.touch(*action.page_tags())
    action_changed.send(Action, action=action, what={"time"})
