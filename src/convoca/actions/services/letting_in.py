"""Letting in what waits, with the committee it is in the name of; and undoing it at once.

Hosts are written to in their own language, through their link, in the transaction of the step.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from convoca.actions.models import Action, Arrival, Hosting, KnownHost, LetIn, SignUp
from convoca.actions.models.action import State
from convoca.actions.models.moderation import SECOND_THOUGHT
from convoca.actions.services import host_links, life
from convoca.actions.services.words import refresh_sought
from convoca.actions.signals import action_hidden
from convoca.audit import services as audit
from convoca.core.errors import Refusal
from convoca.core.names import LONGEST, Names
from convoca.network import services as network
from convoca.network.models import Committee, Mandate, Organisation
from convoca.pages import services as pages
from convoca.texts import services as texts


@transaction.atomic
def let_in(
    action: Action,
    *,
    under: Mandate,
    committee: Committee | None = None,
    vouched_by: Organisation | None = None,
    tell_at: datetime | None = None,
) -> Action:
    """A moderator, or an organisation that vouches, lets an action in. Its host is known from now
    on, and told at once or at `tell_at`. A new committee is started, or what was proposed is said
    to be `committee`. Repeating it changes nothing.
    """
    action = life.locked(action)
    if action.is_public and not _is_unseen(action):
        return action
    if not action.is_public and action.state != State.WAITING:
        raise Refusal("action-not-waiting", _("This action does not wait for an answer."))
    settle_host(action, under=under, committee=committee, vouched_by=vouched_by)
    was_public = action.is_public
    action = life.let_in(action, under=under)
    looked(action)
    _remember(action)
    if not was_public:
        host_links.mail_main_hosts(action, "actions/let-in", not_before=tell_at)
    return action


@transaction.atomic
def let_in_one(action: Action, *, under: Mandate, committee: Committee | None = None) -> LetIn:
    """Let one in; its host is told after five minutes, and until then it can be taken out again."""
    lot = LetIn.objects.create(by=under)
    let_in(action, under=under, committee=committee, tell_at=lot.at + SECOND_THOUGHT)
    lot.actions.add(action)
    return lot


@transaction.atomic
def let_in_all(actions: Iterable[Action], *, under: Mandate) -> LetIn:
    """The same with several at once. What cannot be let in as things stand is left waiting."""
    lot = LetIn.objects.create(by=under)
    done = []
    for action in actions:
        try:
            with transaction.atomic():
                done.append(let_in(action, under=under, tell_at=lot.at + SECOND_THOUGHT))
        except Refusal:
            continue
    lot.actions.set(done)
    return lot


@transaction.atomic
def take_out(lot: LetIn, *, under: Mandate) -> LetIn:
    """Undo letting in, before anybody was told: each action waits again where it waited, and what
    came with it, a committee and a known address, is as it was. Repeating it changes nothing.
    """
    lot = LetIn.objects.select_for_update(of=("self",)).get(pk=lot.pk)
    if lot.undone_at:
        return lot
    if not lot.can_be_undone:
        raise Refusal(
            "let-in-final",
            _("This can no longer be undone: the host has been told. You can refuse it instead."),
        )
    rows = Action.objects.select_for_update(of=("self",)).filter(pk__in=lot.actions.values("pk"))
    actions = list(rows.select_related("campaign", "place").order_by("pk"))
    if SignUp.objects.filter(action__in=actions).exists():
        raise Refusal(
            "let-in-people",
            _("Somebody has signed up already. You can refuse it, with a reason, instead."),
        )
    for action in actions:
        if action.is_public:
            _take_out_one(action, lot)
    lot.undone_at = timezone.now()
    lot.save(update_fields=["undone_at"])
    audit.record("actions.taken_out", about=lot, under=under, count=len(actions))
    return lot


def _take_out_one(action: Action, lot: LetIn) -> None:
    """What was public before, unseen after a flood, only has to be looked at again."""
    tags = action.all_tags()
    Arrival.objects.filter(action=action).update(looked_at=None)
    if action.published_at is None or action.published_at < lot.at:
        return
    arrival = Arrival.objects.filter(action=action).first()
    action.state, action.published_at = State.WAITING, None
    action.waiting_since = arrival.at if arrival else lot.at
    action.changed_at = timezone.now()
    action.sequence += 1
    action.save()
    if action.description is not None:
        texts.close(action.description)
    _unsettle_host(action, lot)
    host_links.unsent(action, "actions/let-in").delete()
    refresh_sought(action)
    pages.take_down(*tags)
    action_hidden.send(Action, action=action)


def _unsettle_host(action: Action, lot: LetIn) -> None:
    """A proposed committee is a proposal again, and its address is new again. Where one host was
    let in twice within these minutes, the other action's next one is looked at once more: too
    careful rather than too little.
    """
    first = action.hostings.select_related("committee").filter(is_first=True).first()
    if first is not None and first.proposed and first.answered_at and first.answered_at >= lot.at:
        committee, first.committee, first.mandate = first.committee, None, None
        first.save()
        if committee is not None and committee.state_since >= lot.at:
            network.forget_committee(committee, under=lot.by)
    indexes = action.links.exclude(email_index="").values_list("email_index", flat=True)
    known = KnownHost.objects.filter(scope=action.scope, email_index__in=list(indexes))
    known.filter(since__gte=lot.at).delete()


def settle_host(
    action: Action,
    *,
    under: Mandate | None,
    committee: Committee | None = None,
    vouched_by: Organisation | None = None,
) -> None:
    """Give a proposed committee its row: the one picked, the one that the same address proposed by
    the same name before, or a new one.
    """
    first = action.hostings.select_related("vouched_by").filter(is_first=True).first()
    if first is None:
        raise Refusal("host-missing", _("This action is in nobody's name."))
    if not first.is_new:
        if not first.is_shown:
            raise Refusal(
                "host-asked",
                _("%(host)s has not yet answered whether it hosts this action.")
                % {"host": first.name},
            )
        return
    first.vouched_by = vouched_by or first.vouched_by
    first.committee = committee or _same_before(action, first) or _start(action, first, under)
    if action.hostings.filter(committee=first.committee).exclude(pk=first.pk).exists():
        raise Refusal("host-twice", _("This committee hosts the action already."))
    first.state, first.answered_at = Hosting.State.ACCEPTED, timezone.now()
    first.mandate = under
    first.save()
    refresh_sought(action)
    pages.touch("committees")


def _same_before(action: Action, first: Hosting) -> Committee | None:
    """The committee that was let in under the same name for the same address."""
    addresses = list(
        action.links.confirmed().exclude(email_index="").values_list("email_index", flat=True)
    )
    earlier = Hosting.objects.standing().filter(
        committee__state=Committee.State.ACTIVE,
        proposed__iexact=first.proposed,
        action__campaign=action.campaign,
        action__links__email_index__in=addresses,
    )
    found = earlier.select_related("committee").order_by("pk").first()
    return found.committee if found else None


def _start(action: Action, first: Hosting, under: Mandate | None) -> Committee:
    return network.start_committee(
        Names({action.language: first.proposed[:LONGEST]}),
        organisations=[first.vouched_by] if first.vouched_by else [],
        under=under,
        place=action.place,
        country=action.country,
        languages=[action.language],
    )


def _is_unseen(action: Action) -> bool:
    return Arrival.objects.unseen().filter(action=action).exists()


def looked(action: Action) -> None:
    Arrival.objects.filter(action=action, looked_at=None).update(looked_at=timezone.now())


def _remember(action: Action) -> None:
    """From now on the address behind its link is known here."""
    for link in action.links.confirmed().exclude(email_index=""):
        KnownHost.objects.update_or_create(
            scope=action.scope, email_index=link.email_index, defaults={"lost_at": None}
        )
