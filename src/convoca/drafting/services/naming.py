"""Organisations that a campaign's text names: asked, prepared for an invitation, or let be."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from convoca.audit import services as audit
from convoca.campaigns import services as campaigns
from convoca.campaigns.models import Campaign
from convoca.core.errors import Refusal
from convoca.core.names import Names
from convoca.drafting.models import Named
from convoca.network import services as network
from convoca.network.models import Mandate, Organisation


@transaction.atomic
def ask_members(campaign: Campaign, *, under: Mandate) -> campaigns.Invited:
    """Ask those who are members to endorse. Mails go out; asking again asks nobody twice. Who can
    not be written to stays on the list.
    """
    rows = campaign.named.filter(
        settled_at=None, organisation__state=Organisation.State.MEMBER
    ).select_related("organisation")
    wanted = [row.organisation for row in rows if row.organisation]
    done = campaigns.invite(campaign, organisations=wanted, under=under)
    asked = [row.pk for row in rows if str(row.organisation) not in done.unreachable]
    campaign.named.filter(pk__in=asked).update(settled_at=timezone.now())
    return done


@transaction.atomic
def prepare_invitation(named: Named, *, under: Mandate) -> Organisation:
    """Put an organisation that is no member into the directory as one to be invited; the invitation
    itself is written by a person on the next page. Doing it again answers the same one."""
    named = Named.objects.select_for_update(of=("self",)).get(pk=named.pk)
    if named.organisation is None:
        named.organisation = network.add_organisation(
            Names({named.language: named.name}),
            state=Organisation.State.INVITED,
            under=under,
        )
    elif named.organisation.is_member:
        raise Refusal("named-is-member", _("This organisation is a member already."))
    named.settled_at = timezone.now()
    named.save()
    return named.organisation


@transaction.atomic
def let_be(named: Named, *, back: bool = False, under: Mandate) -> None:
    """Take one off the list, or put it back."""
    named.settled_at = None if back else timezone.now()
    named.save(update_fields=["settled_at"])
    event = "campaign.named_put_back" if back else "campaign.named_let_be"
    audit.record(event, about=named, under=under)
