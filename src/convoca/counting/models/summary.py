"""Summaries: what a source says of a whole moment, beside the totals and never in them."""

from django.db import models
from django.utils import timezone

from convoca.campaigns.models import Moment
from convoca.counting.models.source import Source
from convoca.network.models import Mandate


class Summary(models.Model):
    """What one source says of a whole moment: "close to 100 cities", "millions". It speaks of no
    one action, so nothing is computed from it.
    """

    moment = models.ForeignKey(Moment, models.CASCADE, related_name="summaries")
    source = models.ForeignKey(Source, models.PROTECT, related_name="summaries")
    words = models.CharField(max_length=300)
    """As the source puts it, in its own language."""
    url = models.URLField(max_length=1000)
    said_on = models.DateField()
    noted_under = models.ForeignKey(Mandate, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["said_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["moment", "source", "words", "url"], name="a_summary_is_noted_once"
            )
        ]

    def __str__(self) -> str:
        return self.words

    def page_tags(self) -> list[str]:
        return ["claims"]
