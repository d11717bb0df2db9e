"""A person says when and where something was of which its source does not say it clearly."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from convoca.audit import services as audit
from convoca.audit.models import Entry
from convoca.core.errors import Refusal
from convoca.counting.models import Claim
from convoca.counting.said import Said
from convoca.counting.services.founding import follow
from convoca.counting.services.linking import link_one
from convoca.counting.services.turns import take_turn
from convoca.network.models import Mandate
from convoca.pages import services as pages
from convoca.places import services as places
from convoca.places.index import Found

PLACED, OVERTAKEN = "claim.placed", "claim.placed_by_source"
"""A person noted day and town; its source said one of them itself afterwards."""


@transaction.atomic
def place_claim(claim: Claim, *, day: date, place: Found, under: Mandate) -> Claim:
    """Note day and town of a claim, then settle of which action it is, as for a new one. What its
    source wrote stays beside it; where that comes to name another day or town, it is believed.

    What was noted by hand can be corrected in the same way: the action that was made of the claim
    follows.
    """
    take_turn()
    rows = Claim.objects.select_for_update(of=("self",)).select_related("source", "action")
    claim = rows.get(pk=claim.pk)
    if claim.vanished_at is not None:
        raise Refusal("claim-vanished", _("Its source does not say this any more."))
    noted = noted_by_hand([claim]).get(claim.pk)
    if claim.is_placed and noted is None:
        raise Refusal("claim-placed", _("Its source says when and where it was."))
    said = (noted.said_day, noted.said_place) if noted else (_day(claim), claim.place_id)
    claim.day, claim.last_day, claim.precision = day, None, Claim.Precision.DAY
    claim.place = places.keep(place)
    claim.latitude, claim.longitude = claim.place.latitude, claim.place.longitude
    claim.country, claim.zone = claim.place.country, claim.place.zone
    claim.save()
    by_hand = Noted(day, claim.place_id, *said)
    audit.record(PLACED, about=claim, under=under, **by_hand._asdict())
    if claim.action is None:
        link_one(claim)
    else:
        follow(claim)
    pages.touch(*claim.page_tags())
    claim.refresh_from_db()
    return claim


def is_placed_by_hand(claim: Claim) -> bool:
    """Whether it was a person who said when or where it was, as far back as the trail goes."""
    return claim.pk in noted_by_hand([claim])


class Noted(NamedTuple):
    """What of a claim holds by a person's word, and what its source said of that then."""

    day: date | None
    place: int | None
    said_day: date | None
    said_place: int | None


def noted_by_hand(claims: Collection[Claim]) -> dict[int, Noted]:
    """What holds by a person's word, by the claims' numbers; nothing of those that nobody placed.
    The trail is where it stands.
    """
    if not claims:
        return {}
    rows = Entry.objects.filter(
        event__in=(PLACED, OVERTAKEN),
        about_type=Claim._meta.label_lower,
        about_id__in=[str(claim.pk) for claim in claims],
    )
    facts = rows.order_by("pk").values_list("about_id", "details")  # the last one holds
    found = {int(about): _noted(details) for about, details in facts}
    return {pk: one for pk, one in found.items() if one.day or one.place}


def _noted(details: Mapping[str, Any]) -> Noted:
    day, said_day = (
        date.fromisoformat(words) if (words := details.get(name)) else None
        for name in ("day", "said_day")
    )
    return Noted(day, details.get("place"), said_day, details.get("said_place"))


def _day(said: Claim | Said) -> date | None:
    return said.day if said.precision == Claim.Precision.DAY else None


_WHEN = ("day", "last_day", "precision")
_WHERE = ("place_id", "latitude", "longitude", "country", "zone")


@contextmanager
def keep_noted(claim: Claim, noted: Noted | None, said: Said) -> Iterator[None]:
    """While a claim is written anew: what a person noted of it stays, until its source itself names
    another day or town than it did then. That is told in the trail.
    """
    was = {name: getattr(claim, name) for name in (*_WHEN, *_WHERE)}
    yield
    if noted is None:
        return
    now = _day(said), said.place
    is_when = noted.day is not None and now[0] in (None, noted.said_day)
    is_where = noted.place is not None and now[1] in (None, noted.said_place)
    for name in (*(_WHEN if is_when else ()), *(_WHERE if is_where else ())):
        setattr(claim, name, was[name])
    left = Noted(noted.day if is_when else None, noted.place if is_where else None, *now)
    if (left.day, left.place) != (noted.day, noted.place):
        audit.record(OVERTAKEN, about=claim, **left._asdict())
