"""The list of all public addresses, for sitemap.xml and whatever else needs all of them."""

from collections.abc import Mapping
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from convoca.actions.sitemaps import SITEMAPS as ACTIONS
from convoca.campaigns.sitemaps import SITEMAPS as CAMPAIGNS
from convoca.core.access import STRANGER
from convoca.core.languages import UI_LANGUAGES
from convoca.network.models import Committee, Organisation
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


SITEMAPS: Mapping[str, type[Sitemap[Any]]] = {
    **CAMPAIGNS,  # type: ignore[dict-item]
    **ACTIONS,  # type: ignore[dict-item]
    "site": SiteSitemap,
    "help": HelpSitemap,
    "organisations": OrganisationSitemap,
    "committees": CommitteeSitemap,
}


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Readers by machine are welcome to what is public."""
    context = {"base": f"{request.scheme}://{request.get_host()}"}
    return render(request, "web/robots.txt", context, content_type="text/plain; charset=utf-8")
