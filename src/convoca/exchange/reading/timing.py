"""When a row happened: its days and times, from as many columns as they stand in."""

from datetime import time
from functools import lru_cache
from zoneinfo import ZoneInfo

from convoca.exchange.reading.clocks import Clocks, read_clocks
from convoca.exchange.reading.days import DayReader, When
from convoca.exchange.reading.reasons import Reason
from convoca.exchange.reading.row import Refused


class Timing:
    """Reads the columns of time of one row at a time. Refuses a row without a day."""

    def __init__(self, days: DayReader) -> None:
        self.days = days

    def whens(self, said: dict[str, str], notes: list[Reason]) -> list[When]:
        """The days of a row and, where they are said, the times of each."""
        year = said.get("year", "")
        if "day" not in said and "start" not in said and "clock" in said:
            said = said | {"start": said["clock"], "clock": ""}  # "start time" holds the day too
        if "end" not in said and "end_clock" in said:
            said = said | {"end": said["end_clock"], "end_clock": ""}
        clocks = self._clocks(said, notes)
        last_clock, _end = self._moment(said.get("end_clock", ""), year)
        start_clock, start = self._moment(said.get("start", ""), year)
        end_clock, end = self._moment(said.get("end", ""), year)
        end_clock = last_clock or end_clock
        if end_clock and len(clocks) == 1 and clocks[0][1] is None:
            clocks = [(clocks[0][0], end_clock[0])]
        if "day" in said:
            whens = self._read_days(said["day"], year)
        elif start is not None:
            whens = [start]
        else:
            raise Refused(Reason("date-missing"))
        if "last_day" in said and end is None:
            end = self._read_days(said["last_day"], year)[-1]
        if len(whens) == 1:
            whens = [_until(whens[0], end)]
        if len(clocks) == len(whens):
            return [_at(when, *clock) for when, clock in zip(whens, clocks, strict=True)]
        if clocks and len(set(clocks)) == 1:
            return [_at(when, *clocks[0]) for when in whens]
        if clocks:
            notes.append(Reason.about("clock-several", said["clock"]))
        begins = (
            start_clock[0] if start_clock else (start.start if start and "day" in said else None)
        )
        ends = end_clock[0] if end_clock else (end.start if end and not end.instant else None)
        return [_at(when, begins, ends) if begins or ends else when for when in whens]

    def _read_days(self, text: str, year: str) -> list[When]:
        found = self.days.read(text, year)
        if isinstance(found, Reason):
            raise Refused(found)
        if found[0].first is None and found[0].instant is None:
            raise Refused(Reason("date-missing"))
        return found

    def _moment(self, text: str, year: str) -> tuple[Clocks | None, When | None]:
        """A column that may hold times or days: one of them, or nothing."""
        if not text:
            return None, None
        if clocks := _clocks_of(text):
            return clocks[0], None
        if _is_no_time(text):
            return None, None
        found = self.days.read(text, year)
        if isinstance(found, Reason):
            if found.code in {"date-early", "date-late", "date-impossible"}:
                raise Refused(found)
            return None, None
        return None, found[0]

    def _clocks(self, said: dict[str, str], notes: list[Reason]) -> list[Clocks]:
        if not said.get("clock"):
            return []
        clocks = _clocks_of(said["clock"], bare=True)
        if clocks is None:
            notes.append(Reason.about("clock-unread", said["clock"]))
        return list(clocks or ())


@lru_cache(maxsize=20_000)
def _clocks_of(text: str, *, bare: bool = False) -> tuple[Clocks, ...] | None:
    found = read_clocks(text[:500], bare=bare)
    return None if found is None else tuple(found)


def _is_no_time(text: str) -> bool:
    return _clocks_of(text) == ()


@lru_cache(maxsize=1024)
def zone_of(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return None


def _at(when: When, start: time | None, end: time | None) -> When:
    return when._replace(start=start or when.start, end=end or when.end)


def _until(when: When, end: When | None) -> When:
    """A day with the last day that stands in a column of its own."""
    if end is None:
        return when
    if when.instant is not None or end.instant is not None:
        return when._replace(last=end.first, end=end.start, end_instant=end.instant)
    last = end.last or end.first
    if when.first is None or last is None:
        return when
    if last < when.first:
        raise Refused(
            Reason("date-turned", {"start": when.first.isoformat(), "end": last.isoformat()})
        )
    return when._replace(last=last, end=end.start)


def local(when: When, zone_name: str, notes: list[Reason]) -> When:
    """An instant by the clock of its place."""
    if when.instant is None:
        return when
    zone = zone_of(zone_name) if zone_name else None
    if zone_name and zone is None:
        notes.append(Reason.about("zone-unknown", zone_name))
    if zone is None:
        notes.append(Reason("zone-missing"))
        zone = ZoneInfo("UTC")
    begins = when.instant.astimezone(zone)
    ends = when.end_instant.astimezone(zone) if when.end_instant else None
    if ends is not None and ends < begins:
        raise Refused(
            Reason(
                "date-turned",
                {"start": f"{begins:%Y-%m-%d %H:%M}", "end": f"{ends:%Y-%m-%d %H:%M}"},
            )
        )
    last = ends.date() if ends else when.last
    return When(
        begins.date(), last if last and last >= begins.date() else None,
        begins.time().replace(second=0, microsecond=0),
        ends.time().replace(second=0, microsecond=0) if ends else when.end,
        begins,
    )  # fmt: skip
