"""What a campaign asks for, and what it gives people to use."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from convoca.campaigns.models.campaign import KEPT_WITHDRAWN, Campaign
from convoca.core.names import NamesField
from convoca.media.models import Document, Picture, Recording

MOST_DEMANDS = 20


class DemandQuerySet(models.QuerySet["Demand"]):
    def kept(self) -> Self:
        """What the campaign demands now."""
        return self.filter(withdrawn_at=None)

    def taken_away(self) -> Self:
        """What was taken away and can still come back, the latest first."""
        since = timezone.now() - KEPT_WITHDRAWN
        return self.filter(withdrawn_at__gt=since).order_by("-withdrawn_at", "position")


class Demand(models.Model):
    """One demand, short enough for a banner.

    Its words are `Names`, not a `Text`: one sentence per language, translated where it is
    written; the reasons for it belong into the call.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="demands")
    position = models.PositiveSmallIntegerField()
    names = NamesField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = DemandQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        indexes = [models.Index(fields=["campaign", "position"], name="demands_of_a_campaign")]

    def __str__(self) -> str:
        return str(self.names)

    def page_tags(self) -> list[str]:
        return [f"campaign:{self.campaign_id}"]


class Material(models.Model):
    """A file to print, show or play, in one language or for all."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="materials")
    names = NamesField()
    language = models.CharField(max_length=35, blank=True)
    document = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="+")
    picture = models.ForeignKey(Picture, models.PROTECT, null=True, blank=True, related_name="+")
    recording = models.ForeignKey(
        Recording, models.PROTECT, null=True, blank=True, related_name="+"
    )
    added_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["language", "added_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(document__isnull=False, picture=None, recording=None)
                | Q(document=None, picture__isnull=False, recording=None)
                | Q(document=None, picture=None, recording__isnull=False),
                name="a_material_is_one_file",
            ),
        ]
        indexes = [models.Index(fields=["campaign", "language"], name="materials_of_a_campaign")]

    def __str__(self) -> str:
        return str(self.names)

    def page_tags(self) -> list[str]:
        return [f"campaign:{self.campaign_id}"]

    @property
    def is_picture(self) -> bool:
        return self.picture_id is not None

    @property
    def is_recording(self) -> bool:
        return self.recording_id is not None

    @property
    def file(self) -> "Document | Picture | Recording":
        """The one file it is."""
        found = self.document or self.picture or self.recording
        assert found is not None  # noqa: S101  the database holds that there is exactly one
        return found
