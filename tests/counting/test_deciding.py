"""Claims come together and part again, exactly as they were."""

import pytest

from convoca.actions.models import Action, Attachment, Hosting, Stop
from convoca.audit.models import Entry
from convoca.core.errors import Refusal
from convoca.counting import services
from convoca.counting.models import Claim, Link
from convoca.counting.services import answering
from tests.actions.making import in_days
from tests.counting.making import claim_of, said

pytestmark = pytest.mark.django_db


def columns(*models):
    return {
        model: list(model.objects.order_by("pk").values())
        for model in (models or (Claim, Action, Attachment, Stop, Hosting))
    }


def test_a_claim_makes_an_action_that_stands_in_lists(rivers, campaign, week, client):
    claim = claim_of(rivers, campaign, title="March to the dam", venue="The dam")
    action = Action.objects.get()
    assert (action.listed, action.is_told, action.country) == (True, True, "PY")
    assert str(claim.action) == "March to the dam"
    page = client.get(action.get_absolute_url()).content.decode()
    assert "Union of Port Workers" in page
    assert "The dam" in page
    assert "sign up" not in page.lower()


def test_it_stands_at_the_shortest_moment_of_its_day(rivers, campaign, week):
    claim = claim_of(rivers, campaign, day=week.starts_on)
    assert claim.action.attachments.get().moment == week


def test_without_a_day_or_a_place_it_speaks_of_no_action(rivers, campaign):
    assert claim_of(rivers, campaign, day=None).action is None
    assert Action.objects.count() == 0


def test_linked_and_undone_it_is_as_it_was(rivers, gazette, campaign, steward):
    ours = claim_of(rivers, campaign)
    theirs = claim_of(
        gazette, campaign, title="Thousands march", how_many=[{"low": 2000, "high": None}]
    )
    before = columns()
    row = services.link(theirs, ours.action, under=steward, score=0.9)
    assert list(Action.objects.public()) == [ours.action]
    services.undo(row, under=steward)
    assert columns() == before
    trail = Entry.objects.filter(event__startswith="claim.").order_by("pk")
    assert [one.event for one in trail] == ["claim.linked", "claim.parted"]


def test_the_page_of_what_turned_out_to_be_another_leads_there(
    rivers, gazette, campaign, steward, client
):
    ours, theirs = claim_of(rivers, campaign), claim_of(gazette, campaign, title="Thousands march")
    old = theirs.action.get_absolute_url()
    services.link(theirs, ours.action, under=steward)
    assert client.get(old)["Location"] == ours.action.get_absolute_url()


def test_a_chain_is_parted_link_by_link(rivers, gazette, campaign, steward):
    first, second = claim_of(rivers, campaign), claim_of(gazette, campaign, number=2)
    third = claim_of(rivers, campaign, number=3)
    before = columns()
    one = services.link(second, first.action, under=steward)
    middle = columns()
    two = services.link(first, third.action, under=steward)
    assert set(Action.objects.values_list("same_as", flat=True)) == {None, third.action_id}
    services.undo(two, under=steward)
    assert columns() == middle
    services.undo(one, under=steward)
    assert columns() == before


def test_a_claim_without_an_action_of_its_own_gets_one_when_it_is_parted(
    rivers, gazette, campaign, steward
):
    ours = claim_of(rivers, campaign)
    services.take(gazette, campaign, [said(9)])
    theirs = Claim.objects.get(source=gazette)
    row = services.link(theirs, ours.action, score=0.99)
    services.undo(row, under=steward)
    theirs.refresh_from_db()
    assert theirs.founds
    assert theirs.action not in (None, ours.action)


def test_a_score_never_overrules_a_person(rivers, gazette, campaign, steward):
    ours, theirs = claim_of(rivers, campaign), claim_of(gazette, campaign)
    row = Link.objects.create(
        claim=theirs, action=ours.action, state=Link.State.DOUBTFUL, score=0.5
    )
    answering.say_apart(theirs, [row], under=steward)
    assert services.link(theirs, ours.action, score=0.99).state == Link.State.APART
    assert services.link(theirs, ours.action, under=steward).state == Link.State.LINKED


def test_what_says_no_place_cannot_be_linked(rivers, gazette, campaign, steward):
    ours = claim_of(rivers, campaign)
    theirs = claim_of(gazette, campaign, number=2, day=None)
    with pytest.raises(Refusal, match="when and where"):
        services.link(theirs, ours.action, under=steward)


def test_an_action_follows_the_claim_that_it_was_made_of(rivers, campaign):
    claim_of(rivers, campaign)
    claim = claim_of(rivers, campaign, title="Vigil at the dam", day=in_days(-3), kind="vigil")
    claim.action.refresh_from_db()
    assert (str(claim.action), claim.action.day, claim.action.kind) == (
        "Vigil at the dam",
        in_days(-3),
        "vigil",
    )
