"""Claims of several sources find the same action."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from convoca.actions.models import Action
from convoca.counting import services
from convoca.counting.models import Claim, Link
from convoca.counting.services import linking
from tests.actions.making import LISBON, at_ten, in_days, make_action, town
from tests.counting.making import said

pytestmark = pytest.mark.django_db

PORT = "March of the port workers against the dam"


def hand_in(source, campaign, *rows):
    services.take(source, campaign, rows)
    return services.link_new(source)


def test_the_first_list_makes_actions(rivers, campaign):
    done = hand_in(rivers, campaign, said(1), said(2, place=town("Lisbon", **LISBON)))
    assert (done.founded, done.linked, done.doubtful) == (2, 0, 0)
    assert Action.objects.public().count() == 2


def test_what_says_no_day_waits(rivers, campaign):
    done = hand_in(rivers, campaign, said(1, day=None), said(2, precision="week"))
    assert (done.founded, done.unplaced) == (0, 2)


def test_what_three_lists_say_of_one_march_is_one_action(rivers, gazette, campaign):
    sizes = [{"low": 200, "high": 200}]
    for source in (rivers, gazette):
        hand_in(source, campaign, said(1, title=PORT, venue="Old port", how_many=sizes))
    assert Action.objects.public().count() == 1
    row = Link.objects.get()
    assert (row.state, row.left) == (Link.State.LINKED, None)
    assert ["same-day"] in row.reasons


def test_far_away_it_is_another_action(rivers, gazette, campaign):
    hand_in(rivers, campaign, said(1, title=PORT))
    hand_in(gazette, campaign, said(1, title=PORT, place=town("Lisbon", **LISBON)))
    assert Action.objects.public().count() == 2
    assert not Link.objects.exists()


def test_at_the_date_line_the_other_side_is_near(rivers, gazette, campaign):
    fiji = {"country": "FJ", "region": "Northern", "zone": "Pacific/Fiji"}
    west = town("Somosomo", latitude=-16.77, longitude=179.97, **fiji)
    east = town("Waiyevo", latitude=-16.78, longitude=-179.98, **fiji)
    hand_in(rivers, campaign, said(1, title=PORT, venue="Old port", place=west))
    done = hand_in(gazette, campaign, said(1, title=PORT, venue="Old port", place=east))
    assert done.linked + done.doubtful == 1


def test_two_of_one_list_are_never_one(rivers, campaign):
    hand_in(rivers, campaign, said(1, title=PORT), said(2, title=PORT))
    assert Action.objects.public().count() == 2


def test_what_members_put_on_here_is_found_and_stays_theirs(gazette, campaign, union):
    action = make_action(campaign, union, title=PORT, when=at_ten(3))
    row = said(1, title=PORT, day=action.day, organisers=str(union))
    done = hand_in(gazette, campaign, row)
    assert done.linked + done.doubtful == 1
    action.refresh_from_db()
    assert not action.is_told
    assert str(action) == PORT


def test_handed_in_again_nothing_is_linked_anew(rivers, gazette, campaign):
    for source in (rivers, gazette, rivers, gazette):
        hand_in(source, campaign, said(1, title=PORT), said(2, title="Vigil", kind="vigil"))
    before = list(Link.objects.values()), list(Claim.objects.values())
    hand_in(gazette, campaign, said(1, title=PORT), said(2, title="Vigil", kind="vigil"))
    assert (list(Link.objects.values()), list(Claim.objects.values())) == before


def test_what_a_person_parted_is_not_linked_again(rivers, gazette, campaign, steward):
    sizes = [{"low": 200, "high": 200}]
    for source in (rivers, gazette):
        hand_in(source, campaign, said(1, title=PORT, venue="Old port", how_many=sizes))
    services.undo(Link.objects.get(), under=steward)
    theirs = Claim.objects.get(source=gazette)
    assert theirs.founds
    hand_in(gazette, campaign, said(1, title=PORT, venue="Old port", how_many=sizes))
    assert Action.objects.public().count() == 2


def test_an_action_that_was_hidden_is_not_found(rivers, gazette, campaign):
    hand_in(rivers, campaign, said(1, title=PORT))
    action = Action.objects.get()
    action.state = Action.State.HIDDEN
    action.save()
    done = hand_in(gazette, campaign, said(1, title=PORT))
    assert (done.linked, done.doubtful, done.founded) == (0, 0, 1)


def test_claims_of_several_days_are_settled_together(rivers, campaign, monkeypatch):
    """Each portion asks a dozen questions, however few claims it has."""
    settled, settle = [], linking._settle

    def watched(source, numbers, *more):
        settled.append(len(numbers))
        return settle(source, numbers, *more)

    monkeypatch.setattr(linking, "_settle", watched)
    monkeypatch.setattr(linking, "AT_ONCE", 8)
    days = [in_days(-2 - number // 4) for number in range(16)]
    hand_in(rivers, campaign, *(said(number, day=day) for number, day in enumerate(days)))
    assert settled == [8, 8]


def test_who_settles_the_same_claims_at_once_waits(rivers, campaign):
    if not connection.features.has_select_for_update:
        pytest.skip("writers wait for each other anyway")
    services.take(rivers, campaign, [said(1)])
    with CaptureQueriesContext(connection) as seen:
        services.link_new(rivers)
    assert any("FOR UPDATE" in one["sql"] and "counting_claim" in one["sql"] for one in seen)
