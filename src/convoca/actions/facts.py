"""What a host says of when and where, before it is stored: the same from every form and file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from convoca.actions.models import Trigger
from convoca.campaigns.models import Campaign, Moment
from convoca.media.models import Picture
from convoca.network.models import Committee, Organisation
from convoca.places.models import Place


@dataclass(frozen=True)
class When:
    """Wall clock and zone. No `clock`: the hour is not known yet; no end: it is open."""

    day: date
    clock: time | None = None
    fold: int = 0
    last_day: date | None = None
    last_clock: time | None = None


@dataclass(frozen=True)
class Where:
    """One place. Several make a route; the first gives the action its country and its zone."""

    place: Place
    venue: str = ""
    venue_too: str = ""
    street: str = ""
    latitude: float | None = None
    longitude: float | None = None
    clock: time | None = None


@dataclass(frozen=True, kw_only=True)
class Wish:
    """A whole action as its host wants it. `host` is a name where the committee is a new one."""

    campaign: Campaign
    moment: Moment | None = None
    kind: str
    title: str
    language: str
    places: Sequence[Where] = ()
    when: When | None = None
    trigger: Trigger | None = None
    zone: str = "UTC"
    host: "Organisation | Committee | str"
    with_hosts: "Sequence[Organisation | Committee]" = ()
    description: str = ""
    picture: Picture | None = None
    more: Mapping[str, Any] = field(default_factory=dict)
    """The optional columns: what to bring, access, capacity and the like."""


def zone_of(places: Sequence[Where], otherwise: str) -> str:
    """The zone of the first place; for what is online only, the one given."""
    return places[0].place.zone if places else otherwise
