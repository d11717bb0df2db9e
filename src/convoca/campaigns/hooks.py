"""What campaigns add to the floors below: an organisation's page, and open work at a hand-over."""

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from convoca.accounts.models import Person
from convoca.campaigns.addresses import link_to
from convoca.campaigns.front import reader
from convoca.campaigns.models import (
    Campaign,
    Endorsement,
    EndorsementInvitation,
    Material,
    Moment,
)
from convoca.campaigns.models.campaign import PUBLIC, State
from convoca.campaigns.services.asking import TO_CONFIRM
from convoca.network import handover, purposes, sections, trail
from convoca.network import services as network
from convoca.network.models import Invitation, Mandate, Organisation

SHOWN = 50
EVENTS = {
    "campaign.archived": gettext_lazy("%(who)s archived %(what)s"),
    "campaign.brought_back": gettext_lazy("%(who)s brought %(what)s back"),
    "campaign.changed": gettext_lazy("%(who)s changed %(what)s"),
    "campaign.closed": gettext_lazy("%(who)s closed %(what)s"),
    "campaign.demands_set": gettext_lazy("%(who)s changed the demands of %(what)s"),
    "campaign.published": gettext_lazy("%(who)s published %(what)s"),
    "campaign.reopened": gettext_lazy("%(who)s opened %(what)s again"),
    "campaign.restored": gettext_lazy("%(who)s took %(what)s out of the archive"),
    "campaign.started": gettext_lazy("%(who)s started the campaign %(what)s"),
    "campaign.submitted": gettext_lazy("%(who)s handed %(what)s in for review"),
    "campaign.taken_back": gettext_lazy("%(who)s took %(what)s back from review"),
    "campaign.title_translated": gettext_lazy(
        "%(who)s translated the title of %(what)s (%(language)s)"
    ),
    "campaign.unpublished": gettext_lazy("%(who)s took %(what)s back before anybody signed"),
    "campaign.withdrawn": gettext_lazy("%(who)s withdrew %(what)s"),
    "endorsement.accepted": gettext_lazy("%(who)s confirmed that %(what)s endorses %(campaign)s"),
    "endorsement.asked": gettext_lazy(
        "%(who)s asked organisations to endorse %(what)s (%(count)s)"
    ),
    "endorsement.confirmed": gettext_lazy(
        "%(who)s confirmed what was recorded: %(what)s endorses %(campaign)s"
    ),
    "endorsement.declined": gettext_lazy(
        "%(who)s did not accept that %(what)s endorses %(campaign)s"
    ),
    "endorsement.given": gettext_lazy("%(who)s signed for %(what)s: it endorses %(campaign)s"),
    "endorsement.given_by_link": gettext_lazy(
        "%(what)s endorsed %(campaign)s through an invitation"
    ),
    "endorsement.invitation_withdrawn": gettext_lazy(
        "%(who)s took back the invitation of %(what)s to endorse %(campaign)s"
    ),
    "endorsement.lapsed": gettext_lazy(
        "%(who)s let go of what nobody confirmed in time: %(what)s endorses %(campaign)s"
    ),
    "endorsement.recorded": gettext_lazy("%(who)s recorded that %(what)s endorses %(campaign)s"),
    "endorsement.refused": gettext_lazy("%(what)s declined to endorse %(campaign)s"),
    "endorsement.reminded": gettext_lazy(
        "%(who)s reminded silent organisations of %(what)s (%(count)s)"
    ),
    "endorsement.withdrawn": gettext_lazy(
        "%(who)s took back the endorsement of %(what)s for %(campaign)s"
    ),
    "material.added": gettext_lazy("%(who)s added the material %(what)s to %(campaign)s"),
    "material.brought_back": gettext_lazy(
        "%(who)s brought the material %(what)s of %(campaign)s back"
    ),
    "material.withdrawn": gettext_lazy("%(who)s withdrew the material %(what)s of %(campaign)s"),
    "moment.added": gettext_lazy("%(who)s added a date to %(campaign)s: %(what)s"),
    "moment.cancelled": gettext_lazy("%(who)s cancelled a date of %(campaign)s: %(what)s"),
    "moment.changed": gettext_lazy("%(who)s changed a date of %(campaign)s: %(what)s"),
    "moment.uncancelled": gettext_lazy(
        "%(who)s put a cancelled date of %(campaign)s back: %(what)s"
    ),
}
"""What campaigns record in the trail, as sentences."""
SUBJECTS = {
    "campaign": pgettext_lazy("in the trail", "Campaigns"),
    "endorsement": pgettext_lazy("in the trail", "Endorsements"),
    "moment material": pgettext_lazy("in the trail", "Dates and materials of campaigns"),
}


def _desk(campaign: Campaign) -> str:
    return reverse("campaigns:desk", args=[campaign.code])


KINDS = {
    Campaign: trail.Kind(
        lambda one: {"what": one},
        named=lambda words: Campaign.objects.found_by(words),
        url=_desk,
    ),
    Endorsement: trail.Kind(
        lambda one: {"what": one.organisation, "campaign": one.campaign},
        related=("organisation", "campaign"),
        named=lambda words: Endorsement.objects.filter(
            Q(organisation__in=Organisation.objects.searching(words))
            | Q(campaign__in=Campaign.objects.found_by(words))
        ),
        url=lambda one: reverse("campaigns:endorsements", args=[one.campaign.code]),
    ),
    EndorsementInvitation: trail.Kind(
        lambda one: {"what": one.trail_words or _("an address"), "campaign": one.campaign},
        related=("organisation", "campaign"),
        url=lambda one: reverse("campaigns:invitations", args=[one.campaign.code]),
    ),
    Material: trail.Kind(
        lambda one: {"what": one, "campaign": one.campaign},
        related=("campaign",),
        url=lambda one: _desk(one.campaign),
    ),
    Moment: trail.Kind(
        lambda one: {"what": one, "campaign": one.campaign},
        related=("campaign",),
        url=lambda one: _desk(one.campaign),
    ),
}


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


def _recorded(invitation: Invitation) -> dict[str, Any]:
    """The endorsement that an invitation asks to confirm, and its campaign."""
    rows = Endorsement.objects.filter(organisation=invitation.organisation)
    endorsement = rows.filter(pk=invitation.about).select_related("campaign").first()
    return {"endorsement": endorsement, "campaign": endorsement and endorsement.campaign}


def _words_to_confirm(invitation: Invitation) -> str:
    campaign = _recorded(invitation)["campaign"]
    return _(
        "To coordinate %(name)s here, and to confirm or take back its signature to “%(campaign)s”, "
        "which the secretariat has recorded."
    ) % {"name": invitation.organisation, "campaign": campaign and campaign.names}


def _where_to_confirm(invitation: Invitation) -> str:
    campaign = _recorded(invitation)["campaign"]
    return reverse("campaigns:endorse", args=[campaign.code]) if campaign else reverse("today")


def register() -> None:
    """Make all of it known."""
    sections.register(endorsed_by)
    sections.add_tags("campaigns")
    purposes.register(
        purposes.Purpose(
            TO_CONFIRM,
            words=_words_to_confirm,
            accept=network.accept_role,
            next_url=_where_to_confirm,
            check=network.check_role,
            template="campaigns/confirm-by-invitation",
            context=_recorded,
        )
    )
    handover.register(open_work)
    trail.add_events(EVENTS, SUBJECTS)
    for model, kind in KINDS.items():
        trail.add_kind(model, kind)
