"""Signing on, being recorded, confirming and withdrawing."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from convoca.audit.models import Entry
from convoca.campaigns import services
from convoca.campaigns.front import withdrawn_of
from convoca.campaigns.models import Endorsement
from convoca.campaigns.rules import STEPS
from convoca.core.errors import Refusal
from convoca.network import services as network
from convoca.outbox import services as outbox
from convoca.pages import services as pages
from convoca.texts import services as texts
from tests.cast import make_organisation, mandate_of


def test_endorsing_twice_leaves_one_endorsement_and_one_thank_you(campaign, union, ana):
    first = services.endorse(campaign, on_behalf_of=union, under=mandate_of(ana, union))
    again = services.endorse(campaign, on_behalf_of=union, under=mandate_of(ana, union))

    assert again == first
    assert list(campaign.endorsements.all()) == [first]
    assert [m.template for m in outbox.pending(to=ana)] == ["campaigns/thanks"]


def test_an_endorsement_names_mandate_and_version_of_the_text(campaign, union, ana):
    texts.save_source(campaign.call, "New words.", seen_revision=1, by=ana)
    second = texts.publish_version(campaign.call, by=ana)
    mandate = mandate_of(ana, union)
    given = services.endorse(campaign, on_behalf_of=union, under=mandate)
    assert (given.mandate, given.text_version, given.text_version.number) == (mandate, second, 2)
    entry = Entry.objects.filter(event="endorsement.given").get()
    assert (entry.person_id, entry.mandate_id) == (ana.pk, mandate.pk)


def test_a_closed_campaign_takes_no_endorsement(campaign, steward, union, ana):
    services.take_step(campaign, STEPS["close"], under=steward)
    with pytest.raises(Refusal) as refusal:
        services.endorse(campaign, on_behalf_of=union, under=mandate_of(ana, union))
    assert refusal.value.code == "campaign-closed"


def test_a_draft_takes_no_endorsement(draft, union, ana):
    with pytest.raises(Refusal) as refusal:
        services.endorse(draft, on_behalf_of=union, under=mandate_of(ana, union))
    assert refusal.value.code == "campaign-unpublished"


def test_nobody_signs_for_another_organisation(campaign, union, library, ana, bo):
    for mandate in (mandate_of(ana, union), mandate_of(bo)):
        with pytest.raises(Refusal) as refusal:
            services.endorse(campaign, on_behalf_of=library, under=mandate)
        assert refusal.value.code == "mandate-foreign"


def test_an_ended_mandate_signs_nothing_even_if_it_was_fetched_before(campaign, library, eve, ana):
    mandate = mandate_of(eve, library)
    network.grant(ana, "coordinator", organisation=library)
    network.end_mandate(mandate, by=ana)
    with pytest.raises(Refusal) as refusal:
        services.endorse(campaign, on_behalf_of=library, under=mandate)
    assert refusal.value.code == "mandate-ended"


def test_a_suspended_organisation_signs_nothing(campaign, library, eve):
    mandate = mandate_of(eve, library)
    library.state, library.member_until = "suspended", timezone.now()
    library.save()
    with pytest.raises(Refusal) as refusal:
        services.endorse(campaign, on_behalf_of=library, under=mandate)
    assert refusal.value.code == "organisation-not-member"


def test_a_withdrawn_endorsement_stays_as_history(signed, campaign, union, ana):
    services.withdraw_endorsement(signed, under=mandate_of(ana, union))
    again = services.withdraw_endorsement(signed, under=mandate_of(ana, union))
    assert again.withdrawn_at is not None
    assert list(campaign.endorsements.accepted()) == [signed]
    assert list(campaign.endorsements.standing()) == []
    assert Entry.objects.filter(event="endorsement.withdrawn").count() == 1

    renewed = services.endorse(campaign, on_behalf_of=union, under=mandate_of(ana, union))
    assert list(campaign.endorsements.standing()) == [renewed]
    assert campaign.endorsements.count() == 2


def test_the_database_refuses_a_second_standing_endorsement(signed, campaign, union):
    with pytest.raises(IntegrityError), transaction.atomic():
        Endorsement.objects.create(
            campaign=campaign, organisation=union, text_version=signed.text_version
        )


def test_the_list_is_old_as_soon_as_somebody_signs(campaign, union, ana):
    tags = [f"campaign:{campaign.pk}", "campaigns", f"organisation:{union.pk}"]
    before = pages.versions(tags)
    counted_at = campaign.counted_at
    services.endorse(campaign, on_behalf_of=union, under=mandate_of(ana, union))
    after = pages.versions(tags)
    assert all(after[tag] > before[tag] for tag in tags)
    campaign.refresh_from_db()
    assert campaign.counted_at > counted_at


def test_what_was_given_elsewhere_is_recorded_and_the_organisation_is_asked(
    campaign, steward, library, eve
):
    given = services.record(
        campaign,
        on_behalf_of=library,
        given_at=timezone.now(),
        proof="Letter of 3 March",
        under=steward,
    )
    assert given.is_recorded
    assert given.is_standing
    assert [m.template for m in outbox.pending(to=eve)] == ["campaigns/confirm-recorded"]

    mandate = mandate_of(eve, library)
    confirmed = services.confirm(given, under=mandate)
    assert not confirmed.is_recorded
    assert confirmed.confirmed_under == mandate


def test_signing_oneself_confirms_what_was_recorded(campaign, steward, library, eve):
    given = services.record(
        campaign, on_behalf_of=library, given_at=timezone.now(), proof="Minutes", under=steward
    )
    signed = services.endorse(campaign, on_behalf_of=library, under=mandate_of(eve, library))
    assert signed == given
    assert signed.confirmed_at is not None


@pytest.mark.parametrize(("proof", "code"), [("", "proof-missing"), ("  ", "proof-missing")])
def test_recording_needs_a_proof(campaign, steward, library, proof, code):
    with pytest.raises(Refusal) as refusal:
        services.record(
            campaign, on_behalf_of=library, given_at=timezone.now(), proof=proof, under=steward
        )
    assert refusal.value.code == code


def test_a_steward_takes_back_only_what_a_steward_recorded(campaign, steward, library, signed):
    recorded = services.record(
        campaign, on_behalf_of=library, given_at=timezone.now(), proof="Letter", under=steward
    )
    assert services.withdraw_endorsement(recorded, under=steward).withdrawn_at is not None
    with pytest.raises(Refusal) as refusal:
        services.withdraw_endorsement(signed, under=steward)
    assert refusal.value.code == "mandate-foreign"


def test_only_members_can_be_recorded(campaign, steward):
    stranger = make_organisation("Stranger", state="invited")
    with pytest.raises(Refusal) as refusal:
        services.record(
            campaign, on_behalf_of=stranger, given_at=timezone.now(), proof="x", under=steward
        )
    assert refusal.value.code == "organisation-not-member"


def test_after_the_close_one_can_still_withdraw_and_is_not_told_to_sign_again(
    client, campaign, signed, steward, ana
):
    services.take_step(campaign, STEPS["close"], under=steward)
    client.force_login(ana)
    at = f"/en/work/endorse/{campaign.code}/{signed.pk}/withdraw/"
    page = client.post(at, follow=True).content.decode()
    assert "Withdrawn. The list shows it so." in page
    assert "sign again below" not in page


def test_who_withdrew_twice_is_listed_once_and_who_signed_again_is_not(campaign, union, ana):
    mandate = mandate_of(ana, union)
    for _round in range(2):
        last = services.endorse(campaign, on_behalf_of=union, under=mandate)
        services.withdraw_endorsement(last, under=mandate)
    last.refresh_from_db()
    assert list(withdrawn_of(campaign)) == [last]

    again = services.endorse(campaign, on_behalf_of=union, under=mandate)
    assert list(withdrawn_of(campaign)) == []
    assert list(campaign.endorsements.latest_each()) == [again]


def test_an_invitation_says_the_organisations_last_word(campaign, steward, library, eve):
    [asked] = services.invite(campaign, organisations=[library], under=steward).made
    services.decline(asked)
    mandate = mandate_of(eve, library)
    signed = services.endorse(campaign, on_behalf_of=library, under=mandate)
    asked.refresh_from_db()
    assert asked.standing == "endorsed"

    services.withdraw_endorsement(signed, under=mandate)
    asked.refresh_from_db()
    assert asked.standing == "declined"


def test_a_new_coordinator_signs_what_was_given_by_link_and_waits(campaign, steward, ana):
    choir = make_organisation("Choir", contact_mail="choir@example.org")
    [asked] = services.invite(campaign, organisations=[choir], under=steward).made
    waiting = services.answer_by_link(
        asked, contact_name="Ilo", contact_email="ilo@example.org", language="en"
    )
    mandate = network.grant(ana, "coordinator", organisation=choir)
    signed = services.endorse(campaign, on_behalf_of=choir, under=mandate)

    assert (signed.pk, signed.mandate, signed.how) == (waiting.pk, mandate, "signed")
    assert list(campaign.endorsements.standing()) == [signed]
    asked.refresh_from_db()
    assert (asked.contact_name, asked.contact_email) == ("", "")


def test_a_former_member_is_not_reminded(campaign, steward, library, eve):
    services.invite(campaign, organisations=[library], under=steward)
    campaign.invitations.update(invited_at=timezone.now() - timedelta(days=8))
    assert services.people_to_remind(campaign) == 1
    library.state, library.member_until = "suspended", timezone.now()
    library.contact_mail = "library@example.org"
    library.save()
    assert services.people_to_remind(campaign) == 0
    assert services.remind_silent(campaign, under=steward) == 0
