"""What the moderators' screens share: who is at the desk, and under which mandate."""

from collections.abc import Callable, Iterable
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from convoca.actions.models import Action
from convoca.actions.queue import in_care_of
from convoca.actions.rules import may_moderate, may_moderate_anything
from convoca.actions.services import hosts
from convoca.core.access import fetch_for
from convoca.core.errors import Refusal
from convoca.network.middleware import acting
from convoca.network.models import Mandate
from convoca.network.models.mandate import Role
from convoca.network.services import mandates_of

View = Callable[..., HttpResponse]


def moderators_only(view: View) -> View:
    """Strangers are led to sign in; everybody but moderators and stewards is refused."""

    @wraps(view)
    @never_cache
    @login_required
    def screen(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not may_moderate_anything(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return screen


def in_care(request: HttpRequest, code: str) -> Action:
    """The action, for moderators of its country."""
    rows = in_care_of(request.user).select_related("campaign", "place", "description", "picture")
    return fetch_for(request.user, rows, may_moderate, code=code)


def moderators_mandate(request: HttpRequest, countries: Iterable[str] = ()) -> Mandate:
    """The mandate of a moderator of these countries, or a steward's: the one acted under, if it
    is one.
    """
    return _chosen(request, _held_by_moderator(request, countries))


def mandate_over(request: HttpRequest, action: Action) -> Mandate:
    """The mandate of somebody who answers for one of its hosts, else a moderator's or a steward's:
    the one acted under, if it is one.
    """
    found = [row.host for row in action.hostings.standing() if not isinstance(row.host, str)]
    own = [one for host in found for one in hosts.mandates_for(host).filter(person=request.user)]
    return _chosen(request, [*own, *_held_by_moderator(request, [action.country])])


def _chosen(request: HttpRequest, held: list[Mandate]) -> Mandate:
    if not held:
        raise PermissionDenied
    chosen = acting(request)
    return chosen if chosen in held else held[0]


def _held_by_moderator(request: HttpRequest, countries: Iterable[str]) -> list[Mandate]:
    wanted = {code for code in countries if code}
    held = [one for one in mandates_of(request.user) if _covers(one, wanted)]
    return sorted(held, key=lambda one: one.role != Role.MODERATOR)


def _covers(mandate: Mandate, countries: set[str]) -> bool:
    if not mandate.is_for_network:
        return False
    if mandate.role == Role.STEWARD:
        return True
    theirs = set(mandate.countries)
    return mandate.role == Role.MODERATOR and (not theirs or countries <= theirs)


def say_refused(request: HttpRequest, refusal: Refusal) -> None:
    """Why something was not done, above the next page."""
    messages.error(request, str(refusal), extra_tags="stop")
