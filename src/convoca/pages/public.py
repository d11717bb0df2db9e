"""`public_page` marks a view that strangers read; its answers are kept and shown to everyone."""

import time
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from io import BytesIO
from typing import Any, Literal, cast

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from convoca.pages.keys import key_of, query_of
from convoca.pages.services import versions
from convoca.pages.store import EVERYTHING

Tags = Iterable[str] | Callable[..., Iterable[str]]
View = Callable[..., HttpResponse]
InMirror = Literal["always", "papers", "never"]
"""Which copies of the site have a page: all; those with what is printed; none, because it is only
a form, or one of more lists than anybody reads."""
Mirrored = InMirror | Callable[..., InMirror]

DRAWN_TO_LOOK = "convoca.pages.drawn_to_look"
"""In the environ of a request whose answer is looked at and not kept."""
_clock: ContextVar["Clock | None"] = ContextVar("clock", default=None)
_FROM_SERVER = ("SCRIPT_NAME", "SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL")


@dataclass(frozen=True)
class Drawn:
    """What is known of an answer beside its bytes."""

    tags: dict[str, int]
    """The versions of all that it shows, read before it was drawn."""
    due_at: float
    """The first moment at which it changes by itself, as seconds since 1970; 0 is none."""


@dataclass(frozen=True)
class PublicPage:
    """What a view that strangers read says of itself."""

    tags: Tags
    query: tuple[str, ...]
    personal: tuple[str, ...]
    is_kept: bool
    mirrored: Mirrored = "always"

    def tags_of(self, request: HttpRequest, *args: Any, **kwargs: Any) -> list[str]:
        """The tags of one answer of this view."""
        found = self.tags(request, *args, **kwargs) if callable(self.tags) else self.tags
        return [*found, EVERYTHING]

    def mirrored_at(self, **scope: Any) -> InMirror:
        """Whether a copy has the page that answers for these parts of an address."""
        return self.mirrored(**scope) if callable(self.mirrored) else self.mirrored

    def query_of(self, request: HttpRequest) -> str:
        """The part of a request's query that this view reads."""
        return query_of(_written(request), self.query + self.personal)

    def key_of(self, request: HttpRequest) -> str:
        """Under which key the answer is kept; empty where it is for this reader alone."""
        written = _written(request)
        if not self.is_kept or (written and query_of(written, self.personal)):
            return ""
        query = query_of(written, self.query) if written else ""
        return key_of(request.scheme or "", request.get_host(), request.path, query)


def public_page(
    *,
    tags: Tags,
    query: Iterable[str] = (),
    personal: Iterable[str] = (),
    kept: bool = True,
    mirrored: Mirrored = "always",
) -> Callable[[View], View]:
    """Mark a view as a public page: GET and HEAD, the same bytes for everyone.

    The view is given a request of its own that holds an address and nothing else: no session,
    person, cookie or header but the name of the host. The language is the one in the path.

    `tags` (a list, or a callable with the view's arguments) names what the page shows: `touch` of
    one of them makes the page old. `query` are the names of the query that the view reads; nothing
    else of a query reaches it. Where one of the `personal` names is given (words to search for,
    where somebody stands) the answer is for that reader alone and not kept; with `kept=False` none
    ever is. `mirrored` (a word, or a callable with the view's arguments) says which copies of the
    site have it.
    """
    facts = PublicPage(tags, tuple(query), tuple(personal), kept, mirrored)

    def mark(view: View) -> View:
        @require_safe
        @wraps(view)
        def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            reading = _only_the_address(request, facts)
            _forget_who_asks(request)
            is_noted = settings.PAGES_STORE is not None or DRAWN_TO_LOOK in request.META
            is_kept = is_noted and facts.key_of(request) != ""
            # also of what is for one reader alone: it may be taken down while it is drawn
            seen = versions(facts.tags_of(reading, *args, **kwargs)) if is_noted else {}
            clock = Clock() if is_kept else None
            token = _clock.set(clock)
            try:
                answer = view(reading, *args, **kwargs)
                if callable(getattr(answer, "render", None)):
                    answer.render()  # type: ignore[attr-defined]
            finally:
                _clock.reset(token)
            answer.drawn = Drawn(seen, clock.due_at if clock else 0.0)  # type: ignore[attr-defined]
            if not answer.has_header("Cache-Control"):
                patch_cache_control(answer, public=True, max_age=0, must_revalidate=True)
            return answer

        page.public_page = facts  # type: ignore[attr-defined]
        return page

    return mark


class Clock:
    """When what is being drawn changes by itself."""

    def __init__(self) -> None:
        self.began = time.time()
        self.due_at = 0.0
        self.asked: set[Callable[[], datetime | None]] = set()

    def note(self, moment: datetime) -> None:
        at = moment.timestamp()
        if at > self.began:  # also what passes while it is drawn: then it is due at once
            self.due_at = min(at, self.due_at or at)


def draw_again_at(*moments: datetime | None) -> None:
    """Say, while a public page is drawn, when it changes by itself: what is "upcoming" has begun.

    It is drawn again for whoever asks after the first of these moments. Moments that have passed,
    and calls while no public page is drawn, count for nothing.
    """
    clock = _clock.get()
    if clock is not None:
        for moment in moments:
            if moment is not None:
                clock.note(moment)


def draw_again_after(ask: Callable[[], datetime | None]) -> None:
    """The same for a moment that has to be looked for: `ask` is asked once for each page, and not
    at all where the page is not kept.
    """
    clock = _clock.get()
    if clock is not None and ask not in clock.asked:
        clock.asked.add(ask)
        draw_again_at(ask())


def _forget_who_asks(request: HttpRequest) -> None:
    """For the middleware around the view too: nobody, and no session that could set a cookie."""
    request.user = AnonymousUser()
    if hasattr(request, "session"):
        del request.session


def _written(request: HttpRequest) -> str:
    """The query as it was written; WSGI hands on its bytes as if they were Latin-1."""
    written: str = request.META.get("QUERY_STRING", "")
    return written.encode("latin-1", "replace").decode(errors="replace")


def _only_the_address(request: HttpRequest, facts: PublicPage) -> HttpRequest:
    """A request for the same address from nobody in particular."""
    environ = {name: request.META.get(name, "") for name in _FROM_SERVER}
    environ |= {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": request.path_info.encode().decode("latin-1"),  # as WSGI has it
        "QUERY_STRING": facts.query_of(request),
        "HTTP_HOST": request.META.get("HTTP_HOST", ""),
        "wsgi.url_scheme": request.scheme,
        "wsgi.input": BytesIO(),
    }
    if not environ["HTTP_HOST"]:
        del environ["HTTP_HOST"]
    reading = cast("HttpRequest", WSGIRequest(environ))
    reading.user = AnonymousUser()
    reading.resolver_match = request.resolver_match
    for name in ("LANGUAGE_CODE", "urlconf"):
        if hasattr(request, name):
            setattr(reading, name, getattr(request, name))
    return reading
