"""The day board: how the day fills up, who is silent, and nudges to them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from convoca.actions import board as boards
from convoca.actions.forms.board import SilentForm
from convoca.actions.models import Attachment
from convoca.actions.models.action import State
from convoca.actions.queue import in_care_of
from convoca.actions.rules import may_attach, may_call_trigger, may_moderate_anything, may_see_board
from convoca.actions.services import nudging
from convoca.actions.views.desk import moderators_mandate, moderators_only
from convoca.campaigns.front import reader
from convoca.campaigns.models import Campaign
from convoca.network import spreadsheets

A_PAGE = 50
MOST_NUDGED = 200


def _campaign(request: HttpRequest, running: list[Campaign]) -> Campaign | None:
    """The one asked for, else the one that was opened last."""
    if wanted := request.GET.get("campaign", ""):
        return get_object_or_404(Campaign.objects.published(), code=wanted)
    return running[0] if running else None


@never_cache
@login_required
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """How the day fills up: countries, towns without an action, the queue, the last hour."""
    if not may_see_board(request.user):
        return redirect("actions:my-actions")
    running = list(Campaign.objects.open().order_by("-published_at", "-pk")[:20])
    campaign = _campaign(request, running)
    context: dict[str, Any] = {"campaign": campaign, "running": running}
    if campaign is not None:
        countries = boards.by_country(campaign)
        missing = boards.without_action(campaign)
        context |= {
            "title": reader().words(campaign.names),
            "countries": countries,
            "totals": _totals(countries),
            "missing": missing[:A_PAGE],
            "missing_count": missing.count(),
            "backlog": boards.backlog(campaign),
            "yours": in_care_of(request.user)
            .filter(campaign=campaign, state=State.WAITING)
            .count(),
            "changed": boards.changed_lately(campaign),
            "may_nudge": may_moderate_anything(request.user),
            "may_call": may_call_trigger(request.user, campaign),
            "may_attach": may_attach(request.user, campaign),
            "asked_to_attach": Attachment.objects.filter(
                campaign=campaign, agreed_at=None, detached_at=None, asked_by="host"
            ).count(),
        }
    return render(request, "actions/work/board.html", context)


def _totals(rows: list[boards.CountryRow]) -> dict[str, int]:
    names = ("on", "unconfirmed", "undated", "waiting", "cancelled", "people")
    totals = {name: sum(getattr(row, name) for row in rows) for name in names}
    return {**totals, "countries": sum(1 for row in rows if row.code)}


@moderators_only
@require_POST
def nudge(request: HttpRequest, code: str) -> HttpResponse:
    """Ask the chosen committees whether they put something on."""
    campaign = get_object_or_404(Campaign.objects.open(), code=code)
    chosen = [one for one in request.POST.getlist("committee") if len(one) == 8][:MOST_NUDGED]
    rows = boards.without_action(campaign).filter(code__in=chosen)
    asked = nudging.nudge(campaign, rows, under=moderators_mandate(request))
    words = ngettext("%(number)d person was asked.", "%(number)d people were asked.", asked) % {
        "number": asked
    }
    messages.success(request, words if asked else _("Nobody was asked: choose committees first."))
    return redirect("actions:act")


@never_cache
@login_required
@require_safe
def silent(request: HttpRequest) -> HttpResponse:
    """Committees that have put nothing on for some months and plan nothing."""
    if not may_see_board(request.user):
        raise PermissionDenied
    form = SilentForm(request.GET or None)
    page = Paginator(boards.silent(form.chosen), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "actions/work/silent.html", {"form": form, "page": page})


@never_cache
@login_required
@require_safe
def silent_csv(request: HttpRequest) -> HttpResponse:
    if not may_see_board(request.user):
        raise PermissionDenied
    rows = boards.silent(SilentForm(request.GET or None).chosen)[:20_000]
    return spreadsheets.write(
        "silent-committees",
        ["committee", "country", "town", "last_action_on"],
        [
            [
                str(one),
                one.country,
                one.place.name if one.place else "",
                last.date().isoformat() if (last := one.last_action_at) else "",  # type: ignore[attr-defined]  # annotated
            ]
            for one in rows
        ],
    )
