"""Actions as calendars say them."""

from collections.abc import Sequence

from convoca.actions.feeds.gone import gone_from
from convoca.actions.feeds.listed import Listed
from convoca.actions.feeds.shown import Shown
from convoca.core import ics


def entry_of(shown: Shown, *, words: str = "") -> ics.Entry:
    """An action that has, or had, a day. The address at which its file lies never changes."""
    action, span, image = shown.action, shown.span, shown.image
    if span is None:
        raise ValueError(f"{action.code} has no day")
    return ics.Entry(
        uid=action.uid,
        summary=str(shown.title),
        description="\n\n".join(
            filter(None, ["\n".join(shown.lines), words, "\n".join(shown.origin_lines)])
        ),
        url=shown.url,
        first=span.first,
        last=span.last,
        at=span.at,
        until=span.until,
        created_at=action.created_at,
        changed_at=action.changed_at,
        sequence=action.sequence,
        status=ics.Status(shown.status),
        location=shown.where,
        position=shown.position,
        categories=[shown.kind, *action.campaign.hashtags],
        image=image.url if image else "",
        image_type=image.kind if image else "",
        organiser=shown.organiser,
        source=shown.source,
        licence=shown.licence,
    )


def calendar_of(rows: Sequence[Shown], listed: Listed) -> bytes:
    """The calendar of a list, to subscribe to."""
    return ics.calendar(
        [entry_of(one) for one in rows],
        name=listed.title,
        description=listed.limits,
        source=listed.address("ics"),
        zone=listed.who.network.zone,
        removed=[one.as_entry for one in gone_from(listed.wanted)],
    )
