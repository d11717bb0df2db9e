"""Whatever leaves this server says whose words it is, and under which licence."""

import csv
import io
import json

import pytest
from icalendar import Calendar

from convoca.actions.feeds import files
from convoca.campaigns.front import reader
from convoca.counting import services
from convoca.counting.models import Claim, Source
from convoca.network.models import Network
from tests.actions.making import in_days, make_action
from tests.counting.making import claim_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("audited_pages")]


@pytest.fixture
def licensed(rivers, gazette):
    rivers.licence, rivers.site = "CC BY 4.0", "https://rivers.example/"
    rivers.save()


@pytest.fixture
def both(licensed, rivers, gazette, campaign, union, steward):
    """A march that two sources tell of, and one that members put on here."""
    network = Network.load()
    network.licence = "CC0 1.0"
    network.save()
    ours = claim_of(rivers, campaign, day=in_days(3))
    theirs = claim_of(gazette, campaign, day=in_days(3))
    services.link(theirs, ours.action, under=steward)
    return ours.action, make_action(campaign, union, title="Vigil")


TOLD = ("Rivers Alliance; The Gazette", "Rivers Alliance: CC BY 4.0; The Gazette: not stated")


def features(client):
    found = json.loads(client.get("/en/actions/actions.geojson").content)["features"]
    return {one["id"]: one["properties"] for one in found}


def calendar(client):
    found = Calendar.from_ical(client.get("/en/actions/actions.ics").content.decode()).events
    return {str(one["UID"]): one for one in found}


def words(entry, name):
    """A property that only we know, read as the text that it is."""
    return entry[name].to_ical().decode().replace("\\;", ";")


def test_sheets_say_it_in_columns(client, both):
    text = client.get("/en/actions/actions.csv").content.decode("utf-8-sig")
    rows = {row["title"]: row for row in csv.DictReader(io.StringIO(text))}
    said = {title: (row["source"], row["licence"]) for title, row in rows.items()}
    assert said == {"March number 1": TOLD, "Vigil": (str(Network.load()), "CC0 1.0")}


def test_maps_say_it_in_properties(client, both):
    told, own = (features(client)[f"urn:uuid:{one.uid}"] for one in both)
    assert (told["source"], told["licence"]) == TOLD
    assert (own["source"], own["licence"]) == (str(Network.load()), "CC0 1.0")


def test_calendars_say_it_to_programs_and_to_people(client, both):
    told, own = (calendar(client)[f"urn:uuid:{one.uid}"] for one in both)
    assert tuple(words(told, f"X-CONVOCA-{one}") for one in ("SOURCE", "LICENCE")) == TOLD
    assert (
        "Source: Rivers Alliance (licence: CC BY 4.0)\nSource: The Gazette" in (told["DESCRIPTION"])
    )
    assert words(own, "X-CONVOCA-LICENCE") == "CC0 1.0"
    assert "Source:" not in own["DESCRIPTION"]


def test_json_says_each_source_by_itself(client, both):
    told, _own = both
    answer = client.get(f"/actions/{told.code}", headers={"accept": "application/json"})
    assert json.loads(answer.content)["sources"] == [
        {"name": "Rivers Alliance", "licence": "CC BY 4.0", "url": "https://rivers.example/"},
        {"name": "The Gazette", "licence": None, "url": None},
    ]
    rows = [row for part in files.every(reader(), 500) for row in part]
    whole = json.loads(files.written("json", rows, reader()))["actions"]
    assert [(one["source"], one["licence"]) for one in whole] == [
        TOLD,
        (str(Network.load()), "CC0 1.0"),
    ]


def test_what_hosts_say_of_what_was_told_is_theirs(client, rivers, campaign, steward):
    ours = claim_of(rivers, campaign, day=in_days(3))
    theirs = claim_of(Source.objects.hosts(), campaign, day=in_days(3))
    services.link(theirs, ours.action, under=steward)
    said = features(client)[f"urn:uuid:{ours.action.uid}"]["source"]
    assert said == "Rivers Alliance; The hosts themselves"


def test_what_changes_of_a_source_is_in_the_next_answer(client, both, gazette, rivers):
    told, _own = both
    features(client)
    gazette.licence = "CC BY 4.0"
    gazette.save()
    assert features(client)[f"urn:uuid:{told.uid}"]["licence"] == "CC BY 4.0"
    claim = Claim.objects.get(source=gazette)
    Claim.objects.filter(pk=claim.pk).update(run=98)
    services.forget_unsaid(gazette, told.campaign, run=99)
    claim.refresh_from_db()
    assert claim.vanished_at is not None
    assert features(client)[f"urn:uuid:{told.uid}"]["source"] == "Rivers Alliance"


def test_one_action_and_many_cost_the_same_queries(
    licensed, rivers, campaign, django_assert_num_queries
):
    def cost(number):
        rows = next(files.every(reader(), 500))
        assert len(rows) == number
        return [one.source for one in rows]

    claim_of(rivers, campaign)
    reader().network  # noqa: B018  kept from here on
    with django_assert_num_queries(7):
        cost(1)
    for number in range(2, 6):
        claim_of(rivers, campaign, number=number)
    with django_assert_num_queries(7):
        cost(5)
