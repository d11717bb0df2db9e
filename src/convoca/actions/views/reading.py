"""What everybody reads of an action: its page, its permanent and its short address."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from convoca.actions.models import Action
from convoca.actions.models.action import ActionQuerySet
from convoca.campaigns.front import reader
from convoca.campaigns.inks import ink_url
from convoca.core.codes import tidy_short_code
from convoca.pages.services import public_page


def action_tags(request: HttpRequest, code: str, **kwargs: Any) -> list[str]:
    """What an action's pages show: itself, its campaign, its hosts' names, the site."""
    found = Action.objects.filter(code=code).values_list("pk", "campaign").first()
    own = [f"action:{found[0]}", f"campaign:{found[1]}"] if found else []
    return [*own, "organisations", "committees", "site"]


def for_reading() -> ActionQuerySet:
    """Public actions with all that their page shows."""
    rows = Action.objects.public().with_front()
    return rows.select_related(
        "campaign__call", "description", "picture", "place"
    ).prefetch_related("stops__place")


@public_page(tags=action_tags)
def detail(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """The stub is the page: day, clock, place, state; then all the rest."""
    action = get_object_or_404(for_reading(), code=code)
    if slug != action.slug():
        return redirect(action, permanent=True)
    who = reader()
    context = {
        "action": action,
        "title": who.words(action.names),
        "ink_url": ink_url(action.campaign.ink),
    }
    return render(request, "actions/detail.html", context)


@public_page(tags=action_tags)
def by_code(request: HttpRequest, code: str) -> HttpResponse:
    """The address without its readable end, for maps: shorter, and in the page's language."""
    return redirect(get_object_or_404(Action.objects.public(), code=code))


@require_safe
def permanent(request: HttpRequest, code: str) -> HttpResponse:
    """The id without a language: leads to the page in the language that the browser asks for."""
    return _to_page(request, get_object_or_404(Action.objects.public(), code=code))


@require_safe
def short(request: HttpRequest, typed: str) -> HttpResponse:
    """What was said aloud and typed: look-alikes are put right."""
    code = tidy_short_code(typed)
    if not code:
        raise Http404
    return _to_page(request, get_object_or_404(Action.objects.public(), short_code=code))


def _to_page(request: HttpRequest, action: Action) -> HttpResponse:
    with translation.override(translation.get_language_from_request(request)):
        answer = redirect(action)
    patch_vary_headers(answer, ["Accept-Language"])
    return answer
