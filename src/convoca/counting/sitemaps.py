"""The public addresses of results, for sitemap.xml, warming and mirrors."""

from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse

from convoca.campaigns.models import Campaign
from convoca.campaigns.sitemaps import InAllLanguages


class ResultsSitemap(InAllLanguages):
    """The results of each campaign whose totals are shown."""

    def items(self) -> QuerySet[Campaign]:
        return super().items().filter(showing__shows_totals=True)

    def lastmod(self, item: Campaign) -> datetime:
        return item.changed_at

    def location(self, item: Campaign) -> str:
        return reverse("counting:results", args=[item.code, item.slug()])


SITEMAPS = {"results": ResultsSitemap}
