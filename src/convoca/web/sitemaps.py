"""The list of all public addresses, for sitemap.xml and whatever else needs all of them."""

from collections.abc import Mapping
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap as answer
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from convoca.actions.sitemaps import SITEMAPS as ACTIONS
from convoca.campaigns.sitemaps import SITEMAPS as CAMPAIGNS
from convoca.core.access import STRANGER
from convoca.core.languages import UI_LANGUAGES
from convoca.counting.sitemaps import SITEMAPS as COUNTING
from convoca.network.models import Committee, Organisation
from convoca.pages.public import public_page
from convoca.web import help as help_pages


class SiteSitemap(Sitemap[str]):
    """The pages that belong to the site as a whole."""

    i18n = True
    languages = list(UI_LANGUAGES)
    alternates = True

    def items(self) -> list[str]:
        return [
            "home",
            "about",
            "imprint",
            "privacy",
            "accessibility",
            "offline",
            "help",
            "campaigns:index",
            "actions:list",
            "actions:map",
            "actions:near",
            "actions:coverage",
            "network:organisations",
            "network:committees",
        ]

    def location(self, item: str) -> str:
        return reverse(item)


class HelpSitemap(SiteSitemap):
    """The help pages."""

    def items(self) -> list[str]:
        return [page.slug for page in help_pages.pages("en")]

    def location(self, item: str) -> str:
        return reverse("help-page", args=[item])


class OrganisationSitemap(Sitemap[Organisation]):
    """Each organisation's page."""

    i18n = True
    languages = list(UI_LANGUAGES)
    alternates = True

    def items(self) -> QuerySet[Organisation]:
        return Organisation.objects.visible_to(STRANGER).order_by("pk")


class CommitteeSitemap(Sitemap[Committee]):
    """Each committee's page."""

    i18n = True
    languages = list(UI_LANGUAGES)
    alternates = True

    def items(self) -> QuerySet[Committee]:
        return Committee.objects.visible_to(STRANGER).order_by("pk")


TAGS = ("site", "campaigns", "actions", "organisations", "committees", "texts")
"""What the list of all public pages shows."""
SITEMAPS: Mapping[str, type[Sitemap[Any]]] = {
    **CAMPAIGNS,  # type: ignore[dict-item]
    **ACTIONS,  # type: ignore[dict-item]
    **COUNTING,
    "site": SiteSitemap,
    "help": HelpSitemap,
    "organisations": OrganisationSitemap,
    "committees": CommitteeSitemap,
}


@public_page(tags=TAGS, query=("p",), mirrored="never")
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every public address; in pages where there are many."""
    return answer(request, dict(SITEMAPS))


@public_page(tags=(), mirrored="never")
def robots(request: HttpRequest) -> HttpResponse:
    """Readers by machine are welcome to what is public."""
    context = {"base": f"{request.scheme}://{request.get_host()}"}
    return render(request, "web/robots.txt", context, content_type="text/plain; charset=utf-8")
