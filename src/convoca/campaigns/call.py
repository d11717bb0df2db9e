"""The call is a `Text`: what `texts` must know of the campaign that holds it."""

from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from convoca.campaigns import services
from convoca.campaigns.models import Campaign
from convoca.campaigns.rules import may_edit_campaign
from convoca.core.access import Visitor
from convoca.core.names import Names
from convoca.texts import registry


def address(campaign: Campaign, language: str, interface: str) -> str:
    """Where the call is read in a language, also one that has no interface."""
    with translation.override(interface):
        return reverse("campaigns:call", args=[campaign.code, campaign.slug(), language])


def may_translate(visitor: Visitor, campaign: Campaign, language: str) -> bool:
    """The editors themselves, until it closes; translators may by their language pairs."""
    return may_edit_campaign(visitor, campaign)


def set_title(campaign: Campaign, tag: str, words: str, *, by: Any) -> None:
    services.set_title(campaign, tag, words, by=by)


def title(campaign: Campaign) -> Names:
    names: Names = campaign.names
    return names


def edition(campaign: Campaign) -> str:
    """What the editors call this edition, else the year in which readers got it."""
    return campaign.edition or str((campaign.published_at or campaign.created_at).year)


def register() -> None:
    """Make campaigns known to `texts` as owners of calls."""
    registry.register(
        registry.TextOwner(
            model=Campaign,
            field="call",
            address=address,
            tags=Campaign.page_tags,
            title=title,
            set_title=set_title,
            may_edit=may_edit_campaign,
            may_translate=may_translate,
            is_public=lambda campaign: campaign.is_public,
            desk=lambda campaign: reverse("campaigns:desk", args=[campaign.code]),
            edition=edition,
            label=_("Calls"),
        )
    )
