"""Of which known actions reports might be, before they are taken in."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from convoca.campaigns.models import Campaign
from convoca.counting.linking.linker import Link as Found
from convoca.counting.models import Claim, Source
from convoca.counting.said import Said
from convoca.counting.services.linking import actions_about, compared
from convoca.counting.services.told import Around, Told
from convoca.places.index import Found as Town
from convoca.places.models import Place


def foresee(
    source: Source, campaign: Campaign, said: Iterable[tuple[Said, Town]]
) -> Mapping[str, Found]:
    """What linking would find for these, by their ids, were they taken in alone and now. Nothing is
    written. What else comes in with them may change it.
    """
    by_day: dict[date, list[Told]] = defaultdict(list)
    ids: dict[str, str] = {}
    for number, (one, town) in enumerate(said, start=1):
        if one.day is not None and one.precision == Claim.Precision.DAY:
            by_day[one.day].append(_told(number, source, campaign, one, one.day, town))
            ids[str(number)] = one.external_id
    around, found = Around(), {}
    for told in by_day.values():
        there = actions_about(source, told, around)
        for link in compared(told, there) if there else ():
            found[ids[link.one.id]] = link
    return found


def _told(
    number: int, source: Source, campaign: Campaign, said: Said, day: date, town: Town
) -> Told:
    place = Place(
        pk=said.place,
        name=town.name,
        region=town.region,
        country=town.country,
        latitude=town.latitude,
        longitude=town.longitude,
    )
    return Told(
        pk=number,
        source=source,
        campaign=campaign,
        place=place,
        day=day,
        last_day=said.last_day,
        clock=said.clock,
        last_clock=said.last_clock,
        zone=said.zone,
        state=said.state,
        language=said.language,
        country=said.country,
        latitude=said.latitude,
        longitude=said.longitude,
        venue=said.venue,
        organisers=said.organisers,
        title=said.title,
        words=said.words,
        kind=said.kind,
        action_id=None,
        same_as_id=None,
        ends=[end for one in said.how_many for end in (one.low, one.high) if end],
    )
