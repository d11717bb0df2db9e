"""Which actions of a set stand in its feeds: none is without an end."""

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from convoca.actions.finding import Wanted
from convoca.actions.models import Action
from convoca.campaigns.addresses import root
from convoca.campaigns.front import Reader
from convoca.core.dates import number_words

MOST = 1000
"""How many actions stand in one calendar, map file or sheet: the nearest in time."""
MOST_NEWS = 100
"""How many stand in a news feed: those that changed last."""


@dataclass(frozen=True)
class Listed:
    """A set of actions that somebody follows, and what it is called."""

    wanted: Wanted
    who: Reader
    title: str

    def address(self, kind: str) -> str:
        """Where the set can be followed as `ics`, `atom`, `rss`, `geojson` or `csv`."""
        return f"{root()}{self.wanted.address(f'actions.{kind}')}"

    @property
    def page(self) -> str:
        return f"{root()}{self.wanted.address()}"

    @property
    def limits(self) -> str:
        """What a reader of the feed must know of its limits."""
        most = {"most": number_words(MOST)}
        return _("At most %(most)s actions: those to come first, then the latest.") % most

    def nearest(self, most: int = MOST) -> list[Action]:
        """What calendars are told: the next first, then, where there is room, the latest."""
        found = list(self.wanted.rows().in_calendars()[:most])
        if len(found) < most and not self.wanted.past and self.wanted.first is None:
            over = replace(self.wanted, past=True).rows().in_calendars()
            found += list(over[: most - len(found)])
        return found

    def newest(self, most: int = MOST_NEWS) -> list[Action]:
        """With a day or without; what changed last stands first."""
        return list(self.wanted.rows().order_by("-changed_at", "-pk")[:most])
