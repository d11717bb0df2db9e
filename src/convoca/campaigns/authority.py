"""Under which mandate a person does what a rule allowed: the one they act under, if it suits."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from convoca.campaigns.models import Campaign
from convoca.campaigns.rules import convening_mandates
from convoca.network import services as network
from convoca.network.middleware import acting
from convoca.network.models import Mandate, Organisation

COORDINATOR, STEWARD = Mandate.Role.COORDINATOR, Mandate.Role.STEWARD


def stewards_mandate(request: HttpRequest) -> Mandate:
    """The person's mandate as a steward."""
    return _chosen(request, _is_stewards) or _found(
        network.mandate_for(request.user, roles=[STEWARD])
    )


def editors_mandate(request: HttpRequest, campaign: Campaign) -> Mandate:
    """The mandate to edit this campaign: for an organisation that convenes it, or a steward's."""
    own = list(convening_mandates(request.user, campaign).with_names())
    chosen = _chosen(request, lambda mandate: mandate in own or _is_stewards(mandate))
    return chosen or (own[0] if own else stewards_mandate(request))


def coordinators_mandate(request: HttpRequest, organisation: Organisation) -> Mandate:
    """The mandate to sign for the organisation."""
    return _found(network.mandate_for(request.user, organisation, roles=[COORDINATOR]))


def starting_mandate(request: HttpRequest) -> Mandate:
    """The mandate to start a campaign: a steward's, or a coordinator's."""
    chosen = _chosen(request, lambda mandate: _is_stewards(mandate) or mandate.role == COORDINATOR)
    held = [m for m in network.mandates_of(request.user) if m.role in (STEWARD, COORDINATOR)]
    return chosen or _found(held[0] if held else None)


def _is_stewards(mandate: Mandate) -> bool:
    return mandate.is_for_network and mandate.role == STEWARD


def _chosen(request: HttpRequest, suits: Callable[[Mandate], bool]) -> Mandate | None:
    """The mandate that the person chose to act under, where it allows this."""
    mandate = acting(request)
    return mandate if mandate is not None and suits(mandate) else None


def _found(mandate: Mandate | None) -> Mandate:
    if mandate is None:
        raise PermissionDenied
    return mandate
