"""What hosts and reporters are shown of what is held on them, and delete from there."""

import pytest

from convoca.actions.models import Action, HostLink, KnownHost, Problem
from convoca.actions.services import arriving, life, problems
from convoca.outbox import services as outbox
from convoca.outbox.models import Message
from tests.actions.making import make_action, make_link, write_action
from tests.actions.test_hosting import press
from tests.cast import mandate_of
from tests.web.test_held import link as held_link

pytestmark = pytest.mark.django_db
ROSA = "rosa@example.org"


def path_of(client, row):
    return f"{held_link(client)}{row._meta.label_lower}/{row.pk}/"


def delete(client, row):
    return press(client, f"{path_of(client, row)}delete/")


def test_a_host_sees_their_link_and_how_they_are_said_to_be_reached(client, campaign, union):
    action = make_action(campaign, union, contact="rosa on the bridge")
    _row, secret = make_link(action)
    said = client.get(held_link(client)).text
    assert ["rosa on the bridge" in said, f"/en/host/{secret}/" in said] == [True, True]


def test_the_only_host_of_what_is_to_come_cancels_first(client, campaign, union):
    action = make_action(campaign, union, contact="rosa on the bridge")
    row = make_link(action)[0]
    assert "Cancel it first" in client.get(f"{path_of(client, row)}sure/").text
    answer = delete(client, row)
    assert (answer.status_code, "Cancel it first" in answer.text) == (422, True)

    life.cancel(action)
    assert delete(client, row).status_code == 200
    action.refresh_from_db()
    assert (HostLink.objects.count(), action.contact) == (0, "")


def test_one_of_two_hosts_leaves_and_the_other_goes_on(client, campaign, union):
    action = make_action(campaign, union)
    row, other = make_link(action)[0], make_link(action, "ines@example.org")[0]
    delete(client, row)
    action.refresh_from_db()
    assert (list(HostLink.objects.all()), action.state) == ([other], Action.State.PUBLISHED)


def test_with_its_only_host_goes_what_was_never_public(client, campaign):
    row = make_link(write_action(campaign, "Friends of the Weir", state="waiting"))[0]
    assert "never public" in client.get(f"{path_of(client, row)}sure/").text
    delete(client, row)
    assert not Action.objects.exists()


def test_who_has_left_is_known_no_longer(client, campaign):
    action = write_action(campaign, "Friends of the Weir")
    row = make_link(action)[0]
    arriving.arrive(action, link=row)
    KnownHost.objects.create(scope=row.scope, email_index=row.email_index)
    delete(client, row)
    assert not KnownHost.objects.exists()


@pytest.mark.parametrize("is_answered", [False, True])
def test_a_report_is_deleted_with_its_words_and_address(client, campaign, union, bo, is_answered):
    action = make_action(campaign, union)
    row = problems.report(
        action, kind="wrong", words="The hour", email=ROSA, language="en", sender="x"
    )
    if is_answered:
        problems.settle(action, was_right=False, under=mandate_of(bo))
    delete(client, row)
    left = Problem.objects.first()
    assert (left is not None) == is_answered
    assert left is None or not (left.words or left.email or left.email_index)


def test_mail_is_deleted_and_what_had_not_left_never_leaves(client, network):
    message = outbox.mail("web/held", to=ROSA, context={"token": "x"})
    path = path_of(client, message)
    assert "not been sent yet" in client.get(f"{path}sure/").text
    press(client, f"{path}delete/")
    assert not Message.objects.filter(pk=message.pk).exists()
