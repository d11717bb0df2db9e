"""What everybody reads of an action: its page, its permanent and its short address."""

from typing import Any

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import conditional_page, require_safe

from convoca.actions.additions import parts_of, tags_of
from convoca.actions.feeds.files import facts
from convoca.actions.feeds.shown import shown
from convoca.actions.finding.nearby import NearAction, nearest_to
from convoca.actions.front import ActionFront, ShownAction
from convoca.actions.models import Action, Seats, Stop
from convoca.actions.models.action import ActionQuerySet
from convoca.actions.preview import Picture
from convoca.actions.sharing_facts import Share
from convoca.actions.tags import tags_of_words
from convoca.campaigns.front import reader
from convoca.campaigns.inks import ink_url
from convoca.campaigns.models import Campaign
from convoca.core.codes import tidy_short_code
from convoca.core.errors import Gone
from convoca.pages.public import public_page

FOR_EVER = "public, max-age=31536000, immutable"


def words_tags(request: HttpRequest, code: str, **kwargs: Any) -> list[str]:
    """What is said of an action. Not how many come, which changes with each who signs up."""
    return [*tags_of_words(code), "site"]


def action_tags(request: HttpRequest, code: str, **kwargs: Any) -> list[str]:
    """What an action's pages show: what is said of it, and how many come."""
    return [*words_tags(request, code), Seats.tag_of(code)]


def detail_tags(request: HttpRequest, code: str, **kwargs: Any) -> list[str]:
    """The same, and what apps above add to the page."""
    pk = Action.objects.filter(code=code).values_list("pk", flat=True).first()
    return [*action_tags(request, code), *(tags_of(pk) if pk is not None else ())]


def public_or_gone(rows: ActionQuerySet, **lookup: str) -> Action:
    """The public action that this names, or that it turned out to be; 410 for what was taken off,
    404 for what never was.
    """
    found = rows.filter(**lookup).first()
    if found is not None:
        return found
    same = Action.objects.filter(same_as__isnull=False, **lookup).values_list("same_as__code")
    for (code,) in same[:1]:
        return public_or_gone(rows, code=code)
    if Action.objects.filter(taken_off_at__isnull=False, **lookup).exists():
        raise Gone
    raise Http404


def for_reading() -> ActionQuerySet:
    """Public actions with all that their page shows."""
    return with_page(Action.objects.public())


def with_page(rows: ActionQuerySet) -> ActionQuerySet:
    """With all that the page of an action shows, in a fixed number of queries."""
    return (
        rows.with_front()
        .select_related("description", "picture", "place", "seats", "trigger")
        .prefetch_related(
            Prefetch("stops", Stop.objects.select_related("place", "action").order_by("number"))
        )
    )


@public_page(tags=detail_tags)
def detail(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """The stub is the page: day, clock, place, state; then all the rest."""
    action = public_or_gone(for_reading(), code=code)
    if code != action.code:  # found out, and it may be found out otherwise
        return redirect(action)
    if slug != action.slug():
        return redirect(action, permanent=True)
    front = ActionFront(action, reader())
    context = {
        "action": action,
        "front": front,
        "title": front.title,
        "ink_url": ink_url(action.campaign.ink),
        "picture": Picture(front),
        "campaigns": [
            (one, front.who.words(one.names))
            for one in Campaign.objects.published()
            .filter(attachments__action=action, attachments__stands=True)
            .order_by("pk")[:20]
        ],
        "others": [(ShownAction(one.action, front.who), one.far) for one in _instead_of(action)],
        "share": Share(action, front.who),
        "parts": parts_of(action),
    }
    return render(request, "actions/detail.html", context)


def _instead_of(action: Action) -> list[NearAction]:
    """What else is near a cancelled action."""
    if not action.is_cancelled or action.place is None:
        return []
    point = action.place.latitude, action.place.longitude
    return nearest_to(point, without=[action.pk])


@public_page(tags=words_tags, mirrored="papers")
def preview_picture(request: HttpRequest, code: str, stamp: str) -> HttpResponse:
    """The picture for sharing. An old address leads to the present picture."""
    action = get_object_or_404(Action.objects.public().select_related("campaign"), code=code)
    picture = Picture(ShownAction(action, reader()))
    if picture.stamp != stamp:
        return redirect(picture.path)
    answer = HttpResponse(picture.png(), content_type="image/png")
    answer["Cache-Control"] = FOR_EVER
    return answer


@public_page(tags=action_tags)
def by_code(request: HttpRequest, code: str) -> HttpResponse:
    """The address without its readable end, for maps: shorter, and in the page's language."""
    return redirect(public_or_gone(Action.objects.public(), code=code))


@conditional_page
@require_safe
def permanent(request: HttpRequest, code: str) -> HttpResponse:
    """The id without a language: JSON for programs, else the page in the language that the
    browser asks for.
    """
    action = public_or_gone(Action.objects.public(), code=code)
    answer = _to_page(request, action)
    if _wants_json(request):
        (one,) = shown([action], reader())
        answer = JsonResponse(facts(one))
    patch_vary_headers(answer, ["Accept", "Accept-Language"])
    answer["Cache-Control"] = "public, max-age=0, must-revalidate"
    return answer


def _wants_json(request: HttpRequest) -> bool:
    accepted = request.headers.get("Accept", "")
    return "application/json" in accepted and "text/html" not in accepted


@require_safe
def short(request: HttpRequest, typed: str) -> HttpResponse:
    """What was said aloud and typed: look-alikes are put right."""
    code = tidy_short_code(typed)
    if not code:
        raise Http404
    return _to_page(request, public_or_gone(Action.objects.public(), short_code=code))


def _to_page(request: HttpRequest, action: Action) -> HttpResponse:
    with translation.override(translation.get_language_from_request(request)):
        answer = redirect(action)
    patch_vary_headers(answer, ["Accept-Language"])
    return answer
