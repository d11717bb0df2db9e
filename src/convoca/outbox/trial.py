"""One mail sent here and now, to learn what the mail server says; it is no row and no proof."""

from django.conf import settings
from django.utils import timezone, translation

from convoca.core.codes import uuid7
from convoca.core.errors import Refusal
from convoca.outbox.models import Message
from convoca.outbox.services import open_office, render, tidy_address
from convoca.outbox.transport import ToFolder, Trouble, read_mail_url


def send_trial(to: str, *, template: str, language: str = "en", **context: object) -> str:
    """Send a mail at once, past the queue; says who took it, raises `Refusal` with the reason."""
    to = tidy_address(to)
    app, _slash, name = template.partition("/")
    with translation.override(language):
        subject, body = render(f"{app}/mail/{name}.txt", context)
    message = Message(
        to=to,
        subject=subject,
        body=body,
        language=language,
        message_id=f"{uuid7().hex}@{settings.CONFIG.host}",
        created_at=timezone.now(),
    )
    try:
        with open_office() as office:
            office.send(message)
    except Trouble as trouble:
        raise Refusal("mail-not-sent", trouble.words) from trouble
    server = read_mail_url(settings.CONFIG)
    return str(server.folder) if isinstance(office, ToFolder) else str(server)
