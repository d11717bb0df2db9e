"""Who may do what with what sources say."""

from convoca.actions.models import Action
from convoca.actions.rules import may_moderate
from convoca.campaigns.models import Campaign
from convoca.core.access import Visitor
from convoca.counting.models import Contest, Estimate
from convoca.network.rules import is_steward


def may_note_press(visitor: Visitor, action: Action) -> bool:
    """Write down what a newspaper says: stewards, and moderators of the action's country."""
    return action.listed and may_moderate(visitor, action)


def may_set_aside(visitor: Visitor, estimate: Estimate) -> bool:
    """The same people, of what any source says."""
    action = estimate.claim.action
    return action is not None and may_moderate(visitor, action)


def may_settle_results(visitor: Visitor, campaign: Campaign) -> bool:
    """Show totals, hide and publish them, note what others say: stewards, once it is public."""
    return is_steward(visitor) and campaign.is_public


def may_answer_contest(visitor: Visitor, contest: Contest) -> bool:
    """Whoever may weigh the figures of the action."""
    return may_moderate(visitor, contest.action)
