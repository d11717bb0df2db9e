"""Whether the public reads totals."""

from django.db import transaction
from django.utils import timezone

from convoca.audit import services as audit
from convoca.campaigns.models import Campaign
from convoca.counting.models import Showing
from convoca.network.models import Mandate


@transaction.atomic
def show_totals(
    campaign: Campaign, *, shows_totals: bool, from_actions: int, under: Mandate
) -> Showing:
    """Show a campaign's totals as soon as that many actions have a figure, or hide them again."""
    row = Showing.objects.filter(campaign=campaign).first() or Showing(campaign=campaign)
    row.shows_totals, row.from_actions = shows_totals, from_actions
    row.set_under, row.set_at = under, timezone.now()
    row.save()
    audit.record("results.set", about=campaign, under=under, shown=shows_totals, least=from_actions)
    return row
