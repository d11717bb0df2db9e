"""Wall clocks: which instant a day and an hour mean in a zone, and what the zone is called.

A clock that is put forward skips an hour, one that is put back shows an hour twice. Whoever asks
people for a time asks `wall_clock` first, and then them: "the first or the second?".
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, available_timezones

from babel.core import get_global
from babel.dates import get_timezone, get_timezone_location
from django.utils.translation import get_language

from convoca.core.languages import locale_for

# CLDR keeps the first name that a zone had; the zone data go with the times.
_IN_CLDR = {
    "Africa/Asmara": "Africa/Asmera",
    "America/Argentina/Buenos_Aires": "America/Buenos_Aires",
    "America/Argentina/Catamarca": "America/Catamarca",
    "America/Argentina/Cordoba": "America/Cordoba",
    "America/Argentina/Jujuy": "America/Jujuy",
    "America/Argentina/Mendoza": "America/Mendoza",
    "America/Atikokan": "America/Coral_Harbour",
    "America/Indiana/Indianapolis": "America/Indianapolis",
    "America/Kentucky/Louisville": "America/Louisville",
    "America/Nuuk": "America/Godthab",
    "Asia/Ho_Chi_Minh": "Asia/Saigon",
    "Asia/Kathmandu": "Asia/Katmandu",
    "Asia/Kolkata": "Asia/Calcutta",
    "Asia/Yangon": "Asia/Rangoon",
    "Atlantic/Faroe": "Atlantic/Faeroe",
    "Europe/Kyiv": "Europe/Kiev",
    "Pacific/Chuuk": "Pacific/Truk",
    "Pacific/Kanton": "Pacific/Enderbury",
    "Pacific/Pohnpei": "Pacific/Ponape",
}


def next_midnight(zone: str) -> datetime:
    """When the next day begins by the clocks of a zone; where they skip that hour, when they do."""
    there = ZoneInfo(zone)
    tomorrow = datetime.now(there).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(0), there).astimezone(UTC)


class Shown(StrEnum):
    """How often a clock on the wall shows a certain day and time."""

    ONCE = "once"
    NEVER = "never"
    TWICE = "twice"


@dataclass(frozen=True, slots=True)
class WallClock:
    """A day and a time in a zone, with the offsets from UTC that they may mean.

    Once: both offsets are the same. Twice: `first` is in force the first time, `second` the second
    time. Never: the clock jumps over it, from `first` to `second`.
    """

    local: datetime
    zone: str
    shown: Shown
    first: timedelta
    second: timedelta

    @property
    def instants(self) -> tuple[datetime, ...]:
        """The instants in UTC that it may mean: none, one or two."""
        offsets = {
            Shown.ONCE: (self.first,),
            Shown.NEVER: (),
            Shown.TWICE: (self.first, self.second),
        }
        return tuple((self.local - o).replace(tzinfo=UTC) for o in offsets[self.shown])

    @property
    def resumes(self) -> datetime | None:
        """For a time that the clock jumps over: the first that it shows again, on the wall.

        After a whole day that was left out, midnight of the next.
        """
        if self.shown is not Shown.NEVER:
            return None
        # Reading it by the old offset gives an instant after the jump, by the new one before it.
        before = (self.local - self.second).replace(tzinfo=UTC)
        after = (self.local - self.first).replace(tzinfo=UTC)
        zone = ZoneInfo(self.zone)
        while after - before > timedelta(seconds=1):
            middle = before + (after - before) / 2
            if middle.astimezone(zone).utcoffset() == self.first:
                before = middle
            else:
                after = middle
        return (after.replace(microsecond=0) + self.second).replace(tzinfo=None)


def wall_clock(day: date, at: time, zone: str) -> WallClock:
    """What a day and a time mean in a zone. Raises `KeyError` for a zone that nobody knows."""
    local = datetime.combine(day, at.replace(tzinfo=None, fold=0))
    there = zone_named(zone)
    # In a gap, fold 0 reads by the offset before the jump; in a fold, by that of the first time.
    first, second = (_offset(local.replace(fold=fold, tzinfo=there)) for fold in (0, 1))
    shown = Shown.ONCE if first == second else Shown.TWICE if first > second else Shown.NEVER
    return WallClock(local, zone, shown, first, second)


def instant(day: date, at: time, zone: str, *, is_second: bool = False) -> datetime:
    """The instant in UTC of a day and a time in a zone; derived anew when zone data change.

    `is_second` is the answer for a time that is shown twice. A time that is never shown is as late
    after the jump as it would have been without one, as calendars have it (RFC 5545).
    """
    clock = wall_clock(day, at, zone)
    offset = clock.second if clock.shown is Shown.TWICE and is_second else clock.first
    return (clock.local - offset).replace(tzinfo=UTC)


def is_zone(name: str) -> bool:
    """Whether this is a zone that our data know: "America/Asuncion"."""
    try:
        zone_named(name)
    except KeyError:
        return False
    return True


def zone_named(name: str) -> ZoneInfo:
    """The zone of that name. Raises `KeyError` for whatever is none; names come from strangers."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError) as error:  # "../x" and a directory, "America"
        raise KeyError(name) from error


def offset_words(at: datetime, zone: str) -> str:
    """How far the zone is from UTC at an instant: "UTC−3", "UTC+5:30", "UTC"."""
    return _offset_words(_offset(at.astimezone(zone_named(zone))))


def _offset_words(offset: timedelta) -> str:
    minutes = round(offset.total_seconds() / 60)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    sign = "−" if minutes < 0 else "+"
    return f"UTC{sign}{hours}:{rest:02}" if rest else f"UTC{sign}{hours}"


def zone_words(zone: str, language: str | None = None) -> str:
    """What the clocks there go by, in the reader's words, all year: "Paraguay Time".

    Never "summer" or "standard": the offset says that better (`offset_words`), and some countries
    have their summer the other way round. A zone of the sea is called by its offset.
    """
    zone_named(zone)
    if zone.startswith("Etc/") or "/" not in zone:
        return offset_words(datetime.now(UTC), zone)
    locale = locale_for(_locale(language))
    wide = get_global("meta_zones").get(_IN_CLDR.get(zone, zone), "")
    names = locale.meta_zones.get(wide, {}).get("long", {})
    if name := names.get("generic") or names.get("standard"):
        return str(name)
    country = get_global("zone_territories").get(zone, "001")
    if country == "001":
        return str(locale.zone_formats["region"] % zone_city(zone, language))
    return str(get_timezone_location(get_timezone(zone), locale))


def zone_city(zone: str, language: str | None = None) -> str:
    """The city that the zone is named after, short: "Asunción"; a zone of the sea by its offset."""
    zone_named(zone)
    if zone.startswith("Etc/") or "/" not in zone:
        return offset_words(datetime.now(UTC), zone)
    known = locale_for(_locale(language)).time_zones.get(_IN_CLDR.get(zone, zone), {})
    return str(known.get("city") or zone.rpartition("/")[2].replace("_", " "))


def _offset(at: datetime) -> timedelta:
    return at.utcoffset() or timedelta()


def _locale(language: str | None) -> str:
    return language or get_language() or "en"


def zones() -> list[str]:
    """All zones that a form may offer, by name: those of places, none of abbreviations."""
    return sorted(zone for zone in available_timezones() if "/" in zone and zone[:4] != "Etc/")
