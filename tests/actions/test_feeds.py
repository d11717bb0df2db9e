"""Lists of actions for programs: of what each is, what it says, and what it never says."""

import csv
import io
import json
import xml.etree.ElementTree as ET
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from icalendar import Calendar

from convoca.actions.facts import Where
from convoca.actions.feeds import tables
from convoca.actions.feeds.gone import gone
from convoca.actions.feeds.listed import Listed
from convoca.actions.finding import Wanted
from convoca.actions.models import Action, Hosting
from convoca.actions.services import life
from convoca.campaigns.front import reader
from convoca.core.names import Names
from convoca.network.models import Committee, Network
from tests.actions.making import LISBON, at_ten, in_days, make_action, town, write_action

KINDS = ["ics", "atom", "rss", "geojson", "csv"]
TYPES = {
    "ics": "text/calendar; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "rss": "application/rss+xml; charset=utf-8",
    "geojson": "application/geo+json; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
}
ATOM = "{http://www.w3.org/2005/Atom}"
EVENT = "{http://purl.org/rss/1.0/modules/event/}"


def read(client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def titles(client, path: str) -> list[str]:
    features = json.loads(read(client, path))["features"]
    return [one["properties"]["title"] for one in features]


def atom_entries(client, path="/en/actions/actions.atom"):
    return ET.fromstring(read(client, path)).findall(f"{ATOM}entry")  # noqa: S314  our own


@pytest.mark.parametrize("kind", KINDS)
def test_each_is_told_by_its_type_and_answers_304(client, action, kind):
    path = f"/en/actions/actions.{kind}"
    first = client.get(path)
    assert (first.status_code, first["Content-Type"]) == (200, TYPES[kind])
    again = client.get(path, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    life.cancel(action)
    assert client.get(path, headers={"if-none-match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_one_stays_the_same(client, db, kind):
    path = f"/en/actions/actions.{kind}"
    assert client.get(path)["ETag"] == client.get(path)["ETag"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("count", [1, 3])
def test_none_costs_more_queries_at_any_length(
    client, campaign, union, django_assert_num_queries, kind, count
):
    for number in range(count):
        place = town(f"Town {number}")
        host = Committee.objects.create(names=Names(en=f"Group {number}"))
        made = make_action(campaign, union, places=[Where(place), Where(town())])
        Hosting.objects.create(action=made, committee=host, state=Hosting.State.ACCEPTED)
    # The network; actions, and what is over (not in news); campaigns, stops, hosts and their names;
    # what was taken off.
    path = f"/en/actions/actions.{kind}"
    queries = {"ics": 9, "geojson": 9, "csv": 8, "atom": 8, "rss": 7}
    with django_assert_num_queries(queries[kind]):
        client.get(path)


def test_of_what_each_is(client, campaign, union, library, week):
    make_action(campaign, union, title="Ours", moment=week)
    make_action(campaign, library, title="Lisbon", places=[Where(town("Lisboa", **LISBON))])
    group = Committee.objects.create(names=Names(en="Harbour group"))
    group.organisations.add(union)
    make_action(campaign, group, title="Group's")
    home = campaign.get_absolute_url().removeprefix("/en/")
    found = {
        path: sorted(titles(client, f"/en/{path}.geojson"))
        for path in (
            "actions/actions",
            f"{home}actions/actions",
            f"{home}moments/{week.code}/actions",
            "actions/in/pt/actions",
            f"{home}actions/in/pt/actions",
        )
    }
    assert list(found.values()) == [
        ["Group's", "Lisbon", "Ours"],
        ["Group's", "Lisbon", "Ours"],
        ["Ours"],
        ["Lisbon"],
        ["Lisbon"],
    ]
    everything = "/en/actions/actions.geojson"
    assert sorted(titles(client, f"{everything}?host={union.code}")) == ["Group's", "Ours"]
    assert titles(client, f"{everything}?host={group.code}") == ["Group's"]
    assert titles(client, f"{everything}?q=lisb&kind=march") == ["Lisbon"]
    assert titles(client, f"{everything}?kind=vigil") == []


def test_what_does_not_exist_has_no_feed(client, campaign, action):
    home = campaign.get_absolute_url()
    for path in (
        "/en/actions/actions.pdf",
        "/en/actions/in/qq/actions.ics",
        "/en/campaigns/nosuch00/rivers/actions/actions.ics",
        f"{home}moments/nosuch00/actions.ics",
    ):
        assert client.get(path).status_code == 404


def test_an_old_name_leads_to_the_new_one(client, campaign, action):
    answer = client.get(f"/en/campaigns/{campaign.code}/old-name/actions/actions.ics?kind=march")
    home = campaign.get_absolute_url()
    assert (answer.status_code, answer["Location"]) == (
        301,
        f"{home}actions/actions.ics?kind=march",
    )


def test_what_is_to_come_stands_first_and_there_is_an_end(campaign, union, db):
    later, over = (make_action(campaign, union, title=title) for title in ("Later", "Over"))
    life.move(later, when=at_ten(40))
    soon = make_action(campaign, union, title="Soon")
    over.day = in_days(-3)
    over.save()
    for wanted in (Wanted(), Wanted(campaign=campaign)):
        listed = Listed(wanted, reader(), "")
        assert [str(one) for one in listed.nearest()] == ["Soon", "Later", "Over"]
        assert [str(one) for one in listed.nearest(2)] == ["Soon", "Later"]
        assert [one.pk for one in listed.newest(1)] == [soon.pk]


def test_lists_say_how_to_follow_them(client, campaign, action):
    page = read(client, "/en/actions/?kind=march")
    for kind in KINDS:
        assert page.count(f'href="/en/actions/actions.{kind}?kind=march"') == 2


def test_a_calendar_says_its_limits_and_holds_what_others_may_know(client, campaign, union):
    stands, ended, waits = (make_action(campaign, union, title=t) for t in ("A", "B", "C"))
    life.cancel(ended)
    life.postpone(waits)
    calendar = Calendar.from_ical(read(client, "/en/actions/actions.ics"))
    assert {str(e["UID"]): str(e["STATUS"]) for e in calendar.events} == {
        f"urn:uuid:{stands.uid}": "CONFIRMED",
        f"urn:uuid:{ended.uid}": "CANCELLED",
    }
    assert "1,000" in calendar["DESCRIPTION"]
    assert str(calendar["SOURCE"]).endswith("/en/actions/actions.ics")
    assert str(calendar["REFRESH-INTERVAL"].to_ical(), "ascii") == "PT1H"


def test_geojson_says_every_field_that_other_servers_are_promised(client, campaign, union):
    where = Where(town(), venue="Bridge", latitude=-25.3, longitude=-57.6)
    action = make_action(campaign, union, places=[where])
    answer = client.get("/en/actions/actions.geojson")
    found = json.loads(answer.content)
    (feature,) = found["features"]
    url = feature["properties"]["url"]
    assert (found["type"], answer["Access-Control-Allow-Origin"]) == ("FeatureCollection", "*")
    assert feature == {
        "type": "Feature",
        "id": f"urn:uuid:{action.uid}",
        "geometry": {"type": "Point", "coordinates": [-57.6, -25.3]},
        "properties": {
            "title": "March along the river",
            "start": action.starts_there.isoformat(),
            "end": action.over_there.isoformat(),
            "timezone": "America/Asuncion",
            "url": url,
            "status": "CONFIRMED",
            "category": "march",
            "place": "Bridge, Asunción, Paraguay",
            "precision": "spot",
            "hosts": ["Union of Port Workers"],
            "source": str(Network.load()),
            "licence": None,
        },
    }
    assert url.endswith(action.get_absolute_url())


def test_atom_says_every_field_that_other_servers_are_promised(client, action):
    feed = ET.fromstring(read(client, "/en/actions/actions.atom"))  # noqa: S314  our own
    assert sorted({one.tag.removeprefix(ATOM) for one in feed}) == [
        "author", "entry", "id", "link", "title", "updated",
    ]  # fmt: skip
    (entry,) = feed.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id").endswith(f"/actions/{action.code}")
    assert entry.findtext(f"{ATOM}published") == action.published_at.isoformat()
    assert entry.findtext(f"{ATOM}updated") == action.changed_at.isoformat()
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Union of Port Workers"
    assert [one.get("term") for one in entry.findall(f"{ATOM}category")] == ["March"]
    (link,) = entry.findall(f"{ATOM}link")
    assert (link.get("rel"), link.get("href").endswith(action.get_absolute_url())) == (
        "alternate",
        True,
    )
    assert entry.findtext(f"{EVENT}startdate") == action.starts_there.isoformat()
    assert entry.findtext(f"{EVENT}enddate") == action.over_there.isoformat()
    assert "10:00" in entry.findtext(f"{ATOM}summary")


def test_rss_has_an_id_that_is_no_link(client, action):
    feed = ET.fromstring(read(client, "/en/actions/actions.rss"))  # noqa: S314  our own
    guid = feed.find("channel/item/guid")
    assert (guid.get("isPermaLink"), guid.text.endswith(f"/actions/{action.code}")) == (
        "false",
        True,
    )


def test_a_sheet_has_the_names_of_osdi_and_no_formula(client, campaign, union):
    action = make_action(campaign, union, title="=cmd|' /C calc'!A0", capacity=12)
    text = read(client, "/en/actions/actions.csv")
    (row,) = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    assert (text[0], list(row)) == ("\ufeff", list(tables.COLUMNS))
    assert row["title"] == "'=cmd|' /C calc'!A0"
    assert (row["start_date"], row["end_date"]) == (
        action.starts_there.isoformat(),
        action.over_there.isoformat(),
    )
    assert (row["timezone_identifier"], row["all_day"]) == ("America/Asuncion", "false")
    assert (row["location.locality"], row["location.country"]) == ("Asunción", "PY")
    assert (row["location.latitude"], row["location.longitude"]) == ("-25.286", "-57.647")
    assert (row["status"], row["capacity"], row["type"]) == ("confirmed", "12", "march")


HOSTILE = "\x00\x0b</summary>]]>&<b> a;b,c\\d \ud7ff🌊 مسيرة \ufffe"


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_words_break_none(client, campaign, union, kind):
    where = Where(town(), venue=HOSTILE[2:], street="</x>")
    make_action(campaign, union, title=HOSTILE[2:], places=[where])
    text = read(client, f"/en/actions/actions.{kind}")
    if kind == "ics":
        assert len(Calendar.from_ical(text).events) == 1
    elif kind in ("atom", "rss"):
        assert "<b>" not in text
        ET.fromstring(text)  # noqa: S314  our own
    elif kind == "geojson":
        assert len(json.loads(text)["features"]) == 1
    else:
        assert len(list(csv.DictReader(io.StringIO(text)))) == 1


@pytest.mark.parametrize("visibility", ["city", "request"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_hidden_address_is_in_none(client, campaign, union, kind, visibility):
    where = Where(
        town(), venue="Canary hall", venue_too="Canary too", street="Canary street 5",
        latitude=-25.123456, longitude=-57.654321,
    )  # fmt: skip
    action = make_action(
        campaign, union, visibility=visibility, places=[where], online_url="https://canary.example"
    )
    life.move(action, when=at_ten(30), places=[where])
    text = read(client, f"/en/actions/actions.{kind}")
    assert [word for word in ("anary", "25.12", "57.65") if word in text] == []
    if kind == "geojson":
        assert json.loads(text)["features"][0]["geometry"] is None


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_public_is_in_none(client, campaign, union, kind):
    life.hide(make_action(campaign, union, title="Canary march"), why="reported")
    assert "Canary" not in read(client, f"/en/actions/actions.{kind}")


def test_the_words_are_the_readers(client, campaign, union):
    action = make_action(campaign, union)
    action.names = Names(en="March", es="Marcha")
    action.save()
    assert titles(client, "/es/actions/actions.geojson") == ["Marcha"]


# What was taken off

TOMB = "{http://purl.org/atompub/tombstones/1.0}"


@pytest.fixture
def taken_off(campaign, union):
    where = Where(town(), venue="Canary hall", street="Canary street 5")
    action = make_action(campaign, union, title="Canary march", places=[where])
    sequence = action.sequence
    action = life.hide(action, why="taken-down")
    assert action.sequence > sequence
    return action


def removed_in(client, path="/en/actions/actions.geojson") -> list[str]:
    return [one["id"] for one in json.loads(read(client, path))["removed"]]


def test_atom_and_geojson_name_what_was_taken_off_and_since_when(client, taken_off):
    feed = ET.fromstring(read(client, "/en/actions/actions.atom"))  # noqa: S314  our own
    (tomb,) = feed.findall(f"{TOMB}deleted-entry")
    (removed,) = json.loads(read(client, "/en/actions/actions.geojson"))["removed"]

    assert tomb.attrib["ref"].endswith(f"/actions/{taken_off.code}")
    assert tomb.attrib["when"] == feed.find(f"{ATOM}updated").text
    assert removed == {
        "id": f"urn:uuid:{taken_off.uid}",
        "at": taken_off.taken_off_at.isoformat(),
    }


@pytest.mark.parametrize("path", ["actions.ics", "{code}/calendar.ics"])
def test_calendars_are_told_to_let_it_go_and_nothing_of_what_it_was(client, taken_off, path):
    text = read(client, "/en/actions/" + path.format(code=taken_off.code))
    (event,) = Calendar.from_ical(text).events
    day = taken_off.taken_off_at.date()

    assert (event["UID"], event["SEQUENCE"]) == (f"urn:uuid:{taken_off.uid}", taken_off.sequence)
    assert (event["STATUS"], event["SUMMARY"]) == ("CANCELLED", "Removed")
    assert (event["DTSTART"].dt, event["DTSTAMP"].dt.date()) == (day, day)
    assert {"LOCATION", "DESCRIPTION", "GEO", "URL", "ORGANIZER"} & set(event) == set()


@pytest.mark.parametrize("kind", KINDS)
def test_no_word_of_it_stands_in_any_feed(client, taken_off, kind):
    assert "anary" not in read(client, f"/en/actions/actions.{kind}")


def test_what_is_shown_again_is_no_longer_named_and_calendars_believe_it(client, taken_off):
    life.show_again(taken_off)
    (event,) = Calendar.from_ical(read(client, "/en/actions/actions.ics")).events
    assert removed_in(client) == []
    assert (event["STATUS"], event["SEQUENCE"]) == ("CONFIRMED", taken_off.sequence + 1)


def test_it_is_named_for_ninety_days(client, taken_off):
    def age(days):
        at = timezone.now() - timedelta(days=days)
        type(taken_off).objects.filter(pk=taken_off.pk).update(taken_off_at=at)

    age(89)
    assert removed_in(client) == [f"urn:uuid:{taken_off.uid}"]
    age(91)
    assert removed_in(client) == []
    assert client.get(f"/en/actions/{taken_off.code}/calendar.ics").status_code == 404


def test_what_was_never_public_is_not_named(client, campaign, union):
    write_action(campaign, union)
    assert removed_in(client) == []


def test_where_it_was_cannot_be_asked_out_of_the_list_of_what_is_gone(client, taken_off, campaign):
    """Narrowed to the wrong place or kind the list names it all the same; not elsewhere."""
    own = [f"urn:uuid:{taken_off.uid}"]
    near, far = "?box=-58,-26,-57,-25", "?box=10,10,11,11"
    base = "/en/actions/actions.geojson"
    asked = [base + near, base + far, base + "?kind=march", base + "?kind=vigil"]
    of_campaign = f"{campaign.get_absolute_url()}actions/actions.geojson"

    assert [removed_in(client, path) for path in [*asked, of_campaign]] == [own] * 5
    assert removed_in(client, "/en/actions/in/py/actions.geojson") == own
    assert removed_in(client, "/en/actions/in/pt/actions.geojson") == []


def test_a_feed_names_at_most_so_many_and_asks_an_index(taken_off, django_assert_num_queries):
    rows = Action.objects.taken_off()
    plan = rows.values_list("code")[:500].explain()
    with django_assert_num_queries(1):
        found = gone(rows)
    assert [one.code for one in found] == [taken_off.code]
    if connection.vendor == "sqlite":
        assert "actions_taken_off" in plan
