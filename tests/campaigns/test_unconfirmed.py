"""Who signs through a link is kept for 30 days at most, unless a steward confirms; and what the
secretariat recorded is put before somebody who can confirm it."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from convoca.audit.models import Entry
from convoca.campaigns import services
from convoca.campaigns.models import Endorsement, EndorsementInvitation
from convoca.core.errors import Refusal
from convoca.network import services as network
from convoca.network.models import Invitation, Organisation
from convoca.outbox import services as outbox
from convoca.outbox.models import Message
from tests.campaigns.test_working import LINK, SAME
from tests.cast import make_organisation, make_person, mandate_of

NOA = "noa@example.net"


@pytest.fixture
def invitation(campaign, steward) -> EndorsementInvitation:
    done = services.invite(
        campaign, addresses=[("new@example.net", "River Friends", "es")], under=steward
    )
    return done.made[0]


@pytest.fixture
def waiting(client, campaign, invitation) -> Endorsement:
    client.post(f"/en/endorse/{invitation.token}/sign/", LINK, **SAME)
    return campaign.endorsements.get()


def after(days: int):
    return time_machine.travel(timezone.now() + timedelta(days=days))


def test_the_form_says_before_for_how_long(client, invitation):
    page = client.get(f"/en/endorse/{invitation.token}/").content.decode()
    assert "If it has not answered after 30 days, they are deleted, too, and you are told." in page


def test_the_stewards_list_says_until_when(client, campaign, waiting, bo):
    client.force_login(bo)
    page = client.get(f"/en/work/endorse/{campaign.code}/endorsements/").content.decode()
    assert "then the name and the address are deleted" in page


def test_after_30_days_everything_of_the_person_is_gone_and_they_are_told(
    client, campaign, invitation, waiting
):
    with after(29):
        assert services.lapse_waiting() == 0
    with after(31):
        assert [services.lapse_waiting(), services.lapse_waiting()] == [1, 0]

    invitation.refresh_from_db()
    waiting.refresh_from_db()
    organisation = Organisation.objects.get(pk=waiting.organisation_id)
    assert (invitation.contact_name, invitation.contact_email, invitation.answer) == ("", "", "")
    assert (organisation.state, organisation.contact_mail) == ("declined", "")
    assert waiting.withdrawn_at is not None
    assert not campaign.endorsements.accepted().exists()
    assert outbox.pending(to=NOA).last().template == "campaigns/lapsed"
    entry = Entry.objects.get(event="endorsement.lapsed")
    assert (entry.person_id, NOA in str(entry.details)) == (None, False)


def test_the_link_can_be_used_again(client, campaign, invitation, waiting, steward):
    with after(31):
        services.lapse_waiting()
        client.post(f"/en/endorse/{invitation.token}/sign/", LINK, **SAME)
        again = campaign.endorsements.waiting().get()
        services.accept_waiting(again, under=steward)

    again.refresh_from_db()
    assert again.is_standing


def test_a_steward_who_confirms_too_late_is_told(waiting, steward):
    with after(31):
        services.lapse_waiting()
        with pytest.raises(Refusal) as refused:
            services.accept_waiting(waiting, under=steward)
    assert refused.value.code == "endorsement-withdrawn"


def test_what_was_confirmed_never_lapses(waiting, steward):
    services.accept_waiting(waiting, under=steward)
    with after(31):
        assert services.lapse_waiting() == 0
    waiting.refresh_from_db()
    assert waiting.is_standing


def test_refusing_lets_the_address_go_too(waiting, steward):
    services.refuse_waiting(waiting, under=steward)

    organisation = Organisation.objects.get(pk=waiting.organisation_id)
    assert (organisation.state, organisation.contact_mail) == ("declined", "")


def test_a_member_for_which_nobody_acted_stays_a_member(client, campaign, steward):
    member = make_organisation("Silent Springs", contact_mail="springs@example.org")
    done = services.invite(campaign, organisations=[member], under=steward)
    services.answer_by_link(done.made[0], contact_name="Noa", contact_email=NOA, language="en")
    with after(31):
        assert services.lapse_waiting() == 1
    member.refresh_from_db()
    assert (member.state, member.contact_mail) == ("member", "springs@example.org")


def test_an_organisation_that_came_by_a_link_is_in_the_trail(waiting):
    entry = Entry.objects.get(event="organisation.added", about_words="River Friends")
    assert entry.details == {"state": "asked"}


# Recorded by the secretariat


@pytest.fixture
def silent():
    return make_organisation("Silent Springs", contact_mail="springs@example.org", languages=["fr"])


def record(campaign, organisation, steward):
    return services.record(
        campaign, on_behalf_of=organisation, given_at=timezone.now(), proof="Letter", under=steward
    )


def test_where_nobody_ever_acted_the_contact_is_invited_and_then_confirms(
    client, campaign, silent, steward
):
    recorded = record(campaign, silent, steward)
    mail = outbox.pending(to="springs@example.org").get()
    assert (mail.template, mail.language) == ("campaigns/confirm-by-invitation", "fr")
    path = next(line for line in mail.body.split() if "/invitation/" in line)
    path = path.removeprefix("http://localhost:8000")

    page = client.get(path).content.decode()
    assert "Rivers for all" in page
    answer = client.post(f"{path}accept/", {"name": "Noa", "language": "fr"})
    assert answer["Location"] == f"/fr/work/endorse/{campaign.code}/"
    client.post(f"/fr/work/endorse/{campaign.code}/{recorded.pk}/confirm/")
    recorded.refresh_from_db()
    assert recorded.confirmed_under.person.email == "springs@example.org"
    assert not recorded.is_recorded


def test_a_second_record_asks_once_more_and_the_first_answer_is_enough(
    campaign, silent, steward, client
):
    record(campaign, silent, steward)
    first = Invitation.objects.get()
    person = network.accept(first, name="Noa").person
    assert network.mandate_for(person, silent).role == "coordinator"
    assert outbox.pending(to=person).filter(template="campaigns/confirm-recorded").count() == 0


def test_the_steward_is_told_when_nobody_can_be_asked(client, campaign, bo, steward):
    mute = make_organisation("Mute Meadows")
    client.force_login(bo)
    answer = client.post(
        f"/en/work/endorse/{campaign.code}/endorsements/record/",
        {"organisation": mute.pk, "given_on": timezone.localdate().isoformat(), "proof": "Letter"},
        follow=True,
    )
    assert "Nobody could be asked to confirm it" in answer.content.decode()
    assert Message.objects.filter(template__startswith="campaigns/confirm").count() == 0


def test_an_ended_invitation_grants_nothing(campaign, silent, steward):
    record(campaign, silent, steward)
    network.revoke(Invitation.objects.get(), under=steward)
    with pytest.raises(Refusal):
        network.accept(Invitation.objects.get(), name="Noa")
    gil = make_person("Gil")
    network.grant(gil, "coordinator", organisation=silent)
    assert mandate_of(gil, silent).role == "coordinator"
