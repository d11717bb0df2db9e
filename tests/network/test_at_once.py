"""Two who act in the same moment: decided under a lock, on both databases."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from convoca.core.errors import Refusal
from convoca.network import services
from convoca.network.models import Invitation, Mandate
from tests.cast import make_organisation, make_person, mandate_of

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*steps: Callable[[], object]) -> list[str]:
    """Take the steps in a thread each, started together; answers the codes of refusals."""
    barrier = threading.Barrier(len(steps))
    refused: list[str] = []

    def take(step: Callable[[], object]) -> None:
        try:
            barrier.wait(timeout=10)
            step()
        except Refusal as refusal:
            refused.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=[step]) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert not any(thread.is_alive() for thread in threads)
    return refused


@pytest.fixture(autouse=True)
def _threads_share_the_database():
    """SQLite in memory is one connection's own: threads would not see each other."""
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("needs a database that threads share: PostgreSQL")


def test_of_three_stewards_who_leave_at_once_only_one_goes():
    held = []
    for name in ("Bo", "Ben", "Gil"):
        held.append(services.grant(make_person(name), "steward"))
    refused = at_once(*(lambda m=m: services.end_mandate(m, by=m.person) for m in held))

    assert refused == ["stewards-too-few", "stewards-too-few"]
    assert Mandate.objects.standing().stewards().count() == 2


def test_of_two_last_coordinators_who_leave_at_once_only_one_goes():
    union = make_organisation("Union")
    held = [
        services.grant(make_person(name), "coordinator", organisation=union)
        for name in ("Ana", "Gil")
    ]
    refused = at_once(*(lambda m=m: services.end_mandate(m, by=m.person) for m in held))

    assert refused == ["coordinator-last"]
    assert services.has_coordinator(union)


def test_a_code_for_two_is_used_by_two_of_five_at_once():
    union = make_organisation("Union")
    ana = make_person("Ana")
    services.grant(ana, "coordinator", organisation=union)
    sent = services.invite("role", organisation=union, role="delegate", uses=2, by=ana)
    people = [make_person(name) for name in ("Gil", "Hana", "Ivo", "Jun", "Kai")]
    refused = at_once(*(lambda p=p: services.accept(sent.invitation, signed_in=p) for p in people))

    assert refused == ["invitation-used"] * 3
    assert Mandate.objects.filter(role="delegate").count() == 2
    assert Invitation.objects.get().uses_left == 0


def test_the_same_role_granted_twice_at_once_is_held_once():
    union, gil = make_organisation("Union"), make_person("Gil")
    step = lambda: services.grant(gil, "delegate", organisation=union)  # noqa: E731
    assert at_once(step, step) == ["mandate-overlaps"]
    assert gil.mandates.count() == 1


def test_a_circle_cannot_be_made_from_two_sides_at_once():
    one, two = make_organisation("One"), make_organisation("Two")
    refused = at_once(lambda: services.affiliate(one, two), lambda: services.affiliate(two, one))
    assert refused == ["affiliation-circle"]


def test_a_decision_confirmed_twice_at_once_is_carried_out_once():
    union = make_organisation("Union")
    bo, ben, gil = (make_person(name) for name in ("Bo", "Ben", "Gil"))
    for person in (bo, ben, gil):
        services.grant(person, "steward")
    decision = services.propose("suspend", union, reason="!", under=mandate_of(bo))
    refused = at_once(
        *(lambda p=p: services.confirm(decision, under=mandate_of(p)) for p in (ben, gil))
    )
    union.refresh_from_db()
    assert (refused, union.state) == ([], "suspended")
