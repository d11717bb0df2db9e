"""What came of a row."""

from dataclasses import dataclass
from datetime import date, time

from convoca.exchange.reading.reasons import Reason
from convoca.exchange.reading.sizes import Size
from convoca.places.index import Found


@dataclass(slots=True)
class ReadRow:
    """What a row says of one action."""

    number: int
    """Of the row, as a spreadsheet program counts; of the entry in other files."""
    key: str
    """The id in its own list, or a stable digest of when, where and what; with the day where a
    row has several."""
    has_id: bool
    title: str
    about: str
    kind: str
    first: date
    last: date
    precision: str
    """"day"; or "week" or "month": it happened on some day from `first` to `last`."""
    starts: time | None
    ends: time | None
    zone: str
    place: Found | None
    latitude: float | None
    longitude: float | None
    country: str
    place_text: str
    """As it was written, with commas between what stood in several columns."""
    venue: str
    address: str
    is_online: bool
    is_hidden: bool
    """Whether the address is hidden: then there is neither venue nor position."""
    organisers: tuple[str, ...]
    tags: tuple[str, ...]
    size: Size | None
    size_text: str
    """What was written of its size, also where it is no number."""
    urls: tuple[str, ...]
    status: str
    """"", "cancelled", "postponed" or "tentative"."""
    extra: dict[str, str]
    notes: tuple[Reason, ...]


@dataclass(slots=True)
class RefusedRow:
    number: int
    reasons: tuple[Reason, ...]
    cells: list[str]


@dataclass
class Tally:
    """How many rows were what."""

    rows: int = 0
    read: int = 0
    refused: int = 0
    blank: int = 0
    headings: int = 0
    """Rows in which the heading stands once more."""


class Refused(Exception):
    def __init__(self, *reasons: Reason) -> None:
        super().__init__(reasons[0].code)
        self.reasons = reasons
