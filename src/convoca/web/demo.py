"""The demo's front door: who there is to sign in as. There is no such page elsewhere."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from convoca.accounts import services as accounts
from convoca.accounts.models import Person
from convoca.web.sample import ROLES


@never_cache
@require_safe
def demo(request: HttpRequest) -> HttpResponse:
    """Everybody in the sample network who has something to show."""
    if not settings.DEMO:
        raise Http404
    return render(request, "web/demo.html", {"roles": ROLES})


@require_POST
def demo_sign_in(request: HttpRequest, who: str) -> HttpResponse:
    """Sign in as this person, by a one-time link that is sent on as the POST that uses it."""
    if not settings.DEMO or who not in {role.key for role in ROLES}:
        raise Http404
    person = get_object_or_404(Person, email=next(role.email for role in ROLES if role.key == who))
    return redirect(accounts.login_link(person), preserve_request=True)
