"""Hosts are asked three days before whether it is still on: once, each in their language."""

from datetime import timedelta

import pytest
import time_machine

from convoca.actions.models import Action
from convoca.actions.services import asking, life
from convoca.outbox import services as outbox
from tests.actions.making import at_ten, make_action, make_link

pytestmark = pytest.mark.django_db


def asked():
    return [
        (one.template, one.language) for one in outbox.pending(to="rosa@example.org").order_by("pk")
    ]


def test_three_days_before_hosts_are_asked_once(network, action):
    make_link(action, language="es")
    with time_machine.travel(action.starts_at - timedelta(days=3, minutes=1), tick=False):
        assert asking.ask_hosts() == 0
    with time_machine.travel(action.starts_at - timedelta(days=3), tick=False):
        assert [asking.ask_hosts(), asking.ask_hosts()] == [1, 0]
    assert asked() == [("actions/still-on", "es")]
    assert Action.objects.get().unconfirmed_since is not None


def test_who_has_said_so_before_is_not_asked(network, action):
    life.say_still_on(action)
    with time_machine.travel(action.starts_at - timedelta(days=1), tick=False):
        assert asking.ask_hosts() == 0


def test_what_was_posted_for_tomorrow_is_not_asked_about(network, campaign, union):
    make_link(make_action(campaign, union, when=at_ten(1)))
    assert asking.ask_hosts() == 0
