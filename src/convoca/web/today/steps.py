"""The first six steps of a new network; they tick themselves."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from convoca.campaigns.models import Campaign, EndorsementInvitation
from convoca.core.backups import last_backup
from convoca.network.models import Mandate, Network, Organisation


@dataclass(frozen=True)
class Step:
    """One step: what to do, why, where, and whether it is done."""

    what: str
    why: str
    url: str
    is_done: bool


def first_steps(network: Network) -> list[Step]:
    """Members, first call, languages, translators, invitations, backup: in this order."""
    draft = Campaign.objects.kept().order_by("-changed_at").first()  # begun, and to be gone on with
    translators = Mandate.objects.standing().for_network().filter(role="translator")
    return [
        Step(
            _("Bring in the members"),
            _("From a spreadsheet, or one by one."),
            f"{reverse('exchange:bring-in')}?kind=members",
            Organisation.objects.members().count() > 1,
        ),
        Step(
            _("Write the first call"),
            _("A title, a language, who calls together; then the text."),
            reverse("campaigns:desk", args=[draft.code]) if draft else reverse("campaigns:start"),
            Campaign.objects.published().exists(),
        ),
        Step(
            _("Say which languages the network speaks"),
            _("And what stands in where one is missing."),
            reverse("network:settings"),
            len(network.languages) > 1 and len(network.names) > 1,
        ),
        Step(
            _("Find translators"),
            _("Each for the pairs of languages that they master."),
            reverse("network:invite-to-network"),
            translators.exists(),
        ),
        Step(
            _("Invite organisations to sign"),
            _("Each in its own language; you see who has opened it."),
            reverse("campaigns:work-endorse"),
            EndorsementInvitation.objects.exists(),
        ),
        Step(
            _("Make the first backup"),
            _("On the server: convoca backup FILE. Then keep the file elsewhere."),
            reverse("help-page", args=["steward-network"]),
            last_backup(settings.CONVOCA_HOME) is not None,
        ),
    ]
