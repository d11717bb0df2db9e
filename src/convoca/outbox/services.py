"""Mail: written as rows in the caller's transaction, sent by workers, held after a restore."""

import random
import re
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.utils import parseaddr, quote
from typing import Any, Protocol

import structlog
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models, transaction
from django.template import Context
from django.template.loader import get_template
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from convoca.audit import services as audit
from convoca.core.errors import Refusal
from convoca.outbox.letters import one_line, plain
from convoca.outbox.models import (
    LONGEST_PAUSE,
    SCOPE,
    Duty,
    Message,
    MessageQuerySet,
    Office,
    kept_until,
)
from convoca.outbox.signals import something_waits
from convoca.outbox.transport import (
    NotConnected,
    Refused,
    Transport,
    Trouble,
    open_transport,
)
from convoca.vault import services as vault

MOST_ATTEMPTS = 14
"""About 28 hours. Times in which the mail server cannot be reached at all are not counted."""
LONGEST_BACKOFF = timedelta(hours=4)
DIGEST_HOUR = 6
"""The hour (UTC) at which the one mail a day is put together."""
BODIES_KEPT = timedelta(days=7)
CLOSED = "This mail cannot be opened: its key is gone."

log = structlog.get_logger(__name__)


class Recipient(Protocol):
    """A person, as far as mail needs to know one."""

    @property
    def email(self) -> str: ...


@dataclass(frozen=True)
class Letterhead:
    """Who a mail is from, in the mail's language; templates see it as `site`."""

    name: str = ""
    imprint_name: str = ""

    @property
    def url(self) -> str:
        return str(settings.CONFIG.url)

    @property
    def is_demo(self) -> bool:
        return bool(settings.DEMO)


_letterhead: Callable[[], Letterhead] = Letterhead


def set_letterhead(callback: Callable[[], Letterhead]) -> None:
    """Let an app above say who mail is from; it is asked with the mail's language active."""
    global _letterhead
    _letterhead = callback


def mail(
    template: str,
    *,
    to: Recipient | str,
    language: str = "en",
    about: models.Model | None = None,
    urgency: str = Message.Urgency.URGENT,
    context: Mapping[str, Any] | None = None,
    digest_for: Recipient | str | None = None,
    not_before: datetime | None = None,
    until: date | None = None,
) -> Message:
    """Write a mail in the caller's transaction and wake a worker for it.

    `template` is `app/name` for the file `app/mail/name.txt`, whose first line is the subject. It
    is rendered at once, in `language`, without HTML escaping; values are never read as templates.
    With `digest_for` the mail is kept for that person's one mail a day. `unsubscribe_url` in
    `context` becomes the header List-Unsubscribe. The row is sealed, and deleted on the day
    `until` at the latest, whether it was sent or not. Refuses what is no address.
    """
    address = tidy_address(to)
    language = _interface_language(language)
    app, _slash, name = template.partition("/")
    digest = index_of(digest_for) if digest_for is not None else ""
    known = {**(context or {}), "about": about, "is_part_of_digest": bool(digest)}
    with translation.override(language):
        subject, body = render(f"{app}/mail/{name}.txt", known)
    return write(
        Message(
            to=address,
            subject=subject,
            body=body,
            language=language,
            template=template,
            about_type=about._meta.label_lower if about is not None else "",
            about_id=str(about.pk) if about is not None else "",
            urgency=Message.Urgency(urgency),
            unsubscribe=str((context or {}).get("unsubscribe_url", "")),
            digest=digest,
            state=Message.State.KEPT if digest else Message.State.WAITING,
            due_at=not_before or (next_digest() if digest else timezone.now()),
            delete_on=min(filter(None, [until, kept_until(not_before)])),
        )
    )


def render(path: str, context: Mapping[str, Any]) -> tuple[str, str]:
    """The subject (the first line) and the text of a mail, in the language that is active."""
    template = get_template(path).template  # type: ignore[attr-defined]
    text = template.render(Context({**context, "site": _letterhead()}, autoescape=False))
    first, _end, rest = text.lstrip().partition("\n")
    subject = one_line(first)
    if not subject:
        raise ValueError(f"{path} has no subject in its first line")
    if settings.DEMO:
        subject = _("Demo: %(subject)s") % {"subject": subject}
    return subject, plain(rest)


@transaction.atomic
def write(message: Message) -> Message:
    """Save a message under a Message-ID of our host, and wake a worker if it should go now."""
    message.message_id = f"{uuid.uuid4().hex}@{settings.CONFIG.host}"
    message.to_index = index_of(message.to)
    message.save(force_insert=True)
    if message.state == Message.State.WAITING and message.due_at <= timezone.now():
        something_waits.send(Message, urgency=str(message.urgency))
    return message


def tidy_address(who: Recipient | str) -> str:
    """Somebody's mail address without blanks around it; refuses what is none."""
    address = who if isinstance(who, str) else who.email
    address = address.strip()
    try:
        validate_email(address)
    except ValidationError as error:
        raise Refusal("address-wrong", _("This is not a mail address.")) from error
    return address


def index_of(who: Recipient | str) -> str:
    """What mail to somebody is found by; the address itself is sealed."""
    return vault.index(SCOPE, who if isinstance(who, str) else who.email)


def _interface_language(tag: str) -> str:
    """The language in which the interface's words will really be."""
    try:
        return translation.get_supported_language_variant(tag)
    except LookupError:
        return str(settings.LANGUAGE_CODE)


def pending(*, to: Recipient | str) -> MessageQuerySet:
    """What waits to be sent to somebody, and what is kept for their one mail a day, in order."""
    states = [Message.State.WAITING, Message.State.KEPT]
    return Message.objects.filter(to_index=index_of(to), state__in=states).order_by("pk")


def dead() -> MessageQuerySet:
    """What was given up, newest first; `last_error` says why."""
    return Message.objects.dead()


def retry(
    message: Message,
    *,
    by: audit.Actor | None = None,
    under: audit.Authority | None = None,
) -> None:
    """Try a dead message again from the start. One that is not dead stays as it is."""
    again = Message.objects.filter(pk=message.pk, state=Message.State.DEAD)
    now = timezone.now()
    with transaction.atomic():
        if again.update(state=Message.State.WAITING, attempts=0, due_at=now, last_error=""):
            audit.record("outbox.retried", about=message, by=by, under=under)
            something_waits.send(Message, urgency=str(message.urgency))
    message.refresh_from_db()


# Holding


@transaction.atomic
def hold(reason: str, *, by: audit.Actor | None = None) -> None:
    """Let nothing leave, as after a restore. Mail is still written; holding twice is holding."""
    office = Office.locked()
    if office.held_since is None:
        office.held_since, office.held_because = timezone.now(), reason[:200]
        office.save(update_fields=["held_since", "held_because"])
        audit.record("outbox.held", about=office, by=by, reason=office.held_because)


@transaction.atomic
def release(
    *,
    by: audit.Actor | None = None,
    under: audit.Authority | None = None,
    leave_unsent: bool = False,
) -> None:
    """Let mail leave again. Harmless when nothing is held.

    What waited in a backup may have been sent since: with `leave_unsent`, mail written before the
    hold is given up, where a steward can still look at it and try each again.
    """
    office = Office.locked()
    if office.held_since is None:
        return
    since, office.held_since, office.held_because = office.held_since, None, ""
    office.save(update_fields=["held_since", "held_because"])
    left = 0
    if leave_unsent:
        old = Message.objects.exclude(state__in=[Message.State.SENT, Message.State.DEAD])
        left = old.filter(created_at__lt=since).update(
            state=Message.State.DEAD, last_error=_("Left unsent after a restore.")
        )
    audit.record(
        "outbox.released", about=office, by=by, under=under, held_since=since, left_unsent=left
    )
    wake_for_due()


def is_held() -> bool:
    """Whether nothing leaves until a steward releases it."""
    return Office.load().held_since is not None


def held_because() -> str:
    """Why mail is held, for the steward who decides; empty when it is not."""
    return Office.load().held_because


def failing_since() -> datetime | None:
    """Since when mail cannot be sent: the server does not take it, or no worker has for long."""
    office = Office.load()
    if office.failing_since or office.held_since:
        return office.failing_since
    limit = timezone.now() - timedelta(minutes=10)
    late = Message.objects.waiting().filter(due_at__lt=limit, attempts=0, tried_at=None)
    oldest: datetime | None = late.aggregate(at=models.Min("due_at"))["at"]
    return None if settings.CONFIG.mail_per_minute else oldest


def last_error() -> str:
    """What the mail server said when mail last could not be sent at all."""
    return Office.load().last_error


# Sending


def wake_for_due() -> None:
    """Ask for a drain wherever something is due. The tick does so each minute."""
    Message.objects.mend_times()
    for urgency in Message.Urgency.values:
        if Message.objects.due(urgency).exists():
            something_waits.send(Message, urgency=urgency)


def open_office() -> Transport:
    """What sends the mail of this installation, in the network's name unless another is set."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    with translation.override(settings.LANGUAGE_CODE):
        name = one_line(name or _letterhead().name)
    return open_transport(settings.CONFIG, sender=f'"{quote(name)}" <{address}>')


def send(batch: Iterable[Message], transport: Transport, *, may_go_on: Callable[[], bool]) -> bool:
    """Send claimed messages one by one, marking each in a commit of its own.

    At most one message, the one in hand, can be repeated after a crash. What was not tried is
    given back. Answers whether it makes sense to claim more now.
    """
    rest, is_well = list(batch), False
    while rest and may_go_on() and rest[0].is_leased:
        message = rest[0]
        try:
            if vault.is_closed(message):
                raise Refused(CLOSED)
            transport.send(message)
        except NotConnected as trouble:  # this one was not tried either
            _pause(trouble)
            break
        except Trouble as trouble:
            _put_off(message, trouble)
        except Exception as error:
            log.exception("mail could not be composed", message=message.pk)
            _put_off(message, Refused(type(error).__name__))
        else:
            _mark_sent(message)
            is_well = is_well or _mend()
        rest.pop(0)
    Message.objects.give_back(rest)
    return not rest


def _mine(message: Message) -> MessageQuerySet:
    return Message.objects.filter(pk=message.pk, state=Message.State.WAITING, due_at=message.due_at)


def _mark_sent(message: Message) -> None:
    _mine(message).update(state=Message.State.SENT, sent_at=timezone.now(), last_error="")


def _mend() -> bool:
    """Note that mail goes out again."""
    failing = Office.objects.filter(failing_since__isnull=False)
    failing.update(failing_since=None, failures=0, paused_until=None, last_error="")
    return True


def _pause(trouble: NotConnected) -> None:
    """Nothing can be sent: wait a while, longer each time, and let stewards know since when."""
    with transaction.atomic():
        office = Office.locked()
        wait = min(timedelta(seconds=10) * 2 ** min(office.failures, 10), LONGEST_PAUSE)
        office.failing_since = office.failing_since or timezone.now()
        office.failures += 1
        office.paused_until = timezone.now() + wait
        office.last_error = trouble.words
        office.save()
    log.warning("mail cannot be sent", error=trouble.words, again_in=int(wait.total_seconds()))


def _put_off(message: Message, trouble: Trouble) -> None:
    """Try again later, or give up: at once if the server never will, else after a day."""
    final = isinstance(trouble, Refused) or message.attempts >= MOST_ATTEMPTS
    _mine(message).update(
        state=Message.State.DEAD if final else Message.State.WAITING,
        due_at=timezone.now() + backoff(message.attempts),
        last_error=_without_address(trouble.words, message.to),
    )


def _without_address(words: str, address: str) -> str:
    """What a server said without the name before the @, which some repeat by itself."""
    name = address.rpartition("@")[0]
    if len(name) < 3:
        return words
    return re.sub(rf"(?i)(?<!\w){re.escape(name)}(?!\w)", "[address]", words)[:300]


def backoff(attempts: int) -> timedelta:
    """One minute, then twice as long each time up to four hours; a quarter more or less by lot."""
    step = min(timedelta(minutes=1) * 2.0 ** min(max(attempts - 1, 0), 10), LONGEST_BACKOFF)
    by_lot: float = random.uniform(0.75, 1.25)  # noqa: S311  spreading load, not a secret
    return step * by_lot


# What comes round


def next_digest(after: datetime | None = None) -> datetime:
    """When the next mail of the day is put together."""
    after = after or timezone.now()
    today = after.replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0)
    return today if today > after else today + timedelta(days=1)


@transaction.atomic
def send_digests() -> int:
    """Put together the one mail a day of everybody whose notices have come due. Says how many.

    Not while mail is held: what was kept in a backup would come out as mail of today.
    """
    if is_held():
        return 0
    due = Message.objects.filter(state=Message.State.KEPT, due_at__lte=timezone.now())
    made = 0
    for digest, language in due.values_list("digest", "language").distinct().order_by()[:200]:
        kept = list(
            due.select_for_update().filter(digest=digest, language=language).order_by("pk")[:100]
        )
        if readable := [row for row in kept if not vault.is_closed(row)]:
            _put_together(readable, language)
            made += 1
        closed = [row.pk for row in kept if row not in readable]
        Message.objects.filter(pk__in=closed).update(state=Message.State.DEAD, last_error=CLOSED)
    return made


def _put_together(kept: list[Message], language: str) -> None:
    with translation.override(language):
        subject, body = render("outbox/mail/daily.txt", {"mails": kept})
    together = write(
        Message(
            to=kept[-1].to,
            subject=subject,
            body=body,
            language=language,
            template="outbox/daily",
            urgency=Message.Urgency.LONG,
            digest=kept[-1].digest,
            delete_on=min(row.delete_on for row in kept),
        )
    )
    Message.objects.filter(pk__in=[row.pk for row in kept]).update(
        state=Message.State.SENT, sent_at=together.created_at, body="", last_error=""
    )


def forget_old() -> int:
    """Empty what was sent a week ago of address and words. The vault deletes rows on their day."""
    old = Message.objects.filter(
        state=Message.State.SENT, sent_at__lt=timezone.now() - BODIES_KEPT
    ).exclude(to="", subject="", body="")
    empty = ["to", "to_index", "subject", "body", "reply_to", "unsubscribe", "digest"]
    return old.update(**dict.fromkeys(empty, ""))


def done_for_today(name: str) -> None:
    """Note that what comes round each day was done; it is due again after midnight (UTC)."""
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    Duty.objects.filter(pk=name).update(due_at=midnight + timedelta(days=1))
