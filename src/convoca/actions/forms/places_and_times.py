"""Where and when, as hosts type it: several places, a wall clock that may skip or repeat."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from convoca.actions.facts import When, Where
from convoca.actions.models import Action
from convoca.core.clocks import Shown, is_zone, offset_words, wall_clock, zone_words
from convoca.core.dates import day_words
from convoca.network.models import Network
from convoca.network.picking import PickingForm
from convoca.places import services as places
from convoca.places.forms import PlaceField
from convoca.places.pins import PinField, check_pin

MOST_STOPS = 12
FURTHEST = 3 * 366
"""Nobody plans further ahead, but people mistype years."""
NO_SUCH_DAY = gettext_lazy("There is no such day. Write it like 2027-10-05.")
STOP_PARTS = ("place", "venue", "street", "clock")
FURTHER_PARTS = ("venue_too", "pin")
_STOP = re.compile(r"stop_(\d{1,2})_place")
_PART = re.compile(r"stop_(\d{1,2})_(.+)")


def clock_words(at: time) -> str:
    return f"{at:%H:%M}"


class PlacesForm(PickingForm):
    """One place, or several: `stop_0_place` and so on. "Add another place" and "Take it away" are
    buttons that send the form and come back with one more or less; nothing is checked then,
    nothing else lost.
    """

    use_required_attribute = False  # a button adds places before all is filled in

    def __init__(self, *args: Any, stops: int = 1, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wants_less = self.is_bound and self._drop_stop()
        count = (self._typed_stops() or stops) if self.is_bound else stops
        self.wants_more = self.is_bound and "add-place" in self.data
        self.count = min(MOST_STOPS, max(1, count) + self.wants_more)
        for number in range(self.count):
            self._add_stop(number)

    def _typed_stops(self) -> int:
        numbers = [int(found[1]) for key in self.data if (found := _STOP.fullmatch(key))]
        return min(MOST_STOPS, max(numbers, default=-1) + 1)

    def _drop_stop(self) -> bool:
        """Take one place out of what was typed, where its button was pressed."""
        asked = str(self.data.get("drop-place") or "")
        if not (asked.isdecimal() and len(asked) <= 2):
            return False
        gone, kept = int(asked), cast(QueryDict, self.data).copy()
        for key in self.data:
            if not (found := _PART.fullmatch(key)) or int(found[1]) < gone:
                continue
            values = kept.pop(key)
            if int(found[1]) > gone:
                kept.setlist(f"stop_{int(found[1]) - 1}_{found[2]}", values)
        self.data = kept
        return True

    def _add_stop(self, number: int) -> None:
        name = f"stop_{number}_"
        is_first = number == 0
        self.fields[f"{name}place"] = PlaceField(
            label=_("Town"),
            required=False,
            help_text=_("Its clock is the one that counts.") if is_first else "",
        )
        self.fields[f"{name}venue"] = forms.CharField(
            label=_("Meeting place"),
            required=False,
            max_length=200,
            help_text=_("Such as: in front of the library.") if is_first else "",
        )
        self.fields[f"{name}street"] = forms.CharField(
            label=_("Street and number"), required=False, max_length=200
        )
        self.fields[f"{name}venue_too"] = forms.CharField(
            label=_("The meeting place in a second script"),
            required=False,
            max_length=200,
            help_text=_("As it is written on the spot, where that is another script.")
            if is_first
            else "",
        )
        self.fields[f"{name}pin"] = PinField(
            label=_("Exact position"),
            with_town=True,
            help_text=_("Latitude and longitude, as a map shows them.") if is_first else "",
        )
        if number or self.count > 1:
            self.fields[f"{name}clock"] = forms.TimeField(
                label=_("Here at"),
                required=False,
                widget=forms.TimeInput({"type": "time"}, "%H:%M"),
                error_messages={"invalid": _("Write the hour like 17:30.")},
            )

    @property
    def is_looking(self) -> bool:
        """Whether the form was sent for another place only."""
        return self.wants_more or self.wants_less or super().is_looking

    @property
    def stop_rows(self) -> list[tuple[int, list[BoundField], list[BoundField], bool]]:
        """Number and fields of each place in the order in which they are asked: those that most
        need, the further ones, and whether something stands or is wrong in those.
        """
        return [
            (n, self._of(n, STOP_PARTS), further, any(one.value() or one.errors for one in further))
            for n in range(self.count)
            for further in [self._of(n, FURTHER_PARTS)]
        ]

    def _of(self, number: int, parts: Sequence[str]) -> list[BoundField]:
        names = [f"stop_{number}_{part}" for part in parts]
        return [self[name] for name in names if name in self.fields]

    @property
    def can_add(self) -> bool:
        return self.count < MOST_STOPS

    @cached_property
    def found_places(self) -> list[tuple[int, Any]]:
        """Number and found place of each stop that has one, in order."""
        rows = [(n, self.cleaned_data.get(f"stop_{n}_place")) for n in range(self.count)]
        return [(number, found) for number, found in rows if found is not None]

    def where(self) -> list[Where]:
        """The places, kept in the table of places that are used. After `is_valid`."""
        said = self.cleaned_data
        return [
            Where(
                place=places.keep(found),
                venue=said[f"stop_{n}_venue"],
                venue_too=said[f"stop_{n}_venue_too"],
                street=said[f"stop_{n}_street"],
                latitude=(said.get(f"stop_{n}_pin") or (None, None))[0],
                longitude=(said.get(f"stop_{n}_pin") or (None, None))[1],
                clock=said.get(f"stop_{n}_clock"),
            )
            for n, found in self.found_places
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for number in range(self.count):
            name = f"stop_{number}_place"
            parts = [f"stop_{number}_{part}" for part in (*STOP_PARTS[1:], *FURTHER_PARTS)]
            check_pin(self, f"stop_{number}_pin", cleaned.get(name))
            if any(cleaned.get(part) for part in parts) and not (
                cleaned.get(name) or name in self.errors
            ):
                self.add_error(name, _("Say in which town this is."))
        return cleaned

    @staticmethod
    def initial_of_places(action: Action) -> dict[str, Any]:
        """What the form shows of an action's stops."""
        found: dict[str, Any] = {}
        for n, stop in enumerate(action.stops.select_related("place").order_by("number")):
            parts = (*STOP_PARTS, "venue_too")
            found |= {f"stop_{n}_{part}": getattr(stop, part) for part in parts}
            if stop.latitude is not None:
                found[f"stop_{n}_pin"] = (stop.latitude, stop.longitude)
        return found


class TimesForm(PlacesForm):
    """Day and clock, in the zone of the first place; for what is online only, in the one named."""

    day = forms.DateField(
        label=gettext_lazy("Day"),
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        error_messages={"invalid": NO_SUCH_DAY},
        required=False,
    )
    clock = forms.TimeField(
        label=gettext_lazy("Begins at"),
        required=False,
        widget=forms.TimeInput({"type": "time"}, "%H:%M"),
        error_messages={"invalid": gettext_lazy("Write the hour like 17:30.")},
        help_text=gettext_lazy("Empty if the hour is not known yet."),
    )
    fold = forms.CharField(
        label=gettext_lazy("Which of the two"), required=False, widget=forms.RadioSelect
    )
    last_day = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        error_messages={"invalid": NO_SUCH_DAY},
        help_text=gettext_lazy("Only if it is another one."),
    )
    last_clock = forms.TimeField(
        label=gettext_lazy("Ends at"),
        required=False,
        widget=forms.TimeInput({"type": "time"}, "%H:%M"),
        error_messages={"invalid": gettext_lazy("Write the hour like 17:30.")},
    )
    needs_day = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asks_which = False

    @cached_property
    def zone_name(self) -> str:
        """The zone whose clocks count."""
        if self.found_places:
            return str(self.found_places[0][1].zone)
        typed = str(self.cleaned_data.get("zone") or "")
        return typed if is_zone(typed) else str(Network.load().zone)

    def when(self) -> When | None:
        """The time, after `is_valid`; None where the day is not known."""
        said = self.cleaned_data
        if said.get("day") is None:
            return None
        return When(
            day=said["day"],
            clock=said.get("clock"),
            fold=int(said.get("fold") or 0),
            last_day=said.get("last_day") if said.get("last_day") != said["day"] else None,
            last_clock=said.get("last_clock"),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        day = cleaned.get("day")
        if day is None:
            if "day" not in self.errors and self.needs_day_here(cleaned):
                self.add_error("day", _("Say on which day."))
            return cleaned
        if "stop_0_place" in self.errors:
            return cleaned  # the clock is that of a place, which is not known yet
        today = timezone.localdate(timezone=ZoneInfo(self.zone_name))
        if day < today:
            self.add_error("day", _("This day is over. Choose a day to come."))
        elif (day - today).days > FURTHEST:
            self.add_error("day", _("This day is years away. Look at the year."))
        else:
            self._look_at_clocks(cleaned, day)
            self._look_at_end(cleaned, day)
            self._look_at_stops(cleaned, day)
        return cleaned

    def needs_day_here(self, cleaned: dict[str, Any]) -> bool:
        return self.needs_day

    def _look_at_clocks(self, cleaned: dict[str, Any], day: date) -> None:
        clock = cleaned.get("clock")
        if clock is None:
            cleaned["fold"] = 0
            return
        at = wall_clock(day, clock, self.zone_name)
        if at.shown is Shown.NEVER and at.resumes is not None:
            self.add_error(
                "clock",
                _(
                    "On this day clocks are put forward in %(zone)s: after %(clock)s comes at once "
                    "%(next)s. Choose another hour."
                )
                % {
                    "zone": zone_words(self.zone_name),
                    "clock": clock_words(clock),
                    "next": clock_words(at.resumes.time()),
                },
            )
        elif at.shown is Shown.TWICE and cleaned["fold"] not in ("0", "1"):
            self._ask_which(at.instants)
            self.add_error(
                "fold",
                _("On this day clocks are put back: it is %(clock)s twice. Choose which you mean.")
                % {"clock": clock_words(clock)},
            )
        elif at.shown is not Shown.TWICE:
            cleaned["fold"] = 0
        else:
            self._ask_which(at.instants)
        first = at.instants[int(cleaned["fold"] or 0)] if at.instants and not self.errors else None
        if first is not None and first <= timezone.now():
            self.add_error("clock", _("This hour is over. Choose a time to come."))

    def _ask_which(self, instants: Sequence[datetime]) -> None:
        """Offer the first and the second of two equal clocks, with their offsets."""
        self.asks_which = True
        offsets = [offset_words(at, self.zone_name) for at in instants]
        widget = self.fields["fold"].widget
        if isinstance(widget, forms.RadioSelect):
            widget.choices = [
                ("0", _("The first (%(offset)s)") % {"offset": offsets[0]}),
                ("1", _("The second, an hour later (%(offset)s)") % {"offset": offsets[1]}),
            ]

    def _look_at_end(self, cleaned: dict[str, Any], day: date) -> None:
        last_day, last_clock = cleaned.get("last_day") or day, cleaned.get("last_clock")
        if last_day < day:
            self.add_error("last_day", _("The last day is before the first."))
        elif (last_day - day).days > 366:
            self.add_error("last_day", _("This is longer than a year. Look at the year."))
        elif last_clock is not None:
            if cleaned.get("clock") is None:
                self.add_error("clock", _("Say when it begins, too."))
            elif last_day == day and last_clock <= cleaned["clock"]:
                self.add_error(
                    "last_clock",
                    _("It ends before it begins. If it goes on past midnight, give the last day."),
                )
            elif wall_clock(last_day, last_clock, self.zone_name).shown is Shown.NEVER:
                self.add_error(
                    "last_clock", _("Clocks skip this hour on that day. Choose another one.")
                )

    def _look_at_stops(self, cleaned: dict[str, Any], day: date) -> None:
        """Hours of a route: on the clock, in their order, within the action. One that goes on past
        midnight may begin anew after it.
        """
        is_one_day = (cleaned.get("last_day") or day) == day
        before, ends = cleaned.get("clock"), cleaned.get("last_clock")
        for number, _place in self.found_places:
            name = f"stop_{number}_clock"
            clock = cleaned.get(name)
            if clock is None:
                continue
            if wall_clock(day, clock, self.zone_name).shown is Shown.NEVER and is_one_day:
                words = _("Clocks skip this hour on that day. Choose another one.")
            elif is_one_day and before is not None and clock < before:
                words = _(
                    "This is before the beginning or the stop above. If it goes on past midnight, "
                    "give the last day."
                )
            elif is_one_day and ends is not None and clock > ends:
                words = _("This is after the end.")
            else:
                before = clock
                continue
            self.add_error(name, words)

    @property
    def when_words(self) -> str:
        """Day, clock and zone in words, for who reads it once more before sending."""
        when = self.when()
        if when is None:
            return ""
        return time_words(when.day, when.clock, self.zone_name, when.fold)

    @staticmethod
    def initial_of_times(action: Action) -> dict[str, Any]:
        """What the form shows of an action's time."""
        names = ("day", "clock", "fold", "last_day", "last_clock", "zone")
        return {name: getattr(action, name) for name in names}


def time_words(day: date, clock: time | None, zone: str, fold: int = 0) -> str:
    """ "5 October 2027, 17:30, Paraguay Time (UTC−3)"."""
    if clock is None:
        return day_words(day, weekday=True)
    at = wall_clock(day, clock, zone)
    instant = at.instants[min(fold, len(at.instants) - 1)] if at.instants else timezone.now()
    return _("%(day)s, %(clock)s, %(zone)s (%(offset)s)") % {
        "day": day_words(day, weekday=True),
        "clock": clock_words(clock),
        "zone": zone_words(zone),
        "offset": offset_words(instant, zone),
    }


def refuse_strange_link(typed: str) -> str:
    """An address that may be opened: https and nothing else."""
    from_https = typed[:8].lower() == "https://"
    if not from_https:
        raise ValidationError(
            _("Only addresses that begin with https:// are taken here."), code="link"
        )
    host = typed[8:].partition("/")[0].partition("?")[0]
    if not host or "@" in host or any(c.isspace() or ord(c) < 33 for c in typed) or "." not in host:
        raise ValidationError(_("This is not the address of a page."), code="link")
    return typed
