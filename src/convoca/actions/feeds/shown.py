"""What programs are told of an action, in one language: every feed and file says the same.

Only what everybody may read enters here: the shown columns of stops, accepted hosts, published
words. A hidden address has no position: the middle of its town would be taken for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from mimetypes import guess_type
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from convoca.actions.additions import Origin, licences_in_line, names_in_line, origins_of
from convoca.actions.front import host_of
from convoca.actions.models import Action, Hosting, Stop, Trigger
from convoca.actions.models.action import Kind, State
from convoca.campaigns.addresses import root
from convoca.campaigns.front import Reader
from convoca.campaigns.models import Campaign
from convoca.campaigns.poster import Words
from convoca.core.dates import day_words, days_words, list_words, moment_words
from convoca.media.models import Picture
from convoca.network.models import Committee, Organisation
from convoca.texts import services as texts

_KINDS = dict(Kind.choices)


@dataclass(frozen=True)
class Host:
    """In whose name it is; no `url` for a committee that nobody has let in yet."""

    name: str
    url: str = ""
    contact: str = ""


@dataclass(frozen=True)
class Image:
    """A picture that anybody may fetch without a cookie."""

    url: str
    kind: str
    octets: int
    width: int
    height: int
    alt: str


@dataclass(frozen=True)
class Span:
    """From when to when, by the wall clock of the place; whole days where no clock is known."""

    first: date
    last: date
    at: datetime | None
    until: datetime | None

    @property
    def start(self) -> str:
        """ISO 8601: with the offset, or the day alone."""
        return (self.at or self.first).isoformat()

    @property
    def end(self) -> str:
        """ISO 8601, as `start`; the last day is part of it."""
        return (self.until if self.at else self.last).isoformat() if self.until else self.start


@dataclass(frozen=True)
class Shown:
    """An action as `who` reads it."""

    action: Action
    who: Reader
    stops: Sequence[Stop]
    hosts: Sequence[Host]
    told_by: Sequence[Origin] = ()
    """Where nobody hosts it here: who tells of it."""

    @cached_property
    def title(self) -> Words:
        return self.who.words(self.action.names)

    @property
    def urn(self) -> str:
        """The same in every calendar, mail and file for ever."""
        return f"urn:uuid:{self.action.uid}"

    @property
    def id(self) -> str:
        """The permanent address."""
        return f"{root()}/actions/{self.action.code}"

    @cached_property
    def url(self) -> str:
        """The page in the reader's language."""
        return f"{root()}{self.action.get_absolute_url()}"

    @cached_property
    def kind(self) -> str:
        return str(_KINDS[self.action.kind])

    @cached_property
    def span(self) -> Span | None:
        """When it takes place; what was put off or cancelled keeps the time that it had."""
        action = self.action
        if action.day is not None and action.starts_there and action.over_there:
            last = action.last_day or action.day
            if action.clock is None:
                return Span(action.day, last, None, action.over_there)
            return Span(action.day, last, action.starts_there, action.over_there)
        if action.moved_from_starts_at is None:
            return None
        zone = ZoneInfo(action.moved_from_zone or action.zone)
        had = action.moved_from_starts_at.astimezone(zone)
        return Span(had.date(), had.date(), had, None)

    @property
    def status(self) -> str:
        """In the word of calendars; what was put off no longer stands on its old day."""
        if self.action.state in (State.CANCELLED, State.POSTPONED):
            return "CANCELLED"
        return "CONFIRMED" if self.action.state == State.PUBLISHED else "TENTATIVE"

    @property
    def position(self) -> tuple[float, float] | None:
        """Latitude and longitude of its first stop, where they may be known."""
        return next(iter(self.positions), None)

    @property
    def positions(self) -> Sequence[tuple[float, float]]:
        if self.action.hides_address:
            return []
        return [
            (stop.shown_latitude, stop.shown_longitude)
            for stop in self.stops
            if stop.shown_latitude is not None and stop.shown_longitude is not None
        ]

    @property
    def has_pin(self) -> bool:
        """Whether the position is the spot itself, not the middle of its town."""
        return bool(self.positions) and self.stops[0].latitude is not None

    @property
    def online_url(self) -> str:
        """The link to take part from afar, where everybody may know it."""
        return "" if self.action.hides_address else self.action.online_url

    @cached_property
    def where(self) -> str:
        """The first stop in words, as everybody may read it."""
        if self.stops:
            return self.where_of(self.stops[0])
        return self.online_url or _("Online")

    @cached_property
    def route(self) -> list[str]:
        """A line for each stop of a route; none for what has one place."""
        if len(self.stops) < 2:
            return []
        return [
            f"{number}. {f'{stop.clock:%H:%M} ' if stop.clock else ''}{self.where_of(stop)}"
            for number, stop in enumerate(self.stops, start=1)
        ]

    @cached_property
    def image(self) -> Image | None:
        picture = self.action.picture
        if picture is None:
            return None
        size = picture.size("wide")
        return Image(
            url=f"{root()}{picture.url('wide')}",
            kind=guess_type(size["file"])[0] or "image/webp",
            octets=int(size.get("bytes") or picture.bytes),
            width=int(size["width"]),
            height=int(size["height"]),
            alt=picture.alt,
        )

    @cached_property
    def when(self) -> str:
        """The days, and where it is known the hour with its zone by name, in words."""
        span = self.span
        if span is None:
            return _("The day is not set yet.")
        if span.at is None:
            return days_words(span.first, span.last, self.who.language)
        return moment_words(span.at, str(span.at.tzinfo), self.who.language)

    @property
    def standing(self) -> str:
        """What must be known before one goes there; empty where it takes place as it says."""
        action = self.action
        if action.is_cancelled:
            return " ".join(filter(None, [_("Cancelled."), action.cancel_reason]))
        if action.state == State.POSTPONED:
            return " ".join(filter(None, [_("Postponed."), action.cancel_reason]))
        if action.state == State.TENTATIVE:
            return _("The day is not confirmed yet.")
        if action.state == State.STANDBY:
            return str(self.who.words(action.trigger.names)) if action.trigger else ""
        if since := action.unconfirmed_since:
            day = day_words(since.astimezone(ZoneInfo(action.zone)).date(), self.who.language)
            return _("Not confirmed by its hosts since %(day)s.") % {"day": day}
        return ""

    @cached_property
    def lines(self) -> list[str]:
        """The facts, a line each: state, kind and hosts, the stops of a route, what to bring."""
        hosts = list_words([host.name for host in self.hosts], self.who.language)
        bring = self.who.words(self.action.bring)
        who = _("%(kind)s, hosted by %(hosts)s") % {"kind": self.kind, "hosts": hosts}
        return [
            *filter(None, [self.standing, who if hosts else self.kind]),
            *self.route,
            *([_("To bring: %(things)s") % {"things": bring}] if bring else []),
            *([self.online_url] if self.online_url and self.stops else []),
        ]

    def words(self, most: int = 2000) -> str:
        """Its description without Markdown. Three queries: for pages and files of one action."""
        if self.action.description is None:
            return ""
        fallbacks = dict(self.who.fallbacks)
        return texts.reading(self.action.description, self.who.language, fallbacks).excerpt(most)

    def where_of(self, stop: Stop) -> str:
        """Venue, street and town, as everybody may read them."""
        venue = stop.shown_venue
        if venue and stop.venue_too and not self.action.hides_address:
            venue = f"{venue} / {stop.venue_too}"
        return ", ".join(part for part in (venue, stop.shown_street, str(stop.place)) if part)

    @cached_property
    def origins(self) -> Sequence[Origin]:
        """Whose words stand here: the sources that tell of it, else this network."""
        network = self.who.network
        return self.told_by or [Origin(str(network), network.licence, root())]

    @property
    def source(self) -> str:
        return names_in_line(self.origins)

    @property
    def licence(self) -> str:
        return licences_in_line(self.origins)

    @property
    def origin_lines(self) -> list[str]:
        """The same for people: a line for each source."""
        return [
            _("Source: %(name)s (licence: %(licence)s)")
            % {"name": one.name, "licence": one.licence}
            if one.licence
            else _("Source: %(name)s") % {"name": one.name}
            for one in self.told_by
        ]

    @property
    def organiser(self) -> tuple[str, str] | None:
        """The first committee that published an address of its own: that is a role's, while an
        organisation's is not shown and a host's may be a person's.
        """
        for host in self.hosts:
            if _is_address(host.contact):
                return host.name, host.contact
        return None


def shown(actions: Sequence[Action], who: Reader) -> list[Shown]:
    """Actions with all that is said of them, in seven queries; two more where sources tell.

    What many of them share is fetched once. (`prefetch_related` makes a query set for each row,
    which takes longer than all the rest, and no more than a thousand places on SQLite.)
    """
    ids = [action.pk for action in actions]
    campaigns = Campaign.objects.in_bulk({action.campaign_id for action in actions})
    pictures = Picture.objects.in_bulk({action.picture_id for action in actions} - {None})
    triggers = Trigger.objects.in_bulk({action.trigger_id for action in actions} - {None})
    for action in actions:
        action.campaign = campaigns[action.campaign_id]
        action.picture = pictures.get(action.picture_id)
        action.trigger = triggers.get(action.trigger_id)
    stops: dict[int, list[Stop]] = {}
    for stop in Stop.objects.filter(action__in=ids).select_related("place").order_by("number"):
        stops.setdefault(stop.action_id, []).append(stop)
    hosts = _hosts_of(ids, who)
    told = origins_of(actions)
    return [
        Shown(one, who, stops.get(one.pk, []), hosts.get(one.pk, []), told.get(one.pk, ()))
        for one in actions
    ]


def _hosts_of(ids: Sequence[int], who: Reader) -> dict[int, list[Host]]:
    """Who has accepted to host each, the first one first."""
    standing = Hosting.objects.standing().filter(action__in=ids).order_by("-is_first", "pk")
    rows = list(standing.values_list("action", "organisation", "committee", "proposed"))
    organisations = Organisation.objects.in_bulk({row[1] for row in rows} - {None})
    local = Committee.objects.select_related("place")
    committees = local.in_bulk({row[2] for row in rows} - {None})
    of_town = [one for one in committees.values() if one.is_named_like_its_town]
    prefetch_related_objects(of_town, "organisations")
    of_organisations = {key: _host(one, who, "") for key, one in organisations.items()}
    of_committees = {key: _host(one, who, one.contact) for key, one in committees.items()}
    found: dict[int, list[Host]] = {}
    for action, organisation, committee, proposed in rows:
        host = of_organisations.get(organisation) or of_committees.get(committee)
        found.setdefault(action, []).append(host or Host(proposed))
    return found


def _host(one: Organisation | Committee, who: Reader, contact: str) -> Host:
    return Host(str(host_of(one, who)), f"{root()}{one.get_absolute_url()}", contact)


def _is_address(words: str) -> bool:
    try:
        validate_email(words)
    except ValidationError:
        return False
    return True
