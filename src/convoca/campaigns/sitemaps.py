"""All public addresses of campaigns, for sitemap.xml, warming and mirrors."""

from datetime import datetime

from django.contrib.sitemaps import Sitemap
from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.functional import cached_property

from convoca.campaigns.front import for_reading
from convoca.campaigns.models import Campaign
from convoca.core.languages import UI_LANGUAGES
from convoca.network.models import Network
from convoca.texts import services as texts
from convoca.texts.models import Translation


class InAllLanguages(Sitemap[Campaign]):
    """In every language of the network that has an interface."""

    i18n = True
    alternates = True

    def get_languages_for_item(self, item: Campaign) -> list[str]:
        return self._languages

    @cached_property
    def _languages(self) -> list[str]:
        return [tag for tag in Network.load().languages if tag in UI_LANGUAGES]

    def items(self) -> QuerySet[Campaign]:
        return Campaign.objects.published().order_by("pk")

    def lastmod(self, item: Campaign) -> datetime:
        return max(item.changed_at, item.counted_at)


class CampaignSitemap(InAllLanguages):
    """Each campaign's page."""

    def location(self, item: Campaign) -> str:
        return item.get_absolute_url()


class SignersSitemap(InAllLanguages):
    """Each list of who has signed."""

    def location(self, item: Campaign) -> str:
        return reverse("campaigns:signers", args=[item.code, item.slug()])


class CallSitemap(Sitemap[tuple[Campaign, str]]):
    """Each call in each language it can be read in."""

    def items(self) -> list[tuple[Campaign, str]]:
        rows = for_reading(Campaign.objects.published())
        chosen = dict(Network.load().fallbacks)
        translations = Prefetch("call__translations", Translation.objects.listed())
        return [
            (campaign, address)
            for campaign in rows.prefetch_related(translations).order_by("pk")
            for _language, address in texts.addresses(campaign.call, chosen)
        ]

    def location(self, item: tuple[Campaign, str]) -> str:
        return item[1]

    def lastmod(self, item: tuple[Campaign, str]) -> datetime:
        return item[0].changed_at


SITEMAPS = {"campaigns": CampaignSitemap, "calls": CallSitemap, "signers": SignersSitemap}
