"""Keeps the answers of public pages, as they leave Django: with every header, once for everyone."""

import logging
import sqlite3
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from convoca.pages.public import DRAWN_TO_LOOK, Drawn, PublicPage
from convoca.pages.services import copy_versions, store
from convoca.pages.store import Outcome, Page, Store, etag_of

Answer = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger(__name__)

KEPT_AS = "Convoca-Kept-As"
"""Tells the front under which key an answer has been kept; the front takes it off."""
DRAWN_AT_MOST = 3
"""How often in a row a page is drawn when what it shows is taken down meanwhile."""
_NOT_KEPT = {"set-cookie", "content-length", "date", "vary", "etag", "connection", "server"}
_PACKED = ("text/", "application/json", "application/geo+json", "application/xml", "image/svg")
_PACKED_ENDS = ("+xml", "+json", "/xml", "/json", "/javascript")
_GONE = {301, 302, 308, 404, 410}


class KeptPages:
    """Puts what a public view answered to a stranger into the store, or takes it out again.

    A page that could not be drawn stays as it was, and stewards are told. Who is signed in gets
    the answer itself, which nobody keeps.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        for _time in range(DRAWN_AT_MOST):
            answer = self._answer(request)
            if not _was_taken_down(answer):
                return answer
        busy = HttpResponse(status=503, content_type="text/plain; charset=utf-8")
        busy["Retry-After"] = "1"
        return busy

    def _answer(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        match = request.resolver_match
        page: PublicPage | None = getattr(match.func, "public_page", None) if match else None
        if page is None or request.method not in {"GET", "HEAD"} or answer.streaming:
            return answer
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            answer["Cache-Control"] = "no-store"
            return answer
        if answer.status_code in _GONE:  # caches may keep such an answer of their own accord
            answer.setdefault("Cache-Control", "no-cache")
        if answer.status_code == 200:
            answer["Vary"] = "Accept-Encoding"
            answer["ETag"] = f'"{etag_of(answer.content)}"'
        kept = None if request.META.get(DRAWN_TO_LOOK) else store()
        if kept is not None and page.is_kept:
            _settle(kept, page, request, answer)
        elif answer.status_code == 200 and (page.personal or not page.is_kept):
            _for_one_reader(page, request, answer)
        if answer.status_code != 200:
            return answer
        short = get_conditional_response(request, etag=answer["ETag"], response=answer)
        if short is not None and hasattr(answer, "drawn"):
            short.drawn = answer.drawn  # type: ignore[attr-defined]
        return short or answer


def _was_taken_down(answer: HttpResponse) -> bool:
    """Whether something that it shows was taken down while it was drawn: then nobody gets it."""
    kept, drawn = store(), getattr(answer, "drawn", None)
    if kept is None or drawn is None:
        return False
    try:
        return kept.is_down(drawn.tags)
    except sqlite3.Error:
        log.exception("the file of kept pages does not say what was taken down")
        return False


def _for_one_reader(page: PublicPage, request: HttpRequest, answer: HttpResponse) -> None:
    if not page.key_of(request):
        answer["Cache-Control"] = "no-store"


def _settle(kept: Store, page: PublicPage, request: HttpRequest, answer: HttpResponse) -> None:
    """Keep it, let it go, or note that it failed."""
    key = page.key_of(request)
    if not key:
        _for_one_reader(page, request, answer)
        return
    try:
        drawn: Drawn | None = getattr(answer, "drawn", None)
        if answer.status_code == 200 and drawn is not None and _is_for_everyone(answer):
            names = ",".join(page.query), ",".join(page.personal)
            kept.tell_names(key.partition("?")[0], names)
            if kept.keep(_page(key, answer, drawn)) in (Outcome.KEPT, Outcome.NEWER):
                answer[KEPT_AS] = key
        elif answer.status_code in _GONE:
            kept.forget(key)
        elif answer.status_code >= 500:
            kept.note_failure(key, str(answer.status_code))
    except sqlite3.Error:
        log.exception("a page was not kept")
        _mend(kept)


def _is_for_everyone(answer: HttpResponse) -> bool:
    if answer.cookies:
        log.error("a public page set a cookie; it was not kept")
        return False
    return "no-store" not in answer.get("Cache-Control", "")


def kept_headers(answer: HttpResponse) -> list[tuple[str, str]]:
    """What of the headers is kept with a page: all that is not made anew for each answer."""
    return [(name, value) for name, value in answer.items() if name.lower() not in _NOT_KEPT]


def _page(key: str, answer: HttpResponse, drawn: Drawn) -> Page:
    kind = answer.get("Content-Type", "").split(";")[0].strip().lower()
    is_packed = kind.startswith(_PACKED) or kind.endswith(_PACKED_ENDS)
    return Page(key, kept_headers(answer), answer.content, drawn.tags, drawn.due_at, is_packed)


def _mend(kept: Store) -> None:
    """A file that was thrown away begins anew with what the database knows."""
    try:
        if not kept.size()[0]:
            copy_versions()
    except sqlite3.Error:
        log.exception("the file of kept pages cannot be used")
