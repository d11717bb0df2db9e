"""Many actions at once, for measuring: written in bulk, with every column that is derived."""

from datetime import time, timedelta

from django.utils import timezone

from convoca.actions.models import Action, Attachment, Hosting, Stop
from convoca.actions.models.action import Kind, State
from convoca.campaigns.models import Campaign
from convoca.core.codes import public_code, uuid7
from convoca.core.names import Names
from convoca.network.models import Organisation
from convoca.places.models import Place

COUNTRIES = ("PY", "PE", "BR", "PT", "ES", "FR", "KE", "IN", "JP", "NZ", "CA", "EG")


def towns(count: int) -> list[Place]:
    """Towns all over the world."""
    rows = [
        Place(
            geonames_id=90_000_000 + number,
            name=f"Town {number}",
            country=COUNTRIES[number % len(COUNTRIES)],
            latitude=-55 + (number * 7.31) % 120,
            longitude=-179 + (number * 13.7) % 358,
            zone="UTC",
        )
        for number in range(count)
    ]
    Place.objects.bulk_create(rows, ignore_conflicts=True)
    return list(Place.objects.filter(geonames_id__gte=90_000_000).order_by("pk")[:count])


def crowd(campaign: Campaign, host: Organisation, count: int, *, in_towns: int = 400) -> None:
    """So many public actions of a campaign, in the ten days from next week on."""
    places = towns(in_towns)
    today, now = timezone.localdate(), timezone.now()
    for first in range(0, count, 1000):
        numbers = range(first, min(count, first + 1000))
        actions = [
            Action(
                code=public_code(),
                uid=uuid7(),
                campaign=campaign,
                kind=Kind.values[number % 8],
                names=Names(en=f"March number {number}"),
                language="en",
                spoken=["en"],
                day=today + timedelta(days=7 + number % 10),
                clock=time(8 + number % 12),
                zone="UTC",
                place=places[number % len(places)],
                state=State.PUBLISHED,
                published_at=now,
                sought=f"march number {number}",
            )
            for number in numbers
        ]
        for action in actions:
            action.derive()
        made = Action.objects.bulk_create(actions)
        attached = [Attachment(action=one, campaign=campaign, agreed_at=now) for one in made]
        for row in attached:
            row.derive()
        Attachment.objects.bulk_create(attached)
        stops = [Stop(action=one, place=one.place) for one in made]
        for stop in stops:
            stop.show_what_may_be_shown()
        Stop.objects.bulk_create(stops)
        Hosting.objects.bulk_create(
            Hosting(action=one, organisation=host, is_first=True, state="accepted") for one in made
        )
