"""Who may do what with a campaign, in each of its states.

|             | draft            | in review        | published  | closed     | archived   |
| ----------- | ---------------- | ---------------- | ---------- | ---------- | ---------- |
| read        | editors          | editors          | everybody  | everybody  | everybody  |
| edit        | editors          | editors          | editors    | nobody     | nobody     |
| next step   | submit: editors  | publish: stewards| close:     | archive:   | -          |
|             | publish: stewards|                  | stewards   | stewards   |            |
| step back   | -                | editors          | stewards * | stewards   | stewards   |
| withdraw    | editors          | editors          | stewards   | stewards   | stewards   |
| endorse     | -                | -                | the organisation's coordinators | - | - |

Editors are stewards, and the coordinators and communicators of the convening organisations.
A star: only while no organisation has signed. What was withdrawn comes back within 30 days, by
whoever may withdraw it.
"""

from dataclasses import dataclass
from typing import Literal

from convoca.accounts.models import Person
from convoca.campaigns.models import Campaign, Endorsement, State
from convoca.core.access import Visitor
from convoca.network.models import Mandate, Organisation
from convoca.network.models.mandate import MandateQuerySet
from convoca.network.rules import is_steward, speaks_for

EDITORS = (Mandate.Role.COORDINATOR, Mandate.Role.COMMUNICATOR)


@dataclass(frozen=True)
class Step:
    """One way from a state to another, who may take it, and which step takes it back."""

    name: str
    starts: tuple[State, ...]
    ends: State
    who: Literal["editors", "stewards"]
    back: str
    event: str


STEPS = {
    step.name: step
    for step in (
        Step("submit", (State.DRAFT,), State.REVIEW, "editors", "take-back", "campaign.submitted"),
        Step("take-back", (State.REVIEW,), State.DRAFT, "editors", "submit", "campaign.taken_back"),
        Step(
            "publish",
            (State.DRAFT, State.REVIEW),
            State.PUBLISHED,
            "stewards",
            "unpublish",
            "campaign.published",
        ),
        Step(
            "unpublish",
            (State.PUBLISHED,),
            State.REVIEW,
            "stewards",
            "publish",
            "campaign.unpublished",
        ),
        Step("close", (State.PUBLISHED,), State.CLOSED, "stewards", "reopen", "campaign.closed"),
        Step("reopen", (State.CLOSED,), State.PUBLISHED, "stewards", "close", "campaign.reopened"),
        Step(
            "archive", (State.CLOSED,), State.ARCHIVED, "stewards", "restore", "campaign.archived"
        ),
        Step(
            "restore", (State.ARCHIVED,), State.CLOSED, "stewards", "archive", "campaign.restored"
        ),
    )
}


def is_editor(visitor: Visitor, campaign: Campaign) -> bool:
    """Stewards, and coordinators and communicators of the convening organisations."""
    return is_steward(visitor) or convening_mandates(visitor, campaign).exists()


def convening_mandates(visitor: Visitor, campaign: Campaign) -> MandateQuerySet:
    """The visitor's standing mandates to edit for an organisation that convenes the campaign."""
    if not isinstance(visitor, Person):
        return Mandate.objects.none()
    return Mandate.objects.standing().filter(
        person=visitor, role__in=EDITORS, organisation__in=campaign.convenors.all()
    )


def may_create_campaign(visitor: Visitor) -> bool:
    """Stewards, and coordinators of member organisations, for their own organisation."""
    if is_steward(visitor):
        return True
    if not isinstance(visitor, Person):
        return False
    return (
        Mandate.objects.standing()
        .filter(person=visitor, role=Mandate.Role.COORDINATOR, organisation__isnull=False)
        .exists()
    )


def may_see_campaign(visitor: Visitor, campaign: Campaign) -> bool:
    """Everybody once it is public; before, whoever edits it."""
    return campaign.is_public or is_editor(visitor, campaign)


def may_edit_campaign(visitor: Visitor, campaign: Campaign) -> bool:
    """Editors, until it closes; nobody while it is withdrawn."""
    if campaign.is_closed or campaign.withdrawn_at is not None:
        return False
    return is_editor(visitor, campaign)


def may_take_step(visitor: Visitor, campaign: Campaign, step: Step) -> bool:
    """Whether the visitor may take this step from where the campaign stands."""
    if campaign.withdrawn_at is not None or campaign.state not in step.starts:
        return False
    return is_steward(visitor) if step.who == "stewards" else is_editor(visitor, campaign)


def may_withdraw_campaign(visitor: Visitor, campaign: Campaign) -> bool:
    """Editors while nobody else has read it, stewards afterwards; the same bring it back."""
    if campaign.published_at is not None:
        return is_steward(visitor)
    return is_editor(visitor, campaign)


def may_endorse(visitor: Visitor, organisation: Organisation) -> bool:
    """Only the organisation itself: a steward may invite, never sign for another."""
    return speaks_for(visitor, organisation)


def may_withdraw_endorsement(visitor: Visitor, endorsement: Endorsement) -> bool:
    """The organisation itself, and a steward what a steward recorded."""
    if speaks_for(visitor, endorsement.organisation):
        return True
    return endorsement.is_recorded and is_steward(visitor)


def may_follow_endorsements(visitor: Visitor, campaign: Campaign) -> bool:
    """Invite, remind, record and confirm: stewards only."""
    return is_steward(visitor)


def may_export_endorsements(visitor: Visitor, campaign: Campaign) -> bool:
    """Every member: whoever holds a standing mandate."""
    if not isinstance(visitor, Person):
        return False
    return Mandate.objects.standing().filter(person=visitor).exists()
