"""Totals as files: each says whose words it is; from the sheet anybody computes them once more."""

import csv
import importlib.util
import io
import json
import tracemalloc
from pathlib import Path

import pytest
from icalendar import Calendar

from convoca.counting import services
from convoca.counting.services import weighing
from convoca.network import spreadsheets
from convoca.network.models import Network
from tests.actions.making import LISBON, make_action, town
from tests.counting.making import claim_of, past_action
from tests.counting.test_results import page, shown  # noqa: F401  used as a fixture
from tests.counting.test_tally import people

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("audited_pages")]
SCRIPT = Path(__file__).parents[2] / "scripts" / "recompute_totals.py"
COMPARED = (
    *("actions", "reported", "unknown", "low", "high", "set_aside", "claims"),
    *("avoided_low", "avoided_high", "to_come", "called_off"),
)
OF_GROUPS = ("actions", "reported", "unknown", "low", "high")


@pytest.fixture(scope="module")
def independent():
    """The script, which knows nothing of this software."""
    assert "convoca" not in SCRIPT.read_text(encoding="utf-8")
    spec = importlib.util.spec_from_file_location("recompute_totals", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def everything(rivers, gazette, campaign, week, steward, union, library, shown):  # noqa: F811
    """Every kind of action and figure that there is."""
    network = Network.load()
    network.licence = "CC0 1.0"
    network.save()
    rivers.organisation, rivers.licence = library, "CC BY 4.0"
    rivers.save()
    lisbon = town("Lisbon", **LISBON)
    ours = claim_of(rivers, campaign, day=week.starts_on, how_many=[people(2000, 3000)])
    theirs = claim_of(
        gazette,
        campaign,
        day=week.starts_on,
        how_many=[people(1500, None, "press", words="=1+1"), people(8, 8, "police")],
    )
    services.link(theirs, ours.action, under=steward)
    weighing.set_aside(theirs.estimates.get(low=8), why="A slip of the pen.", under=steward)
    claim_of(rivers, campaign, number=2, place=lisbon, how_many=[people(None, 50)])
    claim_of(rivers, campaign, number=3, how_many=[people(70, None, "counted")])
    claim_of(rivers, campaign, number=4, place=lisbon)
    claim_of(rivers, campaign, number=5, state="cancelled", how_many=[people(7, 7)])
    past_action(campaign, union, title="Vigil")
    make_action(campaign, union, title="Next year")
    return ours.action


def whole(client, campaign):
    return json.loads(page(client, campaign, "results-json")[1])


def sheet(client, campaign):
    text = page(client, campaign, "results-csv")[1].removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text)))


def test_a_script_that_knows_only_the_sheet_comes_to_the_same_figures(
    client, campaign, everything, independent
):
    found, told = independent.recomputed(sheet(client, campaign)), whole(client, campaign)
    assert {name: found[name] for name in COMPARED} == {
        name: told["total"][name] for name in COMPARED
    }
    assert (found["actions"], found["low"], found["high"]) == (5, 1570, 3120)
    assert (found["unknown"], found["to_come"], found["called_off"]) == (2, 1, 1)
    assert found["made_up_of"] == {
        one["voice"]: [one["actions"], one["low"], one["high"]]
        for one in told["made_up_of"]
        if one["actions"]
    }
    words = page(client, campaign)[1]
    assert "1,570 to 3,120 or more" in words
    assert "Of 2 actions nobody says" in words


@pytest.mark.parametrize(
    ("kind", "key"),
    [("countries", "code"), ("cities", "city"), ("moments", "code"), ("organisations", "code")],
)
def test_the_same_holds_for_each_group(client, campaign, everything, independent, kind, key):
    found, told = independent.recomputed(sheet(client, campaign)), whole(client, campaign)
    assert {name: [one[it] for it in OF_GROUPS] for name, one in found[kind].items()} == {
        one[key]: [one[it] for it in OF_GROUPS] for one in told[kind] if one["actions"] and one[key]
    }


def test_each_line_of_the_sheet_has_a_source_and_its_licence(client, campaign, everything):
    rows = sheet(client, campaign)
    assert {(row["source"], row["licence"]) for row in rows} == {
        ("Rivers Alliance", "CC BY 4.0"),
        ("The Gazette", ""),
        (str(Network.load()), "CC0 1.0"),
    }
    assert {row["action_is"] for row in rows} == {"counted", "to come", "called off"}


def test_the_totals_are_told_whole_with_their_rule(client, campaign, everything, week):
    told = whole(client, campaign)
    assert (told["source"], told["licence"]) == (str(Network.load()), "CC0 1.0")
    assert told["rule"][0].startswith("Each action counts once")
    assert told["counted_once"].startswith("5 reports speak of 4 actions.")
    assert [(one["name"], one["licence"]) for one in told["sources"]] == [
        ("Rivers Alliance", "CC BY 4.0"),
        ("The Gazette", None),
    ]
    assert told["as_of"].startswith("20")
    assert told["files"]["csv"].endswith("/results/results.csv")
    of_week = json.loads(page(client, campaign, "results-json-of-moment", week.code)[1])
    assert (of_week["moment"], of_week["total"]["actions"]) == (week.code, 1)


def test_the_map_has_a_point_for_each_counted_action(client, campaign, everything):
    found = json.loads(page(client, campaign, "results-geojson")[1])
    assert [one["properties"]["title"] for one in found["features"]].count("Vigil") == 1
    (march,) = [one for one in found["features"] if one["id"].endswith(everything.code)]
    facts = march["properties"]
    assert march["geometry"]["coordinates"] == [-57.647, -25.286]
    assert (facts["low"], facts["high"], facts["city"]) == (1500, 3000, "Asunción")
    assert facts["source"] == "Rivers Alliance; The Gazette"
    assert facts["licence"] == "Rivers Alliance: CC BY 4.0; The Gazette: not stated"
    assert client.get(facts["url"]).status_code == 200


def test_the_calendar_says_how_many_came(client, campaign, everything):
    text = page(client, campaign, "results-ics")[1]
    entries = {str(one["UID"]): one for one in Calendar.from_ical(text).events}
    assert len(entries) == 5
    march = entries[f"urn:uuid:{everything.uid}"]
    assert march["DESCRIPTION"].startswith("1,500 to 3,000 people.")
    assert b"Rivers Alliance" in march["X-CONVOCA-SOURCE"].to_ical()


@pytest.mark.parametrize("kind", ["csv", "json", "geojson", "ics"])
def test_no_file_is_there_before_totals_are_shown(client, campaign, everything, steward, kind):
    assert page(client, campaign, f"results-{kind}")[0] == 200
    assert f"results.{kind}" in page(client, campaign)[1]
    services.show_totals(campaign, shows_totals=False, from_actions=1, under=steward)
    assert page(client, campaign, f"results-{kind}")[0] == 404
    assert f"results.{kind}" not in page(client, campaign)[1]


def test_a_long_sheet_is_in_memory_once():
    rows = ([number, "March along the river", "Asunción", "…"] for number in range(20_000))
    tracemalloc.start()
    body = spreadsheets.as_csv(["number", "title", "city", "more"], rows)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert body.startswith("\ufeffnumber,title,city,more\r\n0,March".encode())
    assert peak < 2 * len(body)
