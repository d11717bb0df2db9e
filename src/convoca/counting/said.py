"""What a source says of an action, before it is stored: the same from every file and form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, time
from hashlib import blake2b
from operator import attrgetter
from typing import Any

from convoca.actions.models import Action
from convoca.counting.models import Claim, Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class HowMany:
    """One figure, as its source gives it."""

    low: int | None
    high: int | None
    words: str = ""
    method: str = Estimate.Method.OTHER
    url: str = ""
    archived_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one source says of one action. `external_id` is its own number, or a digest."""

    external_id: str
    title: str = ""
    language: str = ""
    kind: str = ""
    state: str = Claim.State.SAID
    organisers: str = ""
    words: str = ""
    day: date | None = None
    last_day: date | None = None
    clock: time | None = None
    last_clock: time | None = None
    zone: str = ""
    precision: str = Claim.Precision.DAY
    when_words: str = ""
    place: int | None = None
    """Number of a kept `Place`."""
    latitude: float | None = None
    longitude: float | None = None
    country: str = ""
    venue: str = ""
    where_words: str = ""
    urls: Sequence[str] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
    how_many: Sequence[HowMany] = ()
    row: int = 0

    @property
    def digest(self) -> str:
        """Of all that is said, whatever row it stands in."""
        return blake2b(repr(_words(self)).encode(), digest_size=16).hexdigest()


def of_action(action: Action, **more: Any) -> Said:
    """What a source says of an action that members put on here: its day and place, as far as all
    may know them, and whatever else is said.
    """
    place = action.place
    return Said(
        external_id=action.code,
        kind=action.kind,
        day=action.day,
        last_day=action.last_day,
        zone=action.zone,
        place=place.pk if place else None,
        latitude=place.latitude if place else None,
        longitude=place.longitude if place else None,
        country=action.country,
        **more,
    )


_words = attrgetter(*(one.name for one in fields(Said) if one.name != "row"))
