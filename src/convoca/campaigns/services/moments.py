"""Moments: set, moved, extended, cancelled. Calendars are told by the sequence."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from convoca.audit import services as audit
from convoca.campaigns.models import Campaign, Moment
from convoca.campaigns.services.campaigns import editable
from convoca.core.errors import Refusal
from convoca.network.models import Mandate

_IN_CALENDARS = {"starts_on", "ends_on", "clock", "zone", "place", "where"}
"""What makes a calendar ask its reader again."""


@transaction.atomic
def add_moment(campaign: Campaign, *, under: Mandate, **facts: Any) -> Moment:
    """Put a date into a campaign; without an edition, it belongs to that of its year."""
    campaign = editable(campaign)
    _check_days(facts)
    moment = Moment.objects.create(campaign=campaign, **facts)
    audit.record("moment.added", about=moment, under=under, campaign=campaign.code)
    return moment


@transaction.atomic
def change_moment(moment: Moment, *, under: Mandate, **facts: Any) -> Moment:
    """Change a date. One that ends later than readers were told keeps its first end, shown."""
    campaign = editable(moment.campaign)
    moment = Moment.objects.select_for_update(of=("self",)).get(pk=moment.pk)
    _check_days({"starts_on": moment.starts_on, "ends_on": moment.ends_on, **facts})
    changed = {name for name, value in facts.items() if getattr(moment, name) != value}
    if not changed:
        return moment
    was = moment.ends_on
    for name in changed:
        setattr(moment, name, facts[name])
    _keep_first_end(moment, was, told=campaign.is_public)
    if changed & _IN_CALENDARS:
        moment.sequence += 1
    moment.changed_at = timezone.now()
    moment.save()
    audit.record("moment.changed", about=moment, under=under, what=sorted(changed))
    return moment


@transaction.atomic
def cancel_moment(moment: Moment, *, under: Mandate, cancelled: bool = True) -> Moment:
    """Cancel a date, or undo that. It stays on the page, struck, and in calendars for a while."""
    campaign = editable(moment.campaign)
    moment = Moment.objects.select_for_update(of=("self",)).get(pk=moment.pk)
    if moment.is_cancelled == cancelled:
        return moment
    now = timezone.now()
    moment.cancelled_at = now if cancelled else None
    moment.changed_at = now
    moment.sequence += 1
    moment.save()
    event = "moment.cancelled" if cancelled else "moment.uncancelled"
    audit.record(event, about=moment, under=under, campaign=campaign.code)
    return moment


def _keep_first_end(moment: Moment, was: date, *, told: bool) -> None:
    """Remember the end that readers were told first, while the present one is later."""
    if told and moment.first_ended_on is None and moment.ends_on > was >= moment.starts_on:
        moment.first_ended_on = was
    if moment.first_ended_on is not None and moment.first_ended_on >= moment.ends_on:
        moment.first_ended_on = None


def _check_days(facts: dict[str, Any]) -> None:
    if facts["ends_on"] < facts["starts_on"]:
        raise Refusal("moment-backwards", _("The last day is before the first."))
