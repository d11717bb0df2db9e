"""What campaigns add to the floors below: an organisation's page, and open work at a hand-over."""

from django.utils.translation import gettext_lazy

from convoca.accounts.models import Person
from convoca.campaigns.addresses import link_to
from convoca.campaigns.front import reader
from convoca.campaigns.models import Campaign, Endorsement, EndorsementInvitation
from convoca.campaigns.models.campaign import PUBLIC, State
from convoca.network import handover, sections, trail
from convoca.network.models import Mandate, Organisation

SHOWN = 50
EVENTS = {
    "campaign.archived": gettext_lazy("archived a campaign"),
    "campaign.brought_back": gettext_lazy("brought a campaign back"),
    "campaign.changed": gettext_lazy("changed a campaign"),
    "campaign.closed": gettext_lazy("closed a campaign"),
    "campaign.demands_set": gettext_lazy("changed the demands of a campaign"),
    "campaign.published": gettext_lazy("published a campaign"),
    "campaign.reopened": gettext_lazy("opened a campaign again"),
    "campaign.restored": gettext_lazy("took a campaign out of the archive"),
    "campaign.started": gettext_lazy("started a campaign"),
    "campaign.submitted": gettext_lazy("handed a campaign in for review"),
    "campaign.taken_back": gettext_lazy("took a campaign back from review"),
    "campaign.title_translated": gettext_lazy("translated the title of a campaign"),
    "campaign.unpublished": gettext_lazy("took a campaign back before anybody signed"),
    "campaign.withdrawn": gettext_lazy("withdrew a campaign"),
    "endorsement.accepted": gettext_lazy("accepted an endorsement"),
    "endorsement.asked": gettext_lazy("asked for an endorsement"),
    "endorsement.confirmed": gettext_lazy("confirmed an endorsement"),
    "endorsement.declined": gettext_lazy("declined to endorse"),
    "endorsement.given": gettext_lazy("endorsed a campaign"),
    "endorsement.given_by_link": gettext_lazy("endorsed a campaign by an invitation"),
    "endorsement.invitation_withdrawn": gettext_lazy("took back an invitation to endorse"),
    "endorsement.recorded": gettext_lazy("recorded an endorsement given elsewhere"),
    "endorsement.refused": gettext_lazy("refused an endorsement"),
    "endorsement.reminded": gettext_lazy("reminded of an endorsement"),
    "endorsement.withdrawn": gettext_lazy("withdrew an endorsement"),
    "material.added": gettext_lazy("added a material"),
    "material.brought_back": gettext_lazy("brought a material back"),
    "material.withdrawn": gettext_lazy("withdrew a material"),
    "moment.added": gettext_lazy("added a moment"),
    "moment.cancelled": gettext_lazy("cancelled a moment"),
    "moment.changed": gettext_lazy("changed a moment"),
    "moment.uncancelled": gettext_lazy("put a cancelled moment back"),
}
"""What campaigns record in the trail, in words that follow a person's name."""


def endorsed_by(organisation: Organisation) -> sections.Section | None:
    """What an organisation has signed and what it convenes, for its public page."""
    who = reader()
    signed = (
        Endorsement.objects.latest_each()
        .filter(
            organisation=organisation,
            campaign__state__in=PUBLIC,
            campaign__withdrawn_at=None,
        )
        .select_related("campaign")
        .order_by("-given_at", "-pk")[:SHOWN]
    )
    convened = (
        Campaign.objects.published()
        .filter(convenors=organisation)
        .order_by("-published_at")[:SHOWN]
    )
    context = {
        "organisation": organisation,
        "signed": [(row, who.words(row.campaign.names)) for row in signed],
        "convened": [(one, who.words(one.names)) for one in convened],
    }
    if not (context["signed"] or context["convened"]):
        return None
    return sections.Section("campaigns/_organisation.html", context)


def open_work(mandate: Mandate) -> list[handover.Work]:
    """Drafts and unanswered invitations; they belong to the organisation, so a successor has them
    as soon as they have the mandate.
    """
    who = reader()
    if mandate.role == Mandate.Role.COORDINATOR and mandate.organisation_id is not None:
        drafts = Campaign.objects.kept().filter(
            convenors=mandate.organisation_id, state__in=[State.DRAFT, State.REVIEW]
        )
        asked = EndorsementInvitation.objects.unanswered().filter(
            organisation=mandate.organisation_id, campaign__state=State.PUBLISHED
        )
    elif mandate.role == Mandate.Role.STEWARD and mandate.is_for_network:
        drafts = Campaign.objects.kept().filter(state=State.REVIEW)
        asked = EndorsementInvitation.objects.none()
    else:
        return []
    work = [
        handover.Work(
            f"{who.words(one.names)} ({one.get_state_display()})",
            link_to("campaigns:desk", one.code),
            _goes_with_the_mandate,
        )
        for one in drafts[:SHOWN]
    ]
    return work + [
        handover.Work(
            str(who.words(one.campaign.names)),
            link_to("campaigns:endorse", one.campaign.code),
            _goes_with_the_mandate,
        )
        for one in asked.select_related("campaign")[:SHOWN]
    ]


def _goes_with_the_mandate(successor: Person) -> None:
    """Nothing to move: what belongs to an organisation is seen by whoever acts for it."""


def register() -> None:
    """Make both known."""
    sections.register(endorsed_by)
    handover.register(open_work)
    trail.add_events(EVENTS)
