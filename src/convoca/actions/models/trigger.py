"""Triggers: what actions on standby wait for."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from convoca.campaigns.models import Campaign
from convoca.core.codes import public_code
from convoca.core.names import NamesField


class Trigger(models.Model):
    """What standby actions wait for, in words; a steward calls it and hosts confirm."""

    code = models.CharField(max_length=8, unique=True, default=public_code, editable=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="triggers")
    names = NamesField()
    """ "The day after the ruling is announced"."""
    called_at = models.DateTimeField(null=True, blank=True)
    day = models.DateField(null=True, blank=True)
    clock = models.TimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(called_at=None) | Q(day__isnull=False),
                name="a_called_trigger_has_a_day",
            ),
        ]

    def __str__(self) -> str:
        return str(self.names)

    def page_tags(self) -> list[str]:
        """Those of what waits for it, and of the form to host."""
        return [f"trigger:{self.pk}", "triggers", "actions"]

    @property
    def is_called(self) -> bool:
        return self.called_at is not None
