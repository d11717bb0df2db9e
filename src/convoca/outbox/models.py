"""Mail as rows: written with their cause, claimed by conditional update, sent once."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from convoca.vault.fields import SealedField
from convoca.vault.models import SealedQuerySet, SealedRow

SCOPE = "outbox"
"""Whose key seals mail, and whose index finds it by address."""
ROWS_KEPT = timedelta(days=90)
LONGEST_PAUSE = timedelta(minutes=5)
"""After a failure of the mail server nothing is tried for this long at most."""
CLOCKS_DIFFER = timedelta(minutes=5)
"""What is written further in the future than this was written by a clock that was wrong."""
LEASE = timedelta(minutes=3)
"""How long a worker has for a batch; if it dies, its rows fall due again after this."""


def lease() -> timedelta:
    """The time a claim lasts; tests that kill workers make it short."""
    chosen: timedelta = getattr(settings, "OUTBOX_LEASE", LEASE)
    return chosen


class MessageQuerySet(SealedQuerySet["Message"]):
    def waiting(self) -> Self:
        return self.filter(state=Message.State.WAITING)

    def due(self, urgency: str) -> Self:
        """What should be sent now, the longest due first. An index holds exactly this order."""
        now = timezone.now()
        return self.waiting().filter(urgency=urgency, due_at__lte=now).order_by("due_at", "pk")

    def dead(self) -> Self:
        """What was given up, the newest first."""
        return self.filter(state=Message.State.DEAD).order_by("-pk")

    def claim(self, urgency: str, most: int = 50) -> list["Message"]:
        """Take up to `most` due rows in one commit. If their worker dies, they fall due again.

        Claiming is a conditional update of each row: two workers never take the same one. While
        the office is held or pauses after a failure, nothing is taken; a provider's limit per
        minute is kept across all workers.
        """
        with transaction.atomic():
            office = Office.locked()
            now = timezone.now()
            until = now + lease()
            mine = []
            for row in self.due(urgency)[: min(most, office.room_for(urgency))]:
                still_due = self.filter(pk=row.pk, state=row.state, due_at=row.due_at)
                if still_due.update(due_at=until, attempts=F("attempts") + 1, tried_at=now):
                    row.due_at, row.attempts = until, row.attempts + 1
                    mine.append(row)
            return mine

    def mend_times(self) -> int:
        """Let mail go whose next time was set by a clock that has been put back since."""
        future = timezone.now() + CLOCKS_DIFFER
        tried = models.Q(tried_at__gt=future)
        never = models.Q(tried_at=None, created_at__gt=future)
        written = never & models.Q(due_at__lt=F("created_at") + CLOCKS_DIFFER)  # not for later
        wrong = self.waiting().filter(tried | written)
        # Looked for first: an update would take SQLite's one lock each minute.
        return wrong.update(due_at=timezone.now(), tried_at=None) if wrong.exists() else 0

    def give_back(self, rows: Iterable["Message"]) -> None:
        """Return claimed rows that nobody tried to send: due at once, the attempt not counted."""
        now = timezone.now()
        for row in rows:
            mine = self.filter(pk=row.pk, state=Message.State.WAITING, due_at=row.due_at)
            mine.update(due_at=now, attempts=F("attempts") - 1, tried_at=None)


def kept_until(at: datetime | None = None) -> date:
    """The day on which a mail that is due at `at` is deleted, where nobody was told another."""
    return ((at or timezone.now()) + ROWS_KEPT).astimezone(UTC).date()


class Message(SealedRow):
    """One mail to one address, sealed. Its Message-ID is fixed when it is written, so that a
    repeat after a crash is recognised as the same mail."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        KEPT = "kept", _("kept for the one mail a day")
        SENT = "sent", _("sent")
        DEAD = "dead", _("given up")

    class Urgency(models.TextChoices):
        URGENT = "urgent", _("urgent")
        LONG = "long", _("in its turn")

    scope = models.CharField(max_length=40, default=SCOPE, editable=False)
    delete_on = models.DateField(db_index=True, default=kept_until)
    to = SealedField()
    """The address; emptied some days after sending, with subject and body."""
    to_index = models.CharField(max_length=64, blank=True)
    """`vault.index` of the address, to find mail by it."""
    subject = SealedField()
    body = SealedField()
    language = models.CharField(max_length=35, default="en")
    template = models.CharField(max_length=80, blank=True)
    about_type = models.CharField(max_length=60, blank=True)
    about_id = models.CharField(max_length=40, blank=True)
    message_id = models.CharField(max_length=200, unique=True)
    reply_to = SealedField()
    unsubscribe = SealedField()
    """An address of ours where this kind of mail is switched off, for the header of that name."""
    urgency = models.CharField(max_length=6, choices=Urgency.choices, default=Urgency.URGENT)
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    digest = models.CharField(max_length=64, blank=True)
    """Whose one mail a day this belongs to, as an index; empty for a mail of its own."""
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    """When to try next. It is also the lease: claiming a row moves it forward."""
    tried_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)
    """What the mail server answered, without addresses."""
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()  # type: ignore[misc]  # narrower than the base's

    class Meta:
        indexes = [
            models.Index(fields=["state", "urgency", "due_at", "id"], name="outbox_due"),
            models.Index(fields=["state", "digest"], name="outbox_by_digest"),
            models.Index(fields=["to_index", "state"], name="outbox_by_address"),
            models.Index(fields=["about_type", "about_id"], name="outbox_by_object"),
            models.Index(fields=["tried_at"], name="outbox_by_try"),
            models.Index(fields=["state", "sent_at"], name="outbox_by_sending"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="sent") | models.Q(sent_at__isnull=False),
                name="sent_mail_has_its_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="kept") | ~models.Q(digest=""),
                name="kept_mail_has_its_digest",
            ),
        ]

    def __str__(self) -> str:
        return self.message_id

    @property
    def is_leased(self) -> bool:
        """Whether the claim still holds long enough to send this one (a process may be frozen)."""
        return self.due_at - timezone.now() > lease() / 2


class Office(models.Model):
    """The one row that every worker asks before it sends: held, pausing, or how much a minute."""

    held_since = models.DateTimeField(null=True, blank=True)
    held_because = models.CharField(max_length=200, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)
    paused_until = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="there_is_one_office"),
        ]

    def __str__(self) -> str:
        return "outbox"

    @classmethod
    def load(cls) -> "Office":
        """The row as it stands; made when nothing has needed it yet."""
        return cls.objects.get_or_create(pk=1)[0]

    @classmethod
    def locked(cls) -> "Office":
        """The row, locked until the caller's transaction ends."""
        cls.load()
        return cls.objects.select_for_update().get(pk=1)

    @property
    def is_pausing(self) -> bool:
        """Whether mail waits after a failure; a pause longer than any is a clock's fault."""
        now = timezone.now()
        return bool(self.paused_until and now < self.paused_until <= now + 2 * LONGEST_PAUSE)

    def room_for(self, urgency: str) -> int:
        """How many may be taken now: none while held or pausing, else what the limit leaves.

        What is not urgent uses four fifths of a limit, so that a newsletter leaves room for the
        code that somebody is waiting for.
        """
        now = timezone.now()
        if self.held_since or self.is_pausing:
            return 0
        limit = settings.CONFIG.mail_per_minute
        if not limit:
            return 1_000_000
        minute = (now - timedelta(minutes=1), now + CLOCKS_DIFFER)
        tried = Message.objects.filter(tried_at__range=minute).count()
        if urgency == Message.Urgency.LONG and limit > 1:
            limit -= max(1, limit // 5)
        return max(0, limit - tried)


class Duty(models.Model):
    """When something that comes round each minute or day is next due."""

    name = models.CharField(max_length=150, primary_key=True)
    due_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name

    @classmethod
    def take(cls, name: str, *, next_at: datetime, every: timedelta) -> bool:
        """Whether the caller, and nobody else, should do it now; it is next due at `next_at`.

        What comes round `every` so often is never due later than that: where it is, the clock
        was wrong when that was written, and has been put back since.
        """
        cls.objects.get_or_create(pk=name)
        now = timezone.now()
        is_due = models.Q(due_at__lte=now) | models.Q(due_at__gt=now + every + CLOCKS_DIFFER)
        return bool(cls.objects.filter(is_due, pk=name).update(due_at=next_at))
