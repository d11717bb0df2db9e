"""What sources say, as it comes out of a file."""

from datetime import timedelta

import time_machine
from django.utils import timezone

from convoca.actions.models import Action
from convoca.counting.models import Claim
from convoca.counting.said import HowMany, Said
from convoca.counting.services import found_actions, take
from tests.actions.making import at_ten, in_days, make_action, town


def said(number: int = 1, **facts) -> Said:
    """A march in Asunción the day before yesterday."""
    place = facts.pop("place", None) or town()
    how_many = [HowMany(**one) for one in facts.pop("how_many", [])]
    return Said(
        **{
            "external_id": f"r{number}",
            "title": f"March number {number}",
            "kind": "march",
            "organisers": "Union of Port Workers",
            "day": in_days(-2),
            "place": place.pk,
            "latitude": place.latitude,
            "longitude": place.longitude,
            "country": place.country,
            "row": number + 1,
            "how_many": how_many,
            **facts,
        }
    )


def claim_of(source, campaign, **facts) -> Claim:
    """One claim with an action of its own."""
    taken = take(source, campaign, [said(**facts)])
    (claim,) = Claim.objects.filter(pk__in=[*taken.new, *taken.changed])
    found_actions([claim])
    claim.refresh_from_db()
    return claim


def past_action(campaign, host, **facts) -> Action:
    """What members put on five days ago."""
    with time_machine.travel(timezone.now() - timedelta(days=6)):
        return make_action(campaign, host, when=at_ten(1), **facts)
