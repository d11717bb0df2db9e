"""Who may do what with what sources say."""

from convoca.actions.models import Action
from convoca.actions.rules import may_moderate
from convoca.campaigns.models import Campaign
from convoca.core.access import Visitor
from convoca.counting.models import Claim, Contest, Estimate, Link, Report, Source
from convoca.network.models.mandate import Role
from convoca.network.rules import has_role, is_steward


def may_note_press(visitor: Visitor, action: Action) -> bool:
    """Write down what a newspaper says: stewards, and moderators of the action's country."""
    return action.listed and may_moderate(visitor, action)


def may_set_aside(visitor: Visitor, estimate: Estimate) -> bool:
    """The same people, of what any source says."""
    action = estimate.claim.action
    return action is not None and may_moderate(visitor, action)


def may_screen(visitor: Visitor, report: Report) -> bool:
    """Hide its words or a photo of it: the same people."""
    return may_moderate(visitor, report.action)


def may_settle_results(visitor: Visitor, campaign: Campaign) -> bool:
    """Show totals, hide and publish them, note what others say: stewards, once it is public."""
    return is_steward(visitor) and campaign.is_public


def may_answer_contest(visitor: Visitor, contest: Contest) -> bool:
    """Whoever may weigh the figures of the action."""
    return may_moderate(visitor, contest.action)


def may_decide(visitor: Visitor, claim: Claim) -> bool:
    """Of which action a report is, and when and where that was: stewards, and moderators of the
    report's country; where it names none, any moderator.
    """
    return is_steward(visitor) or has_role(visitor, Role.MODERATOR, country=claim.country)


def may_place_in(visitor: Visitor, country: str) -> bool:
    """That a report is from this country: who moderates it. Others decide what becomes of it."""
    return is_steward(visitor) or has_role(visitor, Role.MODERATOR, country=country)


def may_part(visitor: Visitor, link: Link) -> bool:
    """That a linked report is of another action: whoever moderates the action."""
    return may_moderate(visitor, link.action)


def may_join(visitor: Visitor, action: Action) -> bool:
    """That it is the same as another one: whoever moderates it, once it is over."""
    return may_moderate(visitor, action) and action.is_past


def may_keep_sources(visitor: Visitor, source: Source | None = None) -> bool:
    """Say who a source is and under which licence its list may be passed on."""
    return is_steward(visitor) and (source is None or source.kind != Source.Kind.HOSTS)
