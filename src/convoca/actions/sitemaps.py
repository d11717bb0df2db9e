"""All public addresses of actions, for sitemap.xml, warming and mirrors."""

from datetime import datetime

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import cached_property

from convoca.actions.changes import next_change
from convoca.actions.finding.wanted import Wanted
from convoca.actions.models import Action
from convoca.campaigns.models import Campaign
from convoca.core.languages import UI_LANGUAGES
from convoca.network.models import Network
from convoca.pages.public import draw_again_after


class ActionSitemap(Sitemap[Action]):
    """Each public action's page, in every language of the network that has an interface."""

    i18n = True
    alternates = True
    limit = 5000  # actions, each in all languages

    def get_languages_for_item(self, item: Action) -> list[str]:
        return self._languages

    @cached_property
    def _languages(self) -> list[str]:
        return [tag for tag in Network.load().languages if tag in UI_LANGUAGES]

    def items(self) -> QuerySet[Action]:
        return Action.objects.public().order_by("pk")

    def location(self, item: Action) -> str:
        return item.get_absolute_url()

    def lastmod(self, item: Action) -> datetime:
        return item.changed_at


class ActionListSitemap(Sitemap[str]):
    """The lists of countries, and of each campaign."""

    def items(self) -> list[str]:
        draw_again_after(next_change)
        countries = Action.objects.filter(listed=True, shown_until__gt=timezone.now())
        codes = countries.exclude(country="").order_by().values_list("country", flat=True)
        lists = [Wanted(country=code) for code in sorted(set(codes.distinct()))]
        lists += [Wanted(campaign=one) for one in Campaign.objects.published().order_by("pk")]
        return [wanted.address() for wanted in lists]

    def location(self, item: str) -> str:
        return item


SITEMAPS = {"actions": ActionSitemap, "action-lists": ActionListSitemap}
