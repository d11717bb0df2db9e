"""What strangers report about an action, and what becomes of it."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from convoca.actions.models import Action, Arrival, Hosting, Problem, Refused
from convoca.actions.models.action import State
from convoca.actions.models.moderation import Reason
from convoca.actions.services import life
from convoca.actions.services.moderation import forget_host, refuse
from convoca.audit import services as audit
from convoca.core.errors import Refusal
from convoca.network.models import Mandate
from convoca.outbox import services as outbox
from convoca.vault import services as vault

KEPT = timedelta(days=60)
"""How long after the action, or after today where it is over or has no day, a report is kept."""
ENOUGH = 3
"""Unrelated people whose reports hide a new host's action until somebody has looked."""
NEW_FOR = timedelta(days=30)
"""How long a committee counts as new."""


def kept_until(action: Action) -> date:
    """The day on which a report of today is deleted; told at the form."""
    today = timezone.now().date()
    return max(action.final_day or today, today) + KEPT


@transaction.atomic
def report(
    action: Action,
    *,
    kind: str,
    words: str = "",
    email: str = "",
    language: str = "en",
    sender: str = "",
) -> Problem:
    """Keep a report, sealed. Reports of enough unrelated people hide a new host's action.

    `sender` is a keyed hash of the network it comes from. The same again from there is one.
    """
    action = life.locked(action)
    words, email = words.strip(), email.strip()
    for earlier in Problem.objects.open().filter(action=action, kind=kind, sender=sender):
        if (earlier.words, earlier.email) == (words, email):
            return earlier
    problem = Problem.objects.create(
        action=action,
        scope=action.scope,
        delete_on=kept_until(action),
        kind=kind,
        words=words,
        email=email,
        email_index=vault.index(action.scope, email) if email else "",
        language=language,
        sender=sender,
    )
    audit.record("problem.reported", about=problem)
    if action.is_public and is_new(action) and unrelated(action) >= ENOUGH:
        life.hide(action, why="reported")
    return problem


def unrelated(action: Action) -> int:
    """From how many unrelated people its open reports come: other networks, other addresses.
    Whoever reported wrongly before in this campaign does not count.
    """
    wrong = Problem.objects.filter(action__campaign=action.campaign_id, was_right=False)
    wrong_senders = set(wrong.values_list("sender", flat=True))
    wrong_addresses = set(wrong.exclude(email_index="").values_list("email_index", flat=True))
    senders: set[str] = set()
    addresses: set[str] = set()
    open_ones = Problem.objects.open().filter(action=action)
    for sender, address in open_ones.values_list("sender", "email_index"):
        is_wrong = sender in wrong_senders or address in wrong_addresses
        is_same = sender in senders or address in addresses
        if not sender or is_wrong or is_same:
            continue
        senders.add(sender)
        if address:
            addresses.add(address)
    return len(senders)


def is_new(action: Action) -> bool:
    """Whether nobody we know stands behind it: a newcomer brought it, no organisation hosts it,
    and every committee that does is new.
    """
    arrival = Arrival.objects.filter(action=action).first()
    if arrival is not None and not arrival.is_newcomer:
        return False
    standing = Hosting.objects.standing().filter(action=action)
    if standing.filter(organisation__isnull=False).exists():
        return False
    old = timezone.now() - NEW_FOR
    return not standing.filter(committee__state_since__lt=old).exists()


@transaction.atomic
def take_down(action: Action, *, under: Mandate) -> Action:
    """Out of sight at once, by one press of a moderator."""
    return life.hide(action, why="taken-down", under=under)


@transaction.atomic
def settle(action: Action, *, was_right: bool, words: str = "", under: Mandate) -> int:
    """Answer all open reports about an action. Not right: it is shown again, and they do not
    count another time. Whoever left an address is written to. Says how many were settled;
    repeating it changes nothing.
    """
    action = life.locked(action)
    problems = list(Problem.objects.open().filter(action=action).select_for_update())
    for problem in problems:
        problem.settled_at, problem.was_right = timezone.now(), was_right
        problem.settled_under = under
        problem.save(update_fields=["settled_at", "was_right", "settled_under"])
        _answer(problem, action, words)
    if problems:
        event = "problem.right" if was_right else "problem.not_right"
        audit.record(event, about=action, under=under, count=len(problems))
    if not was_right:
        life.show_again(action, under=under)
    return len(problems)


@transaction.atomic
def put_right(action: Action, *, words: str = "", under: Mandate) -> int:
    """The reports were right, and it has been corrected since: it is shown (again)."""
    count = settle(action, was_right=True, words=words, under=under)
    life.show_again(action, under=under)
    return count


@transaction.atomic
def take_off(
    action: Action, *, reason: str = Reason.FAKE, words: str = "", under: Mandate
) -> Refused:
    """The reports are right: the action is refused, and can be brought back for thirty days."""
    action = life.locked(action)
    if action.state != State.HIDDEN and not action.is_public:
        raise Refusal("action-not-public", _("This action is not public."))
    settle(action, was_right=True, words=words, under=under)
    forget_host(action)
    return refuse(action, reason=reason, words=words, under=under)


def _answer(problem: Problem, action: Action, words: str) -> None:
    if not problem.email:
        return
    outbox.mail(
        "actions/report-answered",
        to=problem.email,
        language=problem.language,
        about=action,
        context={"problem": problem, "action": action, "words": words.strip()},
        until=problem.delete_on,
    )


@transaction.atomic
def forget(problem: Problem) -> None:
    """Delete a report because its writer wishes it. An action that is hidden stays so until
    somebody has looked. Of one that was answered the answer stays, without words and address.
    """
    audit.record("problem.deleted", about=problem.action)
    if problem.settled_at is None:
        problem.delete()
        return
    problem.words = problem.email = problem.email_index = ""
    problem.save(update_fields=["words", "email", "email_index"])
