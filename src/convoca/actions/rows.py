"""Rows of lists as they stand on pages: drawn once for each language, and kept in this process
while nothing that they show changes. A list is drawn anew with every action of it that changes,
and forty-nine of its fifty rows are then the same as before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.template.loader import get_template
from django.utils import timezone
from django.utils.safestring import SafeString

from convoca.actions.front import ShownAction
from convoca.actions.models import Action
from convoca.campaigns.front import Reader
from convoca.pages.keeping import Kept
from convoca.pages.public import draw_again_at

_rows: "Kept[Row]" = Kept(most=5000)
_NAMED = ("organisations", "committees", "campaigns", "places", "triggers", "site")
"""What a row names beside its action: hosts, town, what a standby action waits for."""


@dataclass(frozen=True)
class Row:
    """One row of a list."""

    html: SafeString
    group: str
    """`now`, `undated`, or nothing for all others."""
    changes_at: datetime | None
    """When it begins or is over; None where nothing changes by itself."""


def rows_of(numbers: Sequence[int], who: Reader) -> list[Row]:
    """The rows of these actions, in their order; what is gone meanwhile is left out."""
    now = timezone.now()

    def make(missing: "list[tuple[int, str]]") -> Mapping[tuple[int, str], Row]:
        wanted = Action.objects.filter(pk__in=[number for number, _language in missing])
        return {(one.pk, who.language): _row(one, who, now) for one in wanted.with_front()}

    found = _rows.get_many(
        [(number, who.language) for number in numbers],
        tags=lambda key: tags_of(key[0]),
        make=make,
        still=lambda row: row.changes_at is None or row.changes_at > now,
    )
    rows = [found[number, who.language] for number in numbers if (number, who.language) in found]
    draw_again_at(*(row.changes_at for row in rows))
    return rows


def tags_of(number: int) -> tuple[str, ...]:
    """What a row is kept by."""
    return (f"action:{number}", *_NAMED)


def _row(action: Action, who: Reader, now: datetime) -> Row:
    one = ShownAction(action, who)
    group = "now" if one.is_now else "" if action.day else "undated"
    moments = (action.starts_at, action.over_at, action.shown_until)
    to_come = [moment for moment in moments if moment is not None and moment > now]
    html = SafeString(get_template("actions/_row.html").render({"one": one}))
    return Row(html, group, min(to_come, default=None))
