"""Draws what a copy holds: an address of the site becomes the bytes of a file and what is known
of them. Many are drawn by several processes at once."""

import logging
import re
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from html import escape
from multiprocessing import get_context
from typing import Literal

from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse

from convoca.core.ics import CONTENT_TYPE as CALENDAR
from convoca.core.ics import folded
from convoca.pages.audit import draw
from convoca.pages.mirror import markup
from convoca.pages.mirror.links import Links, Wish, copied
from convoca.pages.mirror.site import DOOR, Places, asset, is_asset, site
from convoca.pages.mirror.state import words_of
from convoca.pages.mirror.workers import begin, draw_some
from convoca.pages.services import versions
from convoca.pages.store import EVERYTHING

log = logging.getLogger(__name__)

FEW = 300
"""So many are drawn sooner than another process has started."""
AT_ONCE = 25
_MOVED = {301, 302, 307, 308}
_FEEDS = ("application/atom+xml", "application/rss+xml", "application/geo+json", "text/csv")
_FOLD = re.compile(rb"\r?\n[ \t]")


@dataclass(frozen=True)
class Answer:
    """What the site answered to a stranger, made fit for a copy."""

    address: str
    state: Literal["there", "gone", "failed"]
    body: bytes = b""
    tags: str = ""
    due_at: float = 0.0
    links: tuple[str, ...] = ()
    """Addresses that it leads to and that a copy has, as far as the site has them."""


class Drawing:
    """Draws one address after the other, with the same links to all."""

    def __init__(self, wish: Wish, places: Places) -> None:
        self._wish, self._places, self._handler = wish, places, WSGIHandler()

    def draw(self, address: str, dead: Collection[str]) -> Answer:
        """The answer now; `dead` are addresses that nothing in the copy may lead to."""
        links = Links(self._wish, self._places.place, address, dead)
        path = address.partition("?")[0]
        if is_asset(path):
            return self._of_file(address, links)
        if address == DOOR:
            tags = words_of(versions([*site().tags, EVERYTHING]))
            body = copied(site().door(), links).encode()
            return Answer(address, "there", body, tags, 0.0, tuple(links.found))
        answer = draw(self._wish.origin + address, handler=self._handler)
        known = getattr(answer, "drawn", None)
        if answer.status_code >= 500:
            return Answer(address, "failed")
        if known is None or not known.tags or answer.cookies:
            return Answer(address, "gone")
        tags = words_of(known.tags)
        if answer.status_code in _MOVED and path.endswith("/"):
            body = _leads_on(links.lead(answer["Location"], "link")).encode()
        elif answer.status_code == 200:
            body = _fit(answer, links)
        else:
            return Answer(address, "gone")
        return Answer(address, "there", body, tags, known.due_at, tuple(links.found))

    def _of_file(self, address: str, links: Links) -> Answer:
        file = asset(address)
        if file is None:
            return Answer(address, "gone")
        body = file.read_bytes()
        if file.suffix == ".css":
            body = markup.sheet(body.decode(), lead=links.lead).encode()
        return Answer(address, "there", body, of_file(address), 0.0, tuple(links.found))


def of_file(address: str) -> str:
    """What stands for the versions of tags where a file lies behind an address."""
    file = asset(address)
    if file is None:
        return ""
    facts = file.stat()
    return f"file {facts.st_size} {facts.st_mtime_ns}"


def _fit(answer: HttpResponse, links: Links) -> bytes:
    kind = answer.get("Content-Type", "").split(";")[0].strip().lower()
    body: bytes = answer.content
    if kind == "text/html":
        return copied(body.decode(), links).encode()
    if kind == "text/css":
        return markup.sheet(body.decode(), lead=links.lead).encode()
    if not links.wish.base:
        return body
    if kind == CALENDAR.split(";")[0]:
        lines = _FOLD.sub(b"", body).decode().splitlines()
        return "".join(folded(_led_on(line, links)) for line in lines).encode()
    if kind in _FEEDS:
        return _led_on(body.decode(), links).encode()
    return body


def _led_on(text: str, links: Links) -> str:
    """A feed whose links lead to the copy. What names an entry stays, whatever it looks like."""
    address = rf"(?:<id>|<guid[^>]*>)[^<]*|{re.escape(links.wish.origin)}/[A-Za-z0-9/._~?=%-]*"
    return re.sub(
        address,
        lambda found: found[0] if found[0].startswith("<") else links.lead_on(found[0]),
        text,
    )


def _leads_on(address: str) -> str:
    """A page that has moved."""
    return (
        '<!doctype html>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="refresh" content="0; url={escape(address)}">\n'
        f'<title>→</title>\n<p><a href="{escape(address)}">→</a></p>\n'
    )


# --- by several processes


class Drawers:
    """Draws many addresses: here where they are few, else by `jobs` processes."""

    def __init__(self, wish: Wish, places: Places, jobs: int) -> None:
        self._here = Drawing(wish, places)
        self._wish, self._places, self._jobs = wish, places, jobs
        self._pool: ProcessPoolExecutor | None = None

    def draw(self, addresses: Sequence[str], dead: frozenset[str]) -> Iterator[Answer]:
        """Their answers, in any order."""
        if self._jobs < 2 or len(addresses) < FEW:
            for address in addresses:
                yield self._here.draw(address, dead)
            return
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self._jobs, get_context("spawn"), begin, (self._wish, self._places.short)
            )
        parts = [(addresses[at : at + AT_ONCE], dead) for at in range(0, len(addresses), AT_ONCE)]
        answered = 0
        try:
            for answers in self._pool.map(draw_some, parts):
                answered += 1
                yield from answers
        except BrokenProcessPool:  # one was ended from outside, as where memory is short
            log.warning("a process that draws was ended; the rest is drawn by one alone")
            self._pool, self._jobs = None, 1
            for address in addresses[answered * AT_ONCE :]:
                yield self._here.draw(address, dead)

    def close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
