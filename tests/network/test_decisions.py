from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from convoca.accounts.models import Person
from convoca.core.errors import Refusal
from convoca.network import services
from convoca.network.models import Decision
from convoca.outbox import services as outbox
from tests.cast import make_organisation, make_person, mandate_of


@pytest.fixture
def proposed(bo, ben, ana, union) -> Decision:
    return services.propose("suspend", union, reason="No answer for a year.", under=mandate_of(bo))


def test_a_proposal_changes_nothing_and_tells_the_stewards(proposed, ben, ana, union):
    assert [m.whom for m in services.mandates_of(ana)] == [union]
    assert [m.template for m in outbox.pending(to=ben)] == ["network/decision-proposed"]


def test_the_one_who_proposed_cannot_confirm(proposed, bo):
    with pytest.raises(Refusal) as refused:
        services.confirm(proposed, under=mandate_of(bo))
    assert refused.value.code == "decision-own"
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.filter(pk=proposed.pk).update(confirmed_by=bo, confirmed_at=timezone.now())


def test_confirming_stops_mandates_at_once_and_mails_its_people(proposed, ben, ana, union):
    decision = services.confirm(proposed, under=mandate_of(ben))
    again = services.confirm(proposed, under=mandate_of(ben))
    union.refresh_from_db()

    assert (union.state, union.is_former, decision.told) == ("suspended", True, 1)
    assert again.confirmed_at == decision.confirmed_at
    assert services.mandates_of(ana) == []
    assert [m.template for m in outbox.pending(to=ana)] == ["network/membership-stopped"]
    with pytest.raises(Refusal) as refused:
        services.grant(make_person("Gil"), "delegate", organisation=union)
    assert refused.value.code == "organisation-not-member"


def test_undoing_within_30_days_brings_everything_back(proposed, ben, bo, ana, union):
    services.confirm(proposed, under=mandate_of(ben))
    services.undo(Decision.objects.get(), under=mandate_of(bo))
    services.undo(Decision.objects.get(), under=mandate_of(bo))
    union.refresh_from_db()

    assert (union.state, union.member_until) == ("member", None)
    assert [m.whom for m in services.mandates_of(ana)] == [union]


def test_after_30_days_it_is_final(proposed, ben, bo):
    services.confirm(proposed, under=mandate_of(ben))
    with (
        time_machine.travel(timezone.now() + timedelta(days=31), tick=False),
        pytest.raises(Refusal) as refused,
    ):
        services.undo(Decision.objects.get(), under=mandate_of(bo))
    assert refused.value.code == "decision-final"


def test_ending_a_suspended_membership_keeps_the_day_it_stopped(proposed, ben, bo, union):
    services.confirm(proposed, under=mandate_of(ben))
    union.refresh_from_db()
    stopped = union.member_until
    end = services.propose("end", union, reason="Still no answer.", under=mandate_of(ben))
    services.confirm(end, under=mandate_of(bo))
    union.refresh_from_db()
    assert (union.state, union.member_until) == ("ended", stopped)

    with pytest.raises(Refusal) as refused:
        services.undo(proposed, under=mandate_of(bo))
    assert refused.value.code == "decision-overtaken"
    services.undo(end, under=mandate_of(bo))
    union.refresh_from_db()
    assert (union.state, union.member_until) == ("suspended", stopped)


def test_a_withdrawn_proposal_cannot_be_confirmed_and_another_can_be_made(proposed, bo, ben, union):
    with pytest.raises(Refusal) as refused:
        services.propose("end", union, reason="Again.", under=mandate_of(ben))
    assert refused.value.code == "decision-waiting"

    services.withdraw(proposed, under=mandate_of(bo))
    with pytest.raises(Refusal) as refused:
        services.confirm(proposed, under=mandate_of(ben))
    assert refused.value.code == "decision-withdrawn"
    assert services.propose("end", union, reason="Again.", under=mandate_of(ben)).is_waiting


@pytest.fixture
def orphan(db):
    """A member that nobody can speak for any more; Gil once did."""
    orphan = make_organisation("Fishers of the Bay", contact_mail="office@example.net")
    gil = make_person("Gil")
    mandate = services.grant(gil, "coordinator", organisation=orphan)
    mandate.until_at = timezone.now()
    mandate.save()
    return orphan


def _appoint(orphan, bo, ben) -> Decision:
    decision = services.propose(
        "appoint",
        orphan,
        reason="Nobody is left.",
        name="Hana",
        email="hana@example.org",
        under=mandate_of(bo),
    )
    return services.confirm(decision, under=mandate_of(ben))


def test_an_appointment_is_announced_to_all_known_contacts_and_done_after_7_days(orphan, bo, ben):
    decision = _appoint(orphan, bo, ben)
    assert decision.told == 2
    for address in ("office@example.net", "gil@example.org"):
        assert [m.template for m in outbox.pending(to=address)] == ["network/appointment-notice"]
    assert services.carry_out_due() == 0

    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1), tick=False):
        assert services.carry_out_due() == 1
        assert services.carry_out_due() == 0
        hana = Person.objects.get(email="hana@example.org")
        assert [m.whom for m in services.mandates_of(hana)] == [orphan]


def test_an_appointment_can_be_cancelled_while_the_days_run(orphan, bo, ben):
    decision = _appoint(orphan, bo, ben)
    services.withdraw(decision, under=mandate_of(ben))
    with time_machine.travel(timezone.now() + timedelta(days=8), tick=False):
        assert services.carry_out_due() == 0
    assert not services.has_coordinator(orphan)
    assert outbox.pending(to="gil@example.org").last().template == "network/appointment-cancelled"


def test_an_appointment_lapses_where_a_coordinator_is_there_again(orphan, bo, ben):
    decision = _appoint(orphan, bo, ben)
    services.grant(make_person("Ivo"), "coordinator", organisation=orphan)
    with time_machine.travel(timezone.now() + timedelta(days=8), tick=False):
        assert services.carry_out_due() == 0
    decision.refresh_from_db()
    assert decision.withdrawn_at is not None


def test_nobody_is_appointed_where_somebody_speaks_for_the_organisation(ana, bo, union):
    with pytest.raises(Refusal) as refused:
        services.propose("appoint", union, reason="!", email="h@example.org", under=mandate_of(bo))
    assert refused.value.code == "coordinator-there"


@pytest.mark.parametrize(("kind", "state"), [("suspend", "left"), ("end", "invited")])
def test_only_a_membership_can_be_stopped(kind, state, bo):
    other = make_organisation("Other", state=state)
    with pytest.raises(Refusal):
        services.propose(kind, other, reason="!", under=mandate_of(bo))
