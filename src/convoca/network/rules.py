"""Who may do what. Every rule reads the standing mandates from the database when it is asked."""

from collections.abc import Iterable

from django.db.models import QuerySet

from convoca.accounts.models import Person
from convoca.core.access import Visitor
from convoca.network.models import (
    Committee,
    Decision,
    Invitation,
    JoinRequest,
    Mandate,
    Organisation,
)
from convoca.network.models.mandate import (
    COMMITTEE_ROLES,
    NETWORK_ROLES,
    ORGANISATION_ROLES,
    MandateQuerySet,
    Role,
)


def _standing(visitor: Visitor) -> MandateQuerySet:
    """The mandates the visitor may act under now; none for a stranger."""
    if not isinstance(visitor, Person) or visitor.pk is None:
        return Mandate.objects.none()
    return Mandate.objects.filter(person_id=visitor.pk).standing()


def has_role(visitor: Visitor, role: str, *, country: str = "") -> bool:
    """Whether the visitor holds this role of the network; a moderator, for this country.

    A moderator without countries is one for all of them.
    """
    held = list(_standing(visitor).for_network().filter(role=role).values_list("countries"))
    if role == Role.MODERATOR and country:
        return any(not countries or country in countries for (countries,) in held)
    return bool(held)


def is_steward(visitor: Visitor) -> bool:
    return has_role(visitor, Role.STEWARD)


def has_network_role(visitor: Visitor) -> bool:
    """Any role of the network itself."""
    return _standing(visitor).for_network().exists()


def is_member(visitor: Visitor) -> bool:
    """Whether the visitor acts for anybody at all: an organisation, a committee or the network."""
    return _standing(visitor).exists()


def acts_for(visitor: Visitor, organisation: Organisation, *roles: str) -> bool:
    """Whether the visitor holds a standing mandate for the organisation, in one of `roles`."""
    held = _standing(visitor).filter(organisation=organisation)
    return (held.filter(role__in=roles) if roles else held).exists()


def speaks_for(visitor: Visitor, organisation: Organisation) -> bool:
    """Only its coordinators bind an organisation."""
    return acts_for(visitor, organisation, Role.COORDINATOR)


def speaks_for_any(
    visitor: Visitor, organisations: "QuerySet[Organisation] | Iterable[Organisation]"
) -> bool:
    """Whether the visitor coordinates at least one of them."""
    return _standing(visitor).filter(role=Role.COORDINATOR, organisation__in=organisations).exists()


def hosts(visitor: Visitor, committee: Committee) -> bool:
    return _standing(visitor).filter(committee=committee, role=Role.HOST).exists()


# --- the network ----------------------------------------------------------------------------


def may_steward(visitor: Visitor, thing: object = None) -> bool:
    """What only stewards do: settings, regions, decisions, imports, roles of the network."""
    return is_steward(visitor)


def may_read_trail(visitor: Visitor) -> bool:
    return is_steward(visitor)


# --- organisations --------------------------------------------------------------------------


def may_see_organisation_at_work(visitor: Visitor, organisation: Organisation) -> bool:
    """Stewards, and everybody who acts for it."""
    return is_steward(visitor) or acts_for(visitor, organisation)


def may_edit_organisation(visitor: Visitor, organisation: Organisation) -> bool:
    """Its coordinators and communicators; stewards, since the directory is theirs to keep."""
    return is_steward(visitor) or acts_for(
        visitor, organisation, Role.COORDINATOR, Role.COMMUNICATOR
    )


def may_leave_network(visitor: Visitor, organisation: Organisation) -> bool:
    """Only the organisation itself leaves; stewards have decisions of two for that."""
    return organisation.is_member and speaks_for(visitor, organisation)


def may_admit(visitor: Visitor, organisation: Organisation) -> bool:
    """Stewards answer an organisation that asks; a declined one can be admitted later."""
    waiting = {Organisation.State.ASKED, Organisation.State.DECLINED}
    return organisation.state in waiting and is_steward(visitor)


def may_answer_join_request(visitor: Visitor, request: JoinRequest) -> bool:
    return request.confirmed_at is not None and is_steward(visitor)


def may_propose(visitor: Visitor, organisation: Organisation) -> bool:
    """Stewards propose to suspend, to end, or to appoint."""
    return is_steward(visitor)


def may_confirm(visitor: Visitor, decision: Decision) -> bool:
    """A steward other than the one who proposed."""
    return decision.is_waiting and decision.proposed_by_id != visitor.pk and is_steward(visitor)


def may_withdraw(visitor: Visitor, decision: Decision) -> bool:
    """Any steward, until it is carried out."""
    return (decision.is_waiting or decision.is_under_notice) and is_steward(visitor)


def may_undo(visitor: Visitor, decision: Decision) -> bool:
    return decision.can_be_undone and is_steward(visitor)


# --- committees -----------------------------------------------------------------------------


def may_edit_committee(visitor: Visitor, committee: Committee) -> bool:
    """Its own people, coordinators of its organisations, stewards."""
    return (
        is_steward(visitor)
        or hosts(visitor, committee)
        or speaks_for_any(visitor, committee.organisations.all())
    )


def may_start_committee(visitor: Visitor) -> bool:
    """Coordinators for their organisation; stewards."""
    return _standing(visitor).filter(role__in=[Role.COORDINATOR, Role.STEWARD]).exists()


# --- mandates and invitations ---------------------------------------------------------------


def roles_to_grant(
    visitor: Visitor,
    *,
    organisation: Organisation | None = None,
    committee: Committee | None = None,
) -> tuple[str, ...]:
    """The roles that the visitor may give to others, for this organisation, committee or network.

    Stewards give the roles of the network and those of committees. For an organisation its
    coordinators do; a steward only brings in the first coordinator of one that never had any
    (where nobody is left there is an appointment by two).
    """
    if organisation is not None:
        if speaks_for(visitor, organisation):
            return ORGANISATION_ROLES
        if is_steward(visitor) and not ever_had_a_coordinator(organisation):
            return (Role.COORDINATOR,)
        return ()
    if committee is not None:
        return COMMITTEE_ROLES if may_edit_committee(visitor, committee) else ()
    return NETWORK_ROLES if is_steward(visitor) else ()


def ever_had_a_coordinator(organisation: Organisation) -> bool:
    """Whether somebody has spoken for it: from then on its coordinators give its mandates."""
    return organisation.mandates.filter(role=Role.COORDINATOR).exists()


def may_grant(
    visitor: Visitor,
    role: str,
    *,
    organisation: Organisation | None = None,
    committee: Committee | None = None,
) -> bool:
    return role in roles_to_grant(visitor, organisation=organisation, committee=committee)


def may_end_mandate(visitor: Visitor, mandate: Mandate) -> bool:
    """One's own; those of one's organisation, committee or, for stewards, of the network."""
    if mandate.has_ended:
        return False
    if mandate.person_id == visitor.pk:
        return True
    if mandate.organisation is not None:
        return speaks_for(visitor, mandate.organisation)
    if mandate.committee is not None:
        return may_edit_committee(visitor, mandate.committee)
    return is_steward(visitor)


def may_forget_factors(visitor: Visitor, person: Person) -> bool:
    """Stewards, of members who are none: among themselves they are helped at the machine."""
    return is_steward(visitor) and not is_steward(person)


def may_hand_over(visitor: Visitor, mandate: Mandate) -> bool:
    """Only what is one's own and stands."""
    return mandate.person_id == visitor.pk and mandate.is_standing


def may_invite_member(visitor: Visitor) -> bool:
    """Stewards invite organisations to become members."""
    return is_steward(visitor)


def may_see_invitation(visitor: Visitor, invitation: Invitation) -> bool:
    """Stewards; coordinators of the organisation; people of the committee. Who sent it and has
    none of these mandates any more does not.
    """
    if is_steward(visitor):
        return True
    if invitation.organisation is not None:
        return speaks_for(visitor, invitation.organisation)
    return invitation.committee is not None and may_edit_committee(visitor, invitation.committee)


def may_revoke_invitation(visitor: Visitor, invitation: Invitation) -> bool:
    return invitation.is_open and may_see_invitation(visitor, invitation)
