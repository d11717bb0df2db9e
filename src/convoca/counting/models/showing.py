"""Whether the public reads how many people there were, as a network wishes it for a campaign."""

from django.db import models
from django.utils import timezone

from convoca.campaigns.models import Campaign
from convoca.network.models import Mandate


class Showing(models.Model):
    """A steward says that a campaign's totals are shown, and from how many actions on; without
    that nobody reads them.
    """

    campaign = models.OneToOneField(Campaign, models.CASCADE, related_name="showing")
    shows_totals = models.BooleanField(default=False)
    from_actions = models.PositiveIntegerField(default=5)
    """Of how many actions somebody must have said how many people there were."""
    set_under = models.ForeignKey(Mandate, models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.campaign)

    def lets_read(self, with_figure: int) -> bool:
        """Whether totals over so many actions with a figure are shown."""
        return self.shows_totals and with_figure >= max(self.from_actions, 1)

    def page_tags(self) -> list[str]:
        return [f"campaign:{self.campaign_id}", "campaigns", "claims"]
