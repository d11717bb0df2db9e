"""Who may do what with actions. Whoever holds a host's link is asked about as the link itself."""

from django.utils.translation import gettext as _

from convoca.accounts.models import Person
from convoca.actions.models import Action, HostLink, ListAsked
from convoca.campaigns.models import Campaign
from convoca.campaigns.rules import may_edit_campaign
from convoca.core.access import Visitor
from convoca.network.models import Committee, Mandate, Organisation
from convoca.network.models.mandate import MandateQuerySet, Role
from convoca.network.rules import has_role, hosts, is_steward, speaks_for

# --- moderators -----------------------------------------------------------------------------


def may_moderate(visitor: Visitor, action: Action) -> bool:
    """Stewards, and moderators of the action's country; what is online only, any moderator."""
    return is_steward(visitor) or has_role(visitor, Role.MODERATOR, country=action.country)


def may_moderate_anything(visitor: Visitor, thing: object = None) -> bool:
    return is_steward(visitor) or has_role(visitor, Role.MODERATOR)


def countries_moderated(visitor: Visitor) -> frozenset[str] | None:
    """The countries whose actions the visitor lets in; None is all of them, and online as well."""
    if is_steward(visitor):
        return None
    held = _standing(visitor).for_network().filter(role=Role.MODERATOR)
    countries = list(held.values_list("countries", flat=True))
    if any(not one for one in countries):
        return None
    return frozenset(code for one in countries for code in one)


def may_set_door(visitor: Visitor, campaign: Campaign) -> bool:
    """How a campaign lets actions in: those who edit it, and moderators of all countries."""
    return may_edit_campaign(visitor, campaign) or _moderates_everywhere(visitor)


def may_pause_hosting(visitor: Visitor, campaign: Campaign) -> bool:
    """Any moderator, because it must be quick."""
    return may_moderate_anything(visitor)


def may_call_trigger(visitor: Visitor, campaign: Campaign) -> bool:
    return is_steward(visitor)


def may_attach(visitor: Visitor, campaign: Campaign) -> bool:
    """For the campaign's side: those who edit it."""
    return may_edit_campaign(visitor, campaign)


# --- hosts ----------------------------------------------------------------------------------


def may_answer_for(visitor: Visitor, host: "Organisation | Committee") -> bool:
    """Who accepts to host for an organisation or a committee, and takes it back."""
    if isinstance(host, Organisation):
        return speaks_for(visitor, host)
    return hosts(visitor, host) or any(speaks_for(visitor, one) for one in host.organisations.all())


def may_host_at_work(visitor: Visitor, thing: object = None) -> bool:
    """Whoever answers for an organisation or a committee posts in its name without a mail."""
    return _standing(visitor).filter(role__in=[Role.COORDINATOR, Role.HOST]).exists()


def may_take_over(visitor: Visitor, action: Action) -> bool:
    """Coordinators of an organisation that hosts it, people of a committee that does, moderators
    of the country, stewards.
    """
    standing = action.hostings.standing().select_related("organisation", "committee")
    return may_moderate(visitor, action) or any(
        may_answer_for(visitor, row.host) for row in standing if not isinstance(row.host, str)
    )


def may_see_at_work(visitor: Visitor, action: Action) -> bool:
    """Who acts for one that hosts it, in any role; moderators of its country, stewards."""
    return Action.objects.in_hands_of(visitor).filter(pk=action.pk).exists()


def may_make_codes(visitor: Visitor, host: "Organisation | Committee") -> bool:
    return may_answer_for(visitor, host)


def may_vouch(visitor: Visitor, organisation: Organisation) -> bool:
    return organisation.is_member and speaks_for(visitor, organisation)


def may_edit_by_link(link: HostLink) -> bool:
    return link.is_confirmed


def may_end_by_link(link: HostLink) -> bool:
    """Cancel, delete, invite and end co-hosts, renew the link: not co-hosts."""
    return link.is_confirmed and link.is_main


def may_see_people(link: HostLink) -> bool:
    """The list of sign-ups: hosts of that action only; a successor after those on it were told."""
    return link.sees_people


# --- taking part ------------------------------------------------------------------------------


def may_sign_up(action: Action) -> bool:
    """Anybody, for what is public, not cancelled and not over; whether there is room is another
    question."""
    return why_no_sign_up(action) is None


def why_no_sign_up(action: Action) -> tuple[str, str] | None:
    """Why nobody can sign up for it: a code for programs, and a sentence; None where they can."""
    if action.is_told:
        return "action-told", _("Its hosts take no sign-ups here.")
    if action.is_cancelled:
        return "action-cancelled", _("This action was cancelled, so nobody can sign up for it.")
    if not action.is_public:
        return "action-not-public", _(
            "This action cannot be read at the moment, so nobody can sign up for it."
        )
    if action.is_past:
        return "action-past", _("This action is over, so nobody can sign up for it any more.")
    return None


# --- the coalition --------------------------------------------------------------------------


def may_see_board(visitor: Visitor, thing: object = None) -> bool:
    """The day board: whoever works for the network, and coordinators (counts only)."""
    return (
        may_moderate_anything(visitor)
        or _standing(visitor)
        .filter(role__in=[Role.COORDINATOR, Role.PRESS, Role.COMMUNICATOR])
        .exists()
    )


def may_export_actions(visitor: Visitor, thing: object = None) -> bool:
    return may_see_board(visitor)


def may_allow_list(visitor: Visitor, asked: ListAsked) -> bool:
    """A steward other than the one who asks."""
    is_open = asked.allowed_at is None and asked.declined_at is None
    return is_open and asked.asked_under.person_id != visitor.pk and is_steward(visitor)


def _standing(visitor: Visitor) -> MandateQuerySet:
    if not isinstance(visitor, Person) or visitor.pk is None:
        return Mandate.objects.none()
    return Mandate.objects.filter(person_id=visitor.pk).standing()


def _moderates_everywhere(visitor: Visitor) -> bool:
    held = _standing(visitor).for_network().filter(role=Role.MODERATOR)
    return any(not countries for (countries,) in held.values_list("countries"))
