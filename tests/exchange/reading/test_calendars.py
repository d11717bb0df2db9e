"""Calendars: invented river walks."""

from datetime import date, time

import pytest


def calendar(*entries, head=""):
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", *filter(None, [head])]
    for entry in entries:
        lines += ["BEGIN:VEVENT", *entry.strip().splitlines(), "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


WALK = """
UID:walk-1@rivers.example
SUMMARY:River walk\\, with boats
DTSTART;TZID=Europe/Lisbon:20270501T140000
DTEND;TZID=Europe/Lisbon:20270501T160000
LOCATION:Cais do Sodré, Lisboa, Portugal
URL:https://rivers.example/walk
STATUS:CANCELLED
CATEGORIES:march,river
"""


def test_an_entry_is_an_action(read):
    (row,) = read(calendar(WALK), name="walks.ics").rows
    assert row.key == "walk-1@rivers.example"
    assert row.title == "River walk, with boats"
    assert (row.first, row.starts, row.ends) == (date(2027, 5, 1), time(14), time(16))
    assert (row.zone, row.place.name, row.status) == ("Europe/Lisbon", "Lisbon", "cancelled")
    assert row.tags == ("march", "river")
    assert row.urls == ("https://rivers.example/walk",)


def test_a_calendar_is_recognised_by_its_content_and_lines_may_be_folded(read):
    text = calendar(WALK.replace("River walk", "River\r\n  walk"))
    assert read(text, name="walks.csv").rows[0].title == "River walk, with boats"


def test_whole_days_end_before_their_end_and_utc_becomes_the_clock_of_the_place(read):
    camp = "UID:camp\nSUMMARY:Camp\nDTSTART;VALUE=DATE:20270501\nDTEND;VALUE=DATE:20270504"
    talk = "UID:talk\nSUMMARY:Talk\nDTSTART:20270501T233000Z\nDURATION:PT1H\nLOCATION:Lima, Peru"
    first, second = read(calendar(camp, talk), name="walks.ics").rows
    assert (first.first, first.last, first.starts) == (date(2027, 5, 1), date(2027, 5, 3), None)
    assert (second.first, second.starts, second.ends) == (
        date(2027, 5, 1),
        time(18, 30),
        time(19, 30),
    )


@pytest.mark.parametrize(
    ("start", "head", "zone"),
    [
        ("DTSTART;TZID=W. Europe Standard Time:20270501T140000", "", "Europe/Berlin"),
        ("DTSTART;TZID=/mozilla.org/20070129/Europe/Berlin:20270501T140000", "", "Europe/Berlin"),
        ("DTSTART:20270501T140000", "X-WR-TIMEZONE:America/Lima", "America/Lima"),
    ],
)
def test_zones_are_known_by_their_other_names(read, start, head, zone):
    (row,) = read(calendar(f"UID:a\nSUMMARY:Walk\n{start}", head=head), name="walks.ics").rows
    assert (row.zone, row.starts) == (zone, time(14))


def test_what_repeats_is_an_action_each_time_without_what_is_left_out_or_moved(read):
    weekly = (
        "UID:w\nSUMMARY:Vigil\nDTSTART;TZID=Europe/Rome:20270501T180000\n"
        "RRULE:FREQ=WEEKLY;COUNT=4\nEXDATE;TZID=Europe/Rome:20270508T180000"
    )
    moved = (
        "UID:w\nSUMMARY:Vigil\nRECURRENCE-ID;TZID=Europe/Rome:20270515T180000\n"
        "DTSTART;TZID=Europe/Rome:20270516T180000"
    )
    result = read(calendar(weekly, moved), name="walks.ics")
    assert [row.first for row in result.rows] == [
        date(2027, 5, 1),
        date(2027, 5, 22),
        date(2027, 5, 16),
    ]
    assert len({row.key for row in result.rows}) == 3


@pytest.mark.parametrize(
    ("rule", "most", "code"),
    [
        ("FREQ=DAILY", 366, "recurrence-cut"),
        ("FREQ=DAILY;COUNT=1000000000", 366, "recurrence-cut"),
        ("FREQ=SECONDLY", 1, "recurrence-often"),
        ("FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30", 1, "recurrence-often"),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", 0, None),
        ("FREQ=SOMETIMES", 1, "recurrence-unread"),
        ("FREQ=WEEKLY;UNTIL=99991231T000000Z", 105, "recurrence-cut"),
    ],
)
def test_an_endless_calendar_ends(read, rule, most, code):
    result = read(
        calendar(f"UID:e\nSUMMARY:Vigil\nDTSTART:20270501T180000Z\nRRULE:{rule}"), name="walks.ics"
    )
    assert len(result.rows) == most
    assert {
        note.code for row in result.rows for note in row.notes if "recurrence" in note.code
    } == ({code} if code else set())


def test_one_bad_entry_never_loses_the_others(read):
    bad = "UID:b\nSUMMARY:Never\nDTSTART:yesterday"
    result = read(calendar(bad, WALK, "SUMMARY:No day"), name="walks.ics")
    assert [row.key for row in result.rows] == ["walk-1@rivers.example"]
    assert result.why == [(1, "calendar-broken"), (3, "calendar-broken")]


def test_a_bomb_of_repetitions_is_bounded(read):
    entries = [
        f"UID:b{n}\nSUMMARY:Bomb\nDTSTART:20270501T180000Z\nRRULE:FREQ=DAILY;INTERVAL=1\n"
        + "RDATE:"
        + ",".join(["20270501T180000Z"] * 400)
        for n in range(20)
    ]
    assert len(read(calendar(*entries), name="walks.ics").rows) == 20 * 366
