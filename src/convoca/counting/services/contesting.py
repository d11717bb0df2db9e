"""A figure is contested: by mail confirmed, answered in public."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from convoca.actions.models import Action
from convoca.audit import services as audit
from convoca.campaigns.addresses import link_to
from convoca.counting.models import Contest, ContestAsked
from convoca.counting.models.contest import CONFIRMED_WITHIN, KEPT
from convoca.network.models import Mandate
from convoca.outbox import services as outbox
from convoca.vault import services as vault
from convoca.vault.fields import is_closed


def kept_until() -> date:
    """Until when the address of who confirms today is kept; told at the form."""
    return timezone.now().date() + KEPT


@transaction.atomic
def contest(
    action: Action,
    *,
    name: str,
    reason: str,
    email: str,
    low: int | None = None,
    high: int | None = None,
    language: str = "en",
) -> ContestAsked:
    """Keep it sealed, and mail the button that opens it. The same address again within these days
    for the same action is one.
    """
    index = vault.index(action.scope, email)
    waiting = ContestAsked.objects.filter(action=action, email_index=index, contest=None)
    row = waiting.first() or ContestAsked(
        action=action,
        scope=action.scope,
        delete_on=timezone.now().date() + CONFIRMED_WITHIN,
        email=email.strip(),
        email_index=index,
    )
    row.name, row.reason, row.low, row.high = name.strip(), reason.strip(), low, high
    row.language = language
    row.save()
    url = link_to("counting:contest-confirm", row.pk, proof_of(row), language=language)
    _write(row, "counting/contest-confirm", url=url)
    return row


def proof_of(row: ContestAsked) -> str:
    """The secret that is only ever sent by mail."""
    return vault.index(row.scope, f"the proof of contest {row.pk}")[:40]


@transaction.atomic
def confirm(row: ContestAsked) -> Contest:
    """It is opened: the word stands beside the figure from now on. Harmless to repeat."""
    row = ContestAsked.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.contest is not None:
        return row.contest
    opened = Contest.objects.create(
        action=row.action, name=row.name, reason=row.reason, low=row.low, high=row.high
    )
    row.contest, row.delete_on = opened, kept_until()
    row.name = row.reason = ""
    row.save()
    audit.record("contest.opened", about=opened)
    return opened


@transaction.atomic
def answer(contest: Contest, *, outcome: str, answer: str, under: Mandate) -> Contest:
    """Answer in public, once, and write to whoever contested while their address is kept."""
    contest = Contest.objects.select_for_update(of=("self",)).get(pk=contest.pk)
    if contest.answered_at is not None:
        return contest
    contest.outcome, contest.answer = outcome, answer.strip()
    contest.answered_at, contest.answered_under = timezone.now(), under
    contest.save()
    audit.record("contest.answered", about=contest, under=under, outcome=outcome)
    asked = ContestAsked.objects.filter(contest=contest).first()
    if asked is not None:
        _write(asked, "counting/contest-answered", contest=contest)
    return contest


def _write(row: ContestAsked, template: str, **context: object) -> None:
    if is_closed(row.email) or not row.email:
        return
    outbox.mail(
        template,
        to=row.email,
        language=row.language,
        about=row,
        context={"action": row.action, **context},
        until=row.delete_on,
    )
