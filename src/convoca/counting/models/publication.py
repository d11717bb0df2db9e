"""Publications: totals as they stood, with what changed since the one before."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from convoca.campaigns.models import Campaign, Moment
from convoca.core.codes import public_code
from convoca.network.models import Mandate


class PublicationQuerySet(models.QuerySet["Publication"]):
    def of(self, campaign: Campaign, moment: Moment | None) -> Self:
        """Those of a campaign as a whole, or of one of its moments, the last first."""
        return self.filter(campaign=campaign, moment=moment).order_by("-published_at", "-pk")


class Publication(models.Model):
    """Totals that a steward published. They stay as they were, under an address of their own."""

    code = models.CharField(max_length=8, unique=True, default=public_code, editable=False)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="publications")
    moment = models.ForeignKey(
        Moment, models.PROTECT, null=True, blank=True, related_name="publications"
    )
    published_at = models.DateTimeField(default=timezone.now)
    published_under = models.ForeignKey(Mandate, models.PROTECT, related_name="+")
    figures: Any = models.JSONField()
    """`total` and `countries`, each as `Tally.as_json`; `unplaced` and `elsewhere`."""
    corrections: Any = models.JSONField(default=list)
    """What differs from the one before: `country` (empty: of all), `what`, `was`, `now`."""
    why = models.CharField(max_length=1000, blank=True)
    """Why it differs."""

    objects = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(corrections=[]) | ~Q(why=""), name="a_correction_says_why"
            )
        ]
        indexes = [
            models.Index(fields=["campaign", "moment", "-published_at"], name="publications_of")
        ]

    def __str__(self) -> str:
        return f"{self.campaign} {self.published_at:%Y-%m-%d %H:%M}"

    def page_tags(self) -> list[str]:
        return [f"campaign:{self.campaign_id}", "campaigns", "claims"]
