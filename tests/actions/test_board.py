"""The station Act: counts by country, nudges, the silent, standby, taking over."""

from datetime import time, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from convoca.actions import board, tasks
from convoca.actions.facts import Where
from convoca.actions.models import Action, HostLink, Nudge, Telling
from convoca.actions.models.action import State
from convoca.actions.models.signup import KEPT
from convoca.actions.rules import may_take_over
from convoca.actions.services import life, nudging, signups, standby, succession
from convoca.audit.models import Entry
from convoca.core.errors import Refusal
from convoca.core.names import Names
from convoca.network import services
from convoca.outbox import services as outbox
from tests.actions.making import (
    LISBON,
    at_ten,
    in_days,
    make_action,
    make_link,
    sign_up,
    town,
    write_action,
)
from tests.cast import make_person, mandate_of

pytestmark = pytest.mark.django_db


def test_at_work_the_next_comes_first_and_the_last_that_was(campaign, union):
    for days in (40, 20, 9, 5):
        make_action(campaign, union, title=f"In {days}", when=at_ten(days))
    with time_machine.travel(timezone.now() + timedelta(days=15), tick=False):
        found = [str(one) for one in Action.objects.next_first()]
    assert found == ["In 20", "In 40", "In 9", "In 5"]


def test_countries_are_counted_by_state(campaign, union):
    make_action(campaign, union)
    make_action(campaign, union, title="Second")
    life.cancel(make_action(campaign, union, title="Third"))
    make_action(campaign, union, title="Fourth", places=[Where(town("Lisbon", **LISBON))])
    write_action(campaign, union, title="Fifth", state=State.WAITING)

    rows = {row.code: (row.on, row.cancelled, row.waiting) for row in board.by_country(campaign)}
    assert rows == {"PY": (2, 1, 1), "PT": (1, 0, 0)}


@pytest.fixture
def quiet(harbour, bo):
    """The harbour committee in Lisbon, with nothing planned."""
    harbour.place = town("Lisbon", **LISBON)
    harbour.state_since = timezone.now() - timedelta(days=800)
    harbour.save()
    return harbour


def test_a_town_without_an_action_is_nudged_once_a_week(campaign, quiet, steward, fay):
    assert list(board.without_action(campaign)) == [quiet]

    assert nudging.nudge(campaign, [quiet], under=steward) == 1
    assert nudging.nudge(campaign, [quiet], under=steward) == 0
    assert [mail.template for mail in outbox.pending(to=fay)] == ["actions/nudge"]
    assert Nudge.objects.count() == 1

    with time_machine.travel(timezone.now() + timedelta(days=8), tick=False):
        assert nudging.nudge(campaign, [quiet], under=steward) == 1


def test_a_committee_that_hosts_is_neither_missing_nor_silent(campaign, quiet):
    assert list(board.silent(6)) == [quiet]
    make_action(campaign, quiet, places=[Where(quiet.place)])
    assert list(board.without_action(campaign)) == []
    assert list(board.silent(6)) == []


# Standby


@pytest.fixture
def waits(campaign, union, steward):
    """An action that waits for a ruling."""
    trigger = standby.add_trigger(campaign, names=Names(en="After the ruling"), under=steward)
    return make_action(campaign, union, trigger=trigger)


def test_what_waits_for_a_trigger_is_public_without_a_day(waits):
    assert (waits.state, waits.day, waits.is_public) == (State.STANDBY, None, True)
    page = Client().get(waits.get_absolute_url())
    assert (page.status_code, b"calendar.ics" in page.content) == (200, False)


def test_calling_gives_the_day_and_asks_the_hosts(waits, steward):
    make_link(waits)
    count = standby.call(waits.trigger, day=in_days(3), clock=time(18), under=steward)
    waits.refresh_from_db()

    assert (count, waits.state, waits.day) == (1, State.TENTATIVE, in_days(3))
    assert waits.unconfirmed_since is not None
    assert [m.template for m in outbox.pending(to="rosa@example.org")] == ["actions/trigger-called"]

    assert life.say_still_on(waits).state == State.PUBLISHED


def test_calling_twice_gives_no_second_day(waits, steward):
    standby.call(waits.trigger, day=in_days(3), clock=None, under=steward)
    assert standby.call(waits.trigger, day=in_days(9), clock=None, under=steward) == 0
    waits.refresh_from_db()
    assert waits.day == in_days(3)


def test_what_is_told_of_the_day_of_deletion_follows_the_day_that_is_called(waits, steward):
    row = signups.sign_up(waits, sender="s", name="Nima")
    before = row.delete_on
    standby.call(waits.trigger, day=in_days(3), clock=None, under=steward)
    follows = DBTaskResult.objects.filter(task_path="convoca.actions.tasks.follow_the_day")
    assert [one.args_kwargs["args"] for one in follows] == [[waits.pk]]
    tasks.follow_the_day.call(waits.pk)
    row.refresh_from_db()
    assert (before != row.delete_on, row.delete_on) == (True, in_days(3) + KEPT)


@pytest.mark.parametrize(("days", "state"), [(3, State.TENTATIVE), (0, State.POSTPONED)])
def test_what_was_let_in_after_its_trigger_was_called_does_not_wait_for_ever(
    campaign, union, steward, days, state
):
    trigger = standby.add_trigger(campaign, names=Names(en="After the ruling"), under=steward)
    action = write_action(campaign, union, trigger=trigger)
    standby.call(trigger, day=in_days(days), clock=None, under=steward)
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        assert life.let_in(action).state == state


def test_a_host_may_set_the_day_before_the_trigger_is_called(waits, steward):
    assert life.move(waits, when=at_ten(5)).state == State.PUBLISHED
    assert standby.call(waits.trigger, day=in_days(9), clock=None, under=steward) == 0


def test_what_is_waited_for_is_not_taken_away(waits, steward):
    with pytest.raises(Refusal) as refused:
        standby.withdraw_trigger(waits.trigger, under=steward)
    assert refused.value.code == "trigger-awaited"


# Taking over


def test_taking_over_ends_the_old_links_and_tells_whoever_held_them(action, ana, union):
    make_link(action)
    link, _secret = succession.take_over(action, under=mandate_of(ana, union))

    assert list(HostLink.objects.standing().filter(action=action)) == [link]
    assert [m.template for m in outbox.pending(to="rosa@example.org")] == ["actions/taken-over"]
    assert Entry.objects.filter(event="action.taken_over").count() == 1
    assert link.sees_people  # nobody has signed up, so nobody has to be told


def test_a_successor_sees_sign_ups_only_after_those_were_told(action, ana, union):
    sign_up(action, "Hush Person", "person@example.org")
    link, _secret = succession.take_over(action, under=mandate_of(ana, union))
    assert not link.sees_people

    Telling.objects.filter(pk=link.after_telling_id).update(finished_at=timezone.now())
    link = HostLink.objects.get(pk=link.pk)
    assert link.sees_people


WHO = [("ana", True), ("bo", True), ("eve", False), ("fay", False)]


@pytest.mark.parametrize(("who", "may"), WHO)
def test_who_may_take_over(action, who, may, request, client):
    person = request.getfixturevalue(who)
    client.force_login(person)
    answer = client.post(reverse("actions:take-over", args=[action.code]))
    assert (answer.status_code == 302) == may


def test_a_moderator_takes_over_in_their_countries_only(action):
    pia, pol = make_person("Pia"), make_person("Pol")
    services.grant(pia, "moderator", countries=["PY"])
    services.grant(pol, "moderator", countries=["FR"])
    assert list(Action.objects.visible_to(pia).filter(pk=action.pk)) == [action]
    assert (may_take_over(pia, action), may_take_over(pol, action)) == (True, False)
