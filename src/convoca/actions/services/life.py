"""The life of an action: let in, changed, put off, cancelled, hidden.

Every step writes its audit line, raises the action's page tags and, where people have signed up,
says what they must be told, in one transaction. What leaves the public's sight is taken down:
nobody is shown an old page of it, and calendars are told by one more `sequence`. `by` is a person,
`under` a mandate; a host who came by a link has neither.
"""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from convoca.actions.facts import When, Where, zone_of
from convoca.actions.models import Action, Attachment, Seats, Stop, Telling
from convoca.actions.models.action import UNDATED, State
from convoca.actions.services.telling import tell
from convoca.actions.services.words import refresh_sought, where_words
from convoca.actions.signals import (
    action_cancelled,
    action_changed,
    action_hidden,
    action_published,
)
from convoca.audit import services as audit
from convoca.campaigns.models import Moment
from convoca.core.codes import fresh_short_code
from convoca.core.errors import Refusal
from convoca.pages import services as pages


def locked(action: Action) -> Action:
    """The action as it stands now, locked until the caller's transaction ends."""
    return (
        Action.objects.select_for_update(of=("self",))
        .select_related("campaign", "place")
        .get(pk=action.pk)
    )


@transaction.atomic
def let_in(action: Action, **who: Any) -> Action:
    """Publish an action that was written or waited. Repeating it changes nothing."""
    action = locked(action)
    if action.is_public:
        return action
    if action.is_past:
        raise Refusal("action-past", _("This action is over; give it a day to come first."))
    now = timezone.now()
    make_public(action)
    action.published_at = action.published_at or now
    action.short_code = action.short_code or fresh_short_code(_is_taken)
    action.waiting_since, action.asked_for_more = None, ""
    action.changed_at = now
    action.save()
    Seats.objects.get_or_create(action=action)
    refresh_sought(action)
    audit.record("action.published", about=action, **who)
    pages.touch(*action.page_tags())
    action_published.send(Action, action=action)
    return action


def make_public(action: Action, *, before: str = State.STANDBY) -> None:
    """Put an action where it stood before it was out of sight, or where it belongs, without saving
    it. A trigger that was called while nobody saw it gives it its day, for its host to confirm.
    """
    if before not in UNDATED:
        action.state = before
    elif action.day is not None:
        action.state = State.PUBLISHED
    elif action.trigger is None or before == State.POSTPONED:
        action.state = State.POSTPONED
    elif not action.trigger.is_called:
        action.state = State.STANDBY
    elif action.trigger.day is None or action.trigger.day < timezone.localdate():
        action.state = State.POSTPONED
    else:
        set_when(action, When(action.trigger.day, action.trigger.clock))
        action.state, action.still_on_asked_at = State.TENTATIVE, timezone.now()


def _is_taken(code: str) -> bool:
    return Action.objects.filter(short_code=code).exists()


def place_at(action: Action, places: Sequence[Where]) -> None:
    """Put an action's stops where they are said to be; none is online only. Saves both."""
    action.place = places[0].place if places else None
    action.zone = zone_of(places, action.zone)
    action.save()
    action.stops.all().delete()
    for number, where in enumerate(places):
        Stop.objects.create(
            action=action,
            number=number,
            place=where.place,
            venue=where.venue,
            venue_too=where.venue_too,
            street=where.street,
            latitude=where.latitude,
            longitude=where.longitude,
            clock=where.clock,
        )


def set_when(action: Action, when: When) -> None:
    """Put the wall clock of `when` on the action, without saving it."""
    action.day, action.clock, action.fold = when.day, when.clock, when.fold
    action.last_day, action.last_clock = when.last_day, when.last_clock


@transaction.atomic
def move(
    action: Action, *, when: When | None = None, places: Sequence[Where] | None = None, **who: Any
) -> Action:
    """Another time, another place, or both. What is public shows the old one struck beside the
    new, and everybody who signed up is told. The same again changes nothing.
    """
    action = locked(action)
    refuse_unless_open(action)
    before = _fingerprint(action)
    old_start, old_zone, old_where = action.starts_at, action.zone, where_words(action)
    if when is not None:
        set_when(action, when)
    if places is not None:
        place_at(action, places)
    action.derive_times()
    if action.over_at is not None and action.over_at <= timezone.now():
        raise Refusal("time-past", _("This time is over already. Give a time to come."))
    after = _fingerprint(action)
    if before == after:
        return action
    what = {name for name in ("time", "place") if before[name] != after[name]}
    action.changed_at = timezone.now()
    action.sequence += 1
    if action.is_public:
        action.moved_at = action.changed_at
        action.moved_from_zone = old_zone
        action.moved_from_starts_at = old_start if "time" in what else None
        action.moved_from_where = old_where if "place" in what else ""
        if action.state in UNDATED and action.day is not None:
            action.state = State.PUBLISHED
    if "time" in what:
        action.still_on_asked_at = action.still_on_at = None
    action.save()
    refresh_sought(action)
    audit.record("action.moved", about=action, what=sorted(what), **who)
    if action.is_public:
        tell(action, Telling.Kind.MOVED)
        pages.touch(*action.page_tags())
        action_changed.send(Action, action=action, what=what)
    return action


def _fingerprint(action: Action) -> dict[str, Any]:
    stops = action.stops.order_by("number").values_list(
        "place", "venue", "venue_too", "street", "latitude", "longitude", "clock"
    )
    return {
        "time": (action.day, action.clock, action.fold, action.last_day, action.last_clock),
        "place": (list(stops), action.online_url),
    }


@transaction.atomic
def postpone(action: Action, *, reason: str = "", **who: Any) -> Action:
    """The day no longer holds, and there is no new one yet."""
    action = locked(action)
    _refuse_when_over(action)
    if action.state == State.POSTPONED:
        return action
    if not action.is_public or action.is_cancelled:
        raise Refusal("action-not-public", _("Only an action that is public can be put off."))
    action.moved_at = action.changed_at = timezone.now()
    action.moved_from_starts_at, action.moved_from_zone = action.starts_at, action.zone
    action.moved_from_where = ""
    action.day = action.clock = action.last_day = action.last_clock = None
    action.fold, action.state = 0, State.POSTPONED
    action.cancel_reason = reason[:500]
    action.sequence += 1
    action.save()
    audit.record("action.postponed", about=action, **who)
    tell(action, Telling.Kind.POSTPONED)
    pages.touch(*action.page_tags())
    action_changed.send(Action, action=action, what={"time"})
    return action


@transaction.atomic
def cancel(action: Action, *, reason: str = "", **who: Any) -> Action:
    """It does not take place. Its page stays and says so; everybody who signed up is told."""
    action = locked(action)
    if action.is_cancelled:
        return action
    _refuse_when_over(action)
    was_public = action.is_public
    if not was_public:
        raise Refusal("action-not-public", _("Only an action that is public can be cancelled."))
    action.state = State.CANCELLED
    action.cancelled_at = action.changed_at = timezone.now()
    action.cancel_reason = reason[:500]
    action.sequence += 1
    action.save()
    audit.record("action.cancelled", about=action, **who)
    tell(action, Telling.Kind.CANCELLED)
    pages.touch(*action.page_tags())
    action_cancelled.send(Action, action=action)
    return action


@transaction.atomic
def bring_back(action: Action, **who: Any) -> Action:
    """A cancelled action takes place after all; those who were told otherwise are told."""
    action = locked(action)
    if not action.is_cancelled:
        return action
    _refuse_when_over(action)
    make_public(action)
    action.cancelled_at, action.cancel_reason = None, ""
    action.changed_at = timezone.now()
    action.sequence += 1
    action.save()
    audit.record("action.brought_back", about=action, **who)
    tell(action, Telling.Kind.BACK)
    pages.touch(*action.page_tags())
    action_published.send(Action, action=action)
    return action


@transaction.atomic
def hide(action: Action, *, why: str, **who: Any) -> Action:
    """Out of sight until a moderator has looked. Nobody who signed up is told anything yet."""
    action = locked(action)
    if not action.is_public:
        return action
    action.state_before_hiding = action.state
    action.state = State.HIDDEN
    action.changed_at = timezone.now()
    action.sequence += 1
    action.save()
    audit.record("action.hidden", about=action, why=why, **who)
    pages.take_down(*action.all_tags())
    action_hidden.send(Action, action=action)
    return action


@transaction.atomic
def show_again(action: Action, **who: Any) -> Action:
    """As it stood before it was hidden."""
    action = locked(action)
    if action.state != State.HIDDEN:
        return action
    make_public(action, before=action.state_before_hiding or State.STANDBY)
    action.state_before_hiding = ""
    action.changed_at = timezone.now()
    action.sequence += 1
    action.save()
    audit.record("action.shown_again", about=action, **who)
    pages.touch(*action.page_tags())
    action_published.send(Action, action=action)
    return action


@transaction.atomic
def say_still_on(action: Action, **who: Any) -> Action:
    """Its host says that it takes place: what was tentative is so no longer."""
    action = locked(action)
    if action.is_cancelled or not action.is_public or action.is_past:
        raise Refusal("action-not-on", _("This action is over, or no longer takes place."))
    was_tentative = action.state == State.TENTATIVE
    action.still_on_at = timezone.now()
    if was_tentative:
        action.state = State.PUBLISHED
        action.changed_at = action.still_on_at
        action.sequence += 1
    action.save()
    audit.record("action.still_on", about=action, **who)
    if was_tentative:
        tell(action, Telling.Kind.DAY_SET)
    pages.touch(*action.page_tags())
    return action


def attach_at_home(action: Action, moment: Moment | None) -> Attachment:
    """Every action stands on the pages of the campaign through which it came."""
    attachment, _is_new = Attachment.objects.update_or_create(
        action=action,
        campaign=action.campaign,
        defaults={"moment": moment, "agreed_at": timezone.now(), "detached_at": None},
    )
    return attachment


def refuse_unless_open(action: Action) -> None:
    """Refuse to change what is cancelled or over: those who signed up would be told of it."""
    if action.is_cancelled:
        raise Refusal("action-cancelled", _("This action is cancelled. Bring it back first."))
    _refuse_when_over(action)


def _refuse_when_over(action: Action) -> None:
    if action.is_past:
        raise Refusal("action-past", _("This action is over, so it can no longer be changed."))
