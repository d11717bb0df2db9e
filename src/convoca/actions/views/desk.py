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
    wanted = {code for code in countries if code}
    held = [one for one in mandates_of(request.user) if _covers(one, wanted)]
    chosen = acting(request)
    if chosen in held:
        return chosen
    held.sort(key=lambda one: one.role != Role.MODERATOR)
    if not held:
        raise PermissionDenied
    return held[0]


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
