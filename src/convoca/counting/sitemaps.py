"""The public addresses of results, for sitemap.xml, warming and mirrors."""

from datetime import datetime

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property

from convoca.campaigns.models import Campaign
from convoca.core.languages import UI_LANGUAGES
from convoca.network.models import Network


class ResultsSitemap(Sitemap[Campaign]):
    """The results of each campaign whose totals are shown, in every language of the network."""

    i18n = True
    alternates = True

    def get_languages_for_item(self, item: Campaign) -> list[str]:
        return self._languages

    @cached_property
    def _languages(self) -> list[str]:
        return [tag for tag in Network.load().languages if tag in UI_LANGUAGES]

    def items(self) -> QuerySet[Campaign]:
        return Campaign.objects.published().filter(showing__shows_totals=True).order_by("pk")

    def lastmod(self, item: Campaign) -> datetime:
        return item.changed_at

    def location(self, item: Campaign) -> str:
        return reverse("counting:results", args=[item.code, item.slug()])


SITEMAPS = {"results": ResultsSitemap}
