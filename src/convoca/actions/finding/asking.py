"""What was asked, in words that can be taken away, and what else can be asked: all of it links."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Count
from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from convoca.actions.finding.wanted import Figures, Wanted
from convoca.actions.models.action import COUNTED, Access, Kind
from convoca.campaigns.front import Reader
from convoca.campaigns.models import Moment
from convoca.campaigns.poster import label_of
from convoca.core.dates import day_words, days_words, number_words
from convoca.core.fold import fold
from convoca.core.languages import language_name
from convoca.network.models import Region
from convoca.pages.keeping import Kept
from convoca.places.models import Place
from convoca.places.names import country_name

ENDS = {
    "list": "",
    "map": "map/",
    "calendar": "calendar/",
    "coverage": "coverage/",
    "near": "near/",
    "here": "near/here/",
    "organisations": "organisations/",
}
BESIDE_NEAR = ("q", "country", "city", "past", "box")
"""What is not kept where a town or a position says where."""
TOWNS = 40


class Link(NamedTuple):
    words: str
    url: str
    number: str = ""
    is_current: bool = False


class Choices(NamedTuple):
    """One thing by which a set can be narrowed."""

    label: str
    links: list[Link]


_heads: "Kept[tuple[SafeString, datetime]]" = Kept(most=200)
HEAD_TAGS = (COUNTED, "campaigns", "committees", "organisations", "places", "site")
"""What the head of a list names beside how many there are: moments, regions, towns."""


@dataclass(frozen=True)
class Asking:
    """For the head of a list, a map or a calendar."""

    wanted: Wanted
    figures: Figures
    who: Reader
    view: str

    def html(self) -> SafeString:
        """The head: the other views, how many there are, what was asked and what can be. Most of
        what a list costs beside its rows, so it is kept while it says the same.
        """
        what = (self.view, self.who.language, self.figures)
        return self.wanted.kept(_heads, what, HEAD_TAGS, lambda _same: self._drawn())

    def _drawn(self) -> SafeString:
        context = {"asking": self, "wanted": self.wanted, "figures": self.figures}
        return SafeString(get_template("actions/_asking.html").render(context))

    @property
    def end(self) -> str:
        return ENDS[self.view]

    @property
    def action_url(self) -> str:
        """Where the form of words and days leads; `kept` goes with it."""
        return self.wanted.path(self.end)

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the form does not ask and must not forget."""
        return self._query_without("q", "day", "from", "to", "box")

    @property
    def beside_words(self) -> list[tuple[str, str]]:
        """The same where a form asks for nothing but words, such as the name of a town."""
        return self._query_without("q", "box")

    @property
    def beside_name(self) -> list[tuple[str, str]]:
        """The same where a form asks for the name of an organisation."""
        return self._query_without("host")

    def _query_without(self, *asked: str) -> list[tuple[str, str]]:
        found = []
        for name, value in self.wanted.query.items():
            if name not in asked:
                many = value if isinstance(value, list) else [value]
                found += [(name, str(one)) for one in many]
        return found

    @property
    def views(self) -> list[Link]:
        """The same set in other forms."""
        names = {
            "list": pgettext("actions as", "List"),
            "map": pgettext("actions as", "Map"),
            "calendar": pgettext("actions as", "Calendar"),
        }
        links = [
            Link(
                words,
                self.wanted.address(ENDS[view], without=() if view == "map" else ("box",)),
                is_current=view == self.view,
            )
            for view, words in names.items()
        ]
        near = self.wanted.address(ENDS["near"], without=BESIDE_NEAR)
        return [*links, Link(pgettext("actions as", "Near you"), near)]

    @property
    def moment_words(self) -> str:
        moment = self.wanted.moment
        return str(label_of(moment, self.who.language, self.who.fallbacks)) if moment else ""

    @property
    def coverage(self) -> str:
        """Where in this scope nobody acts yet."""
        scope = Wanted(
            campaign=self.wanted.campaign, moment=self.wanted.moment, country=self.wanted.country
        )
        return scope.address(ENDS["coverage"])

    # --- asked --------------------------------------------------------------------------------

    @cached_property
    def chips(self) -> list[Link]:
        """Each thing that was asked, in words; its link leads to the set without it."""
        wanted, language = self.wanted, self.who.language
        found: list[tuple[str, dict[str, Any]]] = []
        if wanted.q:
            found.append((_("“%(words)s”") % {"words": wanted.q}, {"q": ""}))
        if wanted.country:
            words = country_name(wanted.country, language)
            found.append((words, {"country": "", "city": None}))
        if wanted.city is not None:
            found.append((wanted.city.name, {"city": None}))
        if wanted.region is not None:
            found.append((str(wanted.region), {"region": None}))
        if wanted.first or wanted.last:
            found.append((self._days, {"first": None, "last": None}))
        if wanted.kind:
            found.append((str(Kind(wanted.kind).label), {"kind": ""}))
        if wanted.spoken:
            words = _("In the language: %(language)s") % {"language": language_name(wanted.spoken)}
            found.append((words, {"spoken": ""}))
        if wanted.online:
            found.append((pgettext("where an action is", "Online"), {"online": False}))
        for code in wanted.access:
            rest = tuple(one for one in wanted.access if one != code)
            found.append((str(Access(code).label), {"access": rest}))
        if wanted.host is not None:
            words = _("Hosted by %(name)s") % {"name": self.who.words(wanted.host.names)}
            found.append((words, {"host": None}))
        if wanted.past:
            found.append((pgettext("actions that are", "Over"), {"past": False}))
        if wanted.box is not None:
            found.append((_("A part of the map"), {"box": None}))
        return [Link(words, wanted.address(self.end, **rest)) for words, rest in found]

    @property
    def _days(self) -> str:
        first, last = self.wanted.first, self.wanted.last
        if first and last:
            return days_words(first, last, self.who.language)
        if first:
            return _("From %(day)s on") % {"day": day_words(first, self.who.language)}
        return _("Until %(day)s") % {"day": day_words(last, self.who.language)} if last else ""

    @property
    def nothing_asked(self) -> str:
        """The address of the whole scope."""
        root = Wanted(campaign=self.wanted.campaign, moment=self.wanted.moment)
        return root.address(self.end)

    # --- to be asked --------------------------------------------------------------------------

    @cached_property
    def choices(self) -> list[Choices]:
        """What the set can be narrowed by; what was asked already is not offered again."""
        found = [
            Choices(_("Country"), self._countries),
            Choices(_("Town"), self._towns),
            Choices(_("Region"), self._regions),
            Choices(_("Date"), self._moments),
            Choices(_("Kind"), self._kinds),
            Choices(_("Language spoken"), self._languages),
            Choices(_("Access"), self._access),
            Choices(_("In whose name"), self._hosts),
            Choices(_("More"), self._more),
        ]
        return [one for one in found if one.links]

    def _to(self, **changes: Any) -> str:
        changes.setdefault("box", None)
        return self.wanted.address(self.end, **changes)

    @property
    def _countries(self) -> list[Link]:
        if self.wanted.country or len(self.figures.countries) < 2:
            return []
        language = self.who.language
        links = [
            Link(
                country_name(code, language),
                self._to(country=code, region=None),
                number_words(number, language),
            )
            for code, number in self.figures.countries
        ]
        return sorted(links, key=lambda link: fold(link.words))

    @property
    def _towns(self) -> list[Link]:
        if not self.wanted.country or self.wanted.city is not None:
            return []
        counted = (
            self.wanted.stops()
            .filter(place__geonames_id__isnull=False)
            .order_by()
            .values_list("place")
            .annotate(actions=Count("action", distinct=True))
            .order_by("-actions", "place")[:TOWNS]
        )
        numbers = dict(counted)
        places = Place.objects.in_bulk(list(numbers))
        links = [
            Link(one.name, self._to(city=one), number_words(numbers[pk], self.who.language))
            for pk, one in places.items()
        ]
        return sorted(links, key=lambda link: fold(link.words))

    @property
    def _regions(self) -> list[Link]:
        if self.wanted.country or self.wanted.region is not None:
            return []
        return [Link(str(one), self._to(region=one)) for one in Region.objects.kept()[:100]]

    @property
    def _moments(self) -> list[Link]:
        if self.wanted.campaign is None or self.wanted.moment is not None:
            return []
        return [
            Link(
                str(label_of(one, self.who.language, self.who.fallbacks)),
                self._to(moment=one, first=None, last=None),
            )
            for one in self.wanted.campaign.moments.standing().exclude(kind=Moment.Kind.DEADLINE)[
                :20
            ]
        ]

    @property
    def _kinds(self) -> list[Link]:
        if self.wanted.kind:
            return []
        return [Link(str(label), self._to(kind=value)) for value, label in Kind.choices]

    @property
    def _languages(self) -> list[Link]:
        if self.wanted.spoken:
            return []
        tags = self.who.network.languages
        return [Link(language_name(tag), self._to(spoken=tag)) for tag in tags]

    @property
    def _access(self) -> list[Link]:
        asked = self.wanted.access
        return [
            Link(
                str(label), self._to(access=tuple(v for v in Access.values if v in (*asked, code)))
            )
            for code, label in Access.choices
            if code not in asked
        ]

    @property
    def _hosts(self) -> list[Link]:
        """One link: a page of its own counts them, which takes as long as the set."""
        if self.wanted.host is not None or not self.figures.actions:
            return []
        url = self.wanted.address(ENDS["organisations"], box=None)
        return [Link(_("Choose an organisation"), url)]

    @property
    def _more(self) -> list[Link]:
        found = []
        if not self.wanted.online:
            found.append(Link(pgettext("where an action is", "Online"), self._to(online=True)))
        if not self.wanted.past and not self.wanted.first:
            found.append(Link(pgettext("actions that are", "Over"), self._to(past=True)))
        return found
