"""Actions at work: those one acts for, one of them, and taking it over."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from convoca.actions.additions import parts_at_work
from convoca.actions.models import Action
from convoca.actions.models.action import PUBLIC, State
from convoca.actions.rules import may_see_at_work, may_take_over
from convoca.actions.services import succession
from convoca.actions.views.desk import mandate_over, say_refused
from convoca.campaigns.front import reader
from convoca.core.access import Visitor, fetch_for
from convoca.core.errors import Refusal
from convoca.core.fold import terms

A_PAGE = 50


@never_cache
@login_required
@require_safe
def my_actions(request: HttpRequest) -> HttpResponse:
    """What the visitor's organisations and committees host; for moderators and stewards, all."""
    rows = Action.objects.in_hands_of(request.user).exclude(state=State.DRAFT)
    rows = rows.select_related("place", "campaign")
    asked = request.GET.get("q", "")
    for word in terms(asked)[:8]:
        rows = rows.filter(sought__contains=word)
    page = Paginator(rows.next_first(), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "actions/work/my_actions.html", {"page": page, "asked": asked})


def _fetched(
    request: HttpRequest, code: str, may: Callable[[Visitor, Action], bool] = may_see_at_work
) -> Action:
    rows = Action.objects.visible_to(request.user).select_related("campaign", "place")
    return fetch_for(request.user, rows, may, code=code)


@never_cache
@login_required
@require_safe
def at_work(request: HttpRequest, code: str) -> HttpResponse:
    """One action: who hosts it, where it stands, and what may be done about it from here."""
    action = _fetched(request, code)
    context = {
        "action": action,
        "title": reader().words(action.names),
        "hostings": action.hostings.select_related("organisation", "committee", "vouched_by"),
        "links": action.links.confirmed().count(),
        "attachments": action.attachments.filter(detached_at=None).select_related(
            "campaign", "moment"
        ),
        "parts": parts_at_work(action, request.user),
        "may_take_over": may_take_over(request.user, action) and action.state in PUBLIC,
    }
    return render(request, "actions/work/action.html", context)


@never_cache
@login_required
@require_POST
def take_over(request: HttpRequest, code: str) -> HttpResponse:
    """End the old links and open the host page under a new one."""
    action = _fetched(request, code, may_take_over)
    try:
        _link, secret = succession.take_over(action, under=mandate_over(request, action))
    except Refusal as refusal:
        say_refused(request, refusal)
        return redirect("actions:at-work", code=code)
    return redirect("actions:host-page", secret)
