"""Actions as news: Atom (RFC 4287) and RSS 2.0, with the dates of each in `ev:` elements. Atom says
what was taken off (RFC 6721); RSS has no word for it."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from io import StringIO
from typing import Any

from django.utils.feedgenerator import (
    Atom1Feed,
    Enclosure,
    Rss201rev2Feed,
    SyndicationFeed,
    rfc3339_date,
)
from django.utils.html import escape
from django.utils.xmlutils import SimplerXMLGenerator

from convoca.actions.feeds.gone import Gone, gone_from
from convoca.actions.feeds.listed import Listed
from convoca.actions.feeds.shown import Shown

TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
EVENTS = "http://purl.org/rss/1.0/modules/event/"
ATOM_TYPE = "application/atom+xml; charset=utf-8"
RSS_TYPE = "application/rss+xml; charset=utf-8"
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)


class _Dated(SyndicationFeed):
    """What Atom and RSS share. An empty feed is as old as Convoca, so that it stays the same."""

    def root_attributes(self) -> dict[str, str]:
        return {**super().root_attributes(), "xmlns:ev": EVENTS}

    def latest_post_date(self) -> datetime:
        return max((item["updateddate"] for item in self.items), default=_BEGINNING)

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        for name, value in item["event"].items():
            if value:
                handler.addQuickElement(f"ev:{name}", value)


class Atom(_Dated, Atom1Feed):
    """`gone` is what was taken off: programs that have it let it go."""

    gone: Sequence[Gone] = ()

    def root_attributes(self) -> dict[str, str]:
        return {**super().root_attributes(), "xmlns:at": TOMBSTONES}

    def latest_post_date(self) -> datetime:
        return max([super().latest_post_date(), *(one.at for one in self.gone)])

    def write_items(self, handler: SimplerXMLGenerator) -> None:
        super().write_items(handler)
        for one in self.gone:
            words = {"ref": one.id, "when": rfc3339_date(one.at)}
            handler.addQuickElement("at:deleted-entry", "", words)


class Rss(_Dated, Rss201rev2Feed):
    pass


def atom(rows: Sequence[Shown], listed: Listed) -> str:
    return _written(Atom, rows, listed, listed.address("atom"))


def rss(rows: Sequence[Shown], listed: Listed) -> str:
    return _written(Rss, rows, listed, listed.address("rss"))


def _written(kind: type[_Dated], rows: Sequence[Shown], listed: Listed, address: str) -> str:
    feed = kind(
        title=_clean(listed.title),
        link=listed.page,
        description=_clean(listed.title),
        language=listed.who.language,
        author_name=_clean(str(listed.who.network)),
        feed_url=address,
        feed_guid=address,
    )
    for one in rows:
        feed.add_item(**_item(one))
    if isinstance(feed, Atom):
        feed.gone = gone_from(listed.wanted)
    out = StringIO()
    feed.write(out, "utf-8")
    return out.getvalue()


def _item(one: Shown) -> dict[str, Any]:
    action, span, image = one.action, one.span, one.image
    lines = [one.when, one.where, *one.lines, *one.origin_lines]
    return {
        "title": _clean(str(one.title)),
        "link": one.url,
        "description": "".join(f"<p>{escape(_clean(line))}</p>" for line in lines),
        "unique_id": one.id,
        "unique_id_is_permalink": False,
        "pubdate": action.published_at,
        "updateddate": max(action.changed_at, action.published_at or action.changed_at),
        "author_name": _clean(", ".join(host.name for host in one.hosts) or one.source),
        "item_copyright": _clean(one.licence) or None,
        "categories": [_clean(word) for word in (one.kind, *action.campaign.hashtags)],
        "enclosures": [Enclosure(image.url, str(image.octets), image.kind)] if image else [],
        "event": {
            "startdate": span.start if span else "",
            "enddate": span.end if span else "",
            "location": _clean(one.where),
            "organizer": _clean(", ".join(host.name for host in one.hosts)),
            "type": action.kind,
        },
    }


def _clean(words: str) -> str:
    """Without what no XML may hold."""
    return _NOT_IN_XML.sub("", words)
