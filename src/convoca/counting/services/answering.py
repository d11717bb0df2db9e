"""What a person answers about a report that waits: it is of this action, or of none of these; and
the answer taken back.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from convoca.actions.models import Action
from convoca.audit import services as audit
from convoca.audit.models import Entry
from convoca.core.errors import Refusal
from convoca.counting.models import Claim, Link
from convoca.counting.services.deciding import link, part
from convoca.counting.services.turns import take_turn
from convoca.network.models import Mandate
from convoca.pages import services as pages


@transaction.atomic
def say_same(claim: Claim, action: Action, *, under: Mandate) -> Link:
    """A person says that a claim is of this action; so it is of none of those beside which it
    waited. The same answer twice is one; what somebody else has answered meanwhile stands.
    """
    claim = _locked(claim)
    action = canonical(action)
    known = claim.links.filter(action=action).first()
    if known is not None and known.state == Link.State.LINKED:
        return known
    _refuse_unfit(claim, action)
    waiting = list(claim.links.waiting())
    row = link(claim, action, under=under)
    others = [one for one in waiting if one.pk != row.pk]
    _keep_apart(others, row.decided_at, under)
    return row


@transaction.atomic
def link_again(row: Link, *, under: Mandate) -> Link:
    """Take back that a link was undone (`deciding.undo`): by whose word the claim is of the action,
    since when, and what was answered with it are as they were. Harmless to repeat.
    """
    claim = _locked(row.claim)
    row = claim.links.get(pk=row.pk)
    if row.state == Link.State.LINKED:
        return row
    action = canonical(row.action)
    _refuse_unfit(claim, action)
    linked = link(claim, action, under=under)
    undone = Entry.objects.filter(event="claim.parted", details__link=linked.pk).first()
    if undone is not None:
        linked.decided_under_id = undone.details["was_under"]
        linked.decided_at = datetime.fromisoformat(undone.details["was_at"])
        linked.save()
    return linked


@transaction.atomic
def say_apart(claim: Claim, rows: Sequence[Link], *, under: Mandate) -> list[Link]:
    """A person says that a claim is of none of these actions; nobody is asked again."""
    claim = _locked(claim)
    found = list(claim.links.filter(pk__in=[row.pk for row in rows]))
    waiting = [row for row in found if row.state == Link.State.DOUBTFUL]
    if not waiting:
        _refuse_answered(claim)
        return found
    _keep_apart(waiting, timezone.now(), under)
    audit.record("claim.kept_apart", about=claim, under=under, actions=_codes(waiting))
    _touch(waiting)
    return waiting


@transaction.atomic
def take_back(row: Link, *, under: Mandate) -> list[Link]:
    """Take an answer back: what waited waits again, and claims are as they were. A link that
    nobody was asked about, because a person found the action, comes apart.
    """
    claim = _locked(row.claim)
    row = claim.links.get(pk=row.pk)
    if row.decided_under is None or row.state == Link.State.DOUBTFUL:
        return []
    answer = claim.links.filter(decided_at=row.decided_at, decided_under=row.decided_under)
    rows = list(answer.select_related("action", "left"))
    for one in rows:
        if one.state == Link.State.LINKED:
            part(one)
        if one.score is None:
            one.state, one.decided_under = Link.State.APART, under
            one.decided_at = timezone.now()
        else:
            one.state, one.decided_under = Link.State.DOUBTFUL, None
            one.left, one.decided_at = None, one.created_at
        one.save()
    audit.record("claim.reopened", about=claim, under=under, actions=_codes(rows))
    _touch(rows)
    return rows


def canonical(action: Action) -> Action:
    """The action that this one turned out to be."""
    return action if action.same_as is None else canonical(action.same_as)


def _locked(claim: Claim) -> Claim:
    take_turn()
    rows = Claim.objects.select_for_update(of=("self",)).select_related("action__same_as")
    return rows.get(pk=claim.pk)


def _keep_apart(rows: Sequence[Link], at: object, under: Mandate) -> None:
    pks = [row.pk for row in rows]
    Link.objects.filter(pk__in=pks).update(
        state=Link.State.APART, decided_under=under, decided_at=at
    )


def _refuse_unfit(claim: Claim, action: Action) -> None:
    if not action.listed:
        raise Refusal("action-hidden", _("This action cannot be read by everybody now."))
    if claim.action is not None and canonical(claim.action) == action:
        raise Refusal("claim-there", _("The report is of this action already."))
    _refuse_answered(claim)


def _refuse_answered(claim: Claim) -> None:
    """A claim is of one action: what it was linked to comes apart before it is linked anew."""
    linked = claim.links.filter(state=Link.State.LINKED).select_related(
        "action", "decided_under__person"
    )
    row = linked.first()
    if row is None:
        return
    if row.decided_under is None:
        raise Refusal(
            "claim-linked", _("It is linked to “%(action)s” already.") % {"action": row.action}
        )
    raise Refusal(
        "claim-answered",
        _("%(name)s has answered meanwhile: it is the same as “%(action)s”.")
        % {"name": row.decided_under.person, "action": row.action},
    )


def _codes(rows: Sequence[Link]) -> list[str]:
    return [row.action.code for row in rows]


def _touch(rows: Sequence[Link]) -> None:
    actions = {row.action_id for row in rows} | {row.claim.action_id for row in rows}
    pages.touch("claims", *(f"claims:{pk}" for pk in actions if pk))
