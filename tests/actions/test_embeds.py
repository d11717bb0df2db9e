"""What other sites may frame: it runs nothing, sends nothing, and nothing else may be framed."""

import re

import pytest

from convoca.actions.facts import Where
from convoca.actions.finding import Wanted
from convoca.actions.finding.mapping import spots_of
from convoca.actions.models import Action, Stop
from tests.actions.making import LISBON, make_action, town

FRAMES = ["", "map/"]


@pytest.mark.parametrize("end", FRAMES)
def test_any_site_may_frame_it(client, action, end):
    answer = client.get(f"/en/embed/actions/{end}")
    policy = answer["Content-Security-Policy"]
    assert answer.status_code == 200
    assert "X-Frame-Options" not in answer
    assert re.findall("frame-ancestors ([^;]*)", policy) == ["*"]
    assert re.findall("script-src ([^;]*)", policy) == ["'none'"]
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_nothing_else_may_be_framed(client, action):
    for path in ("/en/actions/", "/en/actions/embed/", action.get_absolute_url(), "/en/"):
        answer = client.get(path)
        assert (answer["X-Frame-Options"], answer.status_code) == ("DENY", 200)
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("end", FRAMES)
def test_it_runs_nothing_and_sets_nothing(client, action, end):
    client.cookies["sessionid"] = "x"
    answer = client.get(f"/en/embed/actions/{end}")
    page = answer.content.decode()
    assert dict(answer.cookies) == {}
    assert re.findall("<script|<form|<img|<iframe|https?://(?!localhost)", page) == []


@pytest.mark.parametrize("end", FRAMES)
def test_its_links_open_a_page_of_their_own(client, action, end):
    page = client.get(f"/en/embed/actions/{end}").content.decode()
    links = re.findall(r"<a [^>]*>", page)
    assert len(links) >= 3
    assert [a for a in links if 'target="_blank" rel="noopener noreferrer"' not in a] == []


@pytest.mark.parametrize("end", FRAMES)
def test_it_shows_the_set_that_its_address_names(client, campaign, union, end):
    make_action(campaign, union, title="Ours")
    make_action(campaign, union, title="Lisbon", places=[Where(town("Lisboa", **LISBON))])
    home = campaign.get_absolute_url().removeprefix("/en/")
    page = client.get(f"/en/embed/{home}actions/in/pt/{end}").content.decode()
    assert ("Lisbon" in page, "Ours" in page) == (True, False)
    assert client.get(f"/en/embed/actions/{end}?kind=vigil").content.decode().count("<li>") == 0


def test_an_old_name_leads_to_the_new_one(client, campaign, action):
    answer = client.get(f"/en/embed/campaigns/{campaign.code}/old/actions/map/?kind=march")
    home = campaign.get_absolute_url().removeprefix("/en/")
    assert answer["Location"] == f"/en/embed/{home}actions/map/?kind=march"


@pytest.mark.parametrize("end", FRAMES)
@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_the_same_at_any_length(
    client, campaign, union, django_assert_max_num_queries, end, count
):
    for number in range(count):
        make_action(campaign, union, places=[Where(town(f"Town {number}"))])
    with django_assert_max_num_queries(13):
        client.get(f"/en/embed/actions/{end}")


@pytest.mark.parametrize("end", FRAMES)
def test_a_hidden_address_is_not_in_it(client, campaign, union, end):
    where = Where(town(), venue="Canary hall", street="Canary 5", latitude=-25.1, longitude=-57.1)
    make_action(campaign, union, visibility=Action.Visibility.CITY, places=[where])
    assert "anary" not in client.get(f"/en/embed/actions/{end}").content.decode()


def test_a_hidden_address_is_not_on_the_map_of_its_town(client, campaign, union):
    middle = {**LISBON, "geonames_id": 2267057}
    where = Where(
        town("Lisbon", **middle), venue="Canary hall", latitude=38.7654, longitude=-9.1987
    )
    for visibility in (Action.Visibility.CITY, Action.Visibility.REQUEST):
        make_action(campaign, union, visibility=visibility, places=[where])
    pages = [
        client.get(f"/en/{under}actions/in/pt/2267057/lisbon/map/") for under in ("", "embed/")
    ]
    spots = spots_of(Wanted.at(cc="pt", city=2267057))
    assert [(one.latitude, one.longitude, one.count) for one in spots] == [(38.717, -9.133, 2)]
    for page in pages:
        assert "anary" not in page.content.decode()
        assert "38.76" not in page.content.decode()
    shown = Stop.objects.values_list("shown_latitude", "shown_longitude")
    assert sorted(set(shown)) == [(38.717, -9.133)]


def test_the_page_that_says_how_has_something_to_copy(client, campaign, action):
    home = campaign.get_absolute_url()
    answer = client.get(f"{home}actions/embed/?kind=march")
    page = answer.content.decode()
    inner = f"/en/embed/{home.removeprefix('/en/')}actions/"
    assert f'<iframe class="framed" src="{inner}?kind=march"' in page
    assert "&lt;iframe src=&quot;http" in page
    assert f"{inner}map/?kind=march" in page
    assert "frame-src 'self'" in answer["Content-Security-Policy"]


def test_the_policy_stands_in_one_order_so_that_pages_can_be_compared(client, action):
    policy = client.get("/en/actions/")["Content-Security-Policy"].split("; ")
    assert policy == sorted(policy)
