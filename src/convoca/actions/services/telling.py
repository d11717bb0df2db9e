"""What all who signed up must be told: written with its cause, mailed by a task."""

from django.db import transaction
from django.utils import timezone

from convoca.actions.models import Action, SignUp, Telling
from convoca.actions.models.signup import SignUpQuerySet
from convoca.actions.services.letters import LONG, with_slip, write_to
from convoca.actions.services.seats import lock_seats
from convoca.actions.signals import something_to_tell
from convoca.actions.slip import kept_until
from convoca.vault import services as vault

BATCH = 50
TEMPLATES = {
    Telling.Kind.MOVED: "actions/told-moved",
    Telling.Kind.POSTPONED: "actions/told-postponed",
    Telling.Kind.CANCELLED: "actions/told-cancelled",
    Telling.Kind.BACK: "actions/told-back",
    Telling.Kind.TAKEN_OFF: "actions/told-taken-off",
    Telling.Kind.SHOWN: "actions/told-shown",
    Telling.Kind.DAY_SET: "actions/told-day-set",
    Telling.Kind.NEW_HOST: "actions/told-new-host",
    Telling.Kind.WORDS: "actions/told-words",
}


def tell(action: Action, kind: str, *, words: str = "", language: str = "") -> Telling | None:
    """Say, in the caller's transaction, that everybody who signed up must be told.

    None where nobody has. An earlier notice of a change that has not gone out yet is overtaken by
    this one: mails are written from the action as it stands when they are written.
    """
    if not SignUp.objects.filter(action=action).standing().exists():
        return None
    if kind != Telling.Kind.WORDS:
        overtaken = Telling.objects.unfinished().filter(action=action, after=None)
        overtaken.exclude(kind__in=[Telling.Kind.WORDS, Telling.Kind.NEW_HOST]).delete()
    telling = Telling.objects.create(
        action=action, kind=kind, words=words, language=language or action.language
    )
    something_to_tell.send(Telling, telling=telling)
    return telling


def untell(action: Action, kind: str) -> bool:
    """Take a notice back before anybody has been written to; answers whether that was so."""
    waiting = Telling.objects.unfinished().filter(action=action, kind=kind, after=None)
    return bool(waiting.delete()[0])


def tell_next() -> bool:
    """Write the next mails of whatever is unfinished, in the order in which it was said; answers
    whether there is more.

    Mails and the mark how far it has come are one transaction: a crash repeats and loses nobody.
    """
    with transaction.atomic():
        telling = Telling.objects.unfinished().select_for_update(of=("self",)).first()
        if telling is None:
            return False
        action = with_slip(telling.action)
        keys = list(_readers(telling).values_list("pk", flat=True)[:BATCH])
        rows = SignUp.objects.filter(pk__in=keys).order_by("pk")
        _tell_day(action, rows)
        for row in rows:
            row.action = action
            telling.readers += write_to(
                row, TEMPLATES[Telling.Kind(telling.kind)], urgency=LONG, telling=telling
            )
            telling.after = row.pk
        if len(keys) < BATCH:
            telling.finished_at = timezone.now()
        telling.save(update_fields=["after", "readers", "finished_at"])
    return True


def _readers(telling: Telling) -> SignUpQuerySet:
    """Who is still to be written to. Words of the hosts go to those who asked for them; changes go
    to everybody who left an address.
    """
    rows = SignUp.objects.filter(action=telling.action_id, created_at__lte=telling.said_at)
    rows = rows.standing().exclude(email_index="").order_by("pk")
    if telling.kind == Telling.Kind.WORDS:
        rows = rows.filter(tell_me=True)
    return rows.filter(pk__gt=telling.after) if telling.after else rows


def _tell_day(action: Action, rows: SignUpQuerySet) -> None:
    """The day on which they are deleted follows the action's day. Seats are locked first, as by
    whoever changes a sign-up: what they write meanwhile is not overwritten.
    """
    day = kept_until(action)
    if rows.exclude(delete_on=day).exists():
        lock_seats(action)
        vault.reseal(rows, delete_on=day)


@transaction.atomic
def follow_the_day(action: Action, *, most: int = 500) -> bool:
    """Tell all sign-ups of a moved action the day that follows from its new one, those without an
    address too; answers whether some are left.
    """
    rows = SignUp.objects.filter(action=action).exclude(delete_on=kept_until(action))
    part = list(rows.order_by("pk").values_list("pk", flat=True)[:most])
    _tell_day(action, SignUp.objects.filter(pk__in=part))
    return len(part) == most
