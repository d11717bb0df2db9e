"""What a reader gets of an action: its words in their language, from rows that are fetched."""

from dataclasses import dataclass
from datetime import time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from babel.dates import format_date
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from convoca.actions.models import Action, Stop
from convoca.actions.models.action import Access, Kind, State, Visibility
from convoca.actions.models.signup import SHOWN_FROM
from convoca.actions.rules import may_sign_up
from convoca.campaigns.addresses import root
from convoca.campaigns.front import PageLanguage, Reader
from convoca.campaigns.poster import Words
from convoca.core.clocks import offset_words, zone_words
from convoca.core.dates import (
    clock_words,
    day_figure,
    day_words,
    days_words,
    list_words,
    month_words,
    number_words,
)
from convoca.core.languages import UI_LANGUAGES, language_name, locale_for
from convoca.network.models import Committee, Organisation
from convoca.pages.public import draw_again_at
from convoca.places.map import Spot
from convoca.places.names import in_full
from convoca.texts import services as texts
from convoca.texts.services import Reading


@dataclass(frozen=True)
class Standing:
    """One word or two on where an action stands, with the colour that goes with it."""

    words: str
    signal: str = ""
    in_short: str = ""
    """For a row of a list, where the day of it says too much."""


@dataclass(frozen=True)
class Host:
    """In whose name it is; `url` is empty for a committee that nobody has let in yet."""

    name: Words
    url: str
    of: str = ""
    """The organisations of a committee whose name says no more than its town."""

    def __str__(self) -> str:
        return f"{self.name} ({self.of})" if self.of else str(self.name)


def host_of(one: "Organisation | Committee | str", who: Reader) -> Host:
    """A host in a reader's words."""
    if isinstance(one, str):
        return Host(Words(one, ""), "")
    of = ""
    if isinstance(one, Committee) and one.is_named_like_its_town:
        theirs = [str(who.words(other.names)) for other in one.organisations.all()]
        of = list_words(theirs, who.language) if theirs else ""
    return Host(who.words(one.names), one.get_absolute_url(), of)


@dataclass(frozen=True)
class ShownAction:
    """An action in a reader's words: a row of a list, or the stub of its page.

    Wants what `ActionQuerySet.with_front` fetches, and asks for nothing else.
    """

    action: Action
    who: Reader

    @cached_property
    def title(self) -> Words:
        return self.who.words(self.action.names)

    @property
    def url(self) -> str:
        return self.action.get_absolute_url()

    @property
    def kind(self) -> str:
        return str(self.action.get_kind_display())

    @property
    def kind_in_row(self) -> str:
        """Nothing for what is of no kind that has a name."""
        return "" if self.action.kind == Kind.OTHER else self.kind

    # --- when ---------------------------------------------------------------------------------

    @property
    def figure(self) -> str:
        """The day figure; empty where no day is set."""
        day = self.action.day
        return day_figure(day, self.action.last_told_day, self.who.language) if day else ""

    @property
    def figure_class(self) -> str:
        return "wide" if len(self.figure) > 2 else ""

    @property
    def month(self) -> str:
        """Month and year, short, for under the figure in a list."""
        locale = locale_for(self.who.language)
        return str(format_date(self.action.day, "LLL y", locale=locale)) if self.action.day else ""

    @property
    def days(self) -> str:
        """Month and year beside a large figure; the whole interval where that says too little."""
        first, last = self.action.day, self.action.last_told_day
        if first is None:
            return ""
        if last and (first.year, first.month) != (last.year, last.month):
            return days_words(first, last, self.who.language)
        return month_words(first, self.who.language)

    @property
    def when(self) -> str:
        """The whole day or days in words, with the weekday of a single one."""
        first, last = self.action.day, self.action.last_told_day
        if first is None:
            return _("Day not set")
        if last is None:
            return day_words(first, self.who.language, weekday=True)
        return days_words(first, last, self.who.language)

    @property
    def clock(self) -> str:
        """ "14:00 – 16:00" by the wall clock of the place; empty where the hour is not known."""
        action = self.action
        if action.clock is None or action.day is None:
            return ""
        first = clock_words(action.clock, self.who.language)
        if action.last_clock is None:
            return first
        return f"{first} – {clock_words(action.last_clock, self.who.language)}"

    @property
    def zone(self) -> str:
        """The zone by name with its offset on that day: "Paraguay Time, UTC−3"."""
        action = self.action
        name = zone_words(action.zone, self.who.language)
        at = action.starts_at or timezone.now()
        if action.starts_at is None:  # clocks are put forward and back on the hour
            draw_again_at(at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1))
        offset = offset_words(at, action.zone)
        return name if name == offset else in_full(name, offset)

    @property
    def is_now(self) -> bool:
        action = self.action
        if not action.is_dated:
            return False
        draw_again_at(action.sorted_at, action.shown_until)
        return action.sorted_at <= timezone.now() < action.shown_until

    # --- where, who ---------------------------------------------------------------------------

    @property
    def where(self) -> str:
        """The town with its country; "Online" for what is nowhere else."""
        place = self.action.place
        return str(place) if place else pgettext("where an action is", "Online")

    @cached_property
    def hosts(self) -> list[Host]:
        return [host_of(one, self.who) for one in self.action.stands_with]

    # --- how it stands ------------------------------------------------------------------------

    @property
    def is_struck(self) -> bool:
        return self.action.is_cancelled

    @cached_property
    def standing(self) -> list[Standing]:
        """What must be known before coming, the worst first; nothing for what simply stands."""
        action = self.action
        if action.state == State.CANCELLED:
            return [Standing(str(action.get_state_display()), "stop")]
        if action.is_past:
            return [Standing(pgettext("an action", "Over"))]
        found = []
        if action.unconfirmed_since is not None:
            found.append(Standing(self.unconfirmed, "wait", _("Not confirmed")))
        if action.state in (State.POSTPONED, State.STANDBY, State.TENTATIVE):
            found.append(Standing(str(action.get_state_display()), "wait"))
        elif self.is_now:
            found.append(Standing(_("Happening now"), "ok"))
        elif self.is_moved:
            found.append(Standing(pgettext("an action", "Moved"), "wait"))
        return found

    @property
    def is_moved(self) -> bool:
        """Whether an old day or place is shown struck beside the new one."""
        action = self.action
        has_old = action.moved_from_starts_at is not None or action.moved_from_where
        return bool(action.moved_at and has_old) and not action.is_past

    @property
    def old_when(self) -> str:
        """The day and hour it was moved from, by the wall clock it had then."""
        at, zone = self.action.moved_from_starts_at, self.action.moved_from_zone
        if at is None:
            return ""
        local = at.astimezone(ZoneInfo(zone or self.action.zone))
        day = day_words(local.date(), self.who.language)
        return f"{day}, {clock_words(local.time(), self.who.language)}"

    @property
    def unconfirmed(self) -> str:
        at = self.action.unconfirmed_since
        if at is None:
            return ""
        day = at.astimezone(ZoneInfo(self.action.zone)).date()
        return _("Not confirmed since %(day)s") % {"day": day_words(day, self.who.language)}

    @property
    def trigger(self) -> Words | None:
        """What a standby action waits for, in words."""
        action = self.action
        if action.state != State.STANDBY or action.trigger is None:
            return None
        return self.who.words(action.trigger.names)

    @property
    def short_path(self) -> str:
        """ "/a/7KQ2"; what can be said aloud."""
        code = self.action.short_code
        return reverse("action-short", args=[code]) if code else ""


@dataclass(frozen=True)
class ShownStop:
    """One place of an action, as far as everybody may know it."""

    stop: Stop
    language: str
    begins: time | None = None
    """When the action begins, for its first stop."""

    @property
    def lines(self) -> list[str]:
        """Venue, the same in a second script, street, town: what there is."""
        stop = self.stop
        too = stop.venue_too if stop.shown_venue else ""
        return [one for one in (stop.shown_venue, too, stop.shown_street, str(stop.place)) if one]

    @property
    def clock(self) -> str:
        return clock_words(self.stop.clock, self.language) if self.stop.clock else ""

    @property
    def clock_in_route(self) -> str:
        """The same, with the beginning for the first stop."""
        at = self.stop.clock or self.begins
        return clock_words(at, self.language) if at else ""

    @property
    def geo(self) -> str:
        """For the reader's own map: only where the host has set a pin that all may see."""
        stop = self.stop
        if stop.latitude is None or stop.action.hides_address:
            return ""
        position = f"{stop.shown_latitude:.5f},{stop.shown_longitude:.5f}"
        return f"geo:{position}?q={position}"


@dataclass(frozen=True)
class ActionFront(ShownAction):
    """The whole page of an action, from what `views.reading.for_reading` fetches."""

    @property
    def campaign_title(self) -> Words:
        return self.who.words(self.action.campaign.names)

    @property
    def bring(self) -> Words:
        return self.who.words(self.action.bring)

    @cached_property
    def stops(self) -> list[ShownStop]:
        begins = self.action.clock
        return [
            ShownStop(stop, self.who.language, None if number else begins)
            for number, stop in enumerate(self.action.stops.all())
        ]

    @property
    def is_route(self) -> bool:
        return len(self.stops) > 1

    @property
    def spots(self) -> list[Spot]:
        """For the map: where it is, as far as everybody may know it."""
        return [
            Spot(stop.shown_latitude, stop.shown_longitude, str(stop.place), "#way")
            for stop in self.action.stops.all()
            if stop.shown_latitude is not None and stop.shown_longitude is not None
        ]

    @property
    def access(self) -> list[str]:
        known = dict(Access.choices)
        return [str(known[code]) for code in self.action.access if code in known]

    @property
    def spoken(self) -> str:
        names = [language_name(tag, self.who.language) for tag in self.action.spoken]
        return list_words(names, self.who.language)

    @cached_property
    def reading(self) -> Reading | None:
        """Its description, in the language in which the reader can have it."""
        text = self.action.description
        if text is None:
            return None
        found = texts.reading(text, self.who.language, dict(self.who.fallbacks))
        return None if found.is_empty else found

    @property
    def online_url(self) -> str:
        """Where it is online; kept back like an address where that is hidden."""
        return "" if self.action.hides_address else self.action.online_url

    @property
    def hidden_words(self) -> str:
        """Who is told the address, where not everybody is."""
        if self.action.visibility == Visibility.CITY:
            return _("The address is told to those who sign up.")
        if self.action.visibility == Visibility.REQUEST:
            return _("The hosts tell the address to those who ask for it.")
        return ""

    @property
    def takes_people(self) -> bool:
        """Whether somebody can still say that they come."""
        return may_sign_up(self.action)

    @property
    def people(self) -> str:
        """How many come, where the hosts wish it said; small numbers could be read as persons."""
        seats = getattr(self.action, "seats", None)
        if not self.action.shows_count or seats is None or seats.people < SHOWN_FROM:
            return ""
        words = ngettext("%(number)s person comes.", "%(number)s people come.", seats.people)
        return words % {"number": number_words(seats.people, self.who.language)}

    @property
    def address(self) -> str:
        return f"{root()}{self.url}"

    @property
    def root(self) -> str:
        return root()

    @property
    def short_address(self) -> str:
        """As it is said aloud: "convoca.example/a/7KQ2"."""
        return f"{root().partition('://')[2]}{self.short_path}" if self.short_path else ""

    @property
    def in_a_line(self) -> str:
        """Day, hour and place, for what stands beside a link."""
        return " · ".join(part for part in (self.when, self.clock, self.where) if part)

    @property
    def languages(self) -> list[PageLanguage]:
        """The page in every interface language of the network, its own first."""
        offered = [tag for tag in self.who.network.languages if tag in UI_LANGUAGES]
        own = self.who.language
        pages = []
        for tag in [own, *(tag for tag in offered if tag != own)]:
            with translation.override(tag):
                pages.append(PageLanguage(tag, self.action.get_absolute_url()))
        return pages
