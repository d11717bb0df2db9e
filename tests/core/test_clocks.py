"""Wall clocks where the hour jumps: forward, back, by half an hour, by a whole day."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from convoca.core.clocks import (
    Shown,
    instant,
    is_zone,
    next_midnight,
    offset_words,
    wall_clock,
    zone_city,
    zone_words,
    zones,
)

ASUNCION, NEW_YORK = "America/Asuncion", "America/New_York"
HOURS = timedelta(hours=1)


@pytest.mark.parametrize(
    ("zone", "day", "at", "shown", "first", "second"),
    [
        (ASUNCION, date(2027, 10, 5), time(18), Shown.ONCE, -3, -3),
        (ASUNCION, date(2023, 10, 1), time(0, 30), Shown.NEVER, -4, -3),  # midnight was skipped
        (ASUNCION, date(2024, 3, 23), time(23, 30), Shown.TWICE, -3, -4),
        (NEW_YORK, date(2026, 3, 8), time(2, 30), Shown.NEVER, -5, -4),
        (NEW_YORK, date(2026, 3, 8), time(3), Shown.ONCE, -4, -4),
        (NEW_YORK, date(2026, 11, 1), time(1, 30), Shown.TWICE, -4, -5),
        (NEW_YORK, date(2026, 11, 1), time(2), Shown.ONCE, -5, -5),
        ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 15), Shown.NEVER, 10.5, 11),
        ("Australia/Lord_Howe", date(2026, 4, 5), time(1, 45), Shown.TWICE, 11, 10.5),
        ("Pacific/Apia", date(2011, 12, 30), time(12), Shown.NEVER, -10, 14),
        ("Africa/Casablanca", date(2026, 2, 15), time(2, 30), Shown.TWICE, 1, 0),
        ("Africa/Casablanca", date(2026, 3, 22), time(2, 30), Shown.NEVER, 0, 1),
    ],
)
def test_a_time_on_the_wall_exists_once_never_or_twice(zone, day, at, shown, first, second):
    clock = wall_clock(day, at, zone)

    assert (clock.shown, clock.first / HOURS, clock.second / HOURS) == (shown, first, second)
    assert len(clock.instants) == {Shown.ONCE: 1, Shown.NEVER: 0, Shown.TWICE: 2}[shown]


def test_of_two_the_first_is_meant_unless_somebody_says_the_second():
    first = instant(date(2026, 11, 1), time(1, 30), NEW_YORK)
    second = instant(date(2026, 11, 1), time(1, 30), NEW_YORK, is_second=True)

    assert first == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert second == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    assert wall_clock(date(2026, 11, 1), time(1, 30), NEW_YORK).instants == (first, second)


def test_a_time_that_is_never_shown_comes_as_late_after_the_jump():
    """As RFC 5545, 3.3.5 reads it."""
    assert instant(date(2026, 3, 8), time(2, 30), NEW_YORK) == datetime(
        2026, 3, 8, 7, 30, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("zone", "day", "at", "resumes"),
    [
        (NEW_YORK, date(2026, 3, 8), time(2, 30), datetime(2026, 3, 8, 3)),  # noqa: DTZ001 (a wall)
        ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 15), datetime(2026, 10, 4, 2, 30)),  # noqa: DTZ001
        ("Pacific/Apia", date(2011, 12, 30), time(12), datetime(2011, 12, 31)),  # noqa: DTZ001
        (ASUNCION, date(2027, 10, 5), time(18), None),
    ],
)
def test_after_a_jump_the_clock_goes_on_at(zone, day, at, resumes):
    assert wall_clock(day, at, zone).resumes == resumes


@given(
    st.sampled_from([ASUNCION, NEW_YORK, "Australia/Lord_Howe", "Africa/Casablanca", "UTC"]),
    st.datetimes(datetime(2010, 1, 1), datetime(2040, 1, 1)),  # noqa: DTZ001 (a wall)
)
def test_every_instant_that_a_wall_time_may_mean_shows_it(zone, local):
    from zoneinfo import ZoneInfo  # noqa: PLC0415  only here

    clock = wall_clock(local.date(), local.time(), zone)

    shown = {at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for at in clock.instants}
    assert shown == (set() if clock.shown is Shown.NEVER else {local})
    assert list(clock.instants) == sorted(clock.instants)


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        (ASUNCION, "UTC−3"),
        ("Asia/Kolkata", "UTC+5:30"),
        ("Asia/Kathmandu", "UTC+5:45"),
        ("Africa/Abidjan", "UTC"),
        ("Etc/GMT+9", "UTC−9"),
    ],
)
def test_an_offset_in_words(zone, words):
    assert offset_words(datetime(2027, 10, 5, tzinfo=UTC), zone) == words


@pytest.mark.parametrize(
    ("zone", "language", "words", "city"),
    [
        (ASUNCION, "en", "Paraguay Time", "Asunción"),
        (ASUNCION, "es", "hora de Paraguay", "Asunción"),
        (ASUNCION, "ar", "توقيت باراغواي", "أسونسيون"),
        ("Europe/Kyiv", "en", "Eastern European Time", "Kyiv"),
        ("America/Argentina/Buenos_Aires", "fr", "heure de l’Argentine", "Buenos Aires"),
        ("Africa/Casablanca", "es", "hora de Marruecos", "Casablanca"),
        ("Etc/GMT-11", "en", "UTC+11", "UTC+11"),
        ("UTC", "ar", "UTC", "UTC"),
    ],
)
def test_a_zone_is_called_as_the_reader_calls_it(zone, language, words, city):
    assert (zone_words(zone, language), zone_city(zone, language)) == (words, city)


@pytest.mark.parametrize("language", ["en", "es", "fr", "pt", "ar"])
def test_every_zone_has_a_name_and_a_city(language):
    assert [z for z in zones() if not zone_words(z, language) or not zone_city(z, language)] == []


@pytest.mark.parametrize("name", ["", "Nowhere/City", "../etc/passwd", "America", "x" * 5000, "\0"])
def test_what_is_no_zone_is_refused(name):
    assert not is_zone(name)
    with pytest.raises(KeyError):
        wall_clock(date(2027, 1, 1), time(12), name)


@pytest.mark.parametrize(
    ("now", "zone", "midnight"),
    [
        ("2027-05-12T12:00+00:00", "UTC", "2027-05-13T00:00+00:00"),
        ("2027-05-12T23:30+00:00", "Europe/Lisbon", "2027-05-13T23:00+00:00"),
        ("2027-05-12T02:00+00:00", "America/Asuncion", "2027-05-12T03:00+00:00"),
        ("2027-03-13T12:00+00:00", "America/Havana", "2027-03-14T05:00+00:00"),  # it is skipped
    ],
)
def test_the_next_midnight_is_when_the_next_day_begins_there(now, zone, midnight):
    with time_machine.travel(datetime.fromisoformat(now), tick=False):
        assert next_midnight(zone) == datetime.fromisoformat(midnight)
