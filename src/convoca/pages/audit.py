"""Proof that tags are right: every page that counts as fresh, drawn once more and compared."""

import json
import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.test.client import RequestFactory

from convoca.pages.middleware import kept_headers
from convoca.pages.public import DRAWN_TO_LOOK
from convoca.pages.services import copy_versions, store
from convoca.pages.store import PLAIN, Found, Store

Progress = Callable[[int, int], object]
"""Told how many pages are done, of how many."""


@dataclass(frozen=True)
class Difference:
    """A page that is shown as fresh and would be drawn otherwise now."""

    key: str
    words: str
    kept: bytes = b""
    drawn: bytes = b""

    def __str__(self) -> str:
        return f"{self.key}: {self.words}"


@contextmanager
def quiet() -> Iterator[None]:
    """Drawing is nobody's request: it stands in no log."""
    access = logging.getLogger("convoca.access")
    before = access.level
    access.setLevel(logging.WARNING)
    try:
        yield
    finally:
        access.setLevel(before)


def draw(key: str, *, handler: WSGIHandler | None = None) -> HttpResponse:
    """The answer to a stranger who asks for the page under this key now; it is not kept."""
    url = urlsplit(key)
    request = RequestFactory(headers={"host": url.netloc}).get(
        f"{url.path}{'?' if url.query else ''}{url.query}",
        secure=url.scheme == "https",
        **{DRAWN_TO_LOOK: True},  # type: ignore[arg-type]
    )
    answer = (handler or WSGIHandler()).get_response(request)
    assert isinstance(answer, HttpResponse), "public pages are never streamed"  # noqa: S101  for types
    return answer


def audit(
    only: Iterable[str] | None = None, *, progress: Progress = lambda done, of: None
) -> list[Difference]:
    """Each kept page that counts as fresh and differs from what would be drawn now; of those under
    the keys `only`, where they are named. It may run beside a server: what changes meanwhile is
    none.
    """
    kept = store()
    if kept is None:
        return []
    copy_versions()
    wanted = None if only is None else set(only)
    keys = [key for key in kept.keys(fresh_only=True) if wanted is None or key in wanted]
    with quiet():
        return list(_differences(kept, keys, progress))


def _differences(kept: Store, keys: list[str], progress: Progress) -> Iterator[Difference]:
    handler = WSGIHandler()
    for number, key in enumerate(keys):
        progress(number, len(keys))
        found = kept.look(key, PLAIN)
        if found is None or not found.is_fresh:
            continue
        words, drawn = _difference(found, draw(key, handler=handler))
        if words and _is_still_shown(kept, key, found):
            yield Difference(key, words, found.body, drawn)
    progress(len(keys), len(keys))


def _is_still_shown(kept: Store, key: str, found: Found) -> bool:
    """Whether readers get these bytes as fresh ones, also now that they were drawn once more."""
    copy_versions()
    now = kept.look(key, PLAIN)
    return now is not None and now.is_fresh and now.body == found.body


def _difference(found: Found, answer: HttpResponse) -> tuple[str, bytes]:
    """In which words they differ, and what would be shown; no words where they are the same."""
    if answer.status_code != 200:
        return f"it would be answered with {answer.status_code}", b""
    if answer.content != found.body:
        return _where(found.body, answer.content), answer.content
    was, now = _in_order(json.loads(found.headers)), _in_order(kept_headers(answer))
    if was != now:
        return f"headers kept {was}, drawn {now}", answer.content
    return "", answer.content


def _in_order(headers: list[tuple[str, str]]) -> list[tuple[str, list[str]]]:
    """The parts of a policy for browsers stand in any order, which means the same."""
    return [(name, sorted(value.split("; "))) for name, value in headers]


def _where(old: bytes, new: bytes) -> str:
    """The first line in which they differ."""
    rows = zip(old.splitlines(), new.splitlines(), strict=False)
    first = next(((a, b) for a, b in rows if a != b), None)
    if first is None:
        return f"{len(old)} bytes kept, {len(new)} drawn"
    was, now = (row.decode(errors="replace").strip()[:160] for row in first)
    return f"kept “{was}”, drawn “{now}”"
