"""Who may start from a text, and what becomes of it."""

from convoca.campaigns.models import Campaign
from convoca.campaigns.rules import may_create_campaign, may_edit_campaign, may_follow_endorsements
from convoca.core.access import Visitor
from convoca.drafting.models import ReadText
from convoca.network.rules import is_steward
from convoca.texts import rules as texts

REPORT = "report"


def may_start_from_text(visitor: Visitor) -> bool:
    """Whoever may start a campaign."""
    return may_create_campaign(visitor)


def may_work_at(visitor: Visitor, read: ReadText) -> bool:
    """Whoever sees it and may start a campaign."""
    return may_create_campaign(visitor)


def may_note_figures(visitor: Visitor, read: ReadText) -> bool:
    """What a report says of a whole moment is noted by stewards."""
    return read.kind == REPORT and is_steward(visitor)


def may_add_translation(visitor: Visitor, campaign: Campaign, language: str) -> bool:
    """Editors of the campaign, where they may translate its call into this language."""
    return may_edit_campaign(visitor, campaign) and texts.may_translate(
        visitor, campaign.call, language
    )


def may_ask_named(visitor: Visitor, campaign: Campaign) -> bool:
    """Inviting is for stewards."""
    return may_follow_endorsements(visitor, campaign)
