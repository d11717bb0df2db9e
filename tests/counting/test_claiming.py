"""What sources say is written down once, however often it is handed in."""

import pytest

from convoca.core.names import Names
from convoca.counting import tally
from convoca.counting.models import Claim, Estimate
from convoca.counting.services import forget_unsaid, link, take
from tests.actions.making import in_days
from tests.campaigns.conftest import publish, start
from tests.counting.making import claim_of, said

pytestmark = pytest.mark.django_db


def test_the_same_list_twice_changes_nothing(rivers, campaign):
    rows = [said(1), said(2, how_many=[{"low": 200, "high": 300}])]
    first = take(rivers, campaign, rows, run=1)
    before = list(Claim.objects.values())
    again = take(rivers, campaign, rows, run=1)
    assert (len(first.new), len(again.new), len(again.changed), len(again.same)) == (2, 0, 0, 2)
    assert list(Claim.objects.values()) == before
    assert Estimate.objects.count() == 1


def test_the_same_row_elsewhere_in_the_file_is_the_same(rivers, campaign):
    take(rivers, campaign, [said(1, row=2)])
    assert take(rivers, campaign, [said(1, row=9)]).same


def test_a_corrected_list_says_it_anew(rivers, campaign):
    take(rivers, campaign, [said(1, how_many=[{"low": 200, "high": 300, "words": "hundreds"}])])
    taken = take(rivers, campaign, [said(1, title="A vigil", how_many=[{"low": 250, "high": 250}])])
    claim = Claim.objects.get()
    assert taken.changed == [claim.pk]
    assert claim.title == "A vigil"
    assert list(claim.estimates.values_list("low", "high", "words")) == [(250, 250, "")]


def test_what_a_person_set_aside_stays_when_the_list_is_corrected(rivers, campaign, steward):
    take(rivers, campaign, [said(1, how_many=[{"low": 9000, "high": 9000}])])
    estimate = Estimate.objects.get()
    estimate.set_aside_at, estimate.set_aside_why = estimate.created_at, "A nought too many"
    estimate.set_aside_under = steward
    estimate.save()
    take(rivers, campaign, [said(1, how_many=[{"low": 900, "high": 900}])])
    assert list(Estimate.objects.values_list("low", flat=True)) == [9000, 900]
    assert list(Estimate.objects.in_force().values_list("low", flat=True)) == [900]


def test_a_list_that_is_handed_in_for_another_campaign_moves_there(
    rivers, gazette, campaign, steward, union
):
    claim = claim_of(rivers, campaign)
    link(claim_of(gazette, campaign, number=2), claim.action, under=steward)
    alone = claim_of(rivers, campaign, number=3, day=in_days(-3))
    other = publish(start(steward, union, names=Names(en="The other")), steward)
    rows = [said(1), said(3, day=in_days(-3))]

    assert take(rivers, other, rows).changed == [claim.pk, alone.pk]
    assert take(rivers, other, rows).changed == []
    assert actions_of(campaign, other) == [1, 2]  # one stands in the list of the gazette too
    alone.refresh_from_db()
    assert (alone.campaign, alone.action.campaign) == (other, other)
    assert forget_unsaid(rivers, campaign, run=9) == 0

    assert len(take(rivers, campaign, rows).changed) == 2
    assert actions_of(campaign, other) == [2, 0]


def actions_of(*campaigns):
    return [tally.total(tally.read(one).actions).actions for one in campaigns]


def test_a_corrected_day_moves_its_action_to_another_moment(rivers, campaign, week):
    claim = claim_of(rivers, campaign, day=in_days(-5))
    assert claim.action.attachments.get().moment == week
    take(rivers, campaign, [said(1, day=in_days(-1))])
    assert claim.action.attachments.get().moment is None


def test_two_sources_may_use_one_number(rivers, gazette, campaign):
    for source in (rivers, gazette):
        assert len(take(source, campaign, [said(1)]).new) == 1


def test_of_two_rows_with_one_id_the_last_one_stands(rivers, campaign):
    taken = take(rivers, campaign, [said(1), said(1, title="The other")])
    assert len(taken.new) == 1
    assert Claim.objects.get().title == "The other"


def test_what_vanished_from_a_list_is_marked_and_comes_back(rivers, gazette, campaign):
    take(gazette, campaign, [said(7)], run=1)
    take(rivers, campaign, [said(1), said(2)], run=1)
    take(rivers, campaign, [said(3)])  # noted by hand
    take(rivers, campaign, [said(2)], run=2)
    assert forget_unsaid(rivers, campaign, run=2) == 1
    standing = Claim.objects.standing().values_list("external_id", flat=True)
    assert set(standing) == {"r2", "r3", "r7"}
    assert take(rivers, campaign, [said(1)], run=3).changed
    assert Claim.objects.standing().count() == 4
