"""Many at once: none lost, none double, the last seat given once. On SQLite and on PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from convoca.actions.models import Seats, SignUp
from convoca.actions.services import signups
from convoca.core.errors import Refusal
from tests.actions.making import make_action

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _threads_share_the_database():
    """SQLite in memory locks whole tables for its threads; `bench` measures it in a file."""
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("needs a database that threads share: PostgreSQL")


def at_once(works):
    """What each came to, eight at a time; a refusal is its code."""

    def run(work):
        try:
            return work()
        except Refusal as refusal:
            return refusal.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(run, works))


def counts(action):
    return Seats.objects.values_list("people", "sign_ups", "waiting").get(action=action)


def test_forty_people_each_sent_twice_are_forty(network, campaign, union):
    action = make_action(campaign, union)
    works = [
        lambda n=n: signups.sign_up(action, sender="s", name=f"Person {n}").pk
        for n in range(40)
        for _twice in range(2)
    ]
    found = at_once(works)
    assert (len(set(found)), SignUp.objects.count(), counts(action)) == (40, 40, (40, 40, 0))


@pytest.mark.parametrize("keeps_waiting_list", [False, True])
def test_the_last_seats_are_given_once(network, campaign, union, keeps_waiting_list):
    action = make_action(campaign, union, capacity=7, keeps_waiting_list=keeps_waiting_list)
    rows = [
        signups.sign_up(action, sender="s", email=f"p{n}@example.org", people=1 + n % 2)
        for n in range(12)
    ]
    found = at_once([lambda row=row: signups.confirm(row).state for row in rows])
    coming = SignUp.objects.coming()
    people = sum(coming.values_list("people", flat=True))
    assert (people, coming.count()) == counts(action)[:2]
    assert people == 7
    assert set(found) == {"coming", "waiting" if keeps_waiting_list else "action-full"}


def test_places_given_back_at_once_go_to_those_who_wait(network, campaign, union):
    action = make_action(campaign, union, capacity=6, keeps_waiting_list=True)
    rows = [
        signups.confirm(signups.sign_up(action, sender="s", email=f"p{n}@example.org"))
        for n in range(12)
    ]
    at_once([lambda row=row: signups.cancel(row).state for row in rows[:6]])
    assert counts(action) == (6, 6, 0)
    assert set(SignUp.objects.coming().values_list("pk", flat=True)) == {r.pk for r in rows[6:]}
