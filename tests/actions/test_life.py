"""Let in, moved, put off, cancelled, brought back, hidden."""

from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine

from convoca.actions import description
from convoca.actions.facts import When, Where
from convoca.actions.models import Action, Attachment, Stop
from convoca.actions.models.action import State
from convoca.actions.services import life
from convoca.core.errors import Refusal
from convoca.pages import services as pages
from tests.actions.making import LISBON, at_ten, in_days, make_action, town, write_action

pytestmark = pytest.mark.django_db


def test_what_is_let_in_gets_an_address_that_can_be_said_aloud(campaign, union):
    draft = write_action(campaign, union)
    assert (draft.is_public, draft.short_code) == (False, None)

    action = life.let_in(draft)

    assert (action.state, action.is_public, len(action.short_code)) == (State.PUBLISHED, True, 4)


def test_letting_in_twice_changes_nothing(action):
    before = (action.short_code, action.published_at)
    again = life.let_in(action)
    assert (again.short_code, again.published_at) == before


def test_the_instant_is_derived_from_the_wall_clock_of_the_place(campaign, union):
    lisbon = town("Lisbon", **LISBON)
    when = When(datetime(2027, 10, 31, tzinfo=UTC).date(), time(1, 30), fold=1)
    action = write_action(campaign, union, when=when, places=[Where(lisbon)])
    assert action.starts_at == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
    assert action.over_at == action.starts_at + timedelta(hours=2)


def test_moving_tells_pages_and_calendars_and_keeps_the_old_time(action):
    before, tags = action.starts_at, action.page_tags()
    versions = pages.versions(tags)

    moved = life.move(action, when=at_ten(25))

    assert (moved.moved_from_starts_at, moved.sequence) == (before, 1)
    assert all(pages.versions(tags)[tag] > versions[tag] for tag in tags)


def test_the_same_time_and_place_again_is_no_move(action):
    places = [Where(stop.place) for stop in action.stops.all()]
    same = life.move(action, when=When(action.day, action.clock), places=places)
    assert (same.sequence, same.moved_at) == (0, None)


def test_nothing_is_moved_into_the_past(action):
    with pytest.raises(Refusal) as refused:
        life.move(action, when=When(in_days(-3), time(10)))
    assert refused.value.code == "time-past"
    action.refresh_from_db()
    assert action.day == in_days(20)


def test_a_hidden_address_never_enters_the_columns_that_are_shown(campaign, union):
    where = Where(
        town(), venue="Hush house", street="Hush street 3", latitude=-25.3, longitude=-57.6
    )
    action = make_action(campaign, union, places=[where], visibility=Action.Visibility.CITY)
    stop = Stop.objects.get(action=action)
    assert (stop.shown_venue, stop.shown_street) == ("", "")
    assert (stop.shown_latitude, stop.shown_longitude) == (town().latitude, town().longitude)
    assert "hush" not in action.sought


def test_put_off_has_no_day_until_it_gets_a_new_one(action):
    put_off = life.postpone(action, reason="The hall is closed")
    assert (put_off.state, put_off.day, put_off.is_public) == (State.POSTPONED, None, True)

    again = life.move(put_off, when=at_ten(40))
    assert (again.state, again.sequence) == (State.PUBLISHED, 2)


def test_cancelled_can_come_back(action):
    cancelled = life.cancel(action, reason="Storm")
    assert (cancelled.state, cancelled.cancel_reason) == (State.CANCELLED, "Storm")
    back = life.bring_back(cancelled)
    assert (back.state, back.cancelled_at, back.sequence) == (State.PUBLISHED, None, 2)


def test_what_is_cancelled_is_not_moved(action):
    life.cancel(action)
    with pytest.raises(Refusal) as refused:
        life.move(action, when=at_ten(25))
    assert refused.value.code == "action-cancelled"


def test_hidden_is_read_by_nobody_and_comes_back_as_it_was(action):
    assert not life.hide(action, why="reported").is_public
    assert list(Action.objects.public()) == []
    assert life.show_again(action).state == State.PUBLISHED


def test_a_translated_title_is_found_and_changes_nothing_else(action):
    before = Action.objects.get(pk=action.pk)
    life.hide(action, why="reported")
    description.set_title(before, "es", "Marcha por el río", by=None)
    action.refresh_from_db()
    assert (action.state, action.listed) == (State.HIDDEN, False)
    assert (action.names["es"], "marcha por el rio" in action.sought) == ("Marcha por el río", True)


def test_what_is_over_is_neither_moved_nor_cancelled(action):
    with time_machine.travel(action.over_at + timedelta(minutes=1), tick=False):
        for step in (life.cancel, life.postpone, lambda one: life.move(one, when=at_ten(50))):
            with pytest.raises(Refusal) as refused:
                step(action)
            assert refused.value.code == "action-past"


def test_it_stands_on_its_campaigns_pages_only_while_both_sides_agree(action, campaign):
    assert list(Action.objects.public().of_campaign(campaign)) == [action]
    attachment = Attachment.objects.get(action=action)
    attachment.detached_at = attachment.agreed_at
    attachment.save()
    assert list(Action.objects.public().of_campaign(campaign)) == []
