"""An action as a file for calendars: what RFC 5545 asks, and what of it is ours to say."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from icalendar import Calendar

from convoca.actions.facts import When, Where
from convoca.actions.models import Action
from convoca.actions.services import life
from convoca.core.names import Names
from convoca.network.models import Committee
from tests.actions.making import LISBON, at_ten, in_days, make_action, town, write_action


def read(client, action, language="en"):
    answer = client.get(f"/{language}/actions/{action.code}/calendar.ics")
    assert answer.status_code == 200
    return answer.content, Calendar.from_ical(answer.content)


def event_of(client, action):
    return read(client, action)[1].events[0]


def lines_of(body: bytes) -> list[str]:
    """The unfolded lines, after what RFC 5545 says of octets."""
    assert body.endswith(b"\r\n")
    assert body.replace(b"\r\n", b"").count(b"\n") == body.replace(b"\r\n", b"").count(b"\r") == 0
    assert max(len(line) for line in body.split(b"\r\n")) <= 75
    for line in body.split(b"\r\n"):
        line.decode()  # no character is cut
    return body.decode().replace("\r\n ", "").split("\r\n")[:-1]


def test_it_says_every_field_that_other_servers_are_promised(client, action):
    body, calendar = read(client, action)
    names = [re.split("[:;]", line)[0] for line in lines_of(body)]
    start = names.index("BEGIN", 1)
    assert names[1:start] == [
        "PRODID",
        "VERSION",
        "METHOD",
        "NAME",
        "X-WR-CALNAME",
        "X-WR-TIMEZONE",
        "REFRESH-INTERVAL",
        "X-PUBLISHED-TTL",
        "SOURCE",
    ]
    assert (calendar["METHOD"], calendar["VERSION"]) == ("PUBLISH", "2.0")
    event = calendar.events[0]
    assert sorted(event) == [
        "CATEGORIES", "CREATED", "DESCRIPTION", "DTEND", "DTSTAMP", "DTSTART", "GEO",
        "LAST-MODIFIED", "LOCATION", "SEQUENCE", "STATUS", "SUMMARY", "TRANSP", "UID", "URL",
            "X-CONVOCA-SOURCE",
    ]  # fmt: skip
    assert event["UID"] == f"urn:uuid:{action.uid}"
    assert event["SUMMARY"] == "March along the river"
    assert event["LOCATION"] == "Asunción, Paraguay"
    assert (event["STATUS"], event["SEQUENCE"], event["TRANSP"]) == ("CONFIRMED", 0, "TRANSPARENT")
    assert event["URL"].endswith(action.get_absolute_url())
    assert str(event["DESCRIPTION"]).endswith(f"\n\n{event['URL']}")
    assert (
        event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt == action.changed_at.replace(microsecond=0)
    )


def test_it_lasts_two_hours_where_nobody_said_when_it_ends(client, action):
    event = event_of(client, action)
    there = ZoneInfo("America/Asuncion")
    start = datetime.combine(in_days(20), time(10), tzinfo=there)
    assert event["DTSTART"].params["TZID"] == "America/Asuncion"
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (start, start + timedelta(hours=2))


def test_each_zone_is_defined_for_the_years_in_use(client, campaign, union):
    action = make_action(
        campaign,
        union,
        when=When(date(2031, 3, 30), time(12), last_day=date(2031, 10, 26), last_clock=time(12)),
        places=[Where(town("Lisboa", **LISBON))],
    )
    body, calendar = read(client, action)
    assert [zone["TZID"] for zone in calendar.timezones] == ["Europe/Lisbon"]
    years = set(re.findall(rb"DTSTART:(\d{4})", body))
    assert years == {b"2031"}
    event = calendar.events[0]
    assert event["DTSTART"].dt.utcoffset() == timedelta(hours=1)
    assert event["DTEND"].dt.utcoffset() == timedelta(0)


def test_an_hour_that_is_shown_twice_is_said_in_utc(client, campaign, union):
    """A calendar takes the first of two equal hours; this is the second (RFC 5545, 3.3.5)."""
    action = make_action(
        campaign,
        union,
        when=When(date(2031, 10, 26), time(1, 30), fold=1),
        places=[Where(town("Lisboa", **LISBON))],
    )
    body, _calendar = read(client, action)
    assert b"DTSTART:20311026T013000Z\r\n" in body


def test_without_an_hour_it_is_whole_days_with_an_exclusive_end(client, campaign, union):
    day = in_days(20)
    action = make_action(campaign, union, when=When(day, last_day=day + timedelta(days=2)))
    body, calendar = read(client, action)
    event = calendar.events[0]
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (day, day + timedelta(days=3))
    assert calendar.timezones == []
    assert b"DTSTART;VALUE=DATE:" in body


def test_moving_and_cancelling_raise_the_sequence_and_keep_the_id(client, action):
    before = event_of(client, action)
    life.move(action, when=at_ten(21))
    moved = event_of(client, action)
    life.cancel(action, reason="The river is too high.")
    ended = event_of(client, action)
    assert before["UID"] == moved["UID"] == ended["UID"]
    assert [one["SEQUENCE"] for one in (before, moved, ended)] == [0, 1, 2]
    assert [one["STATUS"] for one in (before, moved, ended)] == [
        "CONFIRMED", "CONFIRMED", "CANCELLED",
    ]  # fmt: skip
    assert str(ended["DESCRIPTION"]).startswith("Cancelled. The river is too high.\n")


def test_a_cancelled_action_leaves_after_sixty_days(client, action):
    life.cancel(action)
    path = f"/en/actions/{action.code}/calendar.ics"
    Action.objects.update(cancelled_at=timezone.now() - timedelta(days=59))
    assert client.get(path).status_code == 200
    Action.objects.update(cancelled_at=timezone.now() - timedelta(days=61))
    assert client.get(path).status_code == 404


def test_what_is_put_off_leaves_the_old_day(client, action):
    start = event_of(client, action)["DTSTART"].dt
    life.postpone(action, reason="Floods.")
    event = event_of(client, action)
    assert (event["DTSTART"].dt, event["STATUS"], event["SEQUENCE"]) == (start, "CANCELLED", 1)
    life.move(action, when=at_ten(40))
    assert event_of(client, action)["STATUS"] == "CONFIRMED"


def test_what_its_host_has_not_confirmed_is_tentative(client, action):
    Action.objects.update(state=Action.State.TENTATIVE)
    assert event_of(client, action)["STATUS"] == "TENTATIVE"


HOSTILE = [
    "a;b,c\\d",
    "ä" * 150,
    "🌊" * 60,
    "مسيرة على طول النهر " * 6,
    "=1+1\u2028BEGIN:VEVENT",
]


@pytest.mark.parametrize("title", HOSTILE)
def test_hostile_titles_stay_titles(client, campaign, union, title):
    action = make_action(campaign, union, title=title[:200])
    body, calendar = read(client, action)
    assert sum(line.startswith("SUMMARY:") for line in lines_of(body)) == 1
    assert [str(event["SUMMARY"]) for event in calendar.events] == [str(action.names)]


def test_venues_and_reasons_cannot_begin_a_line(client, campaign, union):
    venue = "Hall; 2, \\n\nBEGIN:VALARM\r\nX-A:1\x07 \x9b"
    action = make_action(campaign, union, places=[Where(town(), venue=venue, street="A\tB")])
    body, calendar = read(client, action)
    assert [line for line in lines_of(body) if line.startswith(("BEGIN:VALARM", "X-A"))] == []
    assert str(calendar.events[0]["LOCATION"]) == (
        "Hall; 2, \\n\nBEGIN:VALARM\nX-A:1 , AB, Asunción, Paraguay"
    )


def test_a_hidden_address_is_in_no_calendar(client, campaign, union):
    action = make_action(
        campaign,
        union,
        visibility=Action.Visibility.CITY,
        online_url="https://meet.example/canary",
        places=[
            Where(
                town(), venue="Canary hall", venue_too="Canary too", street="Canary street 5",
                latitude=-25.123456, longitude=-57.654321,
            )
        ],
    )  # fmt: skip
    body, calendar = read(client, action)
    assert b"anary" not in body
    assert b"123456" not in body
    assert "GEO" not in calendar.events[0]
    assert calendar.events[0]["LOCATION"] == "Asunción, Paraguay"


def test_a_route_names_its_stops_with_their_times(client, campaign, union):
    stops = [
        Where(town(), venue="Bridge", clock=time(10)),
        Where(town("Luque", latitude=-25.27, longitude=-57.487), clock=time(12, 30)),
    ]
    event = event_of(client, make_action(campaign, union, places=stops))
    assert event["LOCATION"] == "Bridge, Asunción, Paraguay"
    assert "1. 10:00 Bridge, Asunción, Paraguay\n2. 12:30 Luque, Paraguay" in event["DESCRIPTION"]


def test_what_is_online_only_says_so_and_stands_in_utc(client, campaign, union):
    action = make_action(campaign, union, places=[], online_url="https://meet.example/river")
    body, calendar = read(client, action)
    event = calendar.events[0]
    assert (event["LOCATION"], "GEO" in event) == ("https://meet.example/river", False)
    assert re.search(rb"DTSTART:\d{8}T100000Z\r\n", body)


def test_only_an_address_that_a_committee_published_organises(client, campaign):
    committee = Committee.objects.create(names=Names(en="River"), contact="rivers@example.org")
    event = event_of(client, make_action(campaign, committee, contact="rosa@example.org"))
    assert str(event["ORGANIZER"]) == "mailto:rivers@example.org"
    assert event["ORGANIZER"].params["CN"] == "River"
    committee.contact = "Ask at the market"
    committee.save()
    assert "ORGANIZER" not in event_of(client, make_action(campaign, committee))


def test_the_words_are_the_readers(client, campaign, union):
    action = make_action(campaign, union)
    action.names = Names(en="March", es="Marcha")
    action.save()
    event = read(client, action, "es")[1].events[0]
    assert event["SUMMARY"] == "Marcha"
    assert str(event["URL"]).split("/")[3] == "es"


def test_it_is_the_same_until_something_changes(client, action):
    path = f"/en/actions/{action.code}/calendar.ics"
    first = client.get(path)
    assert first["Content-Type"] == "text/calendar; charset=utf-8"
    again = client.get(path, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    life.cancel(action)
    assert client.get(path, headers={"if-none-match": first["ETag"]}).status_code == 200


def test_what_the_public_never_read_has_no_file(client, campaign, union):
    action = write_action(campaign, union)
    assert client.get(f"/en/actions/{action.code}/calendar.ics").status_code == 404
