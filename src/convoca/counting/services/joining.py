"""Two actions that were put on here turn out to be one, and that taken back. What sources told of
is joined by its claims (`deciding`).
"""

from django.db import transaction
from django.utils.translation import gettext as _

from convoca.actions.models import Action
from convoca.audit import services as audit
from convoca.core.errors import Refusal
from convoca.counting.services.answering import canonical, say_same
from convoca.counting.services.deciding import lead, separate
from convoca.counting.services.turns import hold_actions, take_turn
from convoca.network.models import Mandate
from convoca.pages import services as pages


@transaction.atomic
def join(action: Action, other: Action, *, under: Mandate) -> Action:
    """Let an action be the same as another one, which stays: that one which members put on here,
    where the other was only told of. Answers the one that goes. Harmless to repeat.

    Only what is over: until then a host looks after it and people may be coming, so that it is
    refused as a second one of the same, and they are told.
    """
    take_turn()
    hold_actions([action.pk, canonical(other).pk])
    locked = Action.objects.select_related("same_as").in_bulk([action.pk, other.pk])
    goes, stays = locked[action.pk], canonical(locked[other.pk])
    if goes.same_as_id == stays.pk:
        return goes
    if goes.same_as_id is not None:
        raise Refusal("action-joined", _("It turned out to be another action already."))
    if goes.pk == stays.pk:
        raise Refusal("action-itself", _("These are one action already."))
    if not (goes.listed and stays.listed):
        raise Refusal("action-hidden", _("This action cannot be read by everybody now."))
    if stays.is_told and not goes.is_told:
        goes, stays = stays, goes
    if goes.is_told:
        _join_told(goes, stays, under)
        return goes
    if not (goes.is_past and stays.is_past):
        raise Refusal(
            "action-to-come",
            _("One of them is still to come. Refuse one of them, because it is here already."),
        )
    if goes.duplicates.filter(is_told=False).exists():
        raise Refusal(
            "action-has-others",
            _("Other actions turned out to be this one. Say of the other that it is this one."),
        )
    lead(goes, stays)
    audit.record("action.joined", about=goes, under=under, action=stays.code)
    _touch(goes, stays)
    return goes


def _join_told(goes: Action, stays: Action, under: Mandate) -> None:
    founder = goes.claims.filter(founds=True).first()
    if founder is None:
        raise Refusal("action-without-report", _("No report speaks of it any more."))
    say_same(founder, stays, under=under)


@transaction.atomic
def part_action(action: Action, *, under: Mandate) -> Action:
    """It stands for itself again. Harmless to repeat."""
    take_turn()
    hold_actions([action.pk])
    action = Action.objects.select_related("same_as").get(pk=action.pk)
    stays = action.same_as
    if stays is None or action.is_told:
        return action
    separate(action)
    audit.record("action.parted", about=action, under=under, action=stays.code)
    _touch(action, stays)
    return action


def _touch(*actions: Action) -> None:
    pages.touch("claims", *(f"claims:{one.pk}" for one in actions))
