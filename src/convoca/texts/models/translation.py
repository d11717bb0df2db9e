"""A text in another language, paragraph by paragraph, and what readers have of it."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from convoca.core.languages import direction
from convoca.texts.digests import digest
from convoca.texts.models.text import TITLE, Text

CLAIM_LASTS = timedelta(days=7)
RESTORABLE = timedelta(days=30)


class TranslationQuerySet(models.QuerySet["Translation"]):
    def published(self) -> Self:
        """What readers can read, stale or not."""
        return self.filter(published_at__isnull=False, withdrawn_at=None)

    def listed(self) -> Self:
        """For lists: without what readers have, which may be long; it is fetched where needed."""
        return self.defer("published")

    def stale(self) -> Self:
        """Published, and older than the source in at least one paragraph."""
        return self.published().filter(behind_count__gt=0)

    def in_state(self, state: str) -> Self:
        """Those that a board shows with this word."""
        if state == Translation.State.STALE:
            return self.stale()
        if state == Translation.State.PUBLISHED:
            return self.published().filter(behind_count=0)
        if state == Translation.State.WITHDRAWN:
            return self.filter(withdrawn_at__isnull=False)
        unread = self.filter(published_at=None, withdrawn_at=None)
        return unread.filter(stage=state)

    def for_pairs(self, pairs: list[tuple[str, str]]) -> Self:
        """Those that somebody with these pairs (source, target) can work on."""
        wanted = Q(pk__in=[])
        for source, target in pairs:
            wanted |= (
                Q(text__source_language=source) | Q(text__source_language__startswith=f"{source}-")
            ) & (Q(language=target) | Q(language__startswith=f"{target}-"))
        return self.filter(wanted)


class Translation(models.Model):
    """One text in one further language.

    `stage` is where the working copy stands. `published` is what readers have: key → words and
    the digest of the source words they translate; it stays until it is renewed or withdrawn.
    The counts are derived, kept so that boards and queues need no paragraphs; see `recount`.
    """

    class Stage(models.TextChoices):
        DRAFT = "draft", _("Draft")
        REVIEW = "review", _("In review")
        PUBLISHED = "published", _("Published")

    class State(models.TextChoices):
        MISSING = "missing", _("Missing")
        DRAFT = "draft", _("Draft")
        REVIEW = "review", _("In review")
        PUBLISHED = "published", _("Published")
        STALE = "stale", _("Stale")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    text = models.ForeignKey(Text, models.CASCADE, related_name="translations")
    language = models.CharField(max_length=35)
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.DRAFT)
    revision = models.PositiveIntegerField(default=0)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    published = models.JSONField(default=dict, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    is_reviewed = models.BooleanField(default=False)
    is_authors_own = models.BooleanField(default=False)
    """Readers have what those whose text it is wrote in this language themselves."""
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    total_count = models.PositiveIntegerField(default=0)
    missing_count = models.PositiveIntegerField(default=0)
    older_count = models.PositiveIntegerField(default=0)
    behind_count = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(default=timezone.now)

    objects = TranslationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["text", "language"], name="one_translation_each"),
            models.CheckConstraint(
                condition=~Q(stage="review") | Q(submitted_at__isnull=False),
                name="in_review_means_submitted",
            ),
        ]
        indexes = [
            models.Index(fields=["language", "stage", "changed_at"], name="translations_by_stage"),
        ]

    def __str__(self) -> str:
        return f"{self.text} ({self.language})"

    @property
    def trail_words(self) -> str:
        return str(self.text)

    def page_tags(self) -> list[str]:
        """The text's tag; owners' pages are raised by the services."""
        return self.text.page_tags()

    @property
    def dir(self) -> str:
        return direction(self.language)

    @property
    def is_published(self) -> bool:
        """Whether readers can read it."""
        return self.published_at is not None and self.withdrawn_at is None

    @property
    def is_stale(self) -> bool:
        return self.is_published and self.behind_count > 0

    @property
    def state(self) -> "Translation.State":
        """The one word a board shows: what readers have, else where the work stands."""
        if self.withdrawn_at is not None:
            return self.State.WITHDRAWN
        if self.published_at is not None:
            return self.State.STALE if self.behind_count else self.State.PUBLISHED
        return self.State(self.stage)

    @property
    def is_being_renewed(self) -> bool:
        """Readers have an earlier wording while somebody works on the next."""
        return self.is_published and self.stage != self.Stage.PUBLISHED

    @property
    def done_count(self) -> int:
        return self.total_count - self.missing_count - self.older_count

    @property
    def open_count(self) -> int:
        """Paragraphs that still need a hand."""
        return self.missing_count + self.older_count

    @property
    def restorable_until(self) -> datetime | None:
        return self.withdrawn_at + RESTORABLE if self.withdrawn_at else None

    def published_body(self, key: int) -> str:
        """What readers have of one paragraph."""
        return str(self.published.get(str(key), {}).get("body", ""))


class ParagraphQuerySet(models.QuerySet["Paragraph"]):
    def claimed(self) -> Self:
        """Those whose claim still holds."""
        return self.filter(claimed_by__isnull=False, claimed_at__gt=timezone.now() - CLAIM_LASTS)


class Paragraph(models.Model):
    """The working copy of one translated paragraph. `base` is the source its translator had."""

    translation = models.ForeignKey(Translation, models.CASCADE, related_name="paragraphs")
    key = models.PositiveIntegerField()
    body = models.TextField(blank=True)
    base = models.TextField(blank=True)
    base_digest = models.CharField(max_length=32, blank=True)
    base_version = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    hand = models.CharField(max_length=16, blank=True)
    """The open page that saved last: its next save, still on the way, is no second editor's."""
    at = models.DateTimeField(null=True, blank=True)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    claimed_at = models.DateTimeField(null=True, blank=True)
    earlier = models.JSONField(default=list, blank=True)

    objects = ParagraphQuerySet.as_manager()

    class Meta:
        ordering = ["key"]
        constraints = [
            models.UniqueConstraint(fields=["translation", "key"], name="one_row_per_paragraph"),
            models.CheckConstraint(
                condition=Q(claimed_by=None) | Q(claimed_at__isnull=False),
                name="a_claim_has_its_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["claimed_by", "claimed_at"],
                condition=Q(claimed_by__isnull=False),
                name="claims_by_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.translation} ¶{self.key}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.base_digest = digest(self.base) if self.base else ""
        super().save(*args, **kwargs)

    @property
    def is_title(self) -> bool:
        return self.key == TITLE

    @property
    def is_claimed(self) -> bool:
        """Claimed, and touched within the last seven days."""
        return (
            self.claimed_by_id is not None
            and self.claimed_at is not None
            and self.claimed_at > timezone.now() - CLAIM_LASTS
        )

    @property
    def free_again_at(self) -> datetime | None:
        return self.claimed_at + CLAIM_LASTS if self.claimed_at else None

    def is_held_against(self, person_id: int | None) -> bool:
        """Whether somebody else has claimed it."""
        return self.is_claimed and self.claimed_by_id != person_id
