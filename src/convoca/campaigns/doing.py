"""What members do in a campaign, as apps above know it: it stands on the campaign's poster and
page, and on the home page.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from convoca.campaigns.models import Campaign


@dataclass(frozen=True)
class Doing:
    """The one thing to do (`do`), the other (`also`), each words and address; a sentence of counts;
    and a part of the page, after the counts and before the call, with one for its head.
    """

    do: tuple[str, str] | None = None
    also: tuple[str, str] | None = None
    sentence: str = ""
    template: str = ""
    head: str = ""
    context: dict[str, Any] = field(default_factory=dict)


Source = Callable[[Campaign], Doing | None]
_sources: list[Source] = []
_tags: list[str] = []


def register(source: Source, *, tags: Sequence[str]) -> Source:
    """Register a function that answers what is done in a campaign, or None.

    It is called while a public page is drawn: what it shows must raise one of `tags`.
    """
    if source not in _sources:
        _sources.append(source)
        _tags.extend(tags)
    return source


def tags() -> list[str]:
    """What pages that show it are kept by."""
    return list(_tags)


def doing_in(campaign: Campaign) -> Doing:
    """What is done in it; asked once for each row that was fetched. The first who answers."""
    known = campaign.__dict__
    if "doing" not in known:
        found = (source(campaign) for source in _sources)
        known["doing"] = next((one for one in found if one is not None), Doing())
    answer: Doing = known["doing"]
    return answer
