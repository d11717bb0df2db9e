"""Mail that libraries send becomes rows of the outbox."""

from collections.abc import Sequence
from email.utils import parseaddr

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import translation

from convoca.outbox.letters import one_line
from convoca.outbox.models import Message
from convoca.outbox.services import render, write


class OutboxBackend(BaseEmailBackend):
    """Writes one row for each recipient, as plain text, in the caller's transaction.

    An HTML alternative is dropped, because our mail is text; an attachment is refused, because
    dropping it silently would lose something.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        with transaction.atomic():
            for mail in email_messages:
                if mail.attachments:
                    raise ValueError("mail with attachments cannot go through the outbox")
                for address in mail.recipients():
                    self._write(mail, address)
        return len(email_messages)

    def _write(self, mail: EmailMessage, address: str) -> None:
        context = {"subject": one_line(str(mail.subject)), "text": str(mail.body).strip()}
        subject, body = render("outbox/mail/plain.txt", context)
        write(
            Message(
                to=parseaddr(address)[1],
                subject=subject,
                body=body,
                language=translation.get_language() or "en",
                template="outbox/plain",
                reply_to=parseaddr(mail.reply_to[0])[1] if mail.reply_to else "",
            )
        )
