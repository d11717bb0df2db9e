"""The dated parts of a campaign."""

from datetime import date, datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from convoca.campaigns.models.campaign import Campaign
from convoca.core.codes import public_code, uuid7
from convoca.core.names import NamesField
from convoca.places.models import Place

SHOWN_CANCELLED = timedelta(days=60)
"""How long a cancelled moment stays in calendars, so that they take it out."""


class MomentQuerySet(models.QuerySet["Moment"]):
    def in_calendars(self) -> Self:
        """What calendars are told: all that stands, and what was cancelled a while ago."""
        recent = timezone.now() - SHOWN_CANCELLED
        return self.filter(Q(cancelled_at=None) | Q(cancelled_at__gt=recent))

    def with_places(self) -> Self:
        return self.select_related("place")

    def standing(self) -> Self:
        return self.filter(cancelled_at=None)


class Moment(models.Model):
    """A launch, a day of action, a deadline: days without a zone, unless a clock is given."""

    class Kind(models.TextChoices):
        LAUNCH = "launch", pgettext_lazy("a moment", "Launch")
        DAY = "day", pgettext_lazy("a moment", "Day of action")
        WEEK = "week", pgettext_lazy("a moment", "Week of action")
        MONTH = "month", pgettext_lazy("a moment", "Month of action")
        ASSEMBLY = "assembly", pgettext_lazy("a moment", "Assembly")
        DEADLINE = "deadline", pgettext_lazy("a moment", "Deadline")
        OTHER = "other", pgettext_lazy("a moment", "Date")

    code = models.CharField(max_length=8, unique=True, default=public_code, editable=False)
    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    """The same in every calendar, mail and file for ever, also when the site changes its name."""
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="moments")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    names = NamesField(blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    first_ended_on = models.DateField(null=True, blank=True)
    """The end before it was extended, which stays visible."""
    clock = models.TimeField(null=True, blank=True)
    zone = models.CharField(max_length=64, blank=True)
    edition = models.CharField(max_length=20)
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    where = NamesField(blank=True)
    """In words, where a town alone does not say it: everywhere, online, on the bridge."""
    sequence = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    objects = MomentQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="a_moment_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(first_ended_on=None) | Q(first_ended_on__lt=F("ends_on")),
                name="extended_means_later",
            ),
            models.CheckConstraint(
                condition=Q(clock=None) | ~Q(zone=""), name="a_clock_has_a_zone"
            ),
        ]
        indexes = [
            models.Index(fields=["campaign", "starts_on"], name="moments_of_a_campaign"),
            models.Index(
                fields=["ends_on"], condition=Q(cancelled_at=None), name="moments_to_come"
            ),
        ]

    def __str__(self) -> str:
        return str(self.names) or str(self.get_kind_display())

    def save(self, *args: object, **kwargs: object) -> None:
        self.edition = self.edition or str(self.starts_on.year)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def page_tags(self) -> list[str]:
        return [f"campaign:{self.campaign_id}", "campaigns"]

    @property
    def closes_at(self) -> datetime | None:
        """The instant of a deadline with a clock, by the wall clock of its zone."""
        if self.clock is None:
            return None
        return datetime.combine(self.ends_on, self.clock, tzinfo=ZoneInfo(self.zone))

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    def is_over(self, today: date) -> bool:
        return self.ends_on < today

    def is_now(self, today: date) -> bool:
        return self.starts_on <= today <= self.ends_on
