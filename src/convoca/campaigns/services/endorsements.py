"""Signing on: by an organisation itself, recorded for it, by invitation; and withdrawing."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from convoca.audit import services as audit
from convoca.campaigns.models import Campaign, Endorsement, EndorsementInvitation
from convoca.campaigns.services.asking import ask_to_confirm
from convoca.campaigns.signals import endorsement_given, endorsement_withdrawn
from convoca.core.errors import Refusal
from convoca.network.models import Mandate, Organisation
from convoca.outbox import services as outbox
from convoca.pages import services as pages
from convoca.texts.models import Version


@transaction.atomic
def endorse(campaign: Campaign, *, on_behalf_of: Organisation, under: Mandate) -> Endorsement:
    """Record an endorsement and thank the endorser. Repeating it changes nothing.

    One that the secretariat had recorded is confirmed by it, and one that was given by link and
    waits for a steward counts from now on. Refused: a campaign that is not
    open, an ended or foreign mandate, an organisation that is not a member at present.
    """
    campaign = _open(campaign)
    check_mandate(on_behalf_of, under)
    version = _version(campaign)
    endorsement, is_new = Endorsement.objects.get_or_create(
        campaign=campaign,
        organisation=on_behalf_of,
        withdrawn_at=None,
        defaults={
            "mandate": under,
            "text_version": version,
            "accepted_at": timezone.now(),
        },
    )
    if endorsement.accepted_at is None:
        _sign_what_waited(endorsement, version, under)
    elif not is_new:
        return confirm(endorsement, under=under)
    audit.record("endorsement.given", about=endorsement, under=under)
    _thank(endorsement, "campaigns/thanks")
    _now_counts(endorsement)
    return endorsement


def _sign_what_waited(endorsement: Endorsement, version: Version, under: Mandate) -> None:
    """It was given by link when nobody acted for the organisation; now its coordinator signs."""
    endorsement.how, endorsement.mandate = Endorsement.How.SIGNED, under
    endorsement.text_version = version
    endorsement.given_at = endorsement.accepted_at = timezone.now()
    endorsement.save()
    asked = EndorsementInvitation.objects.filter(endorsement=endorsement)
    asked.update(contact_name="", contact_email="")  # nobody has to answer them any more


@transaction.atomic
def record(
    campaign: Campaign,
    *,
    on_behalf_of: Organisation,
    given_at: datetime,
    proof: str,
    under: Mandate,
) -> Endorsement:
    """Enter an endorsement given elsewhere, with its day and proof; ask the organisation about it.

    It counts at once and is shown as recorded by the secretariat until the organisation confirms
    it. Repeating it changes nothing. `can_be_asked` says whether a mail reaches anybody.
    """
    campaign = _open(campaign)
    if not Organisation.objects.members().filter(pk=on_behalf_of.pk).exists():
        raise not_member(on_behalf_of)
    if not proof.strip():
        raise Refusal("proof-missing", _("Say where this endorsement can be checked."))
    if given_at > timezone.now():
        raise Refusal("day-to-come", _("That day has not come yet."))
    endorsement, is_new = Endorsement.objects.get_or_create(
        campaign=campaign,
        organisation=on_behalf_of,
        withdrawn_at=None,
        defaults={
            "how": Endorsement.How.RECORDED,
            "mandate": under,
            "text_version": _version(campaign),
            "given_at": given_at,
            "accepted_at": timezone.now(),
            "proof": proof.strip(),
        },
    )
    if is_new:
        audit.record("endorsement.recorded", about=endorsement, under=under)
        ask_to_confirm(endorsement)
        _now_counts(endorsement)
    return endorsement


@transaction.atomic
def confirm(endorsement: Endorsement, *, under: Mandate) -> Endorsement:
    """The organisation says that what was recorded for it is so. Repeating it changes nothing."""
    endorsement = _locked(endorsement)
    check_mandate(endorsement.organisation, under)
    if endorsement.withdrawn_at is not None:
        raise Refusal("endorsement-withdrawn", _("This endorsement was withdrawn."))
    if endorsement.is_recorded:
        endorsement.confirmed_at = timezone.now()
        endorsement.confirmed_under = under
        endorsement.save()
        audit.record("endorsement.confirmed", about=endorsement, under=under)
    return endorsement


@transaction.atomic
def withdraw_endorsement(endorsement: Endorsement, *, under: Mandate) -> Endorsement:
    """Take an endorsement back. It stays in the list as withdrawn, with its days. Repeatable.

    Under a steward's mandate only what the secretariat recorded and nobody has confirmed.
    """
    endorsement = _locked(endorsement)
    if endorsement.withdrawn_at is not None:
        return endorsement
    if not (endorsement.is_recorded and _is_stewards(under)):
        check_mandate(endorsement.organisation, under)
    endorsement.withdrawn_at = timezone.now()
    endorsement.withdrawn_under = under
    endorsement.save()
    audit.record("endorsement.withdrawn", about=endorsement, under=under)
    _note_answer(endorsement, EndorsementInvitation.Answer.DECLINED)
    _recount(endorsement)
    endorsement_withdrawn.send(Endorsement, endorsement=endorsement)
    return endorsement


@transaction.atomic
def accept(endorsement: Endorsement, *, mandate: Mandate, under: Mandate) -> Endorsement:
    """Let an endorsement given by invitation link count, now that its organisation is a member.

    `mandate` is what the person who signed has been given. Repeating it changes nothing.
    """
    endorsement = _locked(endorsement)
    if endorsement.accepted_at is not None:
        return endorsement
    if endorsement.withdrawn_at is not None:
        raise Refusal("endorsement-withdrawn", _("This endorsement was withdrawn."))
    check_mandate(endorsement.organisation, mandate)
    endorsement.mandate = mandate
    endorsement.accepted_at = timezone.now()
    endorsement.save()
    audit.record("endorsement.accepted", about=endorsement, under=under)
    _thank(endorsement, "campaigns/accepted")
    _now_counts(endorsement)
    return endorsement


@transaction.atomic
def decline_waiting(endorsement: Endorsement, *, under: Mandate | None) -> Endorsement:
    """A waiting endorsement does not count: a steward says so, or (`under` is None) nobody has
    confirmed it in time. Nothing of it was ever public.
    """
    endorsement = _locked(endorsement)
    if endorsement.accepted_at is not None:
        raise Refusal("endorsement-accepted", _("This endorsement counts already."))
    if endorsement.withdrawn_at is None:
        endorsement.withdrawn_at = timezone.now()
        endorsement.withdrawn_under = under
        endorsement.save()
        event = "endorsement.declined" if under is not None else "endorsement.lapsed"
        audit.record(event, about=endorsement, under=under)
    return endorsement


def _locked(endorsement: Endorsement) -> Endorsement:
    rows = Endorsement.objects.select_for_update(of=("self",))
    return rows.select_related("campaign", "organisation").get(pk=endorsement.pk)


def _open(campaign: Campaign) -> Campaign:
    campaign = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    if campaign.is_closed:  # it may have closed a moment ago
        raise Refusal("campaign-closed", _("This campaign no longer takes endorsements."))
    if not campaign.is_open:
        raise Refusal("campaign-unpublished", _("This campaign is not published."))
    return campaign


def _version(campaign: Campaign) -> Version:
    version = campaign.call.current
    if version is None:
        raise Refusal("call-unpublished", _("The call is not published."))
    return version


def _is_stewards(under: Mandate) -> bool:
    return under.is_for_network and under.role == Mandate.Role.STEWARD and under.is_standing


def check_mandate(organisation: Organisation, under: Mandate) -> None:
    """Refuse unless the mandate is a coordinator's, for this member, and stands; read anew."""
    if under.organisation_id != organisation.pk or under.role != Mandate.Role.COORDINATOR:
        raise Refusal(
            "mandate-foreign",
            _("Only a coordinator of %(name)s can sign for it.") % {"name": organisation},
        )
    if not Organisation.objects.members().filter(pk=organisation.pk).exists():
        raise not_member(organisation)
    if not under.is_standing:
        raise Refusal(
            "mandate-ended", _("Your mandate for %(name)s has ended.") % {"name": organisation}
        )


def not_member(organisation: Organisation) -> Refusal:
    """What is answered to an organisation that is suspended, has left, or has not yet joined."""
    return Refusal(
        "organisation-not-member",
        _("%(name)s is not a member at present.") % {"name": organisation},
    )


def _thank(endorsement: Endorsement, template: str) -> None:
    assert endorsement.mandate is not None  # noqa: S101  the database holds that it is named
    person = endorsement.mandate.person
    context = {"campaign": endorsement.campaign, "endorsement": endorsement}
    outbox.mail(template, to=person, language=person.language, about=endorsement, context=context)


def _now_counts(endorsement: Endorsement) -> None:
    """An organisation has answered, whichever way it was asked: tell lists and the apps above."""
    _note_answer(endorsement, EndorsementInvitation.Answer.ENDORSED)
    _recount(endorsement)
    endorsement_given.send(Endorsement, endorsement=endorsement)


def _note_answer(endorsement: Endorsement, answer: str) -> None:
    """What the organisation's invitation says is its last word, also after a "no"."""
    asked = EndorsementInvitation.objects.filter(
        campaign=endorsement.campaign_id,
        organisation=endorsement.organisation_id,
        withdrawn_at=None,
    )
    asked.exclude(answer=answer).update(answer=answer, answered_at=timezone.now())


def _recount(endorsement: Endorsement) -> None:
    """The list has changed: say since when, and raise every page that shows it."""
    campaign = endorsement.campaign
    Campaign.objects.filter(pk=campaign.pk).update(counted_at=timezone.now())
    pages.touch(*campaign.page_tags(), *endorsement.page_tags())
