from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone, translation

from convoca.accounts.models import Person
from convoca.core.errors import Refusal
from convoca.network import services
from convoca.network.models import Invitation, Organisation
from convoca.outbox import services as outbox
from tests.cast import make_organisation, make_person, mandate_of


@pytest.fixture
def sent(ana, union):
    """Ana invites Gil as delegate of the union, by mail."""
    return services.invite(
        "role",
        organisation=union,
        role="delegate",
        email="Gil@Example.org ",
        name="Gil",
        language="es",
        under=mandate_of(ana, union),
    )


def test_an_invitation_by_mail_says_who_invites_to_what_and_carries_the_link(network, sent):
    [mail] = outbox.pending(to="gil@example.org")
    assert mail.template == "network/invitation"
    assert "Union of Port Workers" in mail.body
    assert f"/es/invitation/{sent.secret}/" in mail.body
    assert sent.secret not in sent.invitation.digest


def test_an_invitation_is_in_one_language_whatever_the_sender_reads(network, ana, union):
    with translation.override("es"):
        facts = {"organisation": union, "role": "delegate", "under": mandate_of(ana, union)}
        services.invite("role", email="wim@example.org", language="fr", **facts)
    [mail] = outbox.pending(to="wim@example.org")
    assert "Pour agir au nom de Union of Port Workers" in mail.body


def test_looking_uses_nothing_up_and_is_noted_once(sent):
    found = services.invitation_of(sent.secret)
    services.open_invitation(found)
    first = found.opened_at
    services.open_invitation(services.invitation_of(sent.secret))

    found.refresh_from_db()
    assert (found.opened_at, found.uses_left, found.state) == (first, 1, "opened")


def test_accepting_makes_the_person_and_the_mandate_and_tells_who_invited(sent, ana, union):
    accepted = services.accept(sent.invitation, name="Gil Sousa", language="pt")

    gil = Person.objects.get(email="gil@example.org")
    assert (gil.name, gil.language, accepted.is_new) == ("Gil Sousa", "pt", True)
    assert [m.role for m in services.mandates_of(gil)] == ["delegate"]
    assert accepted.mandate.granted_by == ana
    assert [m.template for m in outbox.pending(to=ana)] == ["network/invitation-accepted"]


def test_an_invitation_is_used_once(sent):
    services.accept(sent.invitation, name="Gil")
    with pytest.raises(Refusal) as refused:
        services.accept(sent.invitation, name="Gil")
    assert refused.value.code == "invitation-used"
    assert services.invitation_of(sent.secret).state == "accepted"


def test_declining_is_noted_and_told_and_ends_it(sent, ana):
    services.decline(sent.invitation)
    services.decline(sent.invitation)
    with pytest.raises(Refusal) as refused:
        services.accept(sent.invitation, name="Gil")

    assert refused.value.code == "invitation-declined"
    assert not Person.objects.filter(email="gil@example.org").exists()
    assert [m.template for m in outbox.pending(to=ana)] == ["network/invitation-declined"]


def test_an_expired_invitation_is_refused_until_it_is_sent_again(sent):
    with time_machine.travel(timezone.now() + timedelta(days=31), tick=False):
        with pytest.raises(Refusal) as refused:
            services.accept(sent.invitation, name="Gil")
        assert refused.value.code == "invitation-expired"
        again = services.resend(sent.invitation)

        assert services.invitation_of(sent.secret) is None
        services.accept(services.invitation_of(again.secret), name="Gil")


def test_a_revoked_invitation_is_refused(sent):
    services.revoke(sent.invitation)
    services.revoke(sent.invitation)
    with pytest.raises(Refusal) as refused:
        services.accept(sent.invitation, name="Gil")
    assert refused.value.code == "invitation-revoked"


def test_an_invitation_is_for_its_address_only(sent, eve):
    with pytest.raises(Refusal) as refused:
        services.accept(sent.invitation, signed_in=eve)
    assert refused.value.code == "invitation-for-another"


def test_who_has_the_role_already_keeps_the_mandate_they_have(ana, union):
    sent = services.invite("role", organisation=union, role="coordinator", email=ana.email, by=ana)
    accepted = services.accept(sent.invitation, signed_in=ana)
    assert accepted.mandate == mandate_of(ana, union)


def test_an_invitation_for_a_suspended_organisation_is_refused(sent, union):
    union.state, union.member_until = "suspended", timezone.now()
    union.save()
    with pytest.raises(Refusal) as refused:
        services.accept(sent.invitation, name="Gil")
    assert refused.value.code == "organisation-not-member"


def test_a_role_of_another_kind_cannot_be_offered(union, ana):
    with pytest.raises(Refusal):
        services.invite("role", organisation=union, role="steward", email="g@example.org", by=ana)


@pytest.fixture
def code(fay, harbour):
    """Fay reads out a code for two hosts."""
    return services.invite(
        "role",
        committee=harbour,
        role="host",
        uses=2,
        under=services.mandate_for(fay, committee=harbour),
    )


@pytest.mark.parametrize("spelling", [str, str.upper, lambda c: f" {c.replace('-', ' - ')} "])
def test_a_spoken_code_is_found_however_it_is_typed(code, spelling):
    assert services.invitation_of(spelling(code.secret)) == code.invitation


def test_a_code_works_for_as_many_people_as_it_says(code, harbour):
    people = [make_person(name) for name in ("Gil", "Hana", "Ivo")]
    for person in people[:2]:
        services.accept(code.invitation, signed_in=person)
    with pytest.raises(Refusal) as refused:
        services.accept(code.invitation, signed_in=people[2])

    assert refused.value.code == "invitation-used"
    assert [m.whom for m in services.mandates_of(people[1])] == [harbour]
    assert code.invitation.answers.count() == 2


def test_who_is_not_signed_in_gets_a_link_of_their_own_and_uses_the_code_by_accepting(code):
    services.ask_by_code(code.invitation, email="gil@example.org", name="Gil", language="en")
    services.ask_by_code(code.invitation, email="gil@example.org", name="Gil", language="en")
    [mine] = code.invitation.mailed.all()
    assert outbox.pending(to="gil@example.org").count() == 1
    code.invitation.refresh_from_db()
    assert code.invitation.uses_left == 2

    services.accept(mine, name="Gil")
    code.invitation.refresh_from_db()
    assert code.invitation.uses_left == 1


def test_links_from_a_code_stop_with_it(code):
    services.ask_by_code(code.invitation, email="gil@example.org", name="Gil", language="en")
    services.revoke(code.invitation)
    with pytest.raises(Refusal) as refused:
        services.accept(code.invitation.mailed.get(), name="Gil")
    assert refused.value.code == "invitation-revoked"


def test_accepting_a_membership_makes_a_member_with_a_coordinator(bo):
    spring = make_organisation("Friends of the Spring", state="invited")
    sent = services.invite(
        "membership",
        organisation=spring,
        role="coordinator",
        email="hana@example.org",
        under=mandate_of(bo),
    )
    accepted = services.accept(sent.invitation, name="Hana")

    spring.refresh_from_db()
    assert (spring.state, spring.member_until) == (Organisation.State.MEMBER, None)
    assert [m.role for m in services.mandates_of(accepted.person)] == ["coordinator"]


@pytest.mark.parametrize("uses", [0, 501])
def test_a_code_is_for_a_bounded_number_of_people(uses, fay, harbour):
    with pytest.raises(Refusal):
        services.invite("role", committee=harbour, role="host", uses=uses, by=fay)


def test_names_of_hostile_organisations_are_inert_in_the_mail(bo, network):
    names = "<script>alert(1)</script> {{7*7}} \u202eabc"
    hostile = make_organisation(names)
    services.invite("role", organisation=hostile, role="coordinator", email="h@example.org", by=bo)
    [mail] = outbox.pending(to="h@example.org")
    assert "{{7*7}}" in mail.body
    assert "49" not in mail.subject


def test_every_answer_leaves_one_row_each(code):
    gil = make_person("Gil")
    services.accept(code.invitation, signed_in=gil)
    [answer] = code.invitation.answers.all()
    assert (answer.person, answer.accepted) == (gil, True)
    assert Invitation.objects.open().count() == 1
