"""What programs are told of actions that were taken off: that they are gone, and nothing else.

No title, place or day: only the ids that a program has already, and since when. How far a list is
narrowed is not looked at beyond its campaign and country, or questions about places would answer
where a hidden action was to be.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from convoca.actions.finding import Wanted
from convoca.actions.models import Action
from convoca.actions.models.action import TOLD_GONE
from convoca.campaigns.addresses import root
from convoca.core import ics
from convoca.pages.public import draw_again_at

MOST_GONE = 500
"""How many one feed names: those taken off last."""


@dataclass(frozen=True)
class Gone:
    """An action that anybody could read once."""

    code: str
    uid: UUID
    sequence: int
    at: datetime

    @property
    def urn(self) -> str:
        return f"urn:uuid:{self.uid}"

    @property
    def id(self) -> str:
        """What was its permanent address."""
        return f"{root()}/actions/{self.code}"

    @property
    def as_json(self) -> dict[str, str]:
        return {"id": self.urn, "at": self.at.isoformat()}

    @property
    def as_entry(self) -> ics.Removed:
        return ics.Removed(self.uid, _("Removed"), self.at, self.sequence)


def gone(rows: "QuerySet[Action]") -> list[Gone]:
    """Of these rows, which are those taken off, what can be said."""
    found = rows.values_list("code", "uid", "sequence", "taken_off_at")[:MOST_GONE]
    told = [Gone(code, uid, sequence, at) for code, uid, sequence, at in found if at is not None]
    draw_again_at(*(one.at + TOLD_GONE for one in told))
    return told


def gone_from(wanted: Wanted) -> list[Gone]:
    """What was taken off the lists of this campaign and country, the last first."""
    rows = Action.objects.taken_off()
    if wanted.campaign is not None:
        rows = rows.of_campaign(wanted.campaign)
    if wanted.country:
        rows = rows.filter(country=wanted.country)
    return gone(rows)
