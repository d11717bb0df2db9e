"""Mails as what is held on somebody: seen by whoever asks, gone by themselves."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from convoca.core.dates import day_words
from convoca.core.errors import Refusal
from convoca.outbox.models import Message
from convoca.vault.holdings import Holding, register


def describe(message: Message) -> str:
    """What it was about, and when it was written."""
    facts = {"subject": message.subject, "day": day_words(message.created_at.date())}
    return _("“%(subject)s”, written on %(day)s") % facts


def delete(message: Message) -> None:
    """Delete a mail, sent or not; not in the minute in which it is being sent."""
    with transaction.atomic():
        held = Message.objects.select_for_update().filter(pk=message.pk).first()
        if held is None:
            return
        if held.state == Message.State.WAITING and held.tried_at and held.is_leased:
            raise Refusal("mail-leaving", _("This mail is leaving now. Try again in a minute."))
        held.delete()


def before(message: Message) -> str:
    """What has not left yet never will."""
    if message.state in (Message.State.WAITING, Message.State.KEPT):
        return _("It has not been sent yet. Deleted, it never is.")
    return ""


def register_mails() -> None:
    """Mail is emptied a week after it was sent, and then about nobody any more."""
    name = gettext_lazy("Mails to you")
    register(Holding(Message, "to_index", name, describe, delete=delete, before=before))
