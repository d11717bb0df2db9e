"""What the work screens share: who is at the desk, under which mandate, and simple steps."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django_stubs_ext import StrOrPromise

from convoca.accounts.models import Person
from convoca.core.errors import Refusal
from convoca.core.undo import say_done
from convoca.network import rules
from convoca.network.middleware import acting
from convoca.network.models import Committee, Mandate, Organisation
from convoca.network.models.mandate import Role
from convoca.network.services import mandate_for

View = Callable[..., HttpResponse]


def steward_only(view: View) -> View:
    """Strangers are led to sign in; everybody but stewards is refused."""

    @wraps(view)
    @login_required
    def screen(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not rules.is_steward(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return screen


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: what was sent, were it nothing; None where the page is only seen."""
    return request.POST if request.method == "POST" else None


def person_of(request: HttpRequest) -> Person:
    """The person at the desk; the view is behind `login_required`."""
    if not isinstance(request.user, Person):
        raise PermissionDenied
    return request.user


def under(
    request: HttpRequest,
    organisation: Organisation | None = None,
    committee: Committee | None = None,
) -> Mandate:
    """The mandate for this step: the one acted under if it fits, else the nearest that does.

    Nearest is one for the thing itself, then one for an organisation of the committee, then that
    of a steward.
    """
    person = person_of(request)
    fitting = [
        mandate_for(person, organisation, roles=[Role.COORDINATOR, Role.COMMUNICATOR])
        if organisation
        else None,
        mandate_for(person, committee=committee) if committee else None,
        *(
            mandate_for(person, one, roles=[Role.COORDINATOR])
            for one in (committee.organisations.all() if committee else [])
        ),
        mandate_for(person, roles=[Role.STEWARD]),
    ]
    found = [mandate for mandate in fitting if mandate is not None]
    if not found:
        raise PermissionDenied
    chosen = acting(request)
    return chosen if chosen in found else found[0]


def step(
    request: HttpRequest,
    back: str,
    done: StrOrPromise,
    verb: Callable[[], Any],
    undo: str | None = None,
) -> HttpResponse:
    """Do one thing that a button asks for, say what came of it, and go back to the screen.

    `undo` is the address that takes it back.
    """
    try:
        verb()
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        say_done(request, done, undo=undo)
    return redirect(back)
