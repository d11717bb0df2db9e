"""Mails as what is held on somebody: seen by whoever asks, gone by themselves."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from convoca.core.dates import day_words
from convoca.outbox.models import Message
from convoca.vault.holdings import Holding, register


def describe(message: Message) -> str:
    """What it was about, and when it was written."""
    facts = {"subject": message.subject, "day": day_words(message.created_at.date())}
    return _("“%(subject)s”, written on %(day)s") % facts


def register_mails() -> None:
    """Mail is emptied a week after it was sent, and then about nobody any more."""
    register(Holding(Message, "to_index", gettext_lazy("Mails to you"), describe))
