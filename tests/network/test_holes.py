"""Ways around the rules, tried by those who would: each is closed."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from convoca.core.errors import Refusal
from convoca.network import rules, services
from convoca.network.models import Affiliation, Invitation
from convoca.outbox import services as outbox
from tests.cast import make_organisation, make_person, mandate_of
from tests.network.sheets import rows_of

SAME = {"headers": {"sec-fetch-site": "same-origin"}}


def refused(step) -> str:
    with pytest.raises(Refusal) as refusal:
        step()
    return refusal.value.code


def test_who_was_ended_brings_nobody_in_and_not_themselves_again(ana, union):
    gil = make_person("Gil")
    services.grant(gil, "coordinator", organisation=union)
    under = mandate_of(gil, union)
    sent = services.invite(
        "role", organisation=union, role="coordinator", email="again@example.org", under=under
    )
    code = services.invite("role", organisation=union, role="coordinator", uses=5, under=under)
    services.end_mandate(under, under=mandate_of(ana, union))

    assert refused(lambda: services.accept(sent.invitation, name="G")) == "invitation-revoked"
    assert refused(lambda: services.accept(code.invitation, signed_in=gil)) == "invitation-revoked"


def test_what_one_ends_oneself_leaves_ones_invitations(ana, union):
    gil = make_person("Gil")
    under = services.grant(gil, "coordinator", organisation=union)
    sent = services.invite(
        "role", organisation=union, role="delegate", email="new@example.org", under=under
    )
    services.end_mandate(under, by=gil)

    assert services.accept(sent.invitation, name="New").mandate.role == "delegate"


def test_a_steward_who_is_ended_keeps_the_members_they_invited(bo, ben):
    services.grant(make_person("Gil"), "steward")
    member = make_organisation("Springs")
    under = mandate_of(ben)
    sent = services.invite(
        "role", organisation=member, role="coordinator", email="s@example.org", under=under
    )
    press = services.invite("role", role="press", email="p@example.org", under=under)
    services.end_mandate(under, under=mandate_of(bo))

    assert services.accept(sent.invitation, name="S").mandate.role == "coordinator"
    assert refused(lambda: services.accept(press.invitation, name="P")) == "invitation-revoked"


def test_who_sent_an_invitation_and_lost_the_mandate_cannot_send_it_again(
    ana, union, client, network
):
    """A communicator who was coordinator would else bring a coordinator in."""
    gil = make_person("Gil")
    under = services.grant(gil, "coordinator", organisation=union)
    services.grant(gil, "communicator", organisation=union)
    sent = services.invite(
        "role", organisation=union, role="coordinator", email="new@example.org", under=under
    )
    services.end_mandate(under, by=gil)
    client.force_login(gil)

    assert not rules.may_see_invitation(gil, sent.invitation)
    for name in ("resend", "revoke"):
        answer = client.post(reverse(f"network:{name}", args=[sent.invitation.pk]))
        assert answer.status_code == 404


def test_an_old_invitation_does_not_bring_back_what_two_stewards_ended(bo, ben):
    member = make_organisation("Springs", state="invited")
    old, other = (
        services.invite(
            "membership", organisation=member, role="coordinator", email=email, by=bo
        ).invitation
        for email in ("old@example.org", "other@example.org")
    )
    services.accept(other, name="Other")
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        decision = services.propose("end", member, reason="!", under=mandate_of(bo))
        services.confirm(decision, under=mandate_of(ben))

        assert refused(lambda: services.accept(old, name="Old")) == "organisation-not-member"
        fresh = services.invite(
            "membership", organisation=member, role="coordinator", email="n@example.org", by=bo
        )
        assert services.accept(fresh.invitation, name="New").mandate.organisation.is_member


def test_no_sheet_brings_a_coordinator_into_an_organisation_that_has_one(ana, union, bo, network):
    sheet = f"code,contact_email\n{union.code},evil@example.org\n"
    tally = services.import_organisations(rows_of(sheet), by=bo, dry_run=False)

    assert not Invitation.objects.exists()
    assert tally.rows[0].state == "same"
    assert "evil@example.org was not invited" in tally.rows[0].notes[0]


def test_a_body_rids_itself_of_a_chapter_that_says_it_is_one(ana, eve, union, library, client):
    services.affiliate(library, union, under=mandate_of(eve, library))
    client.force_login(ana)
    client.post(reverse("network:separate", args=[library.code, union.code]))
    assert not Affiliation.objects.standing().exists()

    client.post(reverse("network:separate", args=[library.code, union.code]), {"undo": "1"})
    assert not Affiliation.objects.standing().exists()  # only the chapter says it is one again


def test_codes_cannot_be_guessed_for_long(client, union, ana, network):
    sent = services.invite("role", organisation=union, role="delegate", uses=5, by=ana)
    address = reverse("network:invitation", args=[sent.secret])
    for number in range(120):
        wrong = reverse("network:invitation", args=[f"0000-{number:04}"])
        assert client.get(wrong).status_code == 404
    blocked = [
        client.get(address).status_code,
        client.post(f"{address}accept/").status_code,
        client.post("/en/invitation/find/", {"code": sent.secret}, **SAME).status_code,
    ]
    link = services.invite(
        "role", organisation=union, role="delegate", email="g@example.org", by=ana
    )
    assert blocked == [429, 429, 429]
    assert client.get(reverse("network:invitation", args=[link.secret])).status_code == 200


def test_a_hall_full_of_people_with_one_code_gets_in(client, union, ana, network):
    sent = services.invite("role", organisation=union, role="delegate", uses=300, by=ana)
    statuses = {
        client.post("/en/invitation/find/", {"code": sent.secret}, **SAME).status_code
        for _ in range(300)
    }
    assert statuses == {302}


def test_nobody_is_mailed_for_ever_by_a_code_or_by_the_form_to_join(client, union, ana, network):
    joining = {"name": "X", "kind": "other", "contact_name": "N", "email": "v@example.org"}
    joined = [client.post("/en/join/send/", joining, **SAME).status_code for _ in range(6)]
    asked = []
    for _ in range(6):
        code = services.invite("role", organisation=union, role="delegate", uses=5, by=ana).secret
        form = {"name": "N", "email": "v@example.org"}
        asked.append(client.post(f"/en/invitation/{code}/ask/", form, **SAME).status_code)

    assert (joined, asked) == ([302] * 5 + [429], [302] * 5 + [429])
    assert outbox.pending(to="v@example.org").count() == 10
