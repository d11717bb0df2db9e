"""Lists that sources have handed in."""

from django.db import models
from django.utils import timezone

from convoca.campaigns.models import Campaign
from convoca.counting.models import Source
from convoca.network.models import Mandate


class Import(models.Model):
    """One list, taken in once. Its number is the run that claims name (`Claim.run`)."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="imports")
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="imports")
    name = models.CharField(max_length=200)
    """Of the file, as it was handed in."""
    columns = models.JSONField(default=dict)
    """What each column was taken for; suggested again for the next list with these columns."""
    settings = models.JSONField(default=dict)
    is_whole = models.BooleanField(default=False)
    """Whether it is all that the source says of the campaign: what it lacks has vanished."""
    counts = models.JSONField(default=dict)
    """What became of its rows, by the names of `importing.Report`; empty where it was cut off."""
    under = models.ForeignKey(Mandate, models.PROTECT, null=True, blank=True, related_name="+")
    """None where the operator did it."""
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name
