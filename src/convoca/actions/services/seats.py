"""Seats: how many come. The last one is never given twice, and the waiting list moves by itself."""

from copy import copy

from django.db.models import F
from django.utils import timezone

from convoca.actions.models import Action, Seats, SignUp
from convoca.actions.rules import may_sign_up
from convoca.actions.services.letters import mail_moved_up

DECIDES = ("state", "capacity", "keeps_waiting_list", "shows_count", "day", "last_day", "over_at")
"""What of an action says who may come, how many, and how long they are kept."""


def lock_seats(action: Action) -> Action:
    """Lock the action's counts until the caller's transaction ends; answers a copy of the action
    with what decides (`DECIDES`) as it then stands, the rest as it was given. Whoever takes or
    gives back a seat begins with this, in this order.
    """
    names = [f"action__{name}" for name in DECIDES]
    rows = Seats.objects.select_for_update(of=("self",)).filter(action=action).values_list(*names)
    facts = rows.first()
    if facts is None:
        Seats.objects.get_or_create(action=action)
        facts = rows[0]
    fresh = copy(action)
    for name, fact in zip(DECIDES, facts, strict=True):
        setattr(fresh, name, fact)
    return fresh


def take(action: Action, people: int) -> bool:
    """Take seats for a sign-up, if there is room for all of them."""
    rows = Seats.objects.filter(action=action)
    if action.capacity is not None:
        if people > action.capacity:
            return False
        rows = rows.filter(people__lte=action.capacity - people)
    return bool(rows.update(people=F("people") + people, sign_ups=F("sign_ups") + 1))


def take_more(action: Action, people: int) -> bool:
    """Take seats for further people of a sign-up that has its own."""
    rows = Seats.objects.filter(action=action)
    if action.capacity is not None:
        rows = rows.filter(people__lte=max(action.capacity - people, -1))
    return bool(rows.update(people=F("people") + people))


def is_full(action: Action, people: int = 1) -> bool:
    """Whether so many more do not fit."""
    if action.capacity is None:
        return False
    taken = Seats.objects.filter(action=action).values_list("people", flat=True).first() or 0
    return taken + people > action.capacity


def give_back(sign_up: SignUp) -> None:
    """Count a sign-up no longer, whether it had seats or waited for some."""
    rows = Seats.objects.filter(action=sign_up.action_id)
    if sign_up.state == SignUp.State.COMING:
        rows.update(
            people=F("people") - sign_up.people,
            sign_ups=F("sign_ups") - 1,
            arrived=F("arrived") - sign_up.arrived,
        )
    elif sign_up.state == SignUp.State.WAITING:
        rows.update(waiting=F("waiting") - sign_up.people)


def move_up(action: Action) -> list[SignUp]:
    """Give free seats to those who wait, in their order; a group that does not fit is passed over.

    The caller has locked the seats. Each who moves up is told by mail.
    """
    moved: list[SignUp] = []
    if not may_sign_up(action):
        return moved
    for sign_up in SignUp.objects.filter(action=action).waiting()[:500]:
        if not take(action, sign_up.people):
            if is_full(action):
                break
            continue
        Seats.objects.filter(action=action).update(waiting=F("waiting") - sign_up.people)
        sign_up.action = action
        sign_up.state, sign_up.waits_since = SignUp.State.COMING, None
        sign_up.confirmed_at = sign_up.confirmed_at or timezone.now()
        sign_up.save(update_fields=["state", "waits_since", "confirmed_at"])
        mail_moved_up(sign_up)
        moved.append(sign_up)
    return moved
