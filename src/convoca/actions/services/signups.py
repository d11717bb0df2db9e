"""Signing up, confirming by mail, changing, cancelling, deleting: by whoever holds the link.

Rows lock in one order: the action's seats first, then the sign-up.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convoca.accounts.limits import keyed
from convoca.actions.models import Action, Seats, SignUp, WriteAgain
from convoca.actions.models.action import DATED, UNDATED
from convoca.actions.rules import why_no_sign_up
from convoca.actions.services import seats
from convoca.actions.services.letters import confirm_url, link_of, write_to
from convoca.actions.slip import kept_until
from convoca.core.codes import secret_token, token_digest
from convoca.core.errors import Refusal
from convoca.core.flush import shared
from convoca.network.models import Organisation
from convoca.pages import services as pages
from convoca.vault import services as vault

SAME_WITHIN = timedelta(seconds=30)
"""The same words from the same connection within this time are one sign-up, sent twice."""
CONFIRM_WITHIN = timedelta(days=3)
"""How long the button behind a mailed link can be pressed; after that the row is deleted."""
AGAIN_KEPT = timedelta(days=365)
"""How long an organisation may write again, unless it is taken back before. Told at the form."""


def sign_up(action: Action, **facts: Any) -> SignUp:
    """Note that somebody will come (see `_note`). Where many do so at once, their commits share
    a flush; each is on the disk when this answers.
    """
    return shared(lambda: _note(action, **facts))


def _note(
    action: Action,
    *,
    sender: str,
    people: int = 1,
    name: str = "",
    email: str = "",
    answer: str = "",
    language: str = "en",
    tell_me: bool = False,
    write_again: Sequence[tuple[Organisation, str]] = (),
    another: str = "",
) -> SignUp:
    """Note that somebody will come. The same from the same sender within half a minute is one.

    Without an address it counts at once, where places are not limited. With one it counts when
    the button behind the mailed link is pressed; until then it holds no seat. `sender` is the keyed
    hash of a connection; `write_again` names organisations with the sentence that was agreed to.
    """
    action = seats.lock_seats(action)
    now = timezone.now()
    agreed = [(organisation.pk, words) for organisation, words in write_again]
    typed = [action.pk, sender, people, name, email.lower(), answer, tell_me, agreed, another]
    sent_once = keyed(f"sign-up {typed}")
    same = SignUp.objects.filter(sent_once=sent_once, created_at__gt=now - SAME_WITHIN)
    found = same.filter(action=action).only("scope", "delete_on").first()
    if found is not None:
        return found
    refuse_unless_open(action)
    _refuse_without_address(action, email)
    if not action.keeps_waiting_list or not email:
        _refuse_when_full(action, people)
    row = SignUp(
        action=action,
        scope=action.scope,
        delete_on=kept_until(action),
        name=name,
        email=email,
        answer=answer,
        people=people,
        language=language,
        sent_once=sent_once,
        tell_me=tell_me and bool(email),
        state=SignUp.State.UNCONFIRMED,
        created_at=now,
    )
    row.email_index = vault.index(row.scope, email) if email else ""
    row.digest = token_digest(link_of(row))
    if not email:
        _count(row)
    row.save(force_insert=True)
    if email:
        _ask_organisations(row, write_again)
        write_to(row, "actions/confirm", confirm_url=confirm_url(row))
    return row


def find(token: str) -> SignUp | None:
    """The sign-up that a link opens."""
    rows = SignUp.objects.select_related("action__campaign", "action__place")
    return rows.filter(digest=token_digest(token)).first()


@transaction.atomic
def confirm(row: SignUp) -> SignUp:
    """The button behind the mailed link was pressed: the seats are theirs, or they wait for some.

    Pressing it again changes nothing. Refuses when it is too late, and when the action is full and
    keeps no waiting list.
    """
    action, row = _locked(row)
    if row.is_standing:
        return row
    if row.state == SignUp.State.CANCELLED:
        raise Refusal("sign-up-cancelled", _("This sign-up was cancelled. You can sign up again."))
    if row.created_at < timezone.now() - CONFIRM_WITHIN:
        raise Refusal(
            "confirmed-late",
            _("This link was to be used within three days. Please sign up again."),
        )
    refuse_unless_open(action)
    _count(row)
    row.save(update_fields=["state", "confirmed_at", "waits_since"])
    row.allowed.filter(confirmed_at=None).update(confirmed_at=timezone.now())
    write_to(row, "actions/on-the-list")
    return row


@transaction.atomic
def change(
    row: SignUp, *, people: int, answer: str, language: str, tell_me: bool, name: str
) -> SignUp:
    """Other words, more people or fewer; more only where there is room for them."""
    action, row = _locked(row)
    refuse_unless_open(action)
    if row.state == SignUp.State.CANCELLED:
        raise Refusal("sign-up-cancelled", _("This sign-up was cancelled. You can sign up again."))
    more = people - row.people
    if row.state == SignUp.State.COMING and more:
        if more > 0 and not seats.take_more(action, more):
            raise Refusal("action-full", _full_words(action))
        if more < 0:
            Seats.objects.filter(action=action).update(
                people=F("people") + more, arrived=F("arrived") - max(row.arrived - people, 0)
            )
            row.arrived = min(row.arrived, people)
    elif row.state == SignUp.State.WAITING and more:
        Seats.objects.filter(action=action).update(waiting=F("waiting") + more)
    row.people, row.answer, row.language, row.name = people, answer, language, name
    row.tell_me = tell_me and bool(row.email_index)
    row.save(update_fields=["people", "answer", "language", "name", "tell_me", "arrived"])
    if more < 0 or row.state == SignUp.State.WAITING:
        seats.move_up(action)
        row.refresh_from_db(fields=["state", "waits_since"])
    _touch(action)
    return row


@transaction.atomic
def cancel(row: SignUp) -> SignUp:
    """They do not come after all; whoever waits moves up. Repeating it changes nothing."""
    action, row = _locked(row)
    if row.state == SignUp.State.CANCELLED:
        return row
    seats.give_back(row)
    row.state, row.arrived, row.waits_since = SignUp.State.CANCELLED, 0, None
    row.save(update_fields=["state", "arrived", "waits_since"])
    seats.move_up(action)
    _touch(action)
    return row


@transaction.atomic
def delete(row: SignUp) -> None:
    """Delete at once what the person told us here; their seats are free again."""
    row = cancel(row)
    row.allowed.filter(confirmed_at=None).delete()
    row.delete()


@transaction.atomic
def stop_writing(allowed: WriteAgain) -> None:
    """Take back that an organisation may write again."""
    allowed.delete()


def forget_unconfirmed() -> int:
    """Delete what nobody confirmed in time, and the traces of what was sent twice."""
    now = timezone.now()
    late = SignUp.objects.filter(
        state=SignUp.State.UNCONFIRMED, created_at__lt=now - CONFIRM_WITHIN
    )
    WriteAgain.objects.filter(sign_up__in=late, confirmed_at=None).delete()
    old = SignUp.objects.filter(created_at__lt=now - timedelta(hours=1))
    old.exclude(sent_once="").update(sent_once="")
    return late.delete()[0]


def move_lists_up() -> int:
    """Give free seats to waiting lists, wherever a host has made room for somebody on them."""
    is_open = Q(over_at__gt=timezone.now(), state__in=DATED) | Q(state__in=UNDATED)
    has_room = Q(action__capacity=None) | Q(
        people__lte=F("action__capacity") - F("action__seats__people")
    )
    fitting = SignUp.objects.waiting().filter(has_room, action=OuterRef("pk"))
    rows = Action.objects.filter(is_open, Exists(fitting), listed=True, seats__waiting__gt=0)
    moved = 0
    for action in rows[:50]:
        with transaction.atomic():
            fresh = seats.lock_seats(action)
            if came := seats.move_up(fresh):
                moved += len(came)
                _touch(fresh)
    return moved


def refuse_unless_open(action: Action) -> None:
    if why := why_no_sign_up(action):
        raise Refusal(why[0], why[1])


def _locked(row: SignUp) -> tuple[Action, SignUp]:
    action = seats.lock_seats(row.action)
    fresh = SignUp.objects.select_for_update(of=("self",)).filter(pk=row.pk).first()
    if fresh is None:
        raise Refusal("sign-up-gone", _("This sign-up has been deleted."))
    fresh.action = action
    return action, fresh


def _count(row: SignUp) -> None:
    """Give a sign-up its seats or its place on the waiting list."""
    now, action = timezone.now(), row.action
    row.confirmed_at = now
    if seats.take(action, row.people):
        row.state = SignUp.State.COMING
    elif action.keeps_waiting_list and row.email_index and row.people <= (action.capacity or 0):
        row.state, row.waits_since = SignUp.State.WAITING, now
        Seats.objects.filter(action=action).update(waiting=F("waiting") + row.people)
    else:
        raise Refusal("action-full", _full_words(action))
    _touch(action)


def _touch(action: Action) -> None:
    """The action's page says how many come, or that it is full."""
    if action.shows_count or action.capacity is not None:
        pages.touch(Seats.tag_of(action.code))


def _refuse_without_address(action: Action, email: str) -> None:
    if action.capacity is not None and not email:
        raise Refusal(
            "address-needed",
            _(
                "Places are limited here, so we need your mail address: it holds your place and "
                "lets you give it back."
            ),
        )


def _refuse_when_full(action: Action, people: int) -> None:
    if seats.is_full(action, people):
        raise Refusal("action-full", _full_words(action))


def _full_words(action: Action) -> str:
    taken = Seats.objects.filter(action=action).values_list("people", flat=True).first() or 0
    free = max((action.capacity or 0) - taken, 0)
    if not free:
        return _("All places are taken, so nobody more can sign up.")
    return ngettext(
        "There is only %(free)d place left.", "There are only %(free)d places left.", free
    ) % {"free": free}


def _ask_organisations(row: SignUp, wishes: Sequence[tuple[Organisation, str]]) -> None:
    """Note which organisations may write again. It holds when the mail is confirmed."""
    for organisation, words in wishes:
        scope = f"organisation:{organisation.code}"
        index = vault.index(scope, row.email)
        found = WriteAgain.objects.filter(organisation=organisation, email_index=index).first()
        if found is not None:
            if found.confirmed_at is None:
                found.sign_up, found.words = row, words
                found.save(update_fields=["sign_up", "words"])
            continue
        WriteAgain.objects.create(
            scope=scope,
            delete_on=row.created_at.date() + AGAIN_KEPT,
            sign_up=row,
            organisation=organisation,
            name=row.name,
            email=row.email,
            email_index=index,
            language=row.language,
            digest=token_digest(secret_token()),
            words=words,
        )
