"""What claims say, read by the thousand: whole rows with what stands around them take several
times as long.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, time
from typing import NamedTuple, TypeVar

from django.db.models import Model, QuerySet

from convoca.actions.models import Action
from convoca.campaigns.models import Campaign
from convoca.counting.linking.reports import Report
from convoca.counting.models import Claim, Estimate, Source
from convoca.places.models import Place

M = TypeVar("M", bound=Model)


class Told(NamedTuple):
    """A claim that says when and where, as it is compared and made an action of."""

    pk: int
    source: Source
    campaign: Campaign
    place: Place
    day: date
    last_day: date | None
    clock: time | None
    last_clock: time | None
    zone: str
    state: str
    language: str
    country: str
    latitude: float | None
    longitude: float | None
    venue: str
    organisers: str
    title: str
    words: str
    kind: str
    action_id: int | None
    same_as_id: int | None
    """The action that its action turned out to be."""
    ends: list[int]
    """Of all its figures that are in force, whether at least or at most."""

    @property
    def is_placed(self) -> bool:
        return True


@dataclass
class Around:
    """What stands around claims; each read once for all of them."""

    sources: dict[int, Source] = field(default_factory=dict)
    campaigns: dict[int, Campaign] = field(default_factory=dict)
    places: dict[int, Place] = field(default_factory=dict)

    def read(self, rows: QuerySet[Claim]) -> list[Told]:
        """What these claims say, in their order; all of them are placed."""
        lines = list(rows.values_list(*_COLUMNS))
        _, sources, campaigns, places, *_rest = zip(*lines, strict=True) if lines else ((),) * 4
        _fill(self.sources, Source, sources)
        _fill(self.campaigns, Campaign, campaigns)
        _fill(self.places, Place, places)
        ends = _ends(line[0] for line in lines)
        return [
            Told._make(
                (
                    pk,
                    self.sources[source],
                    self.campaigns[campaign],
                    self.places[place],
                    *facts,
                    ends[pk],
                )
            )
            for pk, source, campaign, place, *facts in lines
        ]


_COLUMNS = (
    *("pk", "source_id", "campaign_id", "place_id", "day", "last_day", "clock", "last_clock"),
    *("zone", "state", "language", "country", "latitude", "longitude", "venue", "organisers"),
    *("title", "words", "kind", "action_id", "action__same_as_id"),
)


def _fill(known: dict[int, M], model: type[M], numbers: Iterable[int]) -> None:
    if new := set(numbers) - known.keys():
        known.update(model._default_manager.in_bulk(new))


def _ends(claims: Iterable[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {number: [] for number in claims}
    figures = Estimate.objects.filter(claim__in=found, set_aside_at=None).order_by("pk")
    for claim, *both in figures.values_list("claim", "low", "high") if found else ():
        found[claim] += filter(None, both)
    return found


def report_of(claims: list[Told], number: int, source: str) -> Report:
    """What claims say of one action, together: places and days of the first, words and sizes of
    all.
    """
    one = claims[0]
    place = one.place
    ends = [end for claim in claims for end in claim.ends]
    is_pin = (one.latitude, one.longitude) != (place.latitude, place.longitude)
    return Report(
        id=str(number),
        source=source,
        first_on=one.day,
        last_on=one.last_day,
        country=one.country or place.country,
        region=place.region,
        town=place.name,
        place=str(place.pk),
        position=(one.latitude or place.latitude, one.longitude or place.longitude),
        is_pin=is_pin and one.latitude is not None,
        venue=next((claim.venue for claim in claims if claim.venue), ""),
        organisers=tuple(claim.organisers for claim in claims if claim.organisers),
        words=tuple(words for claim in claims for words in (claim.title, claim.words) if words),
        kind="" if one.kind == Action.Kind.OTHER else one.kind,
        low=min(ends, default=None),
        high=max(ends, default=None),
    )
