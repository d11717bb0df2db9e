"""Proof that tags are right: every page that counts as fresh, drawn once more and compared."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.test.client import RequestFactory

from convoca.pages.public import DRAWN_TO_LOOK
from convoca.pages.services import copy_versions, store
from convoca.pages.store import PLAIN, Store


@dataclass(frozen=True)
class Difference:
    """A page that is shown as fresh and would be drawn otherwise now."""

    key: str
    words: str
    kept: bytes = b""
    drawn: bytes = b""

    def __str__(self) -> str:
        return f"{self.key}: {self.words}"


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


def audit() -> list[Difference]:
    """Each kept page that counts as fresh and differs from what would be drawn now."""
    kept = store()
    if kept is None:
        return []
    copy_versions()
    return list(_differences(kept))


def _differences(kept: Store) -> Iterator[Difference]:
    handler = WSGIHandler()
    for key in kept.keys(fresh_only=True):
        found = kept.look(key, PLAIN)
        if found is None or not found.is_fresh:
            continue
        answer = draw(key, handler=handler)
        if answer.status_code != 200:
            yield Difference(key, f"it would be answered with {answer.status_code}", found.body)
        elif answer.content != found.body:
            yield Difference(key, _where(found.body, answer.content), found.body, answer.content)


def _where(old: bytes, new: bytes) -> str:
    """The first line in which they differ."""
    rows = zip(old.splitlines(), new.splitlines(), strict=False)
    first = next(((a, b) for a, b in rows if a != b), None)
    if first is None:
        return f"{len(old)} bytes kept, {len(new)} drawn"
    was, now = (row.decode(errors="replace").strip()[:160] for row in first)
    return f"kept “{was}”, drawn “{now}”"
