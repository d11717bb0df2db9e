"""What templates of counting ask."""

from typing import Any

from django import template

from convoca.campaigns.models import Campaign, Moment
from convoca.counting.models import Summary

register = template.Library()
SHOWN = 50


@register.inclusion_tag("counting/_summaries.html")
def summaries(campaign: Campaign, moment: Moment | None = None) -> dict[str, Any]:
    """What sources say of a moment, or of all moments of a campaign."""
    rows = Summary.objects.select_related("source").filter(moment__campaign=campaign)
    if moment is not None:
        rows = rows.filter(moment=moment)
    return {"rows": rows[:SHOWN]}
