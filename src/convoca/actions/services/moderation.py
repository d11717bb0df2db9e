"""What a moderator says of an action besides yes: asked for more, refused, taken back.

Hosts are written to in their own language, through their link, in the transaction of the step.
"""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from convoca.actions.models import Action, Arrival, KnownHost, Refused, Telling
from convoca.actions.models.action import State
from convoca.actions.models.moderation import SECOND_THOUGHT, Reason
from convoca.actions.services import host_links, life, telling
from convoca.actions.services.letting_in import looked
from convoca.actions.signals import action_hidden, action_published
from convoca.audit import services as audit
from convoca.core.errors import Refusal
from convoca.network.models import Mandate
from convoca.pages import services as pages


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
    if not host_links.main_addresses(action):
        raise Refusal(
            "host-without-address",
            _("This host left no mail address, so nobody would read your question."),
        )
    action.state, action.asked_for_more = State.DRAFT, words.strip()[:1000]
    action.changed_at = timezone.now()
    action.save()
    audit.record("action.asked_for_more", about=action, under=under)
    host_links.mail_main_hosts(action, "actions/asked-for-more", words=action.asked_for_more)
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
    action.sequence += was_public
    action.save()
    looked(action)
    if lot.reason in (Reason.FAKE, Reason.UNSAFE):
        forget_host(action)
    if was_public:
        pages.take_down(*action.all_tags())
        action_hidden.send(Action, action=action)
    if action.published_at is not None:  # somebody may have signed up, and would go there
        telling.tell(action, Telling.Kind.TAKEN_OFF)
    if lot.tells_hosts:
        host_links.mail_main_hosts(
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
    action.sequence += action.is_public
    action.save()
    if action.state == State.WAITING or action.is_public:
        Arrival.objects.filter(action=action).update(looked_at=None)
    if action.is_public:
        pages.touch(*action.page_tags())
        action_published.send(Action, action=action)
        if not telling.untell(action, Telling.Kind.TAKEN_OFF):
            telling.tell(action, Telling.Kind.SHOWN)
    was_written = not host_links.unsent(action, "actions/refused").delete()[0]
    if lot.tells_hosts and was_written:
        host_links.mail_main_hosts(action, "actions/taken-back")


def forget_host(action: Action) -> None:
    """Something was wrong: the addresses behind its links are new again."""
    indexes = action.links.exclude(email_index="").values_list("email_index", flat=True)
    known = KnownHost.objects.filter(scope=action.scope, email_index__in=list(indexes))
    known.filter(lost_at=None).update(lost_at=timezone.now())
