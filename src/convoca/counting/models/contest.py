"""Contests: somebody who is named in a figure says that it is wrong, and is answered in public."""

from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from convoca.actions.models import Action
from convoca.core.codes import public_code
from convoca.counting.models.estimate import MOST
from convoca.network.models import Mandate
from convoca.vault.fields import SealedField
from convoca.vault.models import SealedRow

CONFIRMED_WITHIN = timedelta(days=3)
KEPT = timedelta(days=60)
"""How long the address of whoever contests is kept, so that they can be answered."""


class ContestQuerySet(models.QuerySet["Contest"]):
    def open(self) -> Self:
        """Those that nobody has answered, the oldest first."""
        return self.filter(answered_at=None).order_by("opened_at", "pk")


class Contest(models.Model):
    """An action's figure is contested. Until it is answered, the word stands beside the figure;
    then everybody reads what was said and what was answered.
    """

    class Outcome(models.TextChoices):
        STANDS = "stands", pgettext_lazy("a contested figure", "The figure stands")
        CHANGED = "changed", pgettext_lazy("a contested figure", "It was changed")

    code = models.CharField(max_length=8, unique=True, default=public_code, editable=False)
    action = models.ForeignKey(Action, models.PROTECT, related_name="contests")
    name = models.CharField(max_length=200)
    reason = models.TextField(max_length=2000)
    low = models.PositiveBigIntegerField(null=True)
    high = models.PositiveBigIntegerField(null=True)
    """What they say it was. Nothing is counted by it."""
    opened_at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=7, choices=Outcome.choices, blank=True)
    answer = models.TextField(max_length=2000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_under = models.ForeignKey(
        Mandate, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ContestQuerySet.as_manager()

    class Meta:
        ordering = ["opened_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None) | Q(answered_under__isnull=False) & ~Q(answer=""),
                name="a_contest_is_answered_by_somebody_in_words",
            ),
            models.CheckConstraint(
                condition=Q(low=None) | Q(high=None) | Q(high__gte=F("low")),
                name="what_is_said_instead_is_a_range",
            ),
            models.CheckConstraint(
                condition=(Q(low=None) | Q(low__lte=MOST)) & (Q(high=None) | Q(high__lte=MOST)),
                name="what_is_said_instead_is_a_number_of_people",
            ),
        ]
        indexes = [models.Index(fields=["action", "answered_at"], name="contests_of_actions")]

    def __str__(self) -> str:
        return f"{self.name} · {self.action}"

    def page_tags(self) -> list[str]:
        return [f"claims:{self.action_id}", "claims"]


class ContestAsked(SealedRow):
    """What somebody sent, before they confirmed by mail; afterwards only their address."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="contests_asked")
    contest = models.OneToOneField(
        Contest, models.CASCADE, null=True, blank=True, related_name="asked"
    )
    name = SealedField()
    reason = SealedField()
    email = SealedField()
    email_index = models.CharField(max_length=64, blank=True, db_index=True)
    low = models.PositiveBigIntegerField(null=True)
    high = models.PositiveBigIntegerField(null=True)
    language = models.CharField(max_length=35, default="en")

    def __str__(self) -> str:
        return str(self.action)
