"""Estimates: how many people, from whom, and how they know."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from convoca.counting.models.claim import Claim
from convoca.network.models import Mandate

MOST = 10**8
"""More people were never in one place."""


class EstimateQuerySet(models.QuerySet["Estimate"]):
    def in_force(self) -> Self:
        """Those that count: not set aside, and of claims that still stand."""
        return self.filter(set_aside_at=None, claim__vanished_at=None)

    def named(self) -> Self:
        """With `set_aside_by`, the name of whoever set one aside; nothing else of that person."""
        return self.annotate(set_aside_by=F("set_aside_under__person__name"))


class Estimate(models.Model):
    """How many people one source says there were: at least, at most, or both; and how that was
    arrived at. Several may stand beside each other. It is never deleted: one that a named person
    sets aside for a reason stays visible, struck.
    """

    class Method(models.TextChoices):
        COUNTED = "counted", pgettext_lazy("how many", "Counted")
        ESTIMATED = "estimated", pgettext_lazy("how many", "Estimated by the organisers")
        POLICE = "police", pgettext_lazy("how many", "Police")
        PRESS = "press", pgettext_lazy("how many", "Press")
        GRID = "grid", pgettext_lazy("how many", "Photo or grid")
        OTHER = "other", pgettext_lazy("how many", "Another way")

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="estimates")
    low = models.PositiveBigIntegerField(null=True)
    high = models.PositiveBigIntegerField(null=True)
    words = models.CharField(max_length=200, blank=True)
    """As it was written: "several hundred"."""
    method = models.CharField(max_length=9, choices=Method.choices)
    url = models.URLField(max_length=1000, blank=True)
    archived_on = models.DateField(null=True, blank=True)
    """The day of the archived copy that `url` leads to, where it does."""
    noted_under = models.ForeignKey(
        Mandate, models.PROTECT, null=True, blank=True, related_name="+"
    )
    """Under which a moderator wrote it down; None for what its source says itself."""
    created_at = models.DateTimeField(default=timezone.now)
    set_aside_at = models.DateTimeField(null=True, blank=True)
    set_aside_under = models.ForeignKey(
        Mandate, models.PROTECT, null=True, blank=True, related_name="+"
    )
    set_aside_why = models.CharField(max_length=500, blank=True)

    objects = EstimateQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(low__isnull=False) | Q(high__isnull=False), name="an_estimate_says_some"
            ),
            models.CheckConstraint(
                condition=Q(low=None) | Q(high=None) | Q(high__gte=F("low")),
                name="at_most_is_not_less_than_at_least",
            ),
            models.CheckConstraint(
                condition=Q(low=None) | Q(low__lte=MOST), name="at_least_is_a_number_of_people"
            ),
            models.CheckConstraint(
                condition=Q(high=None) | Q(high__lte=MOST), name="at_most_is_a_number_of_people"
            ),
            models.CheckConstraint(
                condition=Q(set_aside_at=None)
                | Q(set_aside_under__isnull=False) & ~Q(set_aside_why=""),
                name="set_aside_by_somebody_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.words or f"{self.low}–{self.high}"

    def page_tags(self) -> list[str]:
        return self.claim.page_tags()
