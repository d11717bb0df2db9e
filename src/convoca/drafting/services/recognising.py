"""Whether a text is here already, as a call in another language."""

from datetime import date
from functools import lru_cache

from django.db.models import Q, QuerySet
from django.utils import timezone

from convoca.campaigns.models import Campaign, State
from convoca.core.access import Visitor
from convoca.drafting.same import SAME, Traits, likeness, traits_of
from convoca.places import services as places
from convoca.reading.draft import Draft
from convoca.reading.reader import read as read_text

MOST_COMPARED = 30
"""So many calls are read to compare them: those with a date in common, the latest first."""


def campaign_like(draft: Draft, visitor: Visitor) -> Campaign | None:
    """The campaign whose call this most likely is in another language, where there is one."""
    language = draft.language.value if draft.language else ""
    mine = traits_of(draft)
    if not language or not mine.days:
        return None
    best: tuple[float, Campaign] | None = None
    for campaign in _candidates(mine, language, visitor)[:MOST_COMPARED]:
        alike = likeness(mine, _traits(campaign))
        if alike >= SAME and (best is None or alike > best[0]):
            best = (alike, campaign)
    return best[1] if best else None


def _candidates(mine: Traits, language: str, visitor: Visitor) -> QuerySet[Campaign]:
    days = Q(moments=None)
    for first, _last in mine.days:
        days |= Q(moments__starts_on=first)
    base = language.split("-")[0]
    written_so = Q(call__source_language=base) | Q(call__source_language__startswith=f"{base}-")
    return (
        Campaign.objects.visible_to(visitor)
        .kept()
        .exclude(state__in=[State.CLOSED, State.ARCHIVED])
        .exclude(written_so)
        .filter(days)
        .select_related("call", "call__current")
        .distinct()
        .order_by("-created_at")
    )


def _traits(campaign: Campaign) -> Traits:
    """Of its call as it stands, with the days that its moments have."""
    call = campaign.call
    words = call.current.markdown if call.current else call.draft
    read = _traits_of(words, timezone.localtime(campaign.created_at).date())
    moments = {(one.starts_on, one.ends_on) for one in campaign.moments.all()}
    return Traits(read.days | moments, read.places, read.names, read.numbers)


@lru_cache(maxsize=2 * MOST_COMPARED)
def _traits_of(words: str, written_on: date) -> Traits:
    """Kept: the same calls are compared with each text that comes in."""
    return traits_of(read_text(words, received=written_on, places=places.gazetteer()))
