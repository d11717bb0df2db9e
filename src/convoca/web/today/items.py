"""The rows of Today, and how many of them a screen shows."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone

SHOWN = 12
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Item:
    """One row: what is to be done or happened, why it stands here, where it is done.

    `harm` orders rows, the oldest harm first: since when somebody has been waiting.
    """

    what: str
    why: str
    url: str
    do: str = ""
    harm: datetime = field(default_factory=timezone.now)
    ink: str = ""


@dataclass
class Board:
    """All rows of one person's Today."""

    waits: list[Item] = field(default_factory=list)
    late: list[Item] = field(default_factory=list)
    since: list[Item] = field(default_factory=list)

    def sorted(self) -> "Board":
        """Oldest harm first; news newest first."""
        return Board(
            sorted(self.waits, key=lambda item: item.harm),
            sorted(self.late, key=lambda item: item.harm),
            sorted(self.since, key=lambda item: item.harm, reverse=True),
        )

    @property
    def waiting(self) -> int:
        """How many things wait, late ones included."""
        return len(self.waits) + len(self.late)


def yesterday() -> datetime:
    """From when news count as new."""
    return timezone.now() - A_DAY
