"""The pages of `docs/use`, readable on the site: "What is this?" opens the same words."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from convoca.core.languages import direction
from convoca.pages.public import public_page
from convoca.texts.markdown import render as markdown
from convoca.texts.markdown import top_heading

FOLDER: Path = settings.PACKAGE.parent.parent / "docs" / "use"
_SLUG = re.compile(r"[a-z-]{1,80}")
_LINK = re.compile(r'href="([a-z-]+)\.md(#[\w-]+)?"')


@dataclass(frozen=True)
class HelpPage:
    """One page of `docs/use`: its title, the rest as HTML, and the language it is in."""

    slug: str
    title: str
    html: SafeString
    language: str

    @property
    def dir(self) -> str:
        return direction(self.language)


@lru_cache(maxsize=256)
def page(slug: str, language: str) -> HelpPage | None:
    """The page in `language` where it has been translated, else in English; None: no such page."""
    if not _SLUG.fullmatch(slug):
        return None
    for tag, path in ((language, FOLDER / language / f"{slug}.md"), ("en", FOLDER / f"{slug}.md")):
        if path.is_file():
            title, _blank, body = path.read_text(encoding="utf-8").partition("\n")
            drawn = markdown(body, deeper=2 - top_heading([body]))
            html = _LINK.sub(r'href="../\1/\2"', str(drawn))
            return HelpPage(slug, title.lstrip("# ").strip(), SafeString(html), tag)
    return None


def pages(language: str) -> list[HelpPage]:
    """All pages, by title."""
    slugs = sorted(path.stem for path in FOLDER.glob("*.md"))
    found = [page(slug, language) for slug in slugs]
    return sorted((p for p in found if p), key=lambda p: p.title)


@public_page(tags=["site"])
def index(request: HttpRequest) -> HttpResponse:
    """All help pages."""
    return render(request, "web/help_index.html", {"pages": pages(get_language() or "en")})


@public_page(tags=["site"])
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One help page."""
    found = page(slug, get_language() or "en")
    if found is None:
        raise Http404
    return render(request, "web/help_page.html", {"page": found})
