"""Asking organisations to sign on, their answers by link, and one polite reminder."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from convoca.accounts import services as accounts
from convoca.accounts.models import tidy_email
from convoca.audit import services as audit
from convoca.campaigns.addresses import link_to
from convoca.campaigns.models import Campaign, Endorsement, EndorsementInvitation
from convoca.campaigns.services.asking import Recipient, reach, recipients_of, send_invitation
from convoca.campaigns.services.endorsements import accept, decline_waiting, not_member
from convoca.core.errors import Refusal
from convoca.core.names import Names
from convoca.network import services as network
from convoca.network.models import Mandate, Organisation
from convoca.outbox import services as outbox

MOST_AT_ONCE = 500
ADDRESSES_KEPT = timedelta(days=90)


@dataclass
class Invited:
    """What became of a round of invitations."""

    made: list[EndorsementInvitation] = field(default_factory=list)
    mailed: int = 0
    already: list[str] = field(default_factory=list)
    """Had signed, or been asked, before."""
    unreachable: list[str] = field(default_factory=list)
    """Nobody acts for them or was invited to, and they have given no contact mail."""


@transaction.atomic
def invite(
    campaign: Campaign,
    *,
    organisations: Iterable[Organisation] = (),
    addresses: Sequence[tuple[str, str, str]] = (),
    under: Mandate,
) -> Invited:
    """Ask organisations, and addresses given as (mail, name, language), to sign on.

    Who has signed or was asked before is not asked again, so repeating it changes nothing.
    """
    campaign = _open(campaign)
    wanted = list(dict.fromkeys(organisations))
    if len(wanted) + len(addresses) > MOST_AT_ONCE:
        raise Refusal(
            "invitations-many",
            _("At most %(most)d invitations go out at once.") % {"most": MOST_AT_ONCE},
        )
    done = Invited()
    settled = _settled(campaign)
    theirs = reach(wanted)
    for organisation in wanted:
        if organisation.pk in settled or not organisation.is_member:
            done.already.append(str(organisation))
        elif not theirs[organisation.pk]:
            done.unreachable.append(str(organisation))
        else:
            _send(
                done,
                EndorsementInvitation(campaign=campaign, organisation=organisation, mandate=under),
                theirs[organisation.pk],
            )
    for email, name, language in addresses:
        _invite_address(done, campaign, tidy_email(email), name, language, under)
    if done.made:
        audit.record("endorsement.asked", about=campaign, under=under, count=len(done.made))
    return done


def _settled(campaign: Campaign) -> set[int]:
    """Organisations that need not be asked: signed, waiting, or asked before."""
    signed = campaign.endorsements.filter(withdrawn_at=None).order_by()
    asked = campaign.invitations.filter(withdrawn_at=None, organisation__isnull=False).order_by()
    rows = signed.values_list("organisation").union(asked.values_list("organisation"))
    return {pk for (pk,) in rows}


def _invite_address(
    done: Invited, campaign: Campaign, email: str, name: str, language: str, under: Mandate
) -> None:
    known = campaign.invitations.filter(email=email, organisation=None, withdrawn_at=None)
    if known.exists():
        done.already.append(name or email)
        return
    invitation = EndorsementInvitation(
        campaign=campaign,
        email=email,
        organisation_name=name[:200],
        language=language,
        mandate=under,
    )
    _send(done, invitation, [Recipient(email, language)])


def _send(
    done: Invited, invitation: EndorsementInvitation, recipients: Sequence[Recipient]
) -> None:
    invitation.save()
    done.made.append(invitation)
    done.mailed += send_invitation(invitation, recipients, template="campaigns/invitation")


def open_invitation(invitation: EndorsementInvitation) -> None:
    """Note that its link was opened, the first time."""
    EndorsementInvitation.objects.filter(pk=invitation.pk, opened_at=None).update(
        opened_at=timezone.now()
    )


@transaction.atomic
def decline(invitation: EndorsementInvitation) -> EndorsementInvitation:
    """Somebody answered "no". They are not asked again, and may still sign later. Repeatable."""
    invitation = _locked(invitation)
    if invitation.answer == EndorsementInvitation.Answer.ENDORSED:
        raise Refusal("invitation-answered", _("Your organisation has signed already."))
    if not invitation.answer:
        _answer(invitation, EndorsementInvitation.Answer.DECLINED)
        audit.record("endorsement.refused", about=invitation, campaign=invitation.campaign.code)
    return invitation


@transaction.atomic
def answer_by_link(
    invitation: EndorsementInvitation,
    *,
    organisation_name: str = "",
    kind: str = Organisation.Kind.OTHER,
    country: str = "",
    contact_name: str,
    contact_email: str,
    language: str,
) -> Endorsement:
    """Sign on for an organisation that nobody acts for yet; a steward confirms it first.

    Repeating it changes nothing. Refused: a campaign that is not open, an organisation that is
    suspended or has coordinators, who then sign after signing in.
    """
    invitation = _locked(invitation)
    if invitation.endorsement is not None:
        return invitation.endorsement
    campaign = _open(invitation.campaign)
    version = campaign.call.current
    if version is None:
        raise Refusal("call-unpublished", _("The call is not published."))
    organisation = invitation.organisation
    if organisation is not None:
        _check_answerable(organisation)
    else:
        organisation = network.add_organisation(
            Names({language: organisation_name}),
            kind=kind,
            country=country,
            languages=[language],
            contact_mail=tidy_email(contact_email),
            state=Organisation.State.ASKED,
        )
    endorsement, is_new = Endorsement.objects.get_or_create(
        campaign=campaign,
        organisation=organisation,
        withdrawn_at=None,
        defaults={"how": Endorsement.How.LINK, "text_version": version},
    )
    invitation.endorsement = endorsement
    invitation.contact_name = contact_name
    invitation.contact_email = tidy_email(contact_email)
    invitation.language = language
    _answer(invitation, EndorsementInvitation.Answer.ENDORSED)
    if is_new:
        audit.record("endorsement.given_by_link", about=endorsement)
        _tell_of_waiting(invitation, endorsement)
    return endorsement


def _tell_of_waiting(invitation: EndorsementInvitation, endorsement: Endorsement) -> None:
    """A receipt to who signed, a notice to the stewards."""
    outbox.mail(
        "campaigns/link-received",
        to=invitation.contact_email,
        language=invitation.language,
        about=endorsement,
        context={"campaign": endorsement.campaign, "endorsement": endorsement},
    )
    for mandate in Mandate.objects.standing().stewards().select_related("person"):
        accounts.notify(
            mandate.person,
            "campaigns/waiting",
            about=endorsement,
            campaign=endorsement.campaign,
            url=link_to(
                "campaigns:endorsements",
                endorsement.campaign.code,
                language=mandate.person.language,
            ),
        )


@transaction.atomic
def accept_waiting(endorsement: Endorsement, *, under: Mandate) -> Endorsement:
    """A steward confirms who signed through a link: the organisation becomes a member, its person
    a coordinator, and the endorsement counts. Repeating it changes nothing.
    """
    endorsement = Endorsement.objects.select_for_update(of=("self",)).get(pk=endorsement.pk)
    if endorsement.withdrawn_at is not None:  # refused, or not confirmed in time
        raise Refusal("endorsement-withdrawn", _("This endorsement was withdrawn."))
    invitation = _invitation_of(endorsement)
    if invitation is None or endorsement.accepted_at is not None:
        return endorsement
    organisation = Organisation.objects.select_for_update().get(pk=endorsement.organisation_id)
    if not organisation.is_member:
        _make_member(organisation, under)
    person = accounts.invite_person(
        invitation.contact_email, invitation.language, name=invitation.contact_name
    )
    coordinator = Mandate.Role.COORDINATOR
    mandate = network.mandate_for(person, organisation, roles=[coordinator])
    if mandate is None:
        mandate = network.grant(person, coordinator, organisation=organisation, under=under)
    endorsement = accept(endorsement, mandate=mandate, under=under)
    _forget_contact(invitation)
    EndorsementInvitation.objects.filter(pk=invitation.pk).update(
        organisation=organisation, email=""
    )
    return endorsement


@transaction.atomic
def refuse_waiting(endorsement: Endorsement, *, under: Mandate) -> Endorsement:
    """A steward does not know who signed through a link: nothing is published. Repeatable."""
    endorsement = decline_waiting(endorsement, under=under)
    invitation = _invitation_of(endorsement)
    if invitation is not None:
        _forget_contact(invitation)
        # It counts as no answer of the organisation, and its link opens nothing more.
        EndorsementInvitation.objects.filter(pk=invitation.pk).update(withdrawn_at=timezone.now())
    network.let_go(endorsement.organisation, under=under)
    return endorsement


def lapse_waiting() -> int:
    """Let go of signatures through a link that no steward confirmed within 30 days, with the name
    and the address of who signed, who is told. The link can be used again. Says how many.
    """
    late = Endorsement.objects.lapsed().order_by("pk")
    return sum(_lapse(pk) for pk in late.values_list("pk", flat=True)[:200])


@transaction.atomic
def _lapse(pk: int) -> bool:
    endorsement = Endorsement.objects.lapsed().select_for_update(of=("self",)).filter(pk=pk).first()
    if endorsement is None:  # a steward has answered meanwhile
        return False
    endorsement = decline_waiting(endorsement, under=None)
    invitation = _invitation_of(endorsement)
    if invitation is not None:
        outbox.mail(
            "campaigns/lapsed",
            to=invitation.contact_email,
            language=invitation.language,
            about=endorsement,
            context={"campaign": endorsement.campaign, "endorsement": endorsement},
        )
        _forget_contact(invitation)
        none = EndorsementInvitation.Answer.NONE
        EndorsementInvitation.objects.filter(pk=invitation.pk).update(
            endorsement=None, answer=none, answered_at=None
        )
    network.let_go(endorsement.organisation)
    return True


@transaction.atomic
def remind_silent(campaign: Campaign, *, under: Mandate) -> int:
    """Mail one reminder to everybody who has been silent for a week and was never reminded.

    Says how many people were mailed. Two who press at once remind nobody twice.
    """
    campaign = _open(campaign)
    rows = campaign.invitations.to_remind().select_for_update(of=("self",))
    late = list(rows.select_related("organisation", "campaign"))
    theirs = recipients_of(late)
    mailed = 0
    for invitation in late:
        fresh = EndorsementInvitation.objects.filter(pk=invitation.pk, reminded_at=None)
        if fresh.update(reminded_at=timezone.now()):
            mailed += send_invitation(
                invitation, theirs[invitation.pk], template="campaigns/reminder"
            )
    if late:
        audit.record("endorsement.reminded", about=campaign, under=under, count=len(late))
    return mailed


def people_to_invite(
    campaign: Campaign,
    *,
    organisations: Iterable[Organisation] = (),
    addresses: Sequence[tuple[str, str, str]] = (),
) -> int:
    """How many people `invite` would mail now."""
    settled = _settled(campaign)
    theirs = reach(one for one in organisations if one.is_member and one.pk not in settled)
    known = set(
        campaign.invitations.filter(organisation=None, withdrawn_at=None).values_list(
            "email", flat=True
        )
    )
    fresh = {tidy_email(email) for email, _name, _language in addresses} - known
    return sum(len(recipients) for recipients in theirs.values()) + len(fresh)


def people_to_remind(campaign: Campaign) -> int:
    """How many people `remind_silent` would mail now."""
    late = campaign.invitations.to_remind().select_related("organisation")
    return sum(len(recipients) for recipients in recipients_of(late).values())


@transaction.atomic
def withdraw_invitation(invitation: EndorsementInvitation, *, under: Mandate) -> None:
    """Take an unanswered invitation back: its link opens nothing more. Repeatable."""
    invitation = _locked(invitation)
    if invitation.answer:
        raise Refusal("invitation-answered", _("It has been answered already."))
    if invitation.withdrawn_at is None:
        invitation.withdrawn_at = timezone.now()
        invitation.save()
        audit.record("endorsement.invitation_withdrawn", about=invitation, under=under)


def forget_addresses() -> int:
    """Delete invitations to mere addresses 90 days after their campaign has closed or was
    withdrawn. Says how many. Called each day.
    """
    limit = timezone.now() - ADDRESSES_KEPT
    over = Q(campaign__closed_at__lt=limit) | Q(campaign__withdrawn_at__lt=limit)
    rows = EndorsementInvitation.objects.filter(over, organisation=None)
    return rows.delete()[0]


def _locked(invitation: EndorsementInvitation) -> EndorsementInvitation:
    rows = EndorsementInvitation.objects.select_for_update(of=("self",))
    found = rows.select_related("campaign", "organisation", "endorsement").get(pk=invitation.pk)
    if found.withdrawn_at is not None:
        raise Refusal("invitation-withdrawn", _("This invitation was taken back."))
    return found


def _invitation_of(endorsement: Endorsement) -> EndorsementInvitation | None:
    return EndorsementInvitation.objects.filter(endorsement=endorsement).first()


def _answer(invitation: EndorsementInvitation, answer: str) -> None:
    invitation.answer = answer
    invitation.answered_at = timezone.now()
    invitation.save()


def _forget_contact(invitation: EndorsementInvitation) -> None:
    EndorsementInvitation.objects.filter(pk=invitation.pk).update(contact_name="", contact_email="")


def _check_answerable(organisation: Organisation) -> None:
    if not organisation.is_member:
        raise not_member(organisation)
    if has_coordinator(organisation):
        raise Refusal(
            "organisation-has-coordinators",
            _("A coordinator of %(name)s signs for it, after signing in.") % {"name": organisation},
        )


def has_coordinator(organisation: Organisation) -> bool:
    """Whether somebody can sign for it after signing in."""
    standing = Mandate.objects.standing()
    return standing.filter(organisation=organisation, role=Mandate.Role.COORDINATOR).exists()


def _make_member(organisation: Organisation, under: Mandate) -> None:
    if organisation.state != Organisation.State.ASKED:
        raise not_member(organisation)
    network.admit(organisation, under=under)


def _open(campaign: Campaign) -> Campaign:
    campaign = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    if not campaign.is_open:
        raise Refusal("campaign-closed", _("This campaign does not take endorsements now."))
    return campaign
