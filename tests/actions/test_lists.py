"""Lists of actions, as readers get them."""

import re
from datetime import date, time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from convoca.actions.facts import When, Where
from convoca.actions.feeds.shown import shown
from convoca.actions.front import ShownAction
from convoca.actions.models import Hosting
from convoca.actions.services import life
from convoca.actions.slip import slip_of
from convoca.campaigns.front import reader
from convoca.core.names import Names
from convoca.pages import keeping
from tests.actions.making import LISBON, at_ten, make_action, town
from tests.campaigns.conftest import publish, start

pytestmark = pytest.mark.django_db
LIST = "/en/actions/"
OURS = {"Origin": "http://testserver"}


@pytest.fixture(autouse=True)
def _network(network):
    pass


def titles(page) -> list[str]:
    return [title_of(row) for _key, rows in page.context["groups"] for row in rows]


def title_of(row):
    return re.search("<bdi[^>]*>([^<]*)</bdi></a>", row.html)[1]


def test_the_list_says_day_place_hosts_and_how_many(client, action):
    page = client.get(LIST)
    text = page.content.decode()
    assert titles(page) == ["March along the river"]
    assert "1 action." in text
    assert "Asunción, Paraguay" in text
    assert "Union of Port Workers" in text
    assert not page.cookies


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_at_any_length(client, campaign, union, count):
    for number in range(count):
        make_action(campaign, union, title=f"March {number}")
    client.get(LIST)
    for is_drawn_already, most in ((True, 6), (False, 16)):
        if not is_drawn_already:
            keeping.forget_everything()
        with CaptureQueriesContext(connection) as queries:
            page = client.get(LIST)
        assert len(titles(page)) == count
        assert len(queries) == most


def test_a_row_is_drawn_anew_when_its_words_change_its_host_is_renamed_or_it_begins(
    client, campaign, union
):
    action = make_action(campaign, union, title="March")
    assert titles(client.get(LIST)) == ["March"]
    action.names = Names(en="Walk")
    action.save()
    assert titles(client.get(LIST)) == ["Walk"]
    union.names = Names(en="Dockers")
    union.save()
    assert "Dockers" in client.get(LIST).content.decode()
    with time_machine.travel(action.starts_at + timedelta(minutes=1), tick=False):
        assert [key for key, _rows in client.get(LIST).context["groups"]] == ["now"]


def test_an_address_with_another_end_leads_to_the_right_one(client, campaign, union):
    lisbon = town("Lisbon", geonames_id=2267057, **LISBON)
    make_action(campaign, union, places=[Where(lisbon)])
    page = client.get("/en/actions/in/PT/2267057/lisboa/?kind=march")
    assert (page.status_code, page.url) == (
        301,
        "/en/actions/in/pt/2267057/lisbon/?kind=march",
    )
    assert titles(client.get(page.url)) == ["March along the river"]


def test_fifty_stand_on_a_page(client, campaign, union):
    for number in range(51):
        make_action(campaign, union, title=f"March {number}", when=at_ten(20 + number % 3))
    assert [len(titles(client.get(f"{LIST}?page={n}"))) for n in (1, 2)] == [50, 1]


def test_every_word_asked_can_be_taken_away(client, action):
    page = client.get(f"{LIST}in/py/?kind=march&q=river")
    chips = [(chip.words, chip.url) for chip in page.context["asking"].chips]
    assert chips == [
        ("“river”", "/en/actions/in/py/?kind=march"),
        ("Paraguay", "/en/actions/?q=river&kind=march"),
        ("March", "/en/actions/in/py/?q=river"),
    ]
    assert titles(page) == ["March along the river"]


def test_what_has_no_day_stands_at_the_end(client, action, campaign, union):
    life.postpone(make_action(campaign, union, title="Later", when=at_ten(1)))
    keys = [key for key, _rows in client.get(LIST).context["groups"]]
    assert keys == ["", "undated"]


def test_nothing_found_says_so_and_shows_the_way_back(client, action):
    text = client.get(f"{LIST}?kind=vigil").content.decode()
    assert "No action fits this search." in text


def test_a_code_alone_leads_to_the_page(client, action):
    answer = client.get(f"/en/actions/{action.code}/")
    assert (answer.status_code, answer.url) == (302, action.get_absolute_url())


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("end", "queries"),
    [
        ("map/", 7),
        ("calendar/", 13),
        ("coverage/", 7),
        ("in/py/", 6),
        ("near/?q=Asunción, Paraguay", 6),
    ],
)
def test_no_view_costs_more_for_more(client, campaign, union, end, queries, count):
    for number in range(count):
        make_action(campaign, union, title=f"March {number}")
    client.get(LIST + end)
    with CaptureQueriesContext(connection) as done:
        assert client.get(LIST + end).status_code == 200
    assert len(done) == queries


def dots(page) -> dict[str, str]:
    """Where the dots of a map lead, with what they are called."""
    return dict(re.findall(r'<a href="([^"]+)"><title>([^<]+)</title>', page.content.decode()))


def test_the_map_has_a_dot_for_each_town_and_the_list_below(client, action, campaign, union):
    lisbon = town("Lisbon", geonames_id=2267057, **LISBON)
    for number in range(2):
        make_action(campaign, union, title=f"Vigil {number}", places=[Where(lisbon)])
    page = client.get(f"{LIST}map/")
    assert dots(page) == {
        f"/en/actions/{action.code}/": "Asunción",
        "/en/actions/in/pt/2267057/lisbon/": "2: Lisbon",
    }
    assert len(titles(page)) == 3


def test_the_map_leaves_out_what_is_cancelled_and_last_years(client, action, campaign, union):
    life.cancel(make_action(campaign, union, title="Cancelled"))
    with time_machine.travel(action.over_at - timedelta(days=365), tick=False):
        make_action(campaign, union, title="Last year", when=at_ten(2))
    assert list(dots(client.get(f"{LIST}map/"))) == [f"/en/actions/{action.code}/"]


def test_the_calendar_shows_the_month_and_counts_what_it_does_not_show(client, campaign, union):
    day = at_ten(20)
    for number in range(5):
        make_action(campaign, union, title=f"March {number}", when=day)
    month = client.get(f"{LIST}calendar/").context["month"]
    assert [(one.day, len(one.shown), one.more) for one in month.days] == [(day.day, 3, 2)]
    assert month.days[0].url == f"/en/actions/?day={day.day}"
    empty = client.get(f"{LIST}calendar/?month=2031-02")
    assert "Nothing takes place in this month." in empty.content.decode()
    assert client.get(f"{LIST}calendar/?month=31-02").status_code == 200


@time_machine.travel("2026-10-20 12:00", tick=False)
def test_what_takes_several_days_stands_on_each_of_them(client, campaign, union):
    def make(title, first, *, last=None, until=None):
        when = When(
            date(2026, *first),
            time(20),
            last_day=date(2026, *last) if last else None,
            last_clock=until,
        )
        return make_action(campaign, union, title=title, when=when)

    make("Exhibition", (10, 30), last=(11, 2))
    make("Night", (11, 1), last=(11, 2), until=time(3))
    for number in range(3):
        make(f"March {number}", (11, 2))

    def shown(month):
        days = client.get(f"{LIST}calendar/?month={month}").context["month"].days
        return {one.day.day: ([str(row.title) for row in one.shown], one.more) for one in days}

    assert shown("2026-10") == {30: (["Exhibition"], 0), 31: (["Exhibition"], 0)}
    assert shown("2026-11") == {
        1: (["Night", "Exhibition"], 0),
        2: (["March 0", "March 1", "March 2"], 1),
    }


def test_what_is_near_a_town_stands_by_distance(client, action):
    page = client.get(f"{LIST}near/?q=Asunción, Paraguay")
    assert [str(one.title) for one, _far in page.context["found"]] == ["March along the river"]


def test_what_is_near_stays_in_the_campaign_and_keeps_what_was_asked(
    client, action, campaign, week, union, steward
):
    make_action(campaign, union, title="Vigil", kind="vigil", moment=week)
    other = publish(start(steward, union), steward)
    make_action(other, union, title="Elsewhere")
    root = campaign.get_absolute_url()
    town = {"q": "Asunción, Paraguay"}

    def near(path, **asked):
        page = client.get(path, {**town, **asked})
        return [str(one.title) for one, _far in page.context["found"]]

    assert near("/en/actions/near/") == ["March along the river", "Vigil", "Elsewhere"]
    assert near(f"{root}actions/near/") == ["March along the river", "Vigil"]
    assert near(f"{root}moments/{week.code}/near/") == ["Vigil"]
    assert near(f"{root}actions/near/", kind="march") == ["March along the river"]
    page = client.get(f"{root}actions/near/", {**town, "kind": "march"}).content.decode()
    assert '<input type="hidden" name="kind" value="march">' in page
    assert f'action="{root}actions/near/here/?kind=march"' in page
    position = {"latitude": "-25.29", "longitude": "-57.65"}
    here = client.post(f"{root}moments/{week.code}/near/here/", position, headers=OURS)
    assert [str(one.title) for one, _far in here.context["found"]] == ["Vigil"]
    assert f'href="{root}actions/near/"' in client.get(root).content.decode()


def test_of_many_towns_the_likeliest_answers_and_the_others_are_offered(client, action):
    page = client.get(f"{LIST}near/?q=Zaragoza&kind=march")
    assert page.status_code == 200
    label, query = page.context["others"][0]
    assert page.context["place"].country == "ES"
    other = client.get(f"{LIST}near/?{query}")
    assert other.context["place_words"] == label
    assert other.context["wanted"].kind == "march"
    assert other.context["others"] == []


def test_nothing_near_shows_the_nearest_three_and_how_to_start(client, action):
    page = client.get(f"{LIST}near/?q=Lisbon, Portugal")
    assert page.context["found"] == []
    assert len(page.context["nearest"]) == 1
    assert "Nobody near here yet. Be the first." in page.content.decode()


def test_a_position_is_answered_and_stands_nowhere(client, action):
    answer = client.post(
        f"{LIST}near/here/",
        {"latitude": "-25.2912", "longitude": "-57.6453"},
        headers={"Origin": "http://testserver"},
    )
    text = answer.content.decode()
    assert [str(one.title) for one, _far in answer.context["found"]] == ["March along the river"]
    assert "25.29" not in text
    assert "no-store" in answer["Cache-Control"]


def test_a_wrong_position_is_asked_for_by_name(client, network):
    answer = client.post(
        f"{LIST}near/here/",
        {"latitude": "x", "longitude": "500"},
        headers={"Origin": "http://testserver"},
    )
    assert answer.status_code == 422
    assert "Write the name of your town instead." in answer.content.decode()


def test_coverage_says_where_nobody_acts_yet(client, action, harbour, library):
    parts = client.get(f"{LIST}coverage/").context["parts"]
    rows = {
        one.code: (one.actions, one.committees, one.organisations) for one in parts[0].countries
    }
    assert rows == {"EG": (0, 0, 1), "PT": (0, 1, 1), "PY": (1, 0, 0)}


def test_coverage_of_a_country_names_its_cities_and_who_could_help(client, action, library):
    page = client.get(f"{LIST}in/eg/coverage/")
    assert page.context["cities"][0].name == "Cairo"
    assert page.context["cities"][0].lacks
    assert page.context["helpers"] == [library]


def test_a_committee_named_like_its_town_says_of_which_organisation_it_is(
    client, campaign, union, harbour
):
    harbour.names, harbour.place = Names(en="Asunción"), town()
    harbour.save()
    harbour.organisations.set([union])
    action = make_action(campaign, harbour)
    said = "Asunción (Union of Port Workers)"
    assert [str(one) for one in ShownAction(action, reader()).hosts] == [said]
    assert slip_of(action).hosts == said
    assert [host.name for host in shown([action], reader())[0].hosts] == [said]
    for path in (LIST, action.get_absolute_url()):
        assert "(<bdi>Union of Port Workers</bdi>)" in client.get(path).content.decode()


def test_organisations_are_offered_with_how_many_and_found_by_name(
    client, campaign, union, harbour, library
):
    harbour.organisations.set([union])
    joint = make_action(campaign, harbour)
    Hosting.objects.create(action=joint, organisation=union, state=Hosting.State.ACCEPTED)
    make_action(campaign, library, kind="vigil")
    life.cancel(make_action(campaign, library))
    page = client.get(f"{LIST}organisations/")
    counted = {str(link.name): (link.number, link.url) for link in page.context["rows"]}
    assert counted == {
        str(union): ("1", f"{LIST}?host={union.code}"),
        str(library): ("1", f"{LIST}?host={library.code}"),
    }
    assert f'href="{LIST}organisations/"' in client.get(LIST).content.decode()
    kept = client.get(f"{LIST}organisations/?kind=vigil&name=librar")
    assert [link.url for link in kept.context["rows"]] == [f"{LIST}?kind=vigil&host={library.code}"]
    assert '<input type="hidden" name="kind" value="vigil">' in kept.content.decode()
    none = client.get(f"{LIST}organisations/?name=nobody").content.decode()
    assert "No organisation of that name hosts one of these actions." in none


def test_pages_of_hosts_and_campaigns_lead_to_their_feeds(client, campaign, union, harbour):
    make_action(campaign, union)
    make_action(campaign, harbour)
    for page, feed in (
        (union.get_absolute_url(), f"{LIST}actions.ics?host={union.code}"),
        (harbour.get_absolute_url(), f"{LIST}actions.ics?host={harbour.code}"),
        (campaign.get_absolute_url(), f"{campaign.get_absolute_url()}actions/actions.ics"),
    ):
        text = client.get(page).content.decode()
        assert f'<a href="{feed}" type="text/calendar">' in text
        assert f'<link rel="alternate" type="text/calendar" href="{feed}"' in text
