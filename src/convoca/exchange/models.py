"""Lists that were handed in: what became of them, their files, and what was left out."""

from datetime import timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from convoca.campaigns.models import Campaign
from convoca.counting.models import Source
from convoca.exchange.reading.reasons import SAID, Reason, in_words
from convoca.exchange.reading.row import RefusedRow
from convoca.network.models import Mandate
from convoca.vault.fields import SealedBytesField, SealedJSONField
from convoca.vault.models import SealedRow
from convoca.vault.services import CLOSED, is_closed

LEASE = timedelta(minutes=1)
"""So long after its last portion a list falls due again: whoever took it in has died."""
MOST_ATTEMPTS = 4
"""So often a list may fall due without coming on; then a person is asked."""


class ImportQuerySet(models.QuerySet["Import"]):
    def begun(self) -> Self:
        """Those that a person, or the operator, said yes to."""
        return self.filter(started_at__isnull=False)

    def unfinished(self) -> Self:
        """Those that a worker takes in, or will; or looks through, before they have begun."""
        return self.filter(due_at__isnull=False, ended_at=None)

    def left(self) -> Self:
        """Those that wait for a person: for a yes, or to go on after they stopped."""
        return self.filter(ended_at=None, due_at=None)

    def with_file(self) -> Self:
        """Those whose file is still kept."""
        return self.filter(parts__number=0)

    def before(self, source: Any, started_at: Any, pk: Any) -> Self:
        """Those of a source that are not in yet and began before a list of it."""
        first = Q(started_at__lt=started_at) | Q(started_at=started_at, pk__lt=pk)
        return self.unfinished().filter(first, source=source).order_by("started_at", "pk")

    def due(self) -> Self:
        """Those that a worker may take up now: of one source one after the other, since a list may
        say of what the one before it said that it is said no more.
        """
        earlier = Import.objects.before(*map(OuterRef, ("source", "started_at", "pk")))
        rows = self.unfinished().filter(~Exists(earlier), due_at__lte=timezone.now())
        return rows.order_by(F("started_at").asc(nulls_first=True), "pk")

    def claim(self) -> "Import | None":
        """Take the next one that is due. If its worker dies, it falls due again."""
        now = timezone.now()
        for row in self.due()[:10]:
            still = self.filter(pk=row.pk, due_at=row.due_at)  # the update below is the lock
            stuck = row.attempts >= MOST_ATTEMPTS
            until = None if stuck else now + LEASE
            taken = still.update(due_at=until, attempts=row.attempts + 1)
            if taken and not stuck:
                row.due_at, row.attempts = until, row.attempts + 1
                return row
        return None


class Import(models.Model):
    """One list, taken in once. Its number is the run that claims name (`Claim.run`).

    A list of actions belongs to a source and a campaign, one of members to neither. Until it has
    begun it is what somebody handed in and looks at.
    """

    class Kind(models.TextChoices):
        ACTIONS = "actions", pgettext_lazy("a list", "Actions, and what became of them")
        MEMBERS = "members", pgettext_lazy("a list", "Organisations and their committees")

    kind = models.CharField(max_length=7, choices=Kind.choices, default=Kind.ACTIONS)
    source = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="imports"
    )
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, null=True, blank=True, related_name="imports"
    )
    name = models.CharField(_("name"), max_length=200)
    """Of the file, as it was handed in."""
    is_large = models.BooleanField(default=False)
    """Whether the worker looks through it first, and pages show what it found (`Looked`)."""
    headings = models.JSONField(default=list)
    """Of its columns, in the order of the file; none until it was read."""
    columns = models.JSONField(default=dict)
    """What each column was taken for; suggested again for the next list with these columns."""
    settings = models.JSONField(default=dict)
    is_whole = models.BooleanField(default=False)
    """Whether it is all that the source says of the campaign: what it lacks has vanished."""
    counts = models.JSONField(default=dict)
    """What became of its rows so far, by the names of `importing.Report`."""
    under = models.ForeignKey(Mandate, models.PROTECT, null=True, blank=True, related_name="+")
    """None where the operator did it."""
    handed_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    """From when a worker may take it up; None where none shall."""
    attempts = models.PositiveSmallIntegerField(default=0)
    """How often it was taken up since it last came on."""
    language = models.CharField(max_length=8, blank=True)
    """In which the worker says what it found: of the page on which it was last asked for."""
    trouble = models.CharField(max_length=500, blank=True)
    """Why nobody goes on, in the language of who said yes, or looks."""
    total = models.PositiveIntegerField(default=0)
    """Rows of the file, counted before it began."""
    done = models.PositiveIntegerField(default=0)
    """How many of what the rows gave are in: where it goes on."""
    is_read = models.BooleanField(default=False)
    """Whether all rows are in, and only what follows from them is left."""
    settled = models.PositiveIntegerField(default=0)
    """Of what follows, how much is done: affiliated members, portions that were linked."""

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="members") | Q(source__isnull=False, campaign__isnull=False),
                name="a_list_of_actions_has_a_source_and_a_campaign",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(ended_at=None), name="imports_due"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_of_members(self) -> bool:
        return self.kind == self.Kind.MEMBERS

    @property
    def scope(self) -> str:
        """Whose key seals its file and what it left out: its own, so that both end on their day."""
        return f"list:{self.pk}"

    @property
    def has_begun(self) -> bool:
        return self.started_at is not None

    @property
    def has_stopped(self) -> bool:
        """Whether it came to no end and nobody takes it up any more."""
        return self.has_begun and self.ended_at is None and self.due_at is None

    def waits_for(self) -> "Import | None":
        """The list of its source that comes in before it."""
        if self.started_at is None or self.ended_at is not None or self.due_at is None:
            return None
        return Import.objects.before(self.source_id, self.started_at, self.pk).first()


class FilePart(SealedRow):
    """A piece of the file of an import, packed and sealed, until it has come in or its days are
    over: then it cannot be read from a backup either.
    """

    of = models.ForeignKey(Import, models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    """From 0: the pieces one after the other are the file."""
    content: Any = SealedBytesField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["of", "number"], name="pieces_of_a_file_are_counted")
        ]

    def __str__(self) -> str:
        return f"{self.of_id} ({self.number})"


class Looked(SealedRow):
    """What a person sees of a large list before saying yes, as the worker found it."""

    of = models.OneToOneField(Import, models.CASCADE, related_name="looked")
    seen = models.JSONField(default=list)
    """What its columns were taken for, and its settings, when it was looked through."""
    language = models.CharField(max_length=8)
    """Of the sentences below."""
    laid: Any = SealedJSONField(default=dict)
    preview: Any = SealedJSONField(default=dict)

    def __str__(self) -> str:
        return str(self.of_id)


class LeftOut(SealedRow):
    """A row that did not come in, wholly or in part, and why. Deleted after some weeks."""

    of = models.ForeignKey(Import, models.CASCADE, related_name="left_out")
    number = models.PositiveIntegerField()
    """Of the row, as `RefusedRow` counts."""
    reasons: Any = SealedJSONField(default=list)
    """Codes with their values; or sentences, of members."""
    cells: Any = SealedJSONField(default=list)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.number)

    def as_refused(self) -> RefusedRow:
        """The row with its reasons, as it was read; of one that is closed, only its number."""
        if is_closed(self):
            return RefusedRow(self.number, (Reason(SAID, {"text": str(CLOSED)}),), [])
        reasons = tuple(
            Reason(SAID, {"text": one}) if isinstance(one, str) else Reason(*one)
            for one in self.reasons
        )
        return RefusedRow(self.number, reasons, self.cells)

    @property
    def words(self) -> str:
        """What stands in it, without what is empty."""
        return " · ".join(cell for cell in self.as_refused().cells if cell.strip())

    @property
    def why(self) -> str:
        """Its reasons in the reader's language; of members, in that of who handed the list in."""
        return " ".join(map(in_words, self.as_refused().reasons))
