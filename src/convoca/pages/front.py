"""The front: owns the public port, answers from the store of kept pages, asks Django for the rest.

A process of its own that knows neither Django nor the database, so that nothing which holds these
up holds up a reader: house rule "writing and reading are two roads". It runs in one thread; what
it does for a kept page is one SELECT and no `await`.
"""

import asyncio
import json
import logging
import sqlite3
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from convoca.core.config import Config
from convoca.pages.asking import Answer, Away, Body, Cut, Django, Headers, TooLarge, passed_on
from convoca.pages.files import Files
from convoca.pages.keys import SESSION_COOKIE, key_of, language_for, query_of
from convoca.pages.store import BROTLI, ENCODINGS, GZIP, PLAIN, Found, Store
from convoca.pages.unavailable import Unavailable

WAITS = 1.5
"""Seconds that the reader who finds a page old waits for the new one; all others get the old."""
RESTS = 5.0
"""Seconds for which a page that could not be drawn is not tried again while an old one is there."""
SILENCE = 60.0
"""Seconds between two parts of a request's body after which it is given up."""
LONGEST_ADDRESS = 8_000
AT_HAND = 500
"""Answers that are held in memory too."""
KEPT_AS = "convoca-kept-as"
_CONDITIONS = frozenset({"if-none-match", "if-modified-since", "if-match", "if-unmodified-since"})
_NOTHING: frozenset[str] = frozenset()
_SHARED = ("range", "if-range")
"""What a request for a page that is kept for everyone is passed on without. Cookies are passed on:
what is kept cannot read them, and what turns out to be no such page may need them.
"""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Asked:
    """One request for reading, as far as it matters here."""

    method: str
    target: str
    key: str
    """Under which its page is kept; empty where none is."""
    form: int
    conditions: str
    headers: Headers


@dataclass(slots=True)
class Ready:
    """An answer with a kept page, as it was last given."""

    headers: Headers
    body: bytes
    etag: str
    """Without the quotes and the ending of its form."""
    until: float


class Front:
    """The RSGI application of the public port."""

    def __init__(self, config: Config, *, django: str, templates: Path) -> None:
        self._hosts = frozenset(_hosts_of(config))
        self._proxies = config.trusted_proxies
        self._most = config.largest_body
        self._store = Store(config.home / "pages.sqlite3")
        self._notes = Store(config.home / "pages.sqlite3")  # written to by a thread of its own
        self._files = Files(config.home / "static")
        self._django = Django(django)
        self._unavailable = Unavailable(templates)
        self._drawings: dict[str, asyncio.Task[Answer]] = {}
        self._resting: dict[str, float] = {}
        self._background: set[asyncio.Task[None]] = set()
        self._at_hand: dict[tuple[str, ...], Ready] = {}
        self._generation = (0, 0)

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin anew: what an earlier front waited for, nobody waits for any more."""
        try:
            self._notes.stop_waiting()
        except (OSError, sqlite3.Error):
            log.exception("the file of kept pages cannot be used")

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer one request."""
        method = scope.method
        if method == "GET" and (ready := self._given_again(scope)) is not None:
            conditions = scope.headers.get("if-none-match")
            if conditions and (matched := _matches(conditions, _etags_of(ready.etag))):
                protocol.response_empty(304, _short(ready.headers, matched))
            else:
                protocol.response_bytes(200, ready.headers, ready.body)
        elif method in ("GET", "HEAD"):
            await self._read(scope, protocol, method)
        elif method == "POST":
            await self._write(scope, protocol)
        else:
            protocol.response_str(405, [("allow", "GET, HEAD, POST"), *_PLAIN_TEXT], _NO_METHOD)

    # -- reading

    def _given_again(self, scope: Any) -> Ready | None:
        """The answer that the same address had last, while nothing in the store has changed since:
        of what is read most, the file is asked only whether it is as it was.
        """
        headers = scope.headers
        if SESSION_COOKIE in (headers.get("cookie") or ""):
            return None
        try:
            generation = self._store.generation()
        except (OSError, sqlite3.Error):
            return None
        if generation != self._generation:
            self._at_hand.clear()
            self._generation = generation
            return None
        ready = self._at_hand.get(self._address(scope))
        return ready if ready is not None and time.time() < ready.until else None

    def _address(self, scope: Any) -> tuple[str, ...]:
        headers = scope.headers
        accepted, host = headers.get("accept-encoding") or "", headers.get("host") or ""
        proto = (headers.get("x-forwarded-proto") or "") if self._proxies else ""
        return (scope.path, scope.query_string, host, accepted, proto)

    def _have_at_hand(self, scope: Any, found: Found, form: int) -> None:
        if len(self._at_hand) >= AT_HAND:
            self._at_hand.clear()
        ready = Ready(_headers_of(found, form), found.body, found.etag, found.fresh_until)
        self._at_hand[self._address(scope)] = ready

    async def _read(self, scope: Any, protocol: Any, method: str) -> None:
        headers = scope.headers
        path: str = scope.path
        accepted = headers.get("accept-encoding") or ""
        if path.startswith("/static/") and (file := self._files.find(path, accepted)) is not None:
            file.answer(protocol, method, headers.get("if-none-match") or "")
            return
        host = headers.get("host") or ""
        form = form_of(accepted)
        cookie = headers.get("cookie") or ""
        is_known = SESSION_COOKIE in cookie
        key = self._key_of(scope, host, path)
        found = None
        if key and not is_known:
            if path == "/" and self._to_a_language(protocol, headers.get("accept-language") or ""):
                return
            found = self._look(key, form)
            if found is not None and found.is_fresh:
                _send(protocol, method, found, form, headers.get("if-none-match") or "")
                self._have_at_hand(scope, found, form)
                return
        if len(path) + len(scope.query_string) > LONGEST_ADDRESS:
            protocol.response_str(414, _PLAIN_TEXT, "414: this address is too long.\n")
            return
        is_shared = bool(key) and not is_known
        conditions = headers.get("if-none-match") or ""
        asked = Asked(method, _target(scope), key, form, conditions, [])
        asked.headers = self._headers(scope, host, _SHARED_OUT if is_shared else _NOTHING)
        if is_shared:
            await self._shared(protocol, asked, found)
        else:
            await self._own(protocol, asked)

    def _key_of(self, scope: Any, host: str, path: str) -> str:
        """The key of the page that this address asks for; empty where nothing is kept for it."""
        if host.lower() not in self._hosts or path.startswith("/media/"):
            return ""
        scheme = self._scheme_of(scope)
        query = scope.query_string
        plain = key_of(scheme, host, path)
        if not (query and plain):
            return plain
        try:
            names = self._store.names_read(plain)
        except (OSError, sqlite3.Error):
            return ""
        if names is None:  # nobody has asked for it yet
            return key_of(scheme, host, path, query)
        own, alone = names
        if alone and query_of(query, tuple(alone.split(","))):
            return ""
        return key_of(scheme, host, path, query_of(query, tuple(own.split(","))) if own else "")

    def _look(self, key: str, form: int) -> Found | None:
        try:
            return self._store.look(key, form)
        except (OSError, sqlite3.Error):
            log.exception("the file of kept pages cannot be read")
            return None

    def _to_a_language(self, protocol: Any, accepted: str) -> bool:
        """`/` leads to the home page in the reader's language, as far as the network speaks it."""
        try:
            offered = self._store.fact("languages")
        except (OSError, sqlite3.Error):
            return False
        if offered:
            place = ("location", f"/{language_for(accepted, offered.split(','))}/")
            vary = ("vary", "Accept-Language")
            protocol.response_empty(302, [place, vary, ("cache-control", "no-cache")])
        return bool(offered)

    async def _shared(self, protocol: Any, asked: Asked, old: Found | None) -> None:
        """A page for everyone that is old or not there: one drawing for all who ask for it."""
        drawing = self._drawings.get(asked.key)
        is_first = drawing is None
        if old is not None:
            if drawing is None and self._resting.get(asked.key, 0.0) < time.monotonic():
                drawing = self._draw(asked)
                await asyncio.wait({drawing}, timeout=WAITS)
                if not drawing.done():
                    self._note_waiting(asked.key, drawing)
                elif _answer_of(drawing) is not None:
                    await self._answer(protocol, asked, drawing.result())
                    return
            found = self._look(asked.key, asked.form)
            if found is not None:
                _send(protocol, asked.method, found, asked.form, asked.conditions)
                return  # where there is none, it was taken down while we waited
        drawing = drawing or self._draw(asked)
        await asyncio.wait({drawing})
        answer = None if drawing.exception() else drawing.result()
        if answer is None:
            await self._unavailable.answer(protocol, asked.target, drawing.exception())
        elif is_first or answer.header(KEPT_AS):
            await self._answer(protocol, asked, answer)
        else:
            await self._own(protocol, asked)

    def _draw(self, asked: Asked) -> "asyncio.Task[Answer]":
        """Have Django draw a page; whoever asks for it meanwhile finds this drawing."""
        asking = self._django.ask("GET", asked.target, asked.headers)
        drawing = asyncio.get_running_loop().create_task(asking)
        self._drawings[asked.key] = drawing
        drawing.add_done_callback(lambda done: self._drawn(asked.key, done))
        return drawing

    def _drawn(self, key: str, drawing: "asyncio.Task[Answer]") -> None:
        self._drawings.pop(key, None)
        self._resting.pop(key, None)
        if _answer_of(drawing) is None:
            if len(self._resting) > 10_000:
                self._resting.clear()
            self._resting[key] = time.monotonic() + RESTS

    async def _answer(self, protocol: Any, asked: Asked, answer: Answer) -> None:
        """Send what was drawn: as it is kept, in the form that this reader takes."""
        kept = answer.header(KEPT_AS)
        if not kept:
            self._send_answer(protocol, asked, answer)
        elif (found := self._look(kept, asked.form)) is not None:
            _send(protocol, asked.method, found, asked.form, asked.conditions)
        else:  # taken down in this very moment
            await self._own(protocol, asked)

    def _note_waiting(self, key: str, drawing: "asyncio.Task[Answer]") -> None:
        """Let stewards see that readers wait for it in vain, until it is drawn."""
        since = time.time() - WAITS

        async def note() -> None:
            try:
                await asyncio.to_thread(self._notes.note_waiting, key, since=since)
                await asyncio.wait({drawing})
                await asyncio.to_thread(self._notes.note_waiting, key, since=None)
            except (OSError, sqlite3.Error):
                log.exception("stewards are not told what is waited for")

        task = asyncio.get_running_loop().create_task(note())
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def _own(self, protocol: Any, asked: Asked) -> None:
        """What Django answers to this reader alone; the kept page where Django is away."""
        try:
            answer = await self._django.ask(asked.method, asked.target, asked.headers)
        except (Away, Cut) as error:
            found = self._look(asked.key, asked.form) if asked.key else None
            if found is not None:
                _send(protocol, asked.method, found, asked.form, asked.conditions)
            else:
                await self._unavailable.answer(protocol, asked.target, error)
            return
        if (kept := answer.header(KEPT_AS)) and (found := self._look(kept, asked.form)):
            _send(protocol, asked.method, found, asked.form, asked.conditions)
            return
        self._send_answer(protocol, asked, answer)

    def _send_answer(self, protocol: Any, asked: Asked, answer: Answer) -> None:
        etag = answer.header("etag")
        if answer.status == 200 and etag and _matches(asked.conditions, (etag,)):
            headers = [one for one in answer.headers if one[0] in _OF_304]
            protocol.response_empty(304, headers)
            return
        send_whole(protocol, asked.method, answer)

    # -- writing

    async def _write(self, scope: Any, protocol: Any) -> None:
        headers = scope.headers
        host = headers.get("host") or ""
        told = headers.get("content-length") or ""
        target = _target(scope)
        passed = self._headers(scope, host, _NOTHING)
        if len(target) > LONGEST_ADDRESS:
            protocol.response_str(414, _PLAIN_TEXT, "414: this address is too long.\n")
            return
        body: Body | None = None
        try:
            if told.isdecimal() and int(told) > self._most:
                raise TooLarge
            body = await Body.taken(_patiently(protocol), most=self._most)
        except TooLarge:
            passed.append(("convoca-too-large", "1"))
            body = Body()
        except TimeoutError:
            protocol.response_str(408, _PLAIN_TEXT, "408: the rest of the form did not come.\n")
            return
        try:
            if told.isdecimal() and body.length < int(told) <= self._most:
                return  # cut off half-way: there is nobody to answer, and half a form is none
            answer = await self._django.ask("POST", target, passed, body)
            send_whole(protocol, "POST", answer)
        except (Away, Cut) as error:
            kind = headers.get("content-type") or ""
            accepted = headers.get("accept") or "*/*"
            wants_page = "text/html" in accepted or "*/*" in accepted
            in_short = "hx-request" in headers or not wants_page
            await self._unavailable.answer(
                protocol, target, error, body=body, kind=kind, in_short=in_short
            )
        finally:
            body.close()

    # -- who asks

    def _headers(self, scope: Any, host: str, without: frozenset[str]) -> Headers:
        """What Django hears of a request: its own headers, and who asks by which scheme."""
        own = passed_on(scope.headers.items(), without=without)
        told = [
            ("convoca-client", self._client_of(scope)),
            ("convoca-scheme", self._scheme_of(scope)),
        ]
        return [("host", host), *own, *told]

    def _client_of(self, scope: Any) -> str:
        """Where a request comes from: of X-Forwarded-For only as many entries are believed as there
        are trusted proxies, from the end.
        """
        if self._proxies:
            lines = [value for name, value in scope.headers.items() if name == "x-forwarded-for"]
            chain = [part.strip() for part in ",".join(lines).split(",")]
            if lines and len(chain) >= self._proxies:
                return _tidy(chain[-self._proxies])
        return _tidy(scope.client)

    def _scheme_of(self, scope: Any) -> str:
        if not self._proxies:
            return "http"
        told = scope.headers.get("x-forwarded-proto") or ""
        return "https" if told.rpartition(",")[2].strip().lower() == "https" else "http"


_PLAIN_TEXT = [("content-type", "text/plain; charset=utf-8"), ("x-content-type-options", "nosniff")]
_NO_METHOD = "405: pages are read with GET, forms are sent with POST.\n"
_SHARED_OUT = frozenset({*_CONDITIONS, *_SHARED})
_OF_304 = {
    *("etag", "cache-control", "vary", "expires", "content-location"),
    *("x-content-type-options", "referrer-policy", "strict-transport-security"),
}


def _hosts_of(config: Config) -> list[str]:
    """The names under which pages are kept; others are Django's to refuse, or to lead on."""
    name = config.url.partition("://")[2].lower()
    port = name.removeprefix(config.host)
    here = {"localhost", "127.0.0.1", "[::1]"}
    return [name, *(f"{other}{port}" for other in here if config.host in here)]


def _tidy(address: str) -> str:
    return address if address.isascii() and address.isprintable() else ""


def _target(scope: Any) -> str:
    """The address as it is sent on. granian tells the path decoded, so it is quoted anew."""
    path = quote(scope.path, safe="/~!$&'()*+,;=:@-._")
    query = quote(scope.query_string, safe="/?~!$&'()*+,;=:@-._%")
    return f"{path}?{query}" if query else path


async def _patiently(protocol: Any) -> AsyncIterator[bytes]:
    """The parts of a body as they come; raises TimeoutError when nothing comes for long."""
    parts = protocol.__aiter__()
    while True:
        try:
            yield await asyncio.wait_for(anext(parts), SILENCE)
        except StopAsyncIteration:
            return


def _answer_of(drawing: "asyncio.Task[Answer]") -> Answer | None:
    """What was drawn; None where Django could not."""
    if drawing.cancelled() or drawing.exception() is not None:
        return None
    return drawing.result() if drawing.result().status < 500 else None


@lru_cache(maxsize=1024)
def form_of(accepted: str) -> int:
    """The smallest form of a page that an Accept-Encoding allows; nonsense allows none."""
    allowed: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, _semicolon, rest = part.strip().partition(";")
        try:
            allowed[name.strip()] = float(rest.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
    fallback = allowed.get("*", 0.0)
    best = max((allowed.get("br", fallback), BROTLI), (allowed.get("gzip", fallback), GZIP))
    return best[1] if best[0] > 0 else PLAIN


@lru_cache(maxsize=256)
def _listed(written: str) -> tuple[tuple[str, str], ...]:
    return tuple((name.lower(), value) for name, value in json.loads(written))


@lru_cache(maxsize=1024)
def _tags_in(conditions: str) -> frozenset[str]:
    return frozenset(part.strip().removeprefix("W/") for part in conditions.split(",")[:50])


def _matches(conditions: str, etags: tuple[str, ...]) -> str:
    """The first of these that If-None-Match names; the comparison is the weak one (RFC 9110)."""
    if not conditions:
        return ""
    named = _tags_in(conditions)
    if "*" in named:
        return etags[0]
    return next((etag for etag in etags if etag.removeprefix("W/") in named), "")


def _etags_of(etag: str) -> tuple[str, ...]:
    """How the forms of one page are named."""
    return (f'"{etag}"', f'"{etag}-gzip"', f'"{etag}-br"')


def _short(headers: Headers, etag: str) -> Headers:
    """The headers of a 304 that stands for an answer with these."""
    return [*(one for one in headers if one[0] in _OF_304 and one[0] != "etag"), ("etag", etag)]


def _headers_of(found: Found, form: int) -> Headers:
    """The headers of a kept page in one form."""
    encoding = ENCODINGS[form] if found.is_packed else ""
    etag = f'"{found.etag}{"-" if encoding else ""}{encoding}"'
    headers = [*_listed(found.headers), ("etag", etag)]
    if found.is_packed:
        headers.append(("vary", "Accept-Encoding"))
    if encoding:
        headers.append(("content-encoding", encoding))
    return headers


def _send(protocol: Any, method: str, found: Found, form: int, conditions: str) -> None:
    """Answer with a kept page."""
    headers = _headers_of(found, form)
    if conditions and (matched := _matches(conditions, _etags_of(found.etag))):
        protocol.response_empty(304, _short(headers, matched))
        return
    if method == "HEAD":
        protocol.response_empty(200, [*headers, ("content-length", str(len(found.body)))])
    else:
        protocol.response_bytes(200, headers, found.body)


def send_whole(protocol: Any, method: str, answer: Answer) -> None:
    """Answer with what Django said."""
    headers = [one for one in answer.headers if one[0] != KEPT_AS]
    if method == "HEAD" or answer.status in (204, 304):
        protocol.response_empty(answer.status, headers)
    elif answer.file is not None:
        protocol.response_file(answer.status, headers, str(answer.file))
        # It is open by then; whoever reads it slowly keeps what has no name any more.
        asyncio.get_running_loop().call_later(30, lambda: answer)
    else:
        protocol.response_bytes(answer.status, headers, answer.body)
