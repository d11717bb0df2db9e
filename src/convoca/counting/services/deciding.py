"""Whether a claim speaks of an action: said by a score or by a person, and taken back exactly."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from convoca.actions.models import Action
from convoca.audit import services as audit
from convoca.core.errors import Refusal
from convoca.counting.models import Claim, Link
from convoca.counting.services.founding import found_actions
from convoca.counting.services.turns import hold_actions, take_turn
from convoca.network.models import Mandate
from convoca.pages import services as pages


@transaction.atomic
def link(
    claim: Claim,
    action: Action,
    *,
    under: Mandate | None = None,
    score: float | None = None,
    reasons: Sequence[Any] = (),
) -> Link:
    """Let a claim speak of this action. Where it had one of its own, that one's other claims come
    along, and its page leads to this one from now on. Harmless to repeat.

    Without a mandate it is the score that says so; it never overrules a person.
    """
    take_turn()
    claim = Claim.objects.select_for_update(of=("self",)).get(pk=claim.pk)
    action = _canonical(action)
    hold_actions([claim.action_id, action.pk])
    action.refresh_from_db()
    row = Link.objects.filter(claim=claim, action=action).first()
    if row is not None and row.decided_under_id and under is None:
        return row
    if not claim.is_placed:
        raise Refusal(
            "claim-unplaced", _("This report does not say when and where. Place it first.")
        )
    left = claim.action if claim.action_id != action.pk else (row.left if row else None)
    row = row or Link(claim=claim, action=action)
    row.state, row.left, row.decided_at = Link.State.LINKED, left, timezone.now()
    row.decided_under = under
    if score is not None:
        row.score, row.reasons = score, list(reasons)
    row.save()
    if left is not None and claim.action_id == left.pk and claim.founds:
        lead(left, action)
    else:
        Claim.objects.filter(pk=claim.pk).update(action=action)
    if under is not None:
        audit.record("claim.linked", about=claim, under=under, action=action.code)
    _touch(action, left)
    return row


@transaction.atomic
def undo(row: Link, *, under: Mandate) -> Link:
    """Take a link back: the claim, and what came with it, speak again of what they spoke of."""
    take_turn()
    row = Link.objects.select_for_update().get(pk=row.pk)
    if row.state != Link.State.LINKED:
        return row
    # The trail is what `answering.link_again` reads.
    was: dict[str, Any] = {
        "link": row.pk,
        "was_at": row.decided_at.isoformat(),
        "was_under": row.decided_under_id,
    }
    row.state, row.decided_under, row.decided_at = Link.State.APART, under, timezone.now()
    row.save()
    part(row)
    audit.record("claim.parted", about=row.claim, under=under, action=row.action.code, **was)
    return row


def part(row: Link) -> None:
    """Let what a link joined speak again of what it spoke of. In the caller's transaction, which
    says what becomes of the link itself.
    """
    claim, action, left = row.claim, row.action, row.left
    hold_actions([row.action_id, row.left_id])
    if left is not None and claim.founds and claim.action_id == left.pk:
        separate(left)
    elif left is not None:
        Claim.objects.filter(pk=claim.pk).update(action=left)
    else:
        Claim.objects.filter(pk=claim.pk).update(action=None, founds=False)
        rows = Claim.objects.select_related("source", "campaign", "place")
        found_actions(list(rows.filter(pk=claim.pk)))
    _touch(action, left)


def _canonical(action: Action) -> Action:
    """The action that this one turned out to be."""
    found = Action.objects.get(pk=action.pk)
    return found if found.same_as_id is None else _canonical(Action(pk=found.same_as_id))


def lead(left: Action, action: Action) -> None:
    """One action turns out to be another, with all that turned out to be the one: each leads
    straight there. Its claims stay its own.
    """
    for one in (left, *left.duplicates.all()):
        one.same_as = action
        one.save()


def separate(left: Action) -> None:
    """It stands for itself again, and what had turned out to be it leads to it again."""
    left.same_as = None
    left.save()
    joined = Link.objects.filter(action=left, state=Link.State.LINKED, left__same_as__isnull=False)
    for row in joined.select_related("left"):
        if row.left is not None and row.left.pk != left.pk:
            row.left.same_as = left
            row.left.save()


def _touch(action: Action, left: Action | None) -> None:
    tags = {f"claims:{one.pk}" for one in (action, left) if one is not None}
    pages.touch("claims", *tags)
