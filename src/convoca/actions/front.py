"""What a reader gets of an action: its words in their language, from rows that are fetched."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from zoneinfo import ZoneInfo

from babel.dates import format_date
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from convoca.actions.models import Action
from convoca.actions.models.action import State
from convoca.campaigns.front import Reader
from convoca.campaigns.poster import Words
from convoca.core.clocks import offset_words, zone_words
from convoca.core.dates import clock_words, day_figure, day_words, days_words, month_words
from convoca.core.languages import locale_for
from convoca.network.models import Committee, Organisation


@dataclass(frozen=True)
class Standing:
    """One word or two on where an action stands, with the colour that goes with it."""

    words: str
    signal: str = ""


@dataclass(frozen=True)
class Host:
    """In whose name it is; `url` is empty for a committee that nobody has let in yet."""

    name: Words
    url: str


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

    # --- when ---------------------------------------------------------------------------------

    @property
    def figure(self) -> str:
        """The day figure; empty where no day is set."""
        day = self.action.day
        return day_figure(day, self._last_day, self.who.language) if day else ""

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
        first, last = self.action.day, self._last_day
        if first is None:
            return ""
        if last and (first.year, first.month) != (last.year, last.month):
            return days_words(first, last, self.who.language)
        return month_words(first, self.who.language)

    @property
    def when(self) -> str:
        """The whole day or days in words, with the weekday of a single one."""
        first, last = self.action.day, self._last_day
        if first is None:
            return _("Day not set")
        if last is None:
            return day_words(first, self.who.language, weekday=True)
        return days_words(first, last, self.who.language)

    @property
    def _last_day(self) -> date | None:
        """The last day where it is another and people would say so: not the end of a night."""
        action = self.action
        if not action.day or not action.last_day or action.last_day == action.day:
            return None
        is_one_night = (
            (action.last_day - action.day).days == 1
            and action.clock is not None
            and action.last_clock is not None
            and action.last_clock < action.clock
        )
        return None if is_one_night else action.last_day

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
        offset = offset_words(action.starts_at or timezone.now(), action.zone)
        return name if name == offset else f"{name}, {offset}"

    @property
    def is_now(self) -> bool:
        action = self.action
        return action.is_dated and action.sorted_at <= timezone.now() < action.shown_until

    # --- where, who ---------------------------------------------------------------------------

    @property
    def where(self) -> str:
        """The town with its country; "Online" for what is nowhere else."""
        place = self.action.place
        return str(place) if place else pgettext("where an action is", "Online")

    @cached_property
    def hosts(self) -> list[Host]:
        return [self._host(one) for one in self.action.stands_with]

    def _host(self, one: "Organisation | Committee | str") -> Host:
        if isinstance(one, str):
            return Host(Words(one, ""), "")
        return Host(self.who.words(one.names), one.get_absolute_url())

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
        if action.state in (State.POSTPONED, State.STANDBY, State.TENTATIVE):
            found.append(Standing(str(action.get_state_display()), "wait"))
        elif self.is_now:
            found.append(Standing(_("Happening now"), "ok"))
        elif self.is_moved:
            found.append(Standing(pgettext("an action", "Moved"), "wait"))
        if action.unconfirmed_since is not None:
            found.append(Standing(self.unconfirmed, "wait"))
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
