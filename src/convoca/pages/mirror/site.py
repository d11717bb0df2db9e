"""What a copy must know of the site that it copies: told by the apps above, asked by the copy."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured
from django.urls import Resolver404, resolve
from django.utils import translation

from convoca.pages.public import PublicPage

DOOR = "/"
"""The address without a language: in a copy, a page to choose one."""
_QUERY = ("month", "page", "when")
"""What may be asked in a copy. Other ways to narrow a list have no end: they lead to the site."""
_VALUE = re.compile(r"[A-Za-z0-9-]{1,20}", re.ASCII)
PAGE = re.compile(r"/([a-z-]+)/([a-z]+)/([0-9a-hjkmnp-tv-z]{8})/[^/]+/", re.ASCII)
"""Language, word and code of what has a page of its own: `/es/actions/0000bbbb/a-march/`."""


@dataclass(frozen=True)
class Site:
    """The answers of the apps above."""

    addresses: Callable[[], Iterable[str]]
    """Path of every public page, as the sitemap has them."""
    tags: tuple[str, ...]
    """What that list shows."""
    door: Callable[[], str]
    """HTML of the page to choose a language."""
    mail: Callable[[], str]
    """Whom to write to."""
    media: Callable[[str], Path]
    """Where a kept file lies, by its name; raises `FileNotFoundError`."""


_TOLD: list[Site] = []


def tell(site: Site) -> None:
    """Register the answers, once."""
    _TOLD[:] = [site]


def site() -> Site:
    """What was told."""
    if not _TOLD:
        raise ImproperlyConfigured("no app has told what the public site is")
    return _TOLD[0]


def asset(path: str) -> Path | None:
    """The file behind an address of static files or of kept media; None for all other addresses,
    and where there is none.
    """
    name = path.removeprefix(settings.STATIC_URL)
    if name != path:
        return _static(name)
    name = path.removeprefix(settings.MEDIA_URL)
    if name == path or "/" in name:
        return None
    try:
        found = site().media(name)
    except FileNotFoundError:
        return None
    return found if found.is_file() else None


def is_asset(path: str) -> bool:
    """Whether the address is one of a file, which nobody draws."""
    return path.startswith((settings.STATIC_URL, settings.MEDIA_URL))


def _static(name: str) -> Path | None:
    if ".." in name.split("/"):
        return None
    collected = Path(settings.STATIC_ROOT) / name
    if collected.is_file():
        return collected
    found = finders.find(name)
    return Path(found) if isinstance(found, str) else None


@dataclass
class Places:
    """Which addresses a copy has, decided by the view that answers there, each once."""

    short: dict[str, str]
    with_papers: bool

    def __post_init__(self) -> None:
        self._known: dict[tuple[str, str], str] = {}

    @classmethod
    def of(cls, roots: Iterable[str], *, with_papers: bool) -> "Places":
        """Addresses without a readable end lead to those with one."""
        pages = (path for path in roots if PAGE.fullmatch(path))
        return cls({f"{path.rsplit('/', 2)[0]}/": path for path in pages}, with_papers)

    def place(self, path: str, query: str) -> str:
        """The address under which the copy has it; empty where it has not."""
        known = self._known.get((path, query))
        if known is None:
            known = self._known[path, query] = self._decide(self.short.get(path, path), query)
        return known

    def _decide(self, path: str, query: str) -> str:
        if path == DOOR:
            return DOOR
        if is_asset(path):
            return path if asset(path) else ""
        found = _resolved(path)
        if found is None:
            return ""
        page, scope = found
        if page.mirrored_at(**scope) not in {"always", "papers" if self.with_papers else ""}:
            return ""
        asked = _asked(query, page)
        return "" if asked is None else f"{path}{'?' if asked else ''}{asked}"


def _resolved(path: str) -> tuple[PublicPage, dict[str, object]] | None:
    first = path.split("/")[1]
    with translation.override(first if first in _languages() else None):
        try:
            match = resolve(path)
        except Resolver404:
            return None
    page = getattr(match.func, "public_page", None)
    return (page, match.kwargs) if page is not None and page.is_kept else None


@cache
def _languages() -> frozenset[str]:
    return frozenset(tag for tag, _name in settings.LANGUAGES)


def _asked(query: str, page: PublicPage) -> str | None:
    """The query in one spelling; None where it asks for what a copy has not."""
    if not query:
        return ""
    pairs = sorted(set(parse_qsl(query, keep_blank_values=True)))
    for name, value in pairs:
        if name not in _QUERY or name not in page.query or not _VALUE.fullmatch(value):
            return None
    asked = dict(pairs)
    if len(asked) < len(pairs):
        return None
    if asked.get("page") == "1":
        del asked["page"]
    return urlencode(asked)
