"""The sign-ups of several actions: a reason, two stewards, one hand-out, hosts told."""

import csv
import io
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from convoca.actions.models import ListAsked, SignUp
from convoca.actions.services import lists
from convoca.core.errors import Refusal
from convoca.outbox import services as outbox
from convoca.outbox.models import Message
from tests.actions.making import make_action, make_link
from tests.cast import mandate_of

pytestmark = pytest.mark.django_db


def sign_up(action, name: str) -> SignUp:
    return SignUp.objects.create(
        action=action,
        scope=action.scope,
        delete_on=action.day + timedelta(days=14),
        name=name,
        email=f"{name.lower()}@example.org",
        state=SignUp.State.COMING,
        digest=name.ljust(64, "0"),
    )


@pytest.fixture
def two(campaign, union):
    """Two actions, to which somebody comes."""
    actions = [make_action(campaign, union, title=title) for title in ("March", "Vigil")]
    for action, name in zip(actions, ("Ann", "Ida"), strict=True):
        make_link(action, f"{name.lower()}-host@example.org")
        sign_up(action, name)
    return actions


@pytest.fixture
def asked(two, campaign, bo) -> ListAsked:
    return lists.ask(campaign, reason="To charter a train", under=mandate_of(bo))


def refusal_of(verb, *args, **kwargs) -> str:
    with pytest.raises(Refusal) as refused:
        verb(*args, **kwargs)
    return refused.value.code


def test_nobody_allows_what_they_asked_for_themselves(asked, bo):
    assert refusal_of(lists.allow, asked, under=mandate_of(bo)) == "list-own"
    assert refusal_of(lists.hand_out, asked, under=mandate_of(bo)) == "list-not-allowed"


def test_the_other_stewards_are_told(ben, asked):
    assert [m.template for m in outbox.pending(to=ben)] == ["actions/list-asked"]


def test_the_list_is_handed_out_once_with_a_mark_and_hosts_are_told(asked, bo, ben, client):
    lists.allow(asked, under=mandate_of(ben))
    client.force_login(bo)

    answer = client.post(f"/en/work/act/lists/{asked.pk}/take/")

    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["name"], row["title"], row["mark"]) for row in rows] == [
        ("Ann", "March", asked.mark),
        ("Ida", "Vigil", asked.mark),
    ]
    told = Message.objects.filter(template="actions/list-taken")
    assert {m.to for m in told} == {"ann-host@example.org", "ida-host@example.org"}
    again = client.post(f"/en/work/act/lists/{asked.pk}/take/", follow=True)
    assert "This list has been handed out." in again.content.decode()


def test_only_who_asked_gets_it(asked, ben):
    lists.allow(asked, under=mandate_of(ben))
    assert refusal_of(lists.hand_out, asked, under=mandate_of(ben)) == "list-of-another"


def test_what_was_declined_is_not_handed_out(asked, bo, ben):
    lists.decline(asked, under=mandate_of(ben))
    assert refusal_of(lists.allow, asked, under=mandate_of(ben)) == "list-declined"
    assert refusal_of(lists.hand_out, asked, under=mandate_of(bo)) == "list-not-allowed"


def test_what_was_allowed_lapses(asked, bo, ben):
    lists.allow(asked, under=mandate_of(ben))
    with time_machine.travel(timezone.now() + timedelta(days=8), tick=False):
        assert refusal_of(lists.hand_out, asked, under=mandate_of(bo)) == "list-lapsed"


def test_there_is_no_list_of_nobody(campaign, bo):
    asking = refusal_of(lists.ask, campaign, reason="Why", under=mandate_of(bo))
    assert asking == "nobody-signed-up"


def test_the_screen_asks_for_a_reason(client, two, campaign, bo):
    client.force_login(bo)
    assert client.post("/en/work/act/lists/", {"campaign": campaign.pk}).status_code == 422
    assert ListAsked.objects.count() == 0


def test_only_stewards_see_lists(client, asked, ana):
    client.force_login(ana)
    assert client.get("/en/work/act/lists/").status_code == 403
    assert client.post(f"/en/work/act/lists/{asked.pk}/allow/").status_code == 403
