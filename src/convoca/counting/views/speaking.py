"""At work on one action: a report is of another one; it is here twice; and both taken back."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from convoca.actions import queue
from convoca.actions.models import Action
from convoca.actions.views.desk import moderators_mandate, moderators_only, say_refused
from convoca.core.access import fetch_for
from convoca.core.errors import Refusal
from convoca.core.fold import terms
from convoca.core.undo import say_done
from convoca.counting import services
from convoca.counting.compared import shown_claim
from convoca.counting.forms.doubtful import FindActionForm
from convoca.counting.models import Claim, Link
from convoca.counting.rules import may_join, may_part
from convoca.counting.services import answering, joining

MOST_FOUND = 12


def _link(request: HttpRequest, code: str) -> Link:
    seen = Action.objects.visible_to(request.user)
    rows = Link.objects.filter(action__in=seen).select_related("claim__source", "action__same_as")
    return fetch_for(request.user, rows, may_part, code=code)


def _back(action: Action) -> HttpResponse:
    page = reverse("actions:at-work", args=[answering.canonical(action).code])
    return redirect(f"{page}#speaks-of-it")


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def part_claim(request: HttpRequest, code: str) -> HttpResponse:
    """A report that was linked here is of another action: what follows from it, and doing it."""
    row = _link(request, code)
    if request.method == "POST":
        if row.state != Link.State.LINKED:
            return _back(row.action)
        services.undo(row, under=moderators_mandate(request, [row.action.country]))
        words = _("The report of %(source)s is of another action.") % {"source": row.claim.source}
        say_done(request, words, undo=reverse("counting:rejoin", args=[code]))
        return _back(row.action)
    along = Claim.objects.standing().filter(action=row.claim.action).exclude(pk=row.claim.pk)
    context = {
        "row": row,
        "action": answering.canonical(row.action),
        "one": shown_claim(row.claim),
        "along": along.count() if row.claim.founds else 0,
    }
    return render(request, "counting/work/part_claim.html", context)


@moderators_only
@require_POST
def rejoin(request: HttpRequest, code: str) -> HttpResponse:
    """Take that back: the report is of this action after all."""
    row = _link(request, code)
    try:
        under = moderators_mandate(request, [row.action.country])
        answering.link_again(row, under=under)
    except Refusal as refusal:
        say_refused(request, refusal)
    else:
        say_done(request, _("The report is of this action again."))
    return _back(row.action)


# --- put on here twice ----------------------------------------------------------------------------


def _joinable(request: HttpRequest, code: str) -> Action:
    rows = Action.objects.visible_to(request.user).select_related("campaign", "place", "same_as")
    return fetch_for(request.user, rows, may_join, code=code)


@moderators_only
@require_safe
def find_same(request: HttpRequest, code: str) -> HttpResponse:
    """Which other action is the same as this one."""
    action = _joinable(request, code)
    asked: dict[str, Any] = {"q": "", "day": action.day.isoformat() if action.day else ""}
    form = FindActionForm(request.GET if "q" in request.GET else asked)
    context = {
        "action": action,
        "form": form,
        "found": _others(request, action, form) if form.is_valid() else [],
    }
    return render(request, "counting/work/find_same.html", context)


def _others(request: HttpRequest, action: Action, form: FindActionForm) -> list[Action]:
    rows = queue.in_care_of(request.user).past().exclude(pk=action.pk)
    for word in terms(form.cleaned_data["q"])[:8]:
        rows = rows.filter(sought__contains=word)
    if day := form.cleaned_data["day"]:
        rows = rows.filter(day=day)
    near = rows.select_related("place", "campaign").order_by("-starts_at", "pk")
    here = list(near[: 10 * MOST_FOUND])
    return sorted(here, key=lambda one: one.place_id != action.place_id)[:MOST_FOUND]


@moderators_only
@require_POST
def join_action(request: HttpRequest, code: str, other: str) -> HttpResponse:
    """They are one action."""
    action = _joinable(request, code)
    mine = queue.in_care_of(request.user).select_related("same_as")
    second = get_object_or_404(mine, code=other)
    try:
        under = moderators_mandate(request, [action.country])
        goes = joining.join(action, second, under=under)
    except Refusal as refusal:
        say_refused(request, refusal)
        return redirect("counting:find-same", code)
    if goes.is_told:
        row = Link.objects.get(claim__action=goes, claim__founds=True, state=Link.State.LINKED)
        undo = reverse("counting:part-claim", args=[row.code])
    else:
        undo = reverse("counting:part-action", args=[goes.code])
    say_done(request, _("They are one action now: “%(action)s”.") % {"action": goes}, undo=undo)
    return _back(goes)


@moderators_only
@require_POST
def part_action(request: HttpRequest, code: str) -> HttpResponse:
    """They are two actions after all."""
    action = _joinable(request, code)
    stays = action.same_as
    joining.part_action(action, under=moderators_mandate(request, [action.country]))
    if stays is None:
        return _back(action)
    undo = reverse("counting:join-action", args=[code, stays.code])
    say_done(request, _("“%(action)s” stands for itself again.") % {"action": action}, undo=undo)
    return _back(stays)
