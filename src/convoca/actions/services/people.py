"""What the hosts of one action do with its list: read it, tick who arrives, write to all."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convoca.actions.models import Action, HostLink, Seats, SignUp, Telling
from convoca.actions.models.signup import SignUpQuerySet
from convoca.actions.services.seats import lock_seats
from convoca.actions.services.telling import tell
from convoca.audit import services as audit
from convoca.core.errors import Refusal
from convoca.core.fold import fold

MESSAGES_A_DAY = 3
MOST_WALK_INS = 1_000_000
ORDERS = ("name", "time", "people")


def on_the_list(action: Action) -> SignUpQuerySet:
    """Who comes or waits. What nobody confirmed, and who cancelled, is nobody's business."""
    return SignUp.objects.filter(action=action).standing()


def listed(action: Action, *, asked: str = "", order: str = "name") -> list[SignUp]:
    """The list, found in any spelling and in an order. Names are sealed: each is opened here."""
    rows = list(on_the_list(action).order_by("created_at", "pk"))
    if words := fold(asked):
        rows = [row for row in rows if words in fold(f"{row.name} {row.answer}")]
    if order == "name":
        rows.sort(key=lambda row: (not row.name, fold(str(row.name or ""))))
    elif order == "people":
        rows.sort(key=lambda row: -row.people)
    return rows


def counts_words(seats: Seats | None) -> str:
    """Who comes and who waits, in words: "31 people, 4 waiting"."""
    people, waiting = (seats.people, seats.waiting) if seats else (0, 0)
    words = ngettext("%(people)d person", "%(people)d people", people) % {"people": people}
    if not waiting:
        return words
    waits = ngettext("%(count)d waiting", "%(count)d waiting", waiting) % {"count": waiting}
    return _("%(people)s, %(waiting)s") % {"people": words, "waiting": waits}


@transaction.atomic
def tick(action: Action, pk: str, arrived: int) -> SignUp | None:
    """So many of a sign-up are here. The number is the whole truth, not a step: sent twice, or
    late from a phone that was offline, it changes nothing more. None where the row is gone.
    """
    lock_seats(action)
    row = SignUp.objects.coming().filter(action=action, pk=pk).select_for_update().first()
    if row is None:
        return None
    arrived = max(0, min(arrived, row.people))
    if arrived != row.arrived:
        Seats.objects.filter(action=action).update(arrived=F("arrived") + arrived - row.arrived)
        row.arrived, row.ticked_at = arrived, timezone.now() if arrived else None
        row.save(update_fields=["arrived", "ticked_at"])
    return row


@transaction.atomic
def count_walk_ins(action: Action, number: int) -> None:
    """How many came without having signed up."""
    lock_seats(action)
    number = max(0, min(number, MOST_WALK_INS))
    Seats.objects.filter(action=action).update(walk_ins=number)


def readers_of(action: Action) -> int:
    """How many mails a message of the hosts is now."""
    rows = on_the_list(action).filter(tell_me=True)
    return rows.exclude(email_index="").count()


@transaction.atomic
def write_to_all(link: HostLink, words: str) -> Telling:
    """The hosts write to all who wished for it. Three times a day at most; it cannot be undone."""
    action = lock_seats(link.action)
    refuse_message(action)
    telling = tell(action, Telling.Kind.WORDS, words=words, language=link.language)
    if telling is None:
        raise Refusal("nobody-to-tell", _("Nobody on the list wishes to be written to."))
    audit.record("action.written_to_all", about=action, by=link.person, via="host link")
    return telling


def refuse_message(action: Action) -> None:
    """Refuses where no message may go out: too many today, an action out of sight, no reader."""
    if not action.is_public:
        raise Refusal(
            "action-not-public",
            _("This action cannot be read at the moment, so nobody can be written to."),
        )
    since = timezone.now() - timedelta(days=1)
    said = Telling.objects.filter(action=action, kind=Telling.Kind.WORDS, said_at__gt=since)
    if said.count() >= MESSAGES_A_DAY:
        raise Refusal(
            "too-many-messages",
            _("You have written to all three times within a day. Write again tomorrow."),
        )
    if not readers_of(action):
        raise Refusal("nobody-to-tell", _("Nobody on the list wishes to be written to."))


def as_rows(rows: Sequence[SignUp]) -> list[list[Any]]:
    """The list for a spreadsheet. Addresses are no part of it: messages go through us."""
    return [
        [
            str(row.name or ""),
            row.people,
            str(row.answer or ""),
            row.get_state_display(),
            row.arrived,
            row.created_at.date().isoformat(),
        ]
        for row in rows
    ]


def note_taken(link: HostLink) -> None:
    """The list of one action was taken away as a file."""
    audit.record("action.list_taken", about=link.action, by=link.person, via="host link")
