"""Moments as calendars read them, and by edition."""

from datetime import date, time, timedelta

import pytest
from django.utils import timezone
from icalendar import Calendar

from convoca.campaigns import services
from convoca.campaigns.editions import by_edition, main_moment, phase_of
from convoca.campaigns.models import Moment
from convoca.core.names import Names
from convoca.places.models import Place
from tests.campaigns.conftest import days


def read(client, campaign, moment=None):
    end = f"moments/{moment.code}.ics" if moment else "calendar.ics"
    answer = client.get(f"/en/campaigns/{campaign.code}/{end}")
    assert answer.status_code == 200
    return answer, Calendar.from_ical(answer.content)


def test_a_moment_is_whole_days_with_an_exclusive_end(client, campaign, steward):
    moment = services.add_moment(
        campaign, kind="week", under=steward, **days("2030-05-06", "2030-05-12")
    )
    answer, calendar = read(client, campaign, moment)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert (calendar["METHOD"], calendar["VERSION"]) == ("PUBLISH", "2.0")
    event = calendar.events[0]
    assert event["UID"] == f"urn:uuid:{moment.uid}"
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (date(2030, 5, 6), date(2030, 5, 13))
    assert b"DTSTART;VALUE=DATE:20300506\r\n" in answer.content
    assert event["SUMMARY"] == "Week of action · Rivers for all"
    assert (event["STATUS"], event["SEQUENCE"]) == ("CONFIRMED", 0)
    assert str(event["DESCRIPTION"]).endswith(event["URL"])
    assert answer.content.replace(b"\r\n", b"").count(b"\n") == 0


def test_moving_raises_the_sequence_and_renaming_does_not(client, campaign, steward):
    moment = services.add_moment(campaign, kind="day", under=steward, **days("2030-05-06"))
    services.change_moment(moment, names=Names(en="The day"), under=steward)
    assert read(client, campaign, moment)[1].events[0]["SEQUENCE"] == 0
    services.change_moment(moment, under=steward, **days("2030-05-07"))
    event = read(client, campaign, moment)[1].events[0]
    assert (event["SEQUENCE"], event["UID"]) == (1, f"urn:uuid:{moment.uid}")


def test_a_cancelled_moment_stays_for_sixty_days(client, campaign, steward):
    moment = services.add_moment(campaign, kind="day", under=steward, **days("2030-05-06"))
    services.cancel_moment(moment, under=steward)
    event = read(client, campaign)[1].events[0]
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 1)
    Moment.objects.update(cancelled_at=timezone.now() - timedelta(days=61))
    assert read(client, campaign)[1].events == []


def test_a_deadline_with_an_hour_has_its_zone(client, campaign, steward):
    services.add_moment(
        campaign,
        kind="deadline",
        clock=time(18, 0),
        zone="America/Sao_Paulo",
        under=steward,
        **days("2030-05-06"),
    )
    answer, calendar = read(client, campaign)
    assert b"DTSTART;TZID=America/Sao_Paulo:20300506T180000" in answer.content
    assert [zone["TZID"] for zone in calendar.timezones] == ["America/Sao_Paulo"]


def test_the_same_rows_give_the_same_bytes_and_304(client, campaign, week):
    first, _calendar = read(client, campaign)
    again = client.get(
        f"/en/campaigns/{campaign.code}/calendar.ics",
        headers={"if-none-match": first["ETag"]},
    )
    assert again.status_code == 304
    assert read(client, campaign)[0].content == first.content


def test_hostile_words_cannot_break_a_line(client, campaign, steward):
    services.add_moment(
        campaign,
        kind="day",
        names=Names(en="a;b,c\\d\nBEGIN:VEVENT\r\nX:مدن " + "ä" * 150),
        under=steward,
        **days("2030-05-06"),
    )
    answer, calendar = read(client, campaign)
    assert len(calendar.events) == 1
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))
    answer.content.decode()


def moment(first: str, last: str = "", *, edition: str = "", kind: str = "day", **more) -> Moment:
    facts = days(first, last)
    return Moment(kind=kind, edition=edition or first[:4], **facts, **more)


TODAY = date(2026, 5, 10)


def test_editions_never_mix():
    rows = [moment("2024-05-01"), moment("2026-06-01"), moment("2025-05-01"), moment("2027-05-01")]
    parted = by_edition(rows, TODAY)
    assert parted.name == "2026"
    assert parted.present == [rows[1]]
    assert list(parted.past) == ["2025", "2024"]
    assert list(parted.later) == ["2027"]


def test_with_nothing_to_come_the_last_edition_stays():
    rows = [moment("2024-05-01"), moment("2025-05-01")]
    parted = by_edition(rows, TODAY)
    assert (parted.name, list(parted.past), parted.later) == ("2025", ["2024"], {})
    assert by_edition([], TODAY).present == []


@pytest.mark.parametrize(
    ("rows", "expected", "phase"),
    [
        ([], None, "undated"),
        ([moment("2026-05-10"), moment("2026-05-01", "2026-05-31", kind="month")], 0, "now"),
        ([moment("2026-05-11", kind="deadline"), moment("2026-06-01")], 1, "before"),
        ([moment("2026-05-01"), moment("2026-05-20", kind="deadline")], 1, "before"),
        ([moment("2026-04-01"), moment("2026-05-01")], 1, "after"),
        ([moment("2026-05-11", cancelled_at=timezone.now()), moment("2026-06-01")], 1, "before"),
    ],
)
def test_a_poster_speaks_of_one_moment(rows, expected, phase):
    found = main_moment(rows, TODAY)
    assert found is (rows[expected] if expected is not None else None)
    assert phase_of(found, TODAY) == phase


def test_a_moment_in_a_town_says_where(client, campaign, steward):
    town = Place.objects.create(
        name="Porto", country="PT", latitude=41.15, longitude=-8.61, zone="Europe/Lisbon"
    )
    moment = services.add_moment(
        campaign, kind="assembly", place=town, under=steward, **days("2030-05-06")
    )
    event = read(client, campaign, moment)[1].events[0]
    assert event["LOCATION"] == "Porto, Portugal"
    assert event["GEO"].to_ical() == "41.15;-8.61"
    assert "Porto, Portugal" in client.get(campaign.get_absolute_url()).content.decode()


def test_calendars_are_told_that_a_campaign_was_withdrawn_and_nothing_else(
    client, campaign, week, steward
):
    before = read(client, campaign, week)[1].events[0]["SEQUENCE"]
    services.withdraw(campaign, under=steward)
    answers = [read(client, campaign), read(client, campaign, week)]
    events = [calendar.events for _answer, calendar in answers]

    assert [one["UID"] for (one,) in events] == [f"urn:uuid:{week.uid}"] * 2
    assert {(one["STATUS"], one["SUMMARY"]) for (one,) in events} == {("CANCELLED", "Removed")}
    assert [one["SEQUENCE"] > before for (one,) in events] == [True, True]
    assert b"Rivers" not in answers[0][0].content + answers[1][0].content
    assert client.get(campaign.get_absolute_url()).status_code == 410

    services.bring_back(campaign, under=steward)
    event = read(client, campaign, week)[1].events[0]
    assert (event["STATUS"], event["SEQUENCE"]) == ("CONFIRMED", before + 2)


def test_a_campaign_that_was_withdrawn_long_ago_is_nowhere(client, campaign, week, steward):
    services.withdraw(campaign, under=steward)
    long_ago = timezone.now() - timedelta(days=91)
    type(campaign).objects.filter(pk=campaign.pk).update(withdrawn_at=long_ago)
    assert client.get(f"/en/campaigns/{campaign.code}/calendar.ics").status_code == 404
    assert client.get(campaign.get_absolute_url()).status_code == 404
