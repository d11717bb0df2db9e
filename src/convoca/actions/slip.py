"""What one person is told of an action, on their own page and by mail: what, when, where, who.

Of a place that is hidden it says the town, unless the person may know more.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from babel.dates import format_time
from django.utils import timezone, translation

from convoca.actions.front import host_of
from convoca.actions.models import Action, SignUp
from convoca.actions.models.action import Visibility
from convoca.actions.models.signup import KEPT
from convoca.campaigns.addresses import link_to, root
from convoca.campaigns.front import Reader, reader
from convoca.campaigns.poster import Words
from convoca.core.clocks import next_midnight
from convoca.core.dates import day_words, days_words, list_words, moment_words
from convoca.core.languages import locale_for
from convoca.network.models import Network, Organisation
from convoca.pages.public import draw_again_at

UNDATED_KEPT = timedelta(days=180)
"""How long a sign-up waits for an action that has no day yet, before its 14 days begin."""


@dataclass(frozen=True)
class Spot:
    """One place in words; `clock` is when a route comes by."""

    words: str
    clock: str = ""


@dataclass
class Slip:
    """An action in the words of one reader."""

    action: Action
    who: Reader
    knows_address: bool = False
    """Whether this reader may know an address that only those who signed up are told."""

    @property
    def title(self) -> Words:
        return self.who.words(self.action.names)

    @property
    def bring(self) -> Words:
        return self.who.words(self.action.bring)

    @property
    def question(self) -> Words:
        return self.who.words(self.action.question)

    @property
    def language(self) -> str:
        return self.who.language

    @cached_property
    def day(self) -> str:
        """The day or days, with the weekday where it is one; empty while there is none."""
        action = self.action
        if action.day is None:
            return ""
        if action.last_told_day:
            return days_words(action.day, action.last_told_day, self.language)
        return day_words(action.day, self.language, weekday=True)

    @cached_property
    def when(self) -> str:
        """Day and clock by the place with its zone; the day alone while no hour is said."""
        action = self.action
        if action.starts_at is None or action.clock is None:
            return self.day
        return moment_words(action.starts_at, action.zone, self.language)

    @cached_property
    def was(self) -> str:
        """When it was to be, before it was moved; empty where the time is the same."""
        action = self.action
        if action.moved_from_starts_at is None:
            return ""
        zone = action.moved_from_zone or action.zone
        return moment_words(action.moved_from_starts_at, zone, self.language)

    @cached_property
    def spots(self) -> list[Spot]:
        """Its places: the whole address where the reader may know it, else the town."""
        action = self.action
        may_know = action.visibility == Visibility.PUBLIC or (
            action.visibility == Visibility.CITY and self.knows_address
        )
        found = []
        for stop in action.stops.all():
            own = [stop.venue, stop.venue_too, stop.street] if may_know else []
            words = ", ".join(part for part in [*own, str(stop.place)] if part)
            locale = locale_for(self.language)
            clock = format_time(stop.clock, "HH:mm", locale=locale) if stop.clock else ""
            found.append(Spot(words, clock))
        return found

    @property
    def where(self) -> str:
        """All of it on one line, for a mail; empty for what is online only."""
        return " → ".join(
            f"{spot.clock} {spot.words}" if spot.clock else spot.words for spot in self.spots
        )

    @property
    def is_on_request(self) -> bool:
        return self.action.visibility == Visibility.REQUEST

    @property
    def hosts(self) -> str:
        return list_words(
            [str(host_of(one, self.who)) for one in self.action.stands_with], self.language
        )

    @property
    def kept_until(self) -> str:
        """The day on which a sign-up made today is deleted."""
        return day_words(kept_until(self.action), self.language)

    @property
    def url(self) -> str:
        with translation.override(self.language):
            return f"{root()}{self.action.get_absolute_url()}"

    @property
    def calendar_url(self) -> str:
        """The file for calendars, renewed with each change; none while there is no day."""
        action = self.action
        if not action.is_public or action.starts_at is None:
            return ""
        return link_to("actions:calendar", action.code, language=self.language)


def slip_of(
    action: Action,
    *,
    network: Network | None = None,
    language: str = "",
    sign_up: SignUp | None = None,
) -> Slip:
    """The action as the reader of a language may know it, or as the person of a sign-up may."""
    knows = sign_up is not None and sign_up.state == SignUp.State.COMING
    return Slip(action, reader(network, language=language), knows_address=knows)


def kept_until(action: Action) -> date:
    """The day on which what people tell this action is deleted."""
    last = action.final_day
    if last is None:
        draw_again_at(next_midnight(timezone.get_current_timezone_name()))
        last = timezone.localdate() + UNDATED_KEPT
    return last + KEPT


def organisations_of(action: Action) -> list[Organisation]:
    """The organisations among its hosts: each may ask to write again."""
    return [host for host in action.stands_with if isinstance(host, Organisation)]
