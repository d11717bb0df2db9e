"""The page of one action, in every state."""

import re
from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from convoca.actions.facts import Where
from convoca.actions.models import Seats, Trigger
from convoca.actions.services import life
from convoca.core.names import Names
from tests.actions.making import LISBON, at_ten, make_action, town

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _network(network):
    pass


def read(client, action, language: str = "en") -> str:
    page = client.get(action.get_absolute_url().replace("/en/", f"/{language}/"), follow=True)
    assert page.status_code == 200
    assert not page.cookies
    return re.sub(r"\s+", " ", page.content.decode())


def test_the_stub_says_day_clock_zone_and_place(client, campaign, union):
    places = [Where(town(), venue="Plaza de la Democracia", street="Oliva 10")]
    action = make_action(campaign, union, places=places)
    text = read(client, action)
    assert "March along the river" in text
    assert "10:00" in text
    assert "Paraguay Time, UTC−3" in text
    assert "Plaza de la Democracia</span><br>" in text
    assert "I will come" in text
    assert "Union of Port Workers" in text
    assert f'property="og:title" content="{action}"' in text


def test_a_hidden_address_is_nowhere_on_the_page(client, campaign, union):
    places = [
        Where(town(), venue="Hush house", street="Hush street", latitude=-25.3, longitude=-57.6)
    ]
    for visibility, words in {"city": "told to those who sign up", "request": "who ask"}.items():
        action = make_action(
            campaign, union, places=places, visibility=visibility, online_url="https://hush.example"
        )
        text = read(client, action)
        assert words in text
        assert "hush" not in text.casefold()
        assert "geo:" not in text


def test_a_cancelled_one_says_why_and_shows_the_nearest_others(client, action, campaign, union):
    other = make_action(campaign, union, title="The other march")
    life.cancel(action, reason="The bridge is closed.")
    text = read(client, action)
    assert "The bridge is closed." in text
    assert other.get_absolute_url() in text
    assert "less than 1 km" in text
    assert "I will come" not in text


def test_a_moved_one_shows_the_old_day_and_place_struck(client, action):
    life.move(action, when=at_ten(25), places=[Where(town("Lisbon", **LISBON))])
    text = read(client, action)
    assert re.search(r"It was to be on <s>[^<]+10:00</s>", text)
    assert "It was to be here: <s>Asunción, Paraguay</s>" in text


def test_a_postponed_one_has_no_day(client, action):
    life.postpone(action, reason="Flood")
    text = read(client, action)
    assert "Day not set" in text
    assert "there is no new day yet" in text
    assert "I will come" in text


def test_one_on_standby_says_what_it_waits_for(client, campaign, union):
    trigger = Trigger.objects.create(campaign=campaign, names=Names(en="The day after the ruling"))
    text = read(client, make_action(campaign, union, trigger=trigger))
    assert "Day not set" in text
    assert "The day after the ruling" in text


def test_silence_of_the_host_is_said(client, action):
    action.still_on_asked_at = datetime(2026, 5, 4, 12, tzinfo=UTC)
    action.save()
    assert "Not confirmed since 4 May 2026" in read(client, action)


def test_what_is_over_takes_nobody(client, action):
    with time_machine.travel(action.over_at + timedelta(hours=1), tick=False):
        text = read(client, action)
    assert "This action is over." in text
    assert "I will come" not in text


@pytest.mark.parametrize(
    ("people", "wish", "said"), [(5, True, True), (4, True, False), (9, False, False)]
)
def test_counts_are_said_from_five_up_if_the_host_wishes(client, action, people, wish, said):
    Seats.objects.filter(action=action).update(people=people)
    action.shows_count = wish
    action.save()
    assert ("people come." in read(client, action)) is said


def test_a_route_says_its_stops_with_their_times(client, campaign, union):
    places = [Where(town(), clock=time(9)), Where(town("Lisbon", **LISBON), clock=time(11, 30))]
    text = read(client, make_action(campaign, union, places=places))
    assert text.index("<bdi>09:00</bdi>") < text.index("<bdi>11:30</bdi>")


def test_it_is_read_in_the_language_there_is(client, action):
    text = read(client, action, "ar")
    assert 'lang="en" dir="ltr">March along the river</h1>' in text


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_with_any_number_of_hosts_and_stops(client, campaign, union, count):
    places = [Where(town(f"Town {number}")) for number in range(count)]
    action = make_action(campaign, union, places=places)
    client.get(action.get_absolute_url())
    with CaptureQueriesContext(connection) as queries:
        client.get(action.get_absolute_url())
    assert len(queries) == 15


def test_the_preview_picture_never_grows_old(client, action):
    found = client.get(f"/en/actions/{action.code}/preview-old.png", follow=True)
    assert (found.status_code, found["Content-Type"]) == (200, "image/png")


def test_a_campaigns_page_leads_to_its_actions(client, campaign, week, action):
    text = re.sub(r"\s+", " ", client.get(campaign.get_absolute_url()).content.decode())
    assert "Find an action near you" in text
    assert "1 action. No organisation has signed yet." in text
    assert action.get_absolute_url() in text
    assert f"{campaign.get_absolute_url()}moments/{week.code}/" in text
    assert "Endorse as an organisation" in text


def test_on_the_day_what_is_on_stands_first_by_country(client, campaign, action):
    with time_machine.travel(action.starts_at + timedelta(minutes=5), tick=False):
        text = client.get(campaign.get_absolute_url()).content.decode()
    assert text.index("Happening now") < text.index("Find an action</h2>")
    assert f'{campaign.get_absolute_url()}actions/in/py/"' in text


def test_the_home_page_leads_to_the_next_actions(client, campaign, action):
    assert action.get_absolute_url() in client.get("/en/").content.decode()


def test_who_hosts_shows_what_it_hosts(client, action, union, campaign, harbour):
    own = make_action(campaign, harbour, title="Vigil on the quay")
    of_union = client.get(union.get_absolute_url()).content.decode()
    of_harbour = client.get(harbour.get_absolute_url()).content.decode()
    assert [url in of_union for url in (action.get_absolute_url(), own.get_absolute_url())] == [
        True,
        True,
    ]
    assert action.get_absolute_url() not in of_harbour
    assert own.get_absolute_url() in of_harbour


def test_the_search_and_the_sitemap_know_public_actions_only(client, action, campaign, union):
    hidden = life.hide(make_action(campaign, union, title="Hidden march"), why="reported")
    found = client.get("/en/search/?q=march").content.decode()
    assert action.get_absolute_url() in found
    assert hidden.get_absolute_url() not in found
    sitemap = client.get("/sitemap.xml").content.decode()
    assert action.get_absolute_url() in sitemap
    assert hidden.get_absolute_url() not in sitemap
