"""What is looked for: read from an address, answered by rows, written as an address again."""

import pytest
import time_machine
from django.db import connection
from django.http import Http404
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from convoca.actions.facts import Where
from convoca.actions.finding import Wanted
from convoca.actions.models import Attachment
from convoca.actions.services import life
from convoca.places.map import Extent
from tests.actions.making import LISBON, at_ten, in_days, make_action, town, write_action
from tests.campaigns.conftest import publish, start

pytestmark = pytest.mark.django_db


def read(query: str = "", **path) -> Wanted:
    return Wanted.read(RequestFactory().get(f"/en/actions/?{query}"), **path)


@pytest.fixture
def lisbon():
    return town("Lisbon", geonames_id=2267057, **LISBON)


@pytest.fixture
def vigil(campaign, harbour, lisbon):
    """A vigil in Lisbon in thirty days, in Portuguese, step-free, online too."""
    return make_action(
        campaign,
        harbour,
        title="Vigil on the quay",
        kind="vigil",
        when=at_ten(30),
        places=[Where(lisbon)],
        spoken=["pt"],
        access=["step-free"],
        online_url="https://meet.example/quay",
    )


def test_all_that_is_to_come_stands_in_the_order_of_time(action, vigil, campaign, union):
    waiting = life.postpone(make_action(campaign, union, title="Later march"))
    early = make_action(campaign, union, when=at_ten(2))
    write_action(campaign, union, title="A draft")
    assert list(read().rows()) == [early, action, vigil, waiting]


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("kind=vigil", {}),
        ("spoken=pt", {}),
        ("online=1", {}),
        ("access=step-free", {}),
        ("q=QUAY", {}),
        ("q=Lísbon vig", {}),
        ("", {"cc": "pt"}),
        ("", {"cc": "pt", "city": 2267057}),
        ("box=-10,38,-8,39", {}),
    ],
)
def test_a_set_is_narrowed_by(action, vigil, query, path):
    assert list(read(query, **path).rows()) == [vigil]
    assert read(query, **path).figures().actions == 1


def test_a_set_is_narrowed_by_days_and_by_who_hosts(action, vigil, union, harbour, library):
    early, late = in_days(20).isoformat(), in_days(30).isoformat()
    assert list(read(f"day={late}").rows()) == [vigil]
    assert list(read(f"from={early}&to={late}").rows()) == [action, vigil]
    assert list(read(f"to={early}").rows()) == [action]
    assert list(read(f"host={union.code}").rows()) == [action, vigil], "and its committees"
    assert list(read(f"host={harbour.code}").rows()) == [vigil]
    assert list(read(f"host={library.code}").rows()) == []


def test_what_cannot_be_read_is_left_out(action):
    wanted = read("day=31-02&kind=riot&spoken=%00&access=lift&region=x&host=none&box=1,2&page=x")
    assert wanted == Wanted()
    assert list(wanted.rows()) == [action]


def test_a_scope_that_does_not_exist_is_no_page(campaign):
    for path in ({"code": "zzzzzzzz"}, {"cc": "zz"}, {"cc": "py", "city": 7}):
        with pytest.raises(Http404):
            read(**path)
    with pytest.raises(Http404):
        read(code=campaign.code, moment="zzzzzzzz")


def test_an_address_says_the_same_set_again(vigil, union, campaign, week):
    query = "q=quay&from=2027-01-01&to=2027-02-01&kind=vigil&spoken=pt&access=step-free&online=1"
    wanted = read(f"{query}&host={union.code}&when=past&box=-10,38,-8,39", cc="pt", city=2267057)
    assert wanted.address() == (
        f"/en/actions/in/pt/2267057/lisbon/?{query}&host={union.code}&when=past&box=-10,38,-8,39"
    )
    assert wanted.address(without=("city", "country", "host", "box", "past"), kind="") == (
        f"/en/actions/?{query.replace('&kind=vigil', '')}"
    )
    of_week = read(code=campaign.code, moment=week.code)
    assert of_week.path("map/") == (f"{campaign.get_absolute_url()}moments/{week.code}/map/")


def test_a_campaign_and_a_moment_have_their_own(action, campaign, week, union, steward):
    other = publish(start(steward, union), steward)
    elsewhere = make_action(other, union)
    at_week = make_action(campaign, union, moment=week, when=at_ten(11))
    assert list(read(code=campaign.code).rows()) == [at_week, action]
    assert list(read(code=campaign.code, moment=week.code).rows()) == [at_week]
    assert list(read(code=other.code).rows()) == [elsewhere]
    assert read(code=campaign.code).figures().countries == (("PY", 2),)


def test_what_is_cancelled_is_listed_but_not_counted(action, vigil):
    life.cancel(action)
    figures = read().figures()
    assert (figures.actions, figures.cancelled, figures.total) == (1, 1, 2)
    assert (figures.sentence, figures.cancelled_words) == ("1 action.", "1 more is cancelled.")


def test_the_sentence_counts_actions_and_countries(action, vigil):
    assert read().figures().sentence == "2 actions in 2 countries."


def test_lists_of_campaigns_follow_their_actions(action, campaign):
    scope = {"code": campaign.code}
    life.hide(action, why="reported")
    assert list(read(**scope).rows()) == []
    life.show_again(action)
    moved = life.move(action, when=at_ten(40))
    row = Attachment.objects.get()
    assert (row.sorted_at, row.shown_until) == (moved.starts_at, moved.over_at)
    assert list(read(**scope).rows()) == [action]


def test_a_part_of_the_map_is_asked_by_its_edges(vigil):
    wanted = read("box=-10,38,-8,39")
    assert wanted.box == Extent(-10, 38, -8, 39)
    assert [stop.action for stop in wanted.stops()] == [vigil]


def test_it_is_counted_once_while_only_words_change(action):
    read().figures()
    action.names = type(action.names)({"en": "A march with other words"})
    action.save()
    with CaptureQueriesContext(connection) as queries:
        assert read().figures().actions == 1
    assert not [one for one in queries if "COUNT(" in one["sql"]]


@pytest.mark.parametrize(
    "change",
    [
        lambda action: (life.cancel(action), action.refresh_from_db()),
        lambda action: setattr(action, "state", "hidden"),
        lambda action: setattr(action, "kind", "vigil"),
        lambda action: setattr(action, "place", town("Lisbon", geonames_id=2267057, **LISBON)),
        lambda action: setattr(action, "day", in_days(-3)),
        lambda action: action.attachments.get().delete(),
        lambda action: action.delete(),
    ],
)
def test_whatever_it_is_counted_by_counts_it_anew(action, campaign, change):
    asked = {"code": campaign.code, "query": f"kind={action.kind}"}
    assert read(**asked).figures().countries == (("PY", 1),)
    change(action)
    if action.pk:
        action.save()
    assert read(**asked).figures().countries != (("PY", 1),)


def test_an_hour_that_passes_counts_anew(action):
    assert read().figures().actions == 1
    with time_machine.travel(action.over_at, tick=False):
        assert read().figures().actions == 0
