"""Two who act in the same moment: decided under a lock, on both databases."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from convoca.accounts import services as accounts
from convoca.accounts.models import Person
from convoca.audit.models import Entry
from convoca.core.errors import Refusal
from convoca.network import services
from convoca.network.models import Invitation, InvitationAnswer, Mandate
from convoca.outbox.models import Message
from tests.cast import make_organisation, make_person, mandate_of

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*steps: Callable[[], object]) -> list[str]:
    """Take the steps in a thread each, started together; answers the codes of refusals."""
    barrier = threading.Barrier(len(steps))
    refused: list[str] = []

    def take(step: Callable[[], object]) -> None:
        try:
            barrier.wait(timeout=60)
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


def test_of_two_stewards_who_end_each_other_at_once_one_stays():
    """Four, so that the number allows both: but who is no steward any more ends nobody."""
    held = [services.grant(make_person(name), "steward") for name in ("Bo", "Ben", "Gil", "Hana")]
    bo, ben = held[:2]
    refused = at_once(
        lambda: services.end_mandate(ben, under=bo), lambda: services.end_mandate(bo, under=ben)
    )

    assert refused == ["mandate-ended"]
    assert Mandate.objects.standing().stewards().count() == 3


def test_stewards_who_close_their_accounts_hand_over_and_end_at_once_leave_two():
    held = [services.grant(make_person(n), "steward") for n in ("Bo", "Ben", "Gil", "Hana")]
    at_once(
        lambda: accounts.leave(held[0].person),
        lambda: services.hand_over(held[1], to=held[2].person),
        lambda: services.end_mandate(held[2], by=held[2].person),
        lambda: services.end_mandate(held[3], by=held[3].person),
    )
    assert Mandate.objects.standing().stewards().values("person").distinct().count() == 2


def test_of_two_who_get_a_last_day_and_one_who_leaves_at_once_two_are_left_after_it():
    for name in ("Bo", "Ben"):
        services.grant(make_person(name), "steward")
    ina = services.grant(make_person("Ina"), "steward")
    until = timezone.now() + timedelta(days=7)
    at_once(
        lambda: services.grant(make_person("Gil"), "steward", until_at=until),
        lambda: services.grant(make_person("Hana"), "steward", until_at=until),
        lambda: services.end_mandate(ina, by=ina.person),
    )
    assert Mandate.objects.standing(until).stewards().count() >= 2


def test_a_link_used_twice_at_once_makes_one_person_and_one_mandate():
    union = make_organisation("Union")
    ana = make_person("Ana")
    services.grant(ana, "coordinator", organisation=union)
    sent = services.invite("role", organisation=union, role="delegate", email="g@x.org", by=ana)
    step = lambda: services.accept(sent.invitation, name="Gil")  # noqa: E731

    assert at_once(step, step, step) == ["invitation-used"] * 2
    assert Person.objects.filter(email="g@x.org").count() == 1
    assert Mandate.objects.filter(role="delegate").count() == 1


def test_two_links_to_one_new_address_used_at_once_make_one_person():
    unions = [make_organisation(name) for name in ("One", "Two")]
    sent = [
        services.invite("role", organisation=one, role="coordinator", email="g@x.org")
        for one in unions
    ]
    refused = at_once(*(lambda s=s: services.accept(s.invitation, name="Gil") for s in sent))

    assert refused == []
    assert Person.objects.filter(email="g@x.org").count() == 1
    assert Mandate.objects.count() == 2


def test_a_link_declined_and_accepted_at_once_has_one_answer():
    union = make_organisation("Union")
    sent = services.invite("role", organisation=union, role="coordinator", email="g@x.org")
    refused = at_once(
        lambda: services.accept(sent.invitation, name="Gil"),
        lambda: services.decline(sent.invitation),
    )
    assert len(refused) == 1
    assert InvitationAnswer.objects.count() == 1


def test_mandates_that_ended_by_date_are_settled_once_by_two_workers():
    dia = make_person("Dia")
    mandate = services.grant(dia, "translator", language_pairs=[("en", "fr")])
    Mandate.objects.filter(pk=mandate.pk).update(until_at=timezone.now())
    at_once(services.settle_ended, services.settle_ended)

    assert Entry.objects.filter(event="mandate.ended").count() == 1


def test_one_hands_over_to_two_at_once_and_only_one_gets_it():
    union = make_organisation("Union")
    held = services.grant(make_person("Ana"), "coordinator", organisation=union)
    refused = at_once(
        *(lambda n=n: services.hand_over(held, to=n) for n in map(make_person, ("Gil", "Hana")))
    )
    assert refused == ["mandate-ended"]
    assert Mandate.objects.standing().filter(role="coordinator").count() == 1


def test_a_new_device_that_signs_in_twice_at_once_is_told_once():
    rosa = make_person("Rosa")
    accounts.note_device(rosa, "Mozilla/5.0 (Android 14) Firefox/130.0")
    step = lambda: accounts.note_device(rosa, "Mozilla/5.0 (Windows NT) Firefox/130.0")  # noqa: E731
    at_once(step, step)

    assert Message.objects.filter(template="accounts/new-device").count() == 1
