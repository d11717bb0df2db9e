"""How a campaign lets actions in: its door, the rota, a flood, a pause."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from convoca.accounts import services as accounts
from convoca.accounts.models import Person
from convoca.actions.models import Action, Arrival, Door, Duty
from convoca.actions.models.action import State
from convoca.actions.models.moderation import FLOOD_WITHIN
from convoca.audit import services as audit
from convoca.campaigns.models import Campaign
from convoca.core.errors import Refusal
from convoca.core.names import Names
from convoca.network.models import Mandate
from convoca.network.models.mandate import MandateQuerySet, Role


def door_of(campaign: Campaign) -> Door:
    """The campaign's door as it stands; one that nobody has set yet is not stored."""
    return Door.objects.filter(campaign=campaign).first() or Door(campaign=campaign)


def locked_door(campaign: Campaign) -> Door:
    """The door, locked until the caller's transaction ends."""
    Door.objects.get_or_create(campaign=campaign)
    return Door.objects.select_for_update(of=("self",)).get(pk=campaign.pk)


def hosting_pause(campaign: Campaign) -> Names | None:
    """What is said where the form to host would be; None while hosting is open."""
    door = Door.objects.filter(campaign=campaign, paused_at__isnull=False).first()
    return Names(door.paused_because) if door else None


@transaction.atomic
def set_door(campaign: Campaign, *, mode: str, flood_at: int, **who: Any) -> Door:
    """Say how a campaign lets actions in. What is set by hand ends a flood's own setting."""
    door = locked_door(campaign)
    if (door.mode, door.flood_at) == (mode, flood_at) and not door.is_flooded:
        return door
    if mode != door.mode or not door.is_flooded:
        door.flooded_at, door.mode_before = None, ""
    door.mode, door.flood_at = mode, flood_at
    door.save()
    audit.record("door.set", about=campaign, mode=mode, flood_at=flood_at, **who)
    return door


@transaction.atomic
def turn_back(campaign: Campaign, **who: Any) -> Door:
    """After a flood: let in as before. Repeating it changes nothing."""
    door = locked_door(campaign)
    if not door.is_flooded:
        return door
    door.mode, door.mode_before, door.flooded_at = door.mode_before or door.mode, "", None
    door.save()
    audit.record("door.turned_back", about=campaign, mode=door.mode, **who)
    return door


def turn_when_flooded(door: Door) -> bool:
    """Look at everything from now on, if newcomers brought more than the limit within an hour.

    Once a flood: those on the rota are mailed in the same transaction. Counted are only arrivals
    since a moderator last turned it back.
    """
    if door.is_flooded:
        return False
    since = timezone.now() - FLOOD_WITHIN
    arrived = Arrival.objects.of_newcomers(door.campaign, since).count()
    if arrived <= door.flood_at:
        return False
    door.mode_before, door.mode, door.flooded_at = door.mode, Door.Mode.ALWAYS, timezone.now()
    door.save()
    audit.record("door.flooded", about=door.campaign, arrived=arrived)
    for person in on_duty(door.campaign):
        accounts.tell(
            person,
            "actions/flood",
            about=door.campaign,
            campaign=door.campaign,
            arrived=arrived,
            waiting=Action.objects.filter(campaign=door.campaign, state=State.WAITING).count(),
        )
    return True


def on_duty(campaign: Campaign) -> list[Person]:
    """Who is told of a flood: those on today's rota; where nobody is, all moderators of the
    countries in which the campaign has actions, and the stewards.
    """
    today = timezone.now().weekday()
    rota = Duty.objects.filter(campaign=campaign, weekday=today).values("mandate")
    people = _people(Mandate.objects.standing().filter(pk__in=rota))
    if people:
        return people
    countries = set(
        Action.objects.filter(campaign=campaign).values_list("country", flat=True).distinct()
    )
    held = moderators().select_related("person")
    fitting = [m.pk for m in held if not m.countries or countries & set(m.countries)]
    stewards = Mandate.objects.standing().stewards().values_list("pk", flat=True)
    return _people(Mandate.objects.filter(pk__in=[*fitting, *stewards]))


def moderators() -> MandateQuerySet:
    """Standing mandates of moderators."""
    return Mandate.objects.standing().for_network().filter(role=Role.MODERATOR)


def for_rota() -> MandateQuerySet:
    """Who can stand on a rota: moderators and stewards."""
    held = Mandate.objects.standing().for_network()
    return held.filter(Q(role=Role.MODERATOR) | Q(role=Role.STEWARD)).with_names()


def _people(mandates: MandateQuerySet) -> list[Person]:
    return list(Person.objects.filter(pk__in=mandates.values("person")).order_by("pk"))


@transaction.atomic
def set_rota(campaign: Campaign, rota: Mapping[int, Iterable[Mandate]], **who: Any) -> None:
    """Who is told first, by weekday (0 is Monday). What is not named is taken away."""
    wanted = {(day, one.pk) for day, mandates in rota.items() for one in mandates}
    there = {
        (day, mandate): pk
        for pk, day, mandate in Duty.objects.filter(campaign=campaign).values_list(
            "pk", "weekday", "mandate"
        )
    }
    if wanted == set(there):
        return
    Duty.objects.filter(pk__in=[pk for key, pk in there.items() if key not in wanted]).delete()
    Duty.objects.bulk_create(
        Duty(campaign=campaign, weekday=day, mandate_id=mandate)
        for day, mandate in sorted(wanted - set(there))
    )
    audit.record("door.rota_set", about=campaign, **who)


@transaction.atomic
def pause_hosting(campaign: Campaign, because: Names, **who: Any) -> Door:
    """No new actions for now; where the form would be, the public reads why."""
    if not because:
        raise Refusal("sentence-missing", _("Say in one sentence why, for those who come."))
    door = locked_door(campaign)
    if door.is_paused and door.paused_because == because:
        return door
    door.paused_at, door.paused_because = door.paused_at or timezone.now(), because
    door.save()
    audit.record("door.paused", about=campaign, **who)
    return door


@transaction.atomic
def resume_hosting(campaign: Campaign, **who: Any) -> Door:
    """New actions are taken again. The sentence is kept for another time."""
    door = locked_door(campaign)
    if not door.is_paused:
        return door
    door.paused_at = None
    door.save()
    audit.record("door.resumed", about=campaign, **who)
    return door
