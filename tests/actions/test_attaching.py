"""An action on the pages of another campaign, with both sides' consent."""

import pytest

from convoca.actions.models import Action, Attachment
from convoca.actions.services import attaching
from convoca.core.errors import Refusal
from convoca.outbox import services as outbox
from tests.actions.making import make_link
from tests.campaigns.conftest import publish, start

pytestmark = pytest.mark.django_db

HOST, CAMPAIGN = Attachment.Side.HOST, Attachment.Side.CAMPAIGN


@pytest.fixture
def other(steward, union, campaign):
    """Another campaign of the same network."""
    return publish(start(steward, union), steward)


def listed(campaign):
    return list(Action.objects.public().of_campaign(campaign))


def test_it_stands_there_only_when_both_have_said_yes(action, other):
    asked = attaching.ask_to_attach(action, other, side=HOST)
    assert listed(other) == []

    attaching.agree(asked, side=CAMPAIGN)
    assert listed(other) == [action]


def test_whoever_asked_cannot_answer_for_the_other(action, other):
    asked = attaching.ask_to_attach(action, other, side=HOST)
    with pytest.raises(Refusal) as refused:
        attaching.agree(asked, side=HOST)
    assert refused.value.code == "attachment-own"


def test_asking_from_both_sides_is_agreeing(action, other):
    attaching.ask_to_attach(action, other, side=HOST)
    attaching.ask_to_attach(action, other, side=CAMPAIGN)
    assert listed(other) == [action]


def test_either_side_takes_it_off_alone_and_can_ask_again(action, other):
    asked = attaching.ask_to_attach(action, other, side=HOST)
    attaching.agree(asked, side=CAMPAIGN)
    attaching.detach(asked, side=CAMPAIGN)
    assert listed(other) == []

    again = attaching.ask_to_attach(action, other, side=HOST)
    assert (again.pk, again.stands, again.asked_by) == (asked.pk, False, HOST)


def test_whoever_is_asked_is_told_and_so_is_the_answer(action, other, ana):
    make_link(action, "rosa@example.org")
    asked = attaching.ask_to_attach(action, other, side=HOST)
    assert mails_to(ana.email) == ["actions/asks-to-stand"]
    attaching.agree(asked, side=CAMPAIGN)
    attaching.detach(asked, side=CAMPAIGN)
    assert mails_to("rosa@example.org") == ["actions/attached", "actions/not-attached"]

    asked = attaching.ask_to_attach(action, other, side=CAMPAIGN)
    attaching.detach(asked, side=CAMPAIGN)
    assert mails_to("rosa@example.org")[2:] == ["actions/asked-to-attach"]
    asked = attaching.ask_to_attach(action, other, side=CAMPAIGN)
    attaching.agree(asked, side=HOST)
    assert mails_to(ana.email) == ["actions/asks-to-stand", "actions/agreed-to-stand"]


def mails_to(email):
    return [one.template for one in outbox.pending(to=email).order_by("pk")]


def test_the_campaign_through_which_it_came_keeps_it(action, campaign):
    home = Attachment.objects.get(action=action, campaign=campaign)
    with pytest.raises(Refusal) as refused:
        attaching.detach(home, side=HOST)
    assert refused.value.code == "attachment-home"


def test_a_date_of_another_campaign_is_refused(action, other, week):
    with pytest.raises(Refusal) as refused:
        attaching.ask_to_attach(action, other, side=HOST, moment=week)
    assert refused.value.code == "moment-foreign"
