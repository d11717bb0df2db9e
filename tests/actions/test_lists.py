"""Lists of actions, as readers get them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from convoca.actions.facts import Where
from convoca.actions.services import life
from tests.actions.making import LISBON, at_ten, make_action, town

pytestmark = pytest.mark.django_db
LIST = "/en/actions/"


@pytest.fixture(autouse=True)
def _network(network):
    pass


def titles(page) -> list[str]:
    return [str(one.title) for _key, rows in page.context["groups"] for one in rows]


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
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page = client.get(LIST)
    assert len(titles(page)) == count
    assert len(queries) == 8


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
