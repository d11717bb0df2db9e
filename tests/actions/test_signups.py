"""Signing up: counted once, never beyond the last seat, confirmed by whoever reads the mail."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from convoca.actions.models import Seats, SignUp, WriteAgain
from convoca.actions.services import life, seats, signups
from convoca.actions.services.letters import link_of
from convoca.actions.views import joining, reading
from convoca.core.errors import Refusal
from convoca.outbox import services as outbox
from convoca.pages import services as pages
from tests.actions.making import in_days, make_action

pytestmark = pytest.mark.django_db
SENDER = "s" * 64


def come(action, **facts):
    facts.setdefault("sender", SENDER)
    facts.setdefault("name", f"Nima {SignUp.objects.count()}")
    return signups.sign_up(action, **facts)


def confirmed(action, email, **facts):
    return signups.confirm(come(action, email=email, **facts))


def counts(action):
    return Seats.objects.values_list("people", "sign_ups", "waiting").get(action=action)


def mails(address):
    return [message.template for message in outbox.pending(to=address)]


@pytest.fixture
def small(campaign, union):
    """Room for three, with a waiting list."""
    return make_action(campaign, union, capacity=3, keeps_waiting_list=True)


def test_without_an_address_it_counts_at_once(action):
    row = come(action, people=2)
    assert (row.state, counts(action)) == (SignUp.State.COMING, (2, 1, 0))


def test_with_an_address_it_counts_when_the_mails_button_is_pressed(action):
    row = come(action, email="nima@example.org", people=2)
    assert (row.state, counts(action)) == (SignUp.State.UNCONFIRMED, (0, 0, 0))
    assert mails("nima@example.org") == ["actions/confirm"]

    signups.confirm(row)
    again = signups.confirm(row)

    assert (again.state, counts(action)) == (SignUp.State.COMING, (2, 1, 0))
    assert mails("nima@example.org") == ["actions/confirm", "actions/on-the-list"]


def test_the_same_from_the_same_sender_within_half_a_minute_is_one(action):
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        first = come(action, name="Nima")
        assert come(action, name="Nima") == first
        assert come(action, name="Nima", another="1") != first
        assert come(action, name="Nima", sender="t" * 64) != first
    with time_machine.travel(now + timedelta(seconds=31), tick=False):
        assert come(action, name="Nima") != first
    assert counts(action) == (4, 4, 0)


def test_it_is_deleted_fourteen_days_after_the_action(action):
    assert come(action).delete_on == in_days(34)


def test_the_link_opens_the_row_and_is_stored_nowhere(action):
    row = come(action)
    token = link_of(row)
    assert signups.find(token) == row
    assert token not in str(SignUp.objects.values())


def test_limited_places_need_an_address(small):
    with pytest.raises(Refusal) as refused:
        come(small)
    assert refused.value.code == "address-needed"


def test_the_last_seat_is_given_once_and_the_next_waits(small):
    first = confirmed(small, "a@example.org", people=3)
    second = confirmed(small, "b@example.org")
    assert (first.state, second.state) == (SignUp.State.COMING, SignUp.State.WAITING)
    assert counts(small) == (3, 1, 1)


def test_a_place_that_is_given_back_goes_to_the_first_who_fits(small):
    first = confirmed(small, "a@example.org", people=3)
    group = confirmed(small, "b@example.org", people=2)
    one = confirmed(small, "c@example.org")
    signups.change(first, people=2, answer="", language="en", tell_me=False, name="A")
    group.refresh_from_db()
    one.refresh_from_db()
    assert (group.state, one.state) == (SignUp.State.WAITING, SignUp.State.COMING)
    assert mails("c@example.org")[-1] == "actions/moved-up"

    signups.cancel(first)
    group.refresh_from_db()
    assert (group.state, counts(small)) == (SignUp.State.COMING, (3, 2, 0))


def test_more_room_moves_the_list_up_by_itself(small):
    confirmed(small, "a@example.org", people=3)
    waits = confirmed(small, "b@example.org", people=2)
    small.capacity = 5
    small.save()
    assert signups.move_lists_up() == 1
    waits.refresh_from_db()
    assert (waits.state, counts(small)) == (SignUp.State.COMING, (5, 2, 0))
    assert signups.move_lists_up() == 0


def test_a_group_that_does_not_fit_draws_no_page_anew(small):
    confirmed(small, "a@example.org", people=2)
    confirmed(small, "b@example.org", people=2)
    shown = [*small.page_tags(), Seats.tag_of(small.code)]
    before = pages.versions(shown)
    assert (signups.move_lists_up(), pages.versions(shown)) == (0, before)


def test_who_signs_up_makes_old_what_shows_how_many_come_and_nothing_else(action):
    action.shows_count = True
    action.save()
    own, counted = pages.versions(action.page_tags()), Seats.tag_of(action.code)
    before = pages.versions([counted])[counted]
    come(action)
    assert pages.versions([counted])[counted] > before
    assert pages.versions(action.page_tags()) == own
    for view in (reading.detail, joining.come):
        assert counted in view.public_page.tags(None, code=action.code, slug="x")


def test_without_a_waiting_list_a_full_action_refuses(campaign, union):
    full = make_action(campaign, union, capacity=1)
    late = come(full, email="late@example.org")
    confirmed(full, "a@example.org")
    for step in (lambda: come(full, email="b@example.org"), lambda: signups.confirm(late)):
        with pytest.raises(Refusal) as refused:
            step()
        assert refused.value.code == "action-full"
    assert counts(full) == (1, 1, 0)


def test_cancelling_twice_gives_back_once(action):
    row = come(action, people=2)
    come(action)
    signups.cancel(row)
    signups.cancel(row)
    assert counts(action) == (1, 1, 0)


def test_deleting_leaves_counts_and_no_row(action):
    row = come(action, people=2)
    signups.delete(row)
    assert (SignUp.objects.count(), counts(action)) == (0, (0, 0, 0))


def test_a_link_pressed_too_late_says_so_and_the_row_goes(action):
    row = come(action, email="nima@example.org")
    with time_machine.travel(timezone.now() + timedelta(days=3, minutes=1), tick=False):
        with pytest.raises(Refusal) as refused:
            signups.confirm(row)
        assert refused.value.code == "confirmed-late"
        assert signups.forget_unconfirmed() == 1
    assert SignUp.objects.count() == 0


@pytest.mark.parametrize(
    ("step", "code"),
    [
        (lambda action: life.cancel(action), "action-cancelled"),
        (lambda action: life.hide(action, why="reported"), "action-not-public"),
    ],
)
def test_nobody_signs_up_for_what_does_not_take_place(action, step, code):
    waiting = come(action, email="nima@example.org")
    step(action)
    for again in (lambda: come(action), lambda: signups.confirm(waiting)):
        with pytest.raises(Refusal) as refused:
            again()
        assert refused.value.code == code


def test_nobody_signs_up_for_what_is_over(action):
    later = action.over_at + timedelta(minutes=1)
    with time_machine.travel(later, tick=False), pytest.raises(Refusal) as refused:
        come(action)
    assert refused.value.code == "action-past"


def test_an_organisation_may_write_again_only_after_the_mail_was_confirmed(action, union):
    agreed = [(union, "The union may write to me again")]
    row = come(action, email="nima@example.org", write_again=agreed)
    assert WriteAgain.objects.get().confirmed_at is None
    signups.confirm(row)
    given = WriteAgain.objects.get()
    assert (given.confirmed_at is None, given.email, given.words) == (
        False,
        "nima@example.org",
        "The union may write to me again",
    )


def test_a_sign_up_takes_few_queries(action, django_assert_max_num_queries):
    come(action)
    with django_assert_max_num_queries(8):
        come(action, people=2)


def test_seats_are_found_full_only_where_they_are_limited(action, small):
    confirmed(small, "a@example.org", people=2)
    assert [seats.is_full(action), seats.is_full(small), seats.is_full(small, 2)] == [
        False,
        False,
        True,
    ]
