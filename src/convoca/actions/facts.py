"""What a host says of when and where, before it is stored: the same from every form and file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

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


def zone_of(places: Sequence[Where], otherwise: str) -> str:
    """The zone of the first place; for what is online only, the one given."""
    return places[0].place.zone if places else otherwise
