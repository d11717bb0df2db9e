"""What somebody looks for: read from an address, answered by rows, written as an address again.

    wanted = Wanted.read(request, code=code, cc=cc)     # 404 where the scope does not exist
    wanted.rows()                                       # a queryset of actions, in order
    wanted.figures()                                    # how many, in which countries
    wanted.address("map/")                              # the same set as a map
    wanted.address(without=("kind",)), wanted.address(kind="march")

The scope stands in the path (everything, a campaign, one of its moments; a country, a town in it),
all else in the query. What cannot be read is left out, never an error: addresses are passed on.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from typing import Any, Final, Self, TypeVar
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _

from convoca.actions.changes import next_change
from convoca.actions.models import Action, Attachment, Hosting, Stop
from convoca.actions.models.action import COUNTED, Access, ActionQuerySet, Kind, State, mark
from convoca.campaigns.models import Campaign, Moment
from convoca.core.dates import number_words
from convoca.core.fold import terms
from convoca.core.languages import UnknownTag, tidy_tag
from convoca.core.slugs import slug_of
from convoca.network.models import Committee, Organisation, Region
from convoca.pages.keeping import Kept
from convoca.pages.public import draw_again_after
from convoca.places.map import Extent
from convoca.places.models import Place
from convoca.places.names import codes

A_DAY = timedelta(days=1)
MOST_WORDS = 8
LONGEST = 100


T = TypeVar("T")

_figures: "Kept[tuple[Figures, datetime]]" = Kept(most=500)


@dataclass(frozen=True)
class Figures:
    """How many actions take place, in which countries, and how many of the set are cancelled."""

    actions: int
    cancelled: int
    countries: tuple[tuple[str, int], ...]
    """Code and number, the most first."""

    @property
    def total(self) -> int:
        """How many rows the set has."""
        return self.actions + self.cancelled

    @property
    def sentence(self) -> str:
        """ "38 actions in 12 countries." One country is not counted: it is named elsewhere."""
        actions = ngettext("%(number)s action", "%(number)s actions", self.actions)
        actions %= {"number": number_words(self.actions)}
        if len(self.countries) < 2:
            return _("%(actions)s.") % {"actions": actions}
        number = len(self.countries)
        countries = ngettext("%(number)s country", "%(number)s countries", number)
        countries %= {"number": number_words(number)}
        return _("%(actions)s in %(countries)s.") % {"actions": actions, "countries": countries}

    @property
    def cancelled_words(self) -> str:
        if not self.cancelled:
            return ""
        words = ngettext(
            "%(number)s more is cancelled.", "%(number)s more are cancelled.", self.cancelled
        )
        return words % {"number": number_words(self.cancelled)}


ASKED: Final = (
    *("day", "from", "to", "region", "kind", "spoken"),
    *("access", "online", "host", "when", "page"),
)
"""The names by which an address narrows a set: each answer is kept for everyone."""
ASKED_ALONE: Final = ("q", "box")
"""Words and parts of a map: hardly two ask for the same, so these answers are not kept."""


@dataclass(frozen=True)
class Wanted:
    """A set of public actions. Without any word of its own: all that is to come."""

    campaign: Campaign | None = None
    moment: Moment | None = None
    country: str = ""
    city: Place | None = None
    region: Region | None = None
    first: date | None = None
    """From this day on, by the wall clock of each place; then what is over counts too."""
    last: date | None = None
    kind: str = ""
    spoken: str = ""
    online: bool = False
    access: tuple[str, ...] = ()
    host: "Organisation | Committee | None" = None
    """An organisation stands for its committees too."""
    q: str = ""
    past: bool = False
    box: Extent | None = None
    """A part of the map."""

    # --- from an address ----------------------------------------------------------------------

    @classmethod
    def at(
        cls,
        *,
        code: str = "",
        slug: str = "",
        moment: str = "",
        cc: str = "",
        city: int | str = 0,
        town: str = "",
    ) -> Self:
        """What a path asks for. Its readable ends (`slug`, `town`) are not looked at: where
        `request.path` is not `wanted.path(end)`, redirect there.
        """
        campaign = get_object_or_404(Campaign.objects.published(), code=code) if code else None
        country = cc.upper()
        if country and country not in codes():
            raise Http404
        return cls(
            campaign=campaign,
            moment=get_object_or_404(Moment, campaign=campaign, code=moment) if moment else None,
            country=country,
            city=get_object_or_404(Place, geonames_id=int(city), country=country) if city else None,
        )

    @classmethod
    def read(cls, request: HttpRequest, **scope: Any) -> Self:
        """What a whole address asks for: the parts of its path (`scope`) and its query."""
        asked = request.GET
        return replace(
            cls.at(**scope),
            region=_region(asked.get("region", "")),
            first=_day(asked.get("day") or asked.get("from", "")),
            last=_day(asked.get("day") or asked.get("to", "")),
            kind=_one_of(Kind.values, asked.get("kind", "")),
            spoken=_tag(asked.get("spoken", "")),
            online=asked.get("online") == "1",
            access=tuple(one for one in Access.values if one in asked.getlist("access")),
            host=_host(asked.get("host", "")),
            q=" ".join(asked.get("q", "").split())[:LONGEST],
            past=asked.get("when") == "past",
            box=Extent.read(asked.get("box")),
        )

    # --- to an address ------------------------------------------------------------------------

    @property
    def root(self) -> str:
        """The path of the scope, without country and town."""
        if self.campaign is None:
            return _everywhere(get_language() or "en")
        if self.moment is not None:
            return f"{self.campaign.get_absolute_url()}moments/{self.moment.code}/"
        return f"{self.campaign.get_absolute_url()}actions/"

    def path(self, end: str = "") -> str:
        """The path of this set as a list, or as what `end` names: "map/", "actions.ics"."""
        path = self.root
        if self.country:
            path += f"in/{self.country.lower()}/"
        if self.city is not None and self.city.geonames_id:
            path += f"{self.city.geonames_id}/{slug_of(self.city.name, 'place')}/"
        return path + end

    @property
    def host_url(self) -> str:
        """The form to host, for this campaign or this moment of it."""
        if self.campaign is None:
            return reverse("actions:host")
        if self.moment is not None:
            return f"{self.root}host/"
        return f"{self.campaign.get_absolute_url()}host/"

    @property
    def query(self) -> dict[str, Any]:
        """What stands in the query, in one order."""
        is_day = self.first is not None and self.first == self.last
        found: dict[str, Any] = {
            "q": self.q,
            "day": self.first if is_day else None,
            "from": None if is_day else self.first,
            "to": None if is_day else self.last,
            "region": self.region and self.region.pk,
            "kind": self.kind,
            "spoken": self.spoken,
            "access": list(self.access),
            "online": "1" if self.online else "",
            "host": self.host and self.host.code,
            "when": "past" if self.past else "",
            "box": self.box and str(self.box),
        }
        return {name: value for name, value in found.items() if value}

    def address(
        self, end: str = "", *, without: Iterable[str] = (), page: int = 1, **changes: Any
    ) -> str:
        """The address of this set, without some of what was asked and with some asked anew."""
        gone = {name: getattr(Wanted(), name) for name in without}
        other = replace(self, **{**gone, **changes})
        query = {**other.query, **({"page": page} if page > 1 else {})}
        words = urlencode(query, doseq=True, safe=",")
        return f"{other.path(end)}?{words}" if words else other.path(end)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is asked beside the scope of the campaign and what is past."""
        beside = replace(self, campaign=None, moment=None, past=False)
        return beside != Wanted()

    @property
    def is_narrowed_by_query(self) -> bool:
        """Whether search engines should rather keep the page without this query."""
        return bool(self.query)

    # --- rows ---------------------------------------------------------------------------------

    @cached_property
    def now(self) -> datetime:
        """What is over by then is not to come. A page is drawn again when that changes."""
        draw_again_after(next_change)
        return timezone.now()

    def rows(self) -> ActionQuerySet:
        """The actions, the next first and what has no day at the end; of past ones the latest
        first. Slice it: it is as long as the set.
        """
        via = "attachments__" if self.campaign else ""
        rows = Action.objects.filter(self._scope(via), self._narrowed(""))
        last = "attachments__action_id" if self.campaign else "pk"
        order = (f"{via}sorted_at", last)
        return rows.order_by(*(f"-{name}" for name in order) if self.past else order)

    def stops(self) -> "Any":
        """Where the actions that take place are: their stops, for maps; none of cancelled ones."""
        found = self._counted().exclude(state=State.CANCELLED).values(self._number)
        stops = Stop.objects.filter(action__in=found, shown_latitude__isnull=False)
        if self.country:
            stops = stops.filter(country=self.country)
        if self.box is not None:
            stops = stops.filter(self.box.condition("shown_latitude", "shown_longitude"))
        return stops

    def joined_stops(self) -> "QuerySet[Stop]":
        """The same for what begins at the places: what is near a point, found by its box first."""
        via = "action__attachments__" if self.campaign else "action__"
        rows = Stop.objects.filter(self._scope(via), self._narrowed("action__"))
        return rows.exclude(action__state=State.CANCELLED).order_by()

    def organisations(self) -> Any:
        """Number of each organisation that hosts some of it, itself or by a committee → how many;
        the most first.
        """
        takes_place = self._counted().exclude(state=State.CANCELLED).values(self._number)
        rows = Hosting.objects.standing().filter(action__in=takes_place).order_by()
        whose = rows.annotate(whose=Coalesce("organisation", "committee__organisations"))
        counted = whose.exclude(whose=None).values_list("whose")
        return counted.annotate(actions=Count("action", distinct=True)).order_by(
            "-actions", "whose"
        )

    def figures(self) -> Figures:
        """How many there are, by country. Counting takes as long as there are actions."""
        return self.kept(_figures, "", (COUNTED,), Wanted._count)

    def kept(
        self,
        kept: "Kept[tuple[T, datetime]]",
        what: object,
        tags: Iterable[str],
        make: "Callable[[Wanted], T]",
    ) -> T:
        """What `make` says of this set, kept by `what` while no tag is touched and no action begins
        or is over. What hardly two ask for, or what hosts say too, is made anew each time.
        """
        if not self.is_counted_once:
            return make(self)
        now = self.now

        def fresh() -> tuple[T, datetime]:
            until = next_change()  # asked first: what passes meanwhile makes it old at once
            return make(replace(self)), until

        found = kept.get(
            (self, what), tags=lambda: tags, make=fresh, still=lambda known: known[1] > now
        )
        assert found is not None  # noqa: S101  for types
        return found[0]

    @property
    def is_counted_once(self) -> bool:
        """Whether several ask for the same, and actions alone say what it is: not what is narrowed
        by words, by a part of a map, or by those who host it.
        """
        return not self.q and self.box is None and self.region is None and self.host is None

    def _count(self) -> Figures:
        """Answered from one index where nothing is narrowed."""
        is_cancelled = Q(state=State.CANCELLED)
        counted = list(
            self._counted()
            .values("country")
            .annotate(
                actions=Count("pk", filter=~is_cancelled), gone=Count("pk", filter=is_cancelled)
            )
            .values_list("country", "actions", "gone")
        )
        countries = [(country, actions) for country, actions, _gone in counted if actions]
        return Figures(
            actions=sum(actions for _country, actions, _gone in counted),
            cancelled=sum(gone for _country, _actions, gone in counted),
            countries=tuple(
                sorted((one for one in countries if one[0]), key=lambda one: (-one[1], one[0]))
            ),
        )

    @property
    def _number(self) -> str:
        return "action" if self.campaign else "pk"

    def _counted(self) -> Any:
        """The same set with the columns that are counted by: attachments of a campaign, or
        actions.
        """
        if self.campaign is None:
            return Action.objects.filter(self._scope(""), self._narrowed("")).order_by()
        return Attachment.objects.filter(self._scope(""), self._narrowed("action__")).order_by()

    def _scope(self, via: str) -> Q:
        """Campaign, moment and time: what one index answers."""
        found: dict[str, Any] = {"listed": True}
        if self.moment is not None:
            found["moment"] = self.moment
        elif self.campaign is not None:
            found["campaign"] = self.campaign
        if self.first is not None:
            found["shown_until__gt"] = _midnight(self.first) - A_DAY
        elif self.past:
            found["shown_until__lte"] = self.now
        else:
            found["shown_until__gt"] = self.now
        if self.last is not None:
            found["sorted_at__lt"] = _midnight(self.last) + 2 * A_DAY
        return Q(**{f"{via}{name}": value for name, value in found.items()})

    def _narrowed(self, to: str) -> Q:
        """Everything else, for actions or (`to`) from what leads to them."""
        found = Q()
        if self.first is not None:
            found &= Q(**{f"{to}last_day__gte": self.first}) | Q(
                **{f"{to}last_day": None, f"{to}day__gte": self.first}
            )
        if self.last is not None:
            found &= Q(**{f"{to}day__lte": self.last})
        for one in self._marks():
            found &= Q(**{f"{to}marks__contains": one})
        for word in terms(self.q)[:MOST_WORDS]:
            found &= Q(**{f"{to}sought__contains": word})
        number = "action__in" if to else "pk__in"
        for numbers in self._numbers():
            found &= Q(**{number: numbers})
        return found

    def _marks(self) -> list[str]:
        found = [mark("access", one) for one in self.access]
        found += [mark("kind", self.kind)] if self.kind else []
        found += [mark("spoken", self.spoken)] if self.spoken else []
        return found + ([mark("is", "online")] if self.online else [])

    def _numbers(self) -> list[Any]:
        """Sets of actions that are known by other tables: where they are, and who hosts them."""
        stops = Stop.objects.order_by()
        where = Q()
        if self.city is not None:
            where &= Q(place=self.city)
        elif self.country:
            where &= Q(country=self.country)
        elif self.region is not None:
            where &= Q(country__in=self.region.countries)
        if self.box is not None:
            where &= self.box.condition("shown_latitude", "shown_longitude")
        found: list[Any] = [stops.filter(where).values("action")] if where else []
        if self.host is not None:
            found.append(hosted(self.host).values("action"))
        return found


def hosted(host: "Organisation | Committee") -> Any:
    """What an organisation, with its committees, or a committee hosts."""
    rows = Hosting.objects.standing().order_by()
    if isinstance(host, Committee):
        return rows.filter(committee=host)
    committees = Committee.objects.filter(organisations=host).order_by().values("pk")
    return rows.filter(Q(organisation=host) | Q(committee__in=committees))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), tzinfo=UTC)


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1900 < day.year < 2200 else None


def _one_of(known: Iterable[Any], text: str) -> str:
    return text if text in known else ""


def _tag(text: str) -> str:
    try:
        return tidy_tag(text) if text else ""
    except UnknownTag:
        return ""


def _region(text: str) -> Region | None:
    is_number = text.isascii() and text.isdecimal() and len(text) < 12
    return Region.objects.kept().filter(pk=int(text)).first() if is_number else None


def _host(code: str) -> "Organisation | Committee | None":
    if not code:
        return None
    found = Organisation.objects.public().filter(code=code).first()
    return found or Committee.objects.public().filter(code=code).first()


@lru_cache(maxsize=16)
def _everywhere(language: str) -> str:
    """The list of the world; a page has forty links that begin with it."""
    with override(language):
        return reverse("actions:list")
