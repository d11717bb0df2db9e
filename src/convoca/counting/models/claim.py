"""Claims: what one source says of one action."""

from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from convoca.actions.models import Action
from convoca.campaigns.models import Campaign
from convoca.core.codes import public_code
from convoca.counting.models.source import Source
from convoca.places.models import Place

A_DAY = timedelta(days=1)


class ClaimQuerySet(models.QuerySet["Claim"]):
    def standing(self) -> Self:
        """Those that their source still says."""
        return self.filter(vanished_at=None)

    def placed(self) -> Self:
        """Those that say when, to the day, and where: others cannot be compared, and make no
        action.
        """
        return self.filter(day__isnull=False, place__isnull=False, precision=Claim.Precision.DAY)

    def unplaced(self) -> Self:
        """All others."""
        return self.exclude(day__isnull=False, place__isnull=False, precision=Claim.Precision.DAY)


class Claim(models.Model):
    """What one source says of one action, as it said it. Linking never changes what is said.

    `action` is what happened, as far as anybody knows: an action that members put on here, or one
    that was made of claims (`founds`). A claim without a day or a place speaks of none.
    """

    class State(models.TextChoices):
        SAID = "said"
        """It takes place, or took place."""
        CANCELLED = "cancelled"

    class Precision(models.TextChoices):
        """ "Some day of this week": then `day` and `last_day` are the week's."""

        DAY = "day"
        WEEK = "week"
        MONTH = "month"

    code = models.CharField(max_length=8, unique=True, default=public_code, editable=False)
    source = models.ForeignKey(Source, models.PROTECT, related_name="claims", db_index=False)
    external_id = models.CharField(max_length=200)
    """The source's own number; where it has none, a digest of what it says."""
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="claims", db_index=False)
    action = models.ForeignKey(Action, models.PROTECT, null=True, related_name="claims")
    founds = models.BooleanField(default=False)
    """Whether its action was made of it."""

    state = models.CharField(max_length=9, choices=State.choices, default=State.SAID)
    title = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=35, blank=True)
    kind = models.CharField(max_length=10, choices=Action.Kind.choices, default=Action.Kind.OTHER)
    organisers = models.CharField(max_length=500, blank=True)
    words = models.TextField(blank=True)
    """What it was for, who came, what was asked."""
    day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    clock = models.TimeField(null=True)
    last_clock = models.TimeField(null=True)
    zone = models.CharField(max_length=64, blank=True)
    precision = models.CharField(max_length=5, choices=Precision.choices, default=Precision.DAY)
    when_words = models.CharField(max_length=200, blank=True)
    """As it was written."""
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    """The pin where one was given, else of the town."""
    country = models.CharField(max_length=2, blank=True)
    venue = models.CharField(max_length=200, blank=True)
    where_words = models.CharField(max_length=300, blank=True)
    """As it was written."""
    urls = models.JSONField(default=list)
    extra = models.JSONField(default=dict)
    """Columns that nothing here has a place for, by their headers."""
    digest = models.CharField(max_length=32)
    """Of all that is said: the same once more changes nothing."""
    run = models.PositiveBigIntegerField(default=0)
    """The number of the import that brought it last; 0 for what was written by hand."""
    row = models.PositiveIntegerField(default=0)
    """Its row in that file."""
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    vanished_at = models.DateTimeField(null=True, blank=True)
    """Since when its source no longer says it."""

    objects = ClaimQuerySet.as_manager()

    class Meta:
        ordering = ["day", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="a_source_says_it_once"),
            models.CheckConstraint(
                condition=Q(founds=False) | Q(action__isnull=False),
                name="what_founds_has_an_action",
            ),
        ]
        indexes = [
            models.Index(fields=["day", "latitude", "longitude"], name="claims_around"),
            models.Index(fields=["source", "day"], name="claims_of_a_source"),
            models.Index(
                fields=["source", "day"], condition=Q(action=None), name="claims_to_settle"
            ),
            models.Index(fields=["campaign", "action", "day"], name="claims_of_a_campaign"),
        ]

    def __str__(self) -> str:
        return self.title or self.where_words or self.external_id

    @property
    def is_placed(self) -> bool:
        """Whether it says when, to the day, and where."""
        return bool(self.day and self.place_id and self.precision == self.Precision.DAY)

    def page_tags(self) -> list[str]:
        return [f"claims:{self.action_id}", "claims"] if self.action_id else ["claims"]
