"""The door: what goes in at once, what waits, and what a moderator says of it.

Hosts are written to in their own language, through their link, in the transaction of the step.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from convoca.accounts.models import Person
from convoca.actions.models import (
    Action,
    Arrival,
    Door,
    Hosting,
    HostLink,
    KnownHost,
    LetIn,
    Refused,
    SignUp,
)
from convoca.actions.models.action import State
from convoca.actions.models.moderation import SECOND_THOUGHT, Reason
from convoca.actions.services import host_links, life
from convoca.actions.services.doors import locked_door, turn_when_flooded
from convoca.actions.services.words import refresh_sought
from convoca.actions.signals import action_hidden, action_published
from convoca.audit import services as audit
from convoca.core.errors import Refusal
from convoca.core.fold import fold
from convoca.core.names import LONGEST, Names
from convoca.network import services as network
from convoca.network.models import Committee, Mandate, Organisation
from convoca.network.models.mandate import Role
from convoca.outbox.models import Message
from convoca.pages import services as pages
from convoca.texts import services as texts

SPEAKING = (Role.COORDINATOR, Role.COMMUNICATOR, Role.HOST)
"""Whose mandate for a host makes an action theirs without a look."""
LONG_ENOUGH = 12
"""Words a description must have for two equal ones to be no accident."""


# --- coming in ------------------------------------------------------------------------------


@transaction.atomic
def arrive(
    action: Action,
    *,
    link: HostLink | None = None,
    under: Mandate | None = None,
    sender: str = "",
) -> Action:
    """A confirmed action comes to its campaign's door: it is let in, or waits for a moderator.

    `link` is its host's confirmed link, `under` the mandate of whoever posts it for a host (also
    of the coordinator who gave the code), `sender` a keyed hash of the network it comes from.
    What is public or waits already stays as it is: repeating it changes nothing. However open the
    door, nothing goes in under a name whose people have not said yes.
    """
    door = locked_door(action.campaign)
    action = life.locked(action)
    if action.state != State.DRAFT:
        return action
    if action.is_past:
        raise Refusal("action-past", _("This action is over; give it a day to come first."))
    trusted = is_trusted(action, link=link, under=under)
    _note(action, link, sender, is_newcomer=not trusted)
    if not trusted:
        turn_when_flooded(door)
    at_once = door.mode == Door.Mode.OPEN or (trusted and door.mode == Door.Mode.TRUSTED)
    if not at_once or action.hostings.asked().filter(is_first=True).exists():
        return _wait(action)
    if trusted:
        _settle_host(action, under=under)
    return life.let_in(action, under=under)


def is_trusted(
    action: Action, *, link: HostLink | None = None, under: Mandate | None = None
) -> bool:
    """Whether an action's host needs no look: a mandate for it, an organisation that vouches, or
    an address that hosted in the same name before.
    """
    hostings = list(action.hostings.filter(state__in=[Hosting.State.ASKED, Hosting.State.ACCEPTED]))
    first = next((row for row in hostings if row.is_first), None)
    if first is None or first.is_new:
        return first is not None and first.vouched_by_id is not None
    mandates = [under] if under is not None else _mandates_behind(link)
    if any(_speaks(mandate, action, hostings) for mandate in mandates):
        return True
    return first.is_shown and link is not None and _hosted_before(action, first, link)


def _mandates_behind(link: HostLink | None) -> list[Mandate]:
    """The mandates of the person whose confirmed address the link was sent to."""
    if link is None or not link.is_confirmed or not (link.email or link.person_id):
        return []
    people = Person.objects.filter(is_active=True)
    one = people.filter(pk=link.person_id) if link.person_id else people.filter(email=link.email)
    return list(Mandate.objects.standing().filter(person__in=one))


def _speaks(mandate: Mandate, action: Action, hostings: list[Hosting]) -> bool:
    """Whether it is a mandate for one of the hosts, or the network's own for this country."""
    if not mandate.is_standing:
        return False
    if mandate.is_for_network:
        moderates = mandate.role == Role.MODERATOR and (
            not mandate.countries or action.country in mandate.countries
        )
        return mandate.role == Role.STEWARD or moderates
    if mandate.role not in SPEAKING:
        return False
    if mandate.committee_id is not None:
        return any(row.committee_id == mandate.committee_id for row in hostings)
    committees = [row.committee_id for row in hostings if row.committee_id]
    own = Committee.objects.filter(pk__in=committees, organisations=mandate.organisation_id)
    return any(row.organisation_id == mandate.organisation_id for row in hostings) or own.exists()


def _hosted_before(action: Action, first: Hosting, link: HostLink) -> bool:
    """Whether this address is known here, and what was let in of it was in the same name."""
    if not link.is_confirmed or not link.email_index:
        return False
    known = KnownHost.objects.filter(scope=action.scope, email_index=link.email_index, lost_at=None)
    same = {"organisation": first.organisation_id, "committee": first.committee_id}
    earlier = Hosting.objects.standing().filter(
        is_first=True,
        action__listed=True,
        action__links__email_index=link.email_index,
        action__links__confirmed_at__isnull=False,
        **same,
    )
    return known.exists() and earlier.exclude(action=action).exists()


def _note(action: Action, link: HostLink | None, sender: str, *, is_newcomer: bool) -> None:
    """Keep what similar ones are found by. One that comes again keeps when it first came."""
    Arrival.objects.update_or_create(
        action=action,
        defaults={
            "campaign": action.campaign,
            "is_newcomer": is_newcomer,
            "email_index": link.email_index if link else "",
            "text_digest": _text_digest(action),
            **({"sender": sender} if sender else {}),
        },
    )


def forget_traces() -> int:
    """Empty the keyed traces of what came more than thirty days ago. Says of how many."""
    return Arrival.objects.to_forget().update(sender="", email_index="")


def _text_digest(action: Action) -> str:
    """The same for descriptions that differ in figures, signs and case only."""
    if action.description is None:
        return ""
    words = [word for word in fold(action.description.draft).split() if word.isalpha()]
    if len(words) < LONG_ENOUGH:
        return ""
    return hashlib.sha256(" ".join(words).encode()).hexdigest()


def _wait(action: Action) -> Action:
    action.state = State.WAITING
    action.waiting_since = action.waiting_since or timezone.now()
    action.asked_for_more = ""
    action.changed_at = timezone.now()
    action.save()
    audit.record("action.waits", about=action)
    return action


# --- letting in -----------------------------------------------------------------------------


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
    _settle_host(action, under=under, committee=committee, vouched_by=vouched_by)
    was_public = action.is_public
    action = life.let_in(action, under=under)
    _looked(action)
    _remember(action)
    if not was_public:
        _write_to_hosts(action, "actions/let-in", not_before=tell_at)
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
    tags = action.page_tags()
    Arrival.objects.filter(action=action).update(looked_at=None)
    if action.published_at is None or action.published_at < lot.at:
        return
    arrival = Arrival.objects.filter(action=action).first()
    action.state, action.published_at = State.WAITING, None
    action.waiting_since = arrival.at if arrival else lot.at
    action.changed_at = timezone.now()
    action.save()
    if action.description is not None:
        texts.close(action.description)
    _unsettle_host(action, lot)
    _unsent(action, "actions/let-in").delete()
    refresh_sought(action)
    pages.touch(*tags)
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


def _settle_host(
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


def _looked(action: Action) -> None:
    Arrival.objects.filter(action=action, looked_at=None).update(looked_at=timezone.now())


def _remember(action: Action) -> None:
    """From now on the address behind its link is known here."""
    for link in action.links.confirmed().exclude(email_index=""):
        KnownHost.objects.update_or_create(
            scope=action.scope, email_index=link.email_index, defaults={"lost_at": None}
        )


def forget_host(action: Action) -> None:
    """Something was wrong: the addresses behind its links are new again."""
    indexes = action.links.exclude(email_index="").values_list("email_index", flat=True)
    known = KnownHost.objects.filter(scope=action.scope, email_index__in=list(indexes))
    known.filter(lost_at=None).update(lost_at=timezone.now())


# --- asking, refusing, taking back ----------------------------------------------------------


@transaction.atomic
def ask_for_more(action: Action, words: str, *, under: Mandate) -> Action:
    """Send it back with a question: the host's form is open again, and what comes back waits
    where it waited before.
    """
    action = life.locked(action)
    if action.state != State.WAITING:
        raise Refusal("action-not-waiting", _("This action does not wait for an answer."))
    if not words.strip():
        raise Refusal("words-missing", _("Write what you want to know."))
    if not _host_addresses(action):
        raise Refusal(
            "host-without-address",
            _("This host left no mail address, so nobody would read your question."),
        )
    action.state, action.asked_for_more = State.DRAFT, words.strip()[:1000]
    action.changed_at = timezone.now()
    action.save()
    audit.record("action.asked_for_more", about=action, under=under)
    _write_to_hosts(action, "actions/asked-for-more", words=action.asked_for_more)
    return action


def refuse(
    action: Action, *, reason: str, words: str = "", under: Mandate, tell: bool = True
) -> Refused:
    """Refuse one. It can be taken back for thirty days."""
    return refuse_all([action], reason=reason, words=words, under=under, tell=tell)


@transaction.atomic
def refuse_all(
    actions: Sequence[Action], *, reason: str, words: str = "", under: Mandate, tell: bool = True
) -> Refused:
    """Refuse a lot in one go, to be taken back in one go. Each host is written to after five
    minutes, unless `tell` is off, as for a flood of fakes.
    """
    locked = (
        Action.objects.select_for_update(of=("self",))
        .filter(pk__in=[one.pk for one in actions])
        .select_related("campaign", "place")
        .order_by("pk")
    )
    rows = [one for one in locked if _can_be_refused(one)]
    if not rows:
        raise Refusal("action-not-waiting", _("Nothing of this waits for an answer any more."))
    if len({one.campaign_id for one in rows}) > 1:
        raise Refusal("campaigns-mixed", _("Refuse the actions of one campaign at a time."))
    lot = Refused.objects.create(
        campaign=rows[0].campaign,
        reason=Reason(reason),
        words=words.strip()[:1000],
        by=under,
        tells_hosts=tell,
    )
    for action in rows:
        _refuse_one(action, lot)
    lot.actions.set(rows)
    audit.record("actions.refused", about=lot, under=under, reason=reason, count=len(rows))
    return lot


def _can_be_refused(action: Action) -> bool:
    return action.state in (State.WAITING, State.HIDDEN) or action.is_public


def _refuse_one(action: Action, lot: Refused) -> None:
    was_public = action.is_public
    action.state_before_hiding = action.state
    action.state, action.asked_for_more = State.REFUSED, lot.words
    action.changed_at = lot.at
    action.save()
    _looked(action)
    if lot.reason in (Reason.FAKE, Reason.UNSAFE):
        forget_host(action)
    if was_public:
        pages.touch(*action.page_tags())
        action_hidden.send(Action, action=action)
    if lot.tells_hosts:
        _write_to_hosts(
            action,
            "actions/refused",
            not_before=lot.at + SECOND_THOUGHT,
            reason=Reason(lot.reason),
            words=lot.words,
        )


@transaction.atomic
def take_back(lot: Refused, *, under: Mandate) -> Refused:
    """Undo a refusal, of one or of a whole lot: each action is where it was. Hosts who have been
    written to are told; mail that has not left yet never leaves. Repeating it changes nothing.
    """
    lot = Refused.objects.select_for_update(of=("self",)).get(pk=lot.pk)
    if lot.undone_at:
        return lot
    if not lot.can_be_undone:
        raise Refusal("refusal-final", _("This can no longer be undone: 30 days have passed."))
    refused = Action.objects.select_for_update(of=("self",)).filter(
        refusals=lot, state=State.REFUSED
    )
    for action in refused.select_related("campaign", "place").order_by("pk"):
        _take_back_one(action, lot)
    lot.undone_at = timezone.now()
    lot.save(update_fields=["undone_at"])
    audit.record("actions.taken_back", about=lot, under=under)
    return lot


def _take_back_one(action: Action, lot: Refused) -> None:
    action.state = State(action.state_before_hiding or State.WAITING)
    if action.is_public:
        life.make_public(action, before=action.state)
    action.state_before_hiding, action.asked_for_more = "", ""
    if action.state == State.WAITING:
        action.waiting_since = action.waiting_since or timezone.now()
    action.changed_at = timezone.now()
    action.save()
    if action.state == State.WAITING or action.is_public:
        Arrival.objects.filter(action=action).update(looked_at=None)
    if action.is_public:
        pages.touch(*action.page_tags())
        action_published.send(Action, action=action)
    was_written = not _unsent(action, "actions/refused").delete()[0]
    if lot.tells_hosts and was_written:
        _write_to_hosts(action, "actions/taken-back")


# --- mail to hosts --------------------------------------------------------------------------


def _unsent(action: Action, template: str) -> "models.QuerySet[Message]":
    """Mail of this kind that nobody has got yet."""
    return Message.objects.waiting().filter(
        template=template,
        about_type=action._meta.label_lower,
        about_id=str(action.pk),
        attempts=0,
    )


def _host_addresses(action: Action) -> list[HostLink]:
    links = action.links.confirmed().filter(role=HostLink.Role.HOST)
    return [link for link in links if link.email]


def _write_to_hosts(action: Action, template: str, **more: Any) -> None:
    """Write to whoever holds the action's main link, in their language."""
    for link in _host_addresses(action):
        link.action = action
        host_links.mail_to(link, template, campaign=action.campaign, **more)
