"""Whom a mail to an organisation reaches, and the mails that ask it something."""

from collections.abc import Iterable
from dataclasses import dataclass

from convoca.campaigns.addresses import interface_language, link_to
from convoca.campaigns.models import Endorsement, EndorsementInvitation
from convoca.core.dates import list_words
from convoca.network import services as network
from convoca.network.models import Invitation, Mandate, Network, Organisation
from convoca.network.rules import ever_had_a_coordinator
from convoca.outbox import services as outbox


@dataclass(frozen=True)
class Recipient:
    """Somebody who gets a mail, in their language."""

    email: str
    language: str
    name: str = ""


def reach(organisations: Iterable[Organisation]) -> dict[int, list[Recipient]]:
    """Organisation → its coordinators; where it has none, its contact mail; where it gave none,
    whoever was invited to coordinate it and has not answered yet. Two queries.
    """
    wanted = {organisation.pk: organisation for organisation in organisations}
    found: dict[int, list[Recipient]] = {pk: [] for pk in wanted}
    coordinators = (
        Mandate.objects.standing()
        .filter(organisation__in=wanted, role=Mandate.Role.COORDINATOR)
        .select_related("person")
        .order_by("pk")
    )
    for mandate in coordinators:
        person = mandate.person
        found[mandate.organisation_id or 0].append(
            Recipient(person.email, person.language, person.name)
        )
    for pk, organisation in wanted.items():
        if not found[pk] and organisation.contact_mail:
            found[pk] = [Recipient(organisation.contact_mail, _language_of(organisation))]
    alone = [pk for pk in wanted if not found[pk]]
    for invited in _invited_to_coordinate(alone):
        recipient = Recipient(invited.email, invited.language, invited.name)
        if recipient not in found[invited.organisation_id or 0]:
            found[invited.organisation_id or 0].append(recipient)
    return found


def _invited_to_coordinate(organisations: Iterable[int]) -> Iterable[Invitation]:
    """Members come from a spreadsheet long before their people accept: they are asked as well."""
    role, way = Mandate.Role.COORDINATOR, Invitation.Way.MAIL
    rows = Invitation.objects.open().filter(organisation__in=organisations, role=role, way=way)
    return rows.order_by("pk")


def can_be_asked(organisation: Organisation) -> bool:
    """Whether a mail to the organisation reaches anybody."""
    return bool(reach([organisation])[organisation.pk])


def _language_of(organisation: Organisation) -> str:
    spoken = [*organisation.languages, *organisation.names]
    return str(spoken[0]) if spoken else "en"


def recipients_of(
    invitations: Iterable[EndorsementInvitation],
) -> dict[int, list[Recipient]]:
    """Invitation → whom it reaches. One query, however many."""
    asked = list(invitations)
    theirs = reach(i.organisation for i in asked if i.organisation is not None)
    return {
        i.pk: theirs[i.organisation.pk]
        if i.organisation is not None
        else [Recipient(i.email, i.language)]
        for i in asked
    }


def send_invitation(
    invitation: EndorsementInvitation, recipients: Iterable[Recipient], *, template: str
) -> int:
    """Mail an invitation, or its reminder, to everybody it reaches. Says how many."""
    told = 0
    convenors = list(invitation.campaign.convenors.all())
    for recipient in recipients:
        outbox.mail(
            template,
            to=recipient.email,
            language=recipient.language,
            about=invitation,
            urgency="long",
            context={
                "invitation": invitation,
                "campaign": invitation.campaign,
                "recipient": recipient,
                "convenors": _together(convenors, recipient.language),
                "url": link_to(
                    "campaigns:answer-invitation", invitation.token, language=recipient.language
                ),
            },
        )
        told += 1
    return told


def _together(convenors: Iterable[Organisation], language: str) -> str:
    spoken = interface_language(language)
    return list_words([one.names.in_language(spoken) for one in convenors], spoken)


TO_CONFIRM = "confirm-endorsement"
"""The purpose of an invitation to become coordinator, and then to confirm what was recorded."""


def ask_to_confirm(endorsement: Endorsement) -> int:
    """Ask the organisation whether what was recorded for it is so. Says how many were mailed.

    Where nobody has ever spoken for it, its contact mail is invited to coordinate it: only under a
    mandate can anybody confirm, or take back, what an organisation has signed.
    """
    told = 0
    organisation = endorsement.organisation
    if organisation.contact_mail and not ever_had_a_coordinator(organisation):
        network.invite(
            TO_CONFIRM,
            email=organisation.contact_mail,
            language=_language_of(organisation),
            organisation=organisation,
            role=Mandate.Role.COORDINATOR,
            about=str(endorsement.pk),
            under=endorsement.mandate,
        )
        return 1
    coordinators = Mandate.objects.standing().filter(
        organisation=organisation, role=Mandate.Role.COORDINATOR
    )
    can_sign_in = coordinators.exists()
    for recipient in reach([organisation])[organisation.pk]:
        outbox.mail(
            "campaigns/confirm-recorded",
            to=recipient.email,
            language=recipient.language,
            about=endorsement,
            context={
                "endorsement": endorsement,
                "campaign": endorsement.campaign,
                "recipient": recipient,
                "write_to": "" if can_sign_in else Network.load().imprint_mail,
                "url": link_to(
                    "campaigns:endorse" if can_sign_in else "campaigns:short",
                    endorsement.campaign.code,
                    language=recipient.language,
                ),
            },
        )
        told += 1
    return told
