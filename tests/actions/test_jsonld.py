"""An action as schema.org has it, field by field, and inert inside its element."""

import json
import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from convoca.actions.facts import When, Where
from convoca.actions.models import Action, Seats
from convoca.actions.services import life
from tests.actions.making import at_ten, in_days, make_action, town

BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def event_of(client, action):
    action.refresh_from_db()
    found = BLOCK.findall(client.get(action.get_absolute_url()).content.decode())
    assert len(found) == 1
    return json.loads(found[0])


def ten(days=20):
    return datetime.combine(in_days(days), time(10), tzinfo=ZoneInfo("America/Asuncion"))


def test_it_says_every_field_that_other_servers_are_promised(client, campaign, union):
    where = Where(town(), venue="Bridge", street="Costanera 5", latitude=-25.3, longitude=-57.6)
    action = make_action(campaign, union, places=[where])
    event = event_of(client, action)
    root = event["@id"].removesuffix(f"/actions/{action.code}")
    url = f"{root}{action.get_absolute_url()}"
    assert event == {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": f"{root}/actions/{action.code}",
        "url": url,
        "name": "March along the river",
        "description": event["description"],
        "image": event["image"],
        "startDate": ten().isoformat(),
        "endDate": (ten() + timedelta(hours=2)).isoformat(),
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "location": {
            "@type": "Place",
            "name": "Bridge",
            "address": {
                "@type": "PostalAddress",
                "streetAddress": "Costanera 5",
                "addressLocality": "Asunción",
                "addressCountry": "PY",
            },
            "geo": {"@type": "GeoCoordinates", "latitude": -25.3, "longitude": -57.6},
        },
        "organizer": [
            {
                "@type": "Organization",
                "name": "Union of Port Workers",
                "url": f"{root}{union.get_absolute_url()}",
            }
        ],
        "offers": {
            "@type": "Offer",
            "url": url,
            "price": "0",
            "priceCurrency": "PYG",
            "availability": "https://schema.org/InStock",
            "validFrom": action.published_at.isoformat(),
        },
        "isAccessibleForFree": True,
        "inLanguage": "en",
    }
    assert [url.startswith("http") for url in event["image"]] == [True]
    assert "hosted by Union of Port Workers" in event["description"]


def test_moved_says_when_it_was_to_start(client, action):
    life.move(action, when=at_ten(25))
    event = event_of(client, action)
    assert event["eventStatus"] == "https://schema.org/EventRescheduled"
    assert (event["startDate"], event["previousStartDate"]) == (
        ten(25).isoformat(),
        ten().isoformat(),
    )


def test_cancelled_and_put_off_keep_the_start(client, campaign, union):
    ended, put_off = make_action(campaign, union), make_action(campaign, union)
    life.cancel(ended)
    life.postpone(put_off)
    found = [event_of(client, one) for one in (ended, put_off)]
    assert [one["eventStatus"].rpartition("/")[2] for one in found] == [
        "EventCancelled",
        "EventPostponed",
    ]
    assert [one["startDate"] for one in found] == [ten().isoformat()] * 2
    assert [one for one in found if "previousStartDate" in one] == []
    assert found[0]["offers"]["availability"] == "https://schema.org/Discontinued"


def test_online_both_ways_and_by_days(client, campaign, union):
    link = "https://meet.example/river"
    online = event_of(client, make_action(campaign, union, places=[], online_url=link))
    both = event_of(client, make_action(campaign, union, online_url=link, when=When(in_days(3))))
    virtual = {"@type": "VirtualLocation", "url": link}
    assert online["location"] == virtual
    assert both["location"][1] == virtual
    assert online["eventAttendanceMode"] == "https://schema.org/OnlineEventAttendanceMode"
    assert both["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode"
    assert both["startDate"] == both["endDate"] == in_days(3).isoformat()


def test_what_moved_online_says_so(client, action):
    life.move(action, places=[])
    assert event_of(client, action)["eventStatus"] == "https://schema.org/EventMovedOnline"


def test_a_full_action_is_sold_out(client, campaign, union):
    action = make_action(campaign, union, capacity=2)
    Seats.objects.filter(action=action).update(people=2)
    event = event_of(client, action)
    assert event["offers"]["availability"] == "https://schema.org/SoldOut"
    assert event["maximumAttendeeCapacity"] == 2


def test_a_hidden_address_is_not_in_it(client, campaign, union):
    where = Where(
        town(), venue="Canary hall", street="Canary 5", latitude=-25.1234, longitude=-57.6
    )
    action = make_action(campaign, union, visibility=Action.Visibility.REQUEST, places=[where])
    event = event_of(client, action)
    assert event["location"] == {
        "@type": "Place",
        "name": "Asunción",
        "address": {
            "@type": "PostalAddress",
            "addressLocality": "Asunción",
            "addressCountry": "PY",
        },
    }
    assert "anary" not in client.get(action.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    "title", ["</script><script>alert(1)</script>", "<!-- &amp; -->", "a\u2028b", '"}, {"@type"']
)
def test_no_title_ends_the_element(client, campaign, union, title):
    action = make_action(campaign, union, title=title)
    page = client.get(action.get_absolute_url()).content.decode()
    inside = BLOCK.findall(page)
    assert len(inside) == 1
    assert re.search("[<>&\u2028\u2029]", inside[0]) is None
    assert json.loads(inside[0])["name"] == str(action.names)
