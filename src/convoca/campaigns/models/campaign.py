"""A campaign: a call, who convenes it, and where in its life it stands."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from convoca.core.access import Visitor
from convoca.core.codes import public_code
from convoca.core.fold import fold, terms
from convoca.core.names import NamesField
from convoca.core.slugs import slug_of
from convoca.media.models import Picture
from convoca.network.models import Organisation
from convoca.network.rules import is_steward
from convoca.texts.models import Text

TOLD_GONE = timedelta(days=90)
"""How long calendars say that a campaign was withdrawn, so that they let its dates go."""
KEPT_WITHDRAWN = timedelta(days=30)
"""How long a withdrawn campaign, material or moment can come back."""


class State(models.TextChoices):
    """Where a campaign stands. `rules.STEPS` says who may take it further."""

    DRAFT = "draft", pgettext_lazy("a campaign", "Draft")
    REVIEW = "review", pgettext_lazy("a campaign", "In review")
    PUBLISHED = "published", pgettext_lazy("a campaign", "Published")
    CLOSED = "closed", pgettext_lazy("a campaign", "Closed")
    ARCHIVED = "archived", pgettext_lazy("a campaign", "Archived")


PUBLIC = (State.PUBLISHED, State.CLOSED, State.ARCHIVED)


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def published(self) -> Self:
        """What the public may read: published, closed and archived, and not withdrawn."""
        return self.filter(state__in=PUBLIC, withdrawn_at=None)

    def open(self) -> Self:
        """Those that take endorsements."""
        return self.filter(state=State.PUBLISHED, withdrawn_at=None)

    def visible_to(self, visitor: Visitor) -> Self:
        """Published ones, and the drafts of the visitor's own organisations; stewards see all."""
        if is_steward(visitor):
            return self.all()
        own = self.filter(convenors__in=Organisation.objects.of(visitor)).values("pk")
        return self.filter(Q(pk__in=own) | Q(state__in=PUBLIC, withdrawn_at=None))

    def kept(self) -> Self:
        """Without what was withdrawn."""
        return self.filter(withdrawn_at=None)

    def taken_off(self) -> Self:
        """What the public read until not long ago, and is withdrawn now."""
        recent = timezone.now() - TOLD_GONE
        return self.filter(state__in=PUBLIC, withdrawn_at__gt=recent)

    def found_by(self, asked: str) -> Self:
        """Those whose title, lead or hashtags hold every word that was asked for."""
        found = self
        for word in terms(asked):
            found = found.filter(sought__contains=word)
        return found


class Campaign(models.Model):
    """Several organisations call together; all who convene it own it, and nobody alone."""

    code = models.CharField(max_length=8, unique=True, default=public_code, editable=False)
    names = NamesField()
    lead = NamesField(blank=True)
    call = models.OneToOneField(Text, models.PROTECT, related_name="campaign")
    convenors = models.ManyToManyField(Organisation, related_name="convened_campaigns")
    hashtags = models.JSONField(default=list, blank=True)
    ink = models.CharField(max_length=20, default="petrol")
    picture = models.ForeignKey(Picture, models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    series = models.CharField(max_length=8, blank=True, editable=False)
    """The code of the first campaign of a row of editions; every edition carries it."""
    edition = models.CharField(max_length=20, blank=True)
    sought = models.TextField(blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(auto_now=True)
    published_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    counted_at = models.DateTimeField(default=timezone.now)
    """When its list of endorsements last changed: what "as of" says."""

    objects = CampaignQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=("draft", "review")) | Q(published_at__isnull=False),
                name="what_is_public_was_published",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("closed", "archived")) | Q(closed_at__isnull=False),
                name="what_is_closed_has_a_closing_day",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(closed_at__gte=F("published_at")),
                name="closed_after_published",
            ),
        ]
        indexes = [
            models.Index(
                "state", F("published_at").desc(), condition=Q(withdrawn_at=None),
                name="campaigns_kept_by_state",
            ),
            models.Index(fields=["series", "-published_at"], name="campaigns_of_a_series"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.names)

    def save(self, *args: object, **kwargs: object) -> None:
        self.series = self.series or self.code
        words = [*self.names.values(), *self.lead.values(), *self.hashtags]
        self.sought = fold(" ".join(words))
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def get_absolute_url(self) -> str:
        return reverse("campaigns:detail", args=[self.code, self.slug()])

    def page_tags(self) -> list[str]:
        return [f"campaign:{self.pk}", "campaigns"]

    @property
    def is_public(self) -> bool:
        return self.state in PUBLIC and self.withdrawn_at is None

    @property
    def is_closed(self) -> bool:
        """Whether it takes no more endorsements and is no longer edited."""
        return self.state in (State.CLOSED, State.ARCHIVED)

    @property
    def is_open(self) -> bool:
        return self.state == State.PUBLISHED and self.withdrawn_at is None

    @property
    def comes_back_until(self) -> datetime | None:
        return self.withdrawn_at + KEPT_WITHDRAWN if self.withdrawn_at else None

    @property
    def source_language(self) -> str:
        return self.call.source_language

    def slug(self) -> str:
        return slug_of(str(self.names), "campaign")
