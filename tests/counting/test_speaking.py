"""At work on an action: who speaks of it, by whose word, and that it is of another one."""

from datetime import timedelta

import pytest
import time_machine

from convoca.actions.models import Action
from convoca.audit.models import Entry
from convoca.core.errors import Refusal
from convoca.counting import services
from convoca.counting.models import Claim, Link
from convoca.counting.rules import may_join, may_part
from convoca.counting.services import answering, joining
from convoca.counting.speaking import speaking_of
from convoca.network import services as network
from tests.actions.conftest import mia  # noqa: F401  used as a fixture
from tests.actions.making import make_action
from tests.cast import make_person, with_second_factor
from tests.counting.making import claim_of
from tests.counting.test_deciding import columns

pytestmark = pytest.mark.django_db


def test_what_was_parted_and_joined_again_is_as_it_was(rivers, gazette, campaign, steward):
    """Whoever linked it, and whatever else was answered with that or waits beside it."""
    ours, other = (claim_of(rivers, campaign, number=n) for n in (1, 2))
    third = claim_of(rivers, campaign, number=3)
    theirs = claim_of(gazette, campaign)
    doubts = [
        Link.objects.create(claim=theirs, action=one.action, state="doubtful", score=0.5)
        for one in (ours, other)
    ]
    answering.say_same(theirs, ours.action, under=steward)
    Link.objects.create(claim=theirs, action=third.action, state="doubtful", score=0.5)
    rows = Link.objects.order_by("pk")
    before = list(rows.values())

    services.undo(doubts[0], under=steward)
    assert theirs.links.get(pk=doubts[0].pk).state == "apart"
    for _time in range(2):
        answering.link_again(doubts[0], under=steward)
    assert list(rows.values()) == before
    answering.take_back(doubts[0], under=steward)
    assert [one.state for one in rows] == ["doubtful"] * 3


def test_what_was_clear_by_itself_is_so_again(rivers, gazette, campaign, steward):
    ours, theirs = claim_of(rivers, campaign), claim_of(gazette, campaign)
    row = services.link(theirs, ours.action, score=0.99)
    services.undo(row, under=steward)
    again = answering.link_again(row, under=steward)
    assert (again.state, again.decided_under, again.decided_at) == ("linked", None, row.decided_at)


@pytest.fixture
def linked(rivers, gazette, campaign, steward):
    """What the Rivers Alliance and the Gazette say of one march, as Bo said."""
    ours, theirs = claim_of(rivers, campaign), claim_of(gazette, campaign, title="Thousands march")
    return services.link(theirs, ours.action, under=steward, score=0.6, reasons=[["same-day"]])


def desk(client, action) -> str:
    answer = client.get(f"/en/work/act/actions/{action.code}/")
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def test_the_desk_says_who_speaks_of_it_and_by_whose_word(client, linked, mia):  # noqa: F811
    client.force_login(mia)
    page = desk(client, linked.action)
    for words in (
        "Thousands march",
        "The Gazette",
        "Linked by <bdi>Bo</bdi>",
        "Probably the same: 60 of 100 (same day).",
        "The action was made of it.",
        "This is another action",
    ):
        assert words in page


def test_what_linked_by_itself_says_so(client, linked, mia):  # noqa: F811
    Link.objects.update(decided_under=None)
    client.force_login(mia)
    assert "Linked by itself on" in desk(client, linked.action)


def test_parted_undone_and_parted_again(client, linked, mia):  # noqa: F811
    before = columns(Claim)
    client.force_login(mia)
    page = f"/en/work/act/reports/{linked.code}/"
    assert "speaks again of an action of its own" in client.get(f"{page}apart/").text
    done = client.post(f"{page}apart/", follow=True)
    assert "is of another action." in done.text
    assert Action.objects.public().count() == 2
    assert f"{page}back/" in done.text
    client.post(f"{page}back/")
    assert columns(Claim) == before
    assert list(Action.objects.public()) == [linked.action]
    events = Entry.objects.filter(event__startswith="claim.").order_by("pk")
    assert [one.event for one in events][-2:] == ["claim.parted", "claim.linked"]


def test_the_report_that_an_action_was_made_of_says_what_to_do(
    client,
    linked,
    rivers,
    campaign,
    mia,  # noqa: F811
):
    client.force_login(mia)
    words = "part the others from it: this page stays with it."
    assert words in desk(client, linked.action)
    alone = claim_of(rivers, campaign, number=3)
    assert words not in desk(client, alone.action)


def test_what_came_along_goes_along(client, linked, rivers, campaign, steward, mia):  # noqa: F811
    third = claim_of(rivers, campaign, number=3)
    founder = linked.action.claims.get(founds=True)
    row = services.link(founder, third.action, under=steward)
    said = {one.said.claim: one for one in speaking_of(third.action)}
    assert list(said) == [third, founder, linked.claim]
    client.force_login(mia)
    client.post(f"/en/work/act/reports/{row.code}/apart/")
    assert [one.said.claim for one in speaking_of(linked.action)] == [founder, linked.claim]


def test_who_looks_after_the_action_may(linked, bo, mia, ana):  # noqa: F811
    far = make_person("Far")
    network.grant(far, "moderator", countries=["PT"])
    assert [may_part(who, linked) for who in (bo, mia, far, ana)] == [True, True, False, False]
    assert [may_join(who, linked.action) for who in (bo, mia, far, ana)] == [
        True,
        True,
        False,
        False,
    ]


# --- put on here twice --------------------------------------------------------------------------


@pytest.fixture
def twice(campaign, union):
    """The same march, put on here by two hosts; both are over."""
    made = [make_action(campaign, union, title=f"March {n}") for n in (1, 2)]
    with time_machine.travel(made[0].over_at + timedelta(days=1), tick=False):
        yield [Action.objects.get(pk=one.pk) for one in made]


def test_one_leads_to_the_other_and_back(client, twice, steward):
    one, other = twice
    before = columns()
    old = one.get_absolute_url()
    joining.join(one, other, under=steward)
    joining.join(one, other, under=steward)
    assert list(Action.objects.public()) == [other]
    assert client.get(old)["Location"] == other.get_absolute_url()
    joining.part_action(one, under=steward)
    assert columns() == before
    trail = Entry.objects.filter(event__in=("action.joined", "action.parted")).order_by("pk")
    assert [entry.event for entry in trail] == ["action.joined", "action.parted"]


def test_what_members_put_on_stays(twice, rivers, campaign, steward):
    told = claim_of(rivers, campaign).action
    assert joining.join(twice[0], told, under=steward) == told
    assert set(Action.objects.public()) == set(twice)


def test_what_is_still_to_come_is_refused_instead(campaign, union, steward):
    one, other = (make_action(campaign, union, title=f"March {n}") for n in (1, 2))
    with pytest.raises(Refusal, match="still to come"):
        joining.join(one, other, under=steward)


def test_an_action_is_not_its_own_double(twice, steward):
    with pytest.raises(Refusal, match="one action already"):
        joining.join(twice[0], twice[0], under=steward)


def test_reports_of_what_goes_come_along_and_return(twice, gazette, campaign, steward):
    one, other = twice
    claim = claim_of(gazette, campaign, day=one.day)
    services.link(claim, one, under=steward)
    before = columns()
    joining.join(one, other, under=steward)
    assert [row.said.claim for row in speaking_of(other)] == [claim]
    joining.part_action(one, under=steward)
    assert columns() == before


def test_a_moderator_finds_the_other_joins_and_undoes(client, twice, mia):  # noqa: F811
    one, other = twice
    client.force_login(mia)
    find = f"/en/work/act/actions/{one.code}/same/"
    assert f"{find}{other.code}/" in client.get(find).text
    assert "No action of these words" in client.get(find, {"q": "vigil"}).text
    done = client.post(f"{find}{other.code}/", follow=True)
    assert "They are one action now" in done.text
    assert "Put on here twice" in desk(client, other)
    assert "It is the same as" in desk(client, one)
    back = f"/en/work/act/actions/{one.code}/apart/"
    assert back in done.text
    assert "stands for itself again" in client.post(back, follow=True).text
    assert set(Action.objects.public()) == set(twice)


def test_a_moderator_of_elsewhere_joins_nothing(client, twice, campaign):
    person = with_second_factor(make_person("Far"))
    network.grant(person, "moderator", countries=["PT"])
    client.force_login(person)
    one, other = twice
    assert client.post(f"/en/work/act/actions/{one.code}/same/{other.code}/").status_code == 403
