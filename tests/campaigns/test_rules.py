"""Who may do what with a campaign: one table per question, over the fixed cast."""

import pytest

from convoca.campaigns import rules, services
from convoca.campaigns.rules import STEPS
from convoca.core.access import STRANGER
from convoca.network import services as network
from tests.cast import mandate_of

WAY = {
    "draft": [],
    "review": ["submit"],
    "published": ["publish"],
    "closed": ["publish", "close"],
    "archived": ["publish", "close", "archive"],
}


@pytest.fixture
def people(ana, bo, chi, dia, eve, fay):
    """Ana coordinates the convening union; Eve another organisation; Bo is a steward."""
    return {"ana": ana, "bo": bo, "chi": chi, "dia": dia, "eve": eve, "fay": fay}


def who_may(rule, people, *things) -> set[str]:
    return {name for name, person in people.items() if rule(person, *things)}


@pytest.fixture(params=WAY)
def state(request):
    return request.param


@pytest.fixture
def standing(draft, steward, state):
    """The campaign in one of its states."""
    campaign = draft
    for name in WAY[state]:
        campaign = services.take_step(campaign, STEPS[name], under=steward)
    return campaign


def test_reading_and_editing(people, standing, state):
    everybody = {"ana", "bo", "chi", "dia", "eve", "fay"}
    editors = {"ana", "bo"}
    is_public = state in {"published", "closed", "archived"}
    is_over = state in {"closed", "archived"}
    assert who_may(rules.may_see_campaign, people, standing) == (
        everybody if is_public else editors
    )
    assert who_may(rules.may_edit_campaign, people, standing) == (set() if is_over else editors)


STEPPERS = {
    "submit": ({"draft"}, {"ana", "bo"}),
    "take-back": ({"review"}, {"ana", "bo"}),
    "publish": ({"draft", "review"}, {"bo"}),
    "unpublish": ({"published"}, {"bo"}),
    "close": ({"published"}, {"bo"}),
    "reopen": ({"closed"}, {"bo"}),
    "archive": ({"closed"}, {"bo"}),
    "restore": ({"archived"}, {"bo"}),
}


def test_steps(people, standing, state):
    assert set(STEPPERS) == set(STEPS)
    found = {name: who_may(rules.may_take_step, people, standing, STEPS[name]) for name in STEPS}
    assert found == {
        name: who if state in where else set() for name, (where, who) in STEPPERS.items()
    }


def test_withdrawing(people, standing, state):
    expected = {"ana", "bo"} if state in {"draft", "review"} else {"bo"}
    assert who_may(rules.may_withdraw_campaign, people, standing) == expected


def test_a_withdrawn_campaign_is_edited_by_nobody(people, draft, steward):
    gone = services.withdraw(draft, under=steward)
    assert who_may(rules.may_edit_campaign, people, gone) == set()
    assert who_may(rules.may_take_step, people, gone, STEPS["publish"]) == set()


def test_endorsing_and_following(people, campaign, union, library, signed):
    assert who_may(rules.may_endorse, people, union) == {"ana"}
    assert who_may(rules.may_endorse, people, library) == {"eve"}
    assert who_may(rules.may_withdraw_endorsement, people, signed) == {"ana"}
    assert who_may(rules.may_follow_endorsements, people, campaign) == {"bo"}
    members = {"ana", "bo", "dia", "eve", "fay"}
    assert who_may(rules.may_export_endorsements, people, campaign) == members
    assert {n for n, p in people.items() if rules.may_create_campaign(p)} == {"ana", "bo", "eve"}


def test_rights_end_with_the_mandate(draft, ana, bo, eve, union):
    assert rules.may_edit_campaign(ana, draft)
    network.grant(eve, "coordinator", organisation=union)
    network.end_mandate(mandate_of(ana, union), by=bo)
    assert not rules.may_edit_campaign(ana, draft)
    assert not rules.may_endorse(ana, union)


def test_a_communicator_edits_but_does_not_sign(draft, eve, union):
    network.grant(eve, "communicator", organisation=union)
    assert rules.may_edit_campaign(eve, draft)
    assert not rules.may_endorse(eve, union)


def test_a_stranger_may_nothing_at_work(draft):
    assert not rules.may_create_campaign(STRANGER)
    assert not rules.may_edit_campaign(STRANGER, draft)
