"""The station Act: the day board, silent committees, nudges, standby, other campaigns' actions."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from convoca.actions import board as boards
from convoca.actions.forms.board import CallForm, SilentForm, TriggerForm
from convoca.actions.models import Action, Attachment, Trigger
from convoca.actions.models.action import PUBLIC, State
from convoca.actions.rules import (
    may_attach,
    may_call_trigger,
    may_moderate_anything,
    may_see_at_work,
    may_see_board,
    may_take_over,
)
from convoca.actions.services import attaching, nudging, standby, succession
from convoca.actions.views.desk import (
    mandate_over,
    moderators_mandate,
    moderators_only,
    say_refused,
)
from convoca.campaigns.authority import editors_mandate, stewards_mandate
from convoca.campaigns.front import reader
from convoca.campaigns.models import Campaign
from convoca.core.access import fetch_for
from convoca.core.errors import Refusal
from convoca.core.fold import terms
from convoca.network import spreadsheets

A_PAGE = 50
MOST_NUDGED = 200


def _running() -> list[Campaign]:
    return list(Campaign.objects.open().order_by("-published_at", "-pk")[:20])


def _campaign(request: HttpRequest) -> Campaign | None:
    """The one asked for, else the one that was opened last."""
    running = _running()
    wanted = request.GET.get("campaign", "")
    if wanted:
        return get_object_or_404(Campaign.objects.published(), code=wanted)
    return running[0] if running else None


@never_cache
@login_required
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """How the day fills up: countries, towns without an action, the queue, the last hour."""
    if not may_see_board(request.user):
        return redirect("actions:my-actions")
    campaign = _campaign(request)
    context: dict[str, Any] = {"campaign": campaign, "running": _running()}
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


# Nudges and the silent


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


# The actions of those one acts for


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
    page = Paginator(rows.order_by("-created_at", "-pk"), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "actions/work/my_actions.html", {"page": page, "asked": asked})


def _visible(request: HttpRequest) -> Any:
    """The actions that somebody sees at work."""
    return Action.objects.visible_to(request.user)


def _fetched(request: HttpRequest, code: str, may: Any = may_see_at_work) -> Action:
    rows = _visible(request).select_related("campaign", "place")
    found: Action = fetch_for(request.user, rows, may, code=code)
    return found


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


# Standby


def _for_standby(request: HttpRequest, code: str) -> Campaign:
    rows = Campaign.objects.visible_to(request.user)
    return fetch_for(request.user, rows, may_call_trigger, code=code)


@never_cache
@login_required
def triggers(request: HttpRequest, code: str) -> HttpResponse:
    """What actions of a campaign may wait for; a new one is added here."""
    campaign = _for_standby(request, code)
    form = TriggerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        standby.add_trigger(
            campaign, names=form.cleaned_data["names"], under=stewards_mandate(request)
        )
        messages.success(request, _("Hosts can choose it from now on."))
        return redirect("actions:triggers", code=code)
    context = {
        "campaign": campaign,
        "title": reader().words(campaign.names),
        "form": form,
        "rows": boards.triggers_of(campaign),
    }
    status = 422 if form.errors else 200
    return render(request, "actions/work/triggers.html", context, status=status)


@never_cache
@login_required
def call_trigger(request: HttpRequest, code: str, trigger: str) -> HttpResponse:
    """The day has come: give it to all that wait, after saying whom that tells."""
    campaign = _for_standby(request, code)
    found = get_object_or_404(
        Trigger.objects.select_related("campaign"), campaign=campaign, code=trigger
    )
    form = CallForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            count = standby.call(found, under=stewards_mandate(request), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            words = ngettext(
                "Called: %(number)d action has this day now, and its host is asked to confirm.",
                "Called: %(number)d actions have this day now, and their hosts are asked to "
                "confirm.",
                count,
            ) % {"number": count}
            messages.success(request, words)
            return redirect("actions:triggers", code=code)
    context = {
        "campaign": campaign,
        "trigger": found,
        "form": form,
        **boards.reach_of(found),
    }
    status = 422 if form.errors else 200
    return render(request, "actions/work/call_trigger.html", context, status=status)


@login_required
@require_POST
def withdraw_trigger(request: HttpRequest, code: str, trigger: str) -> HttpResponse:
    campaign = _for_standby(request, code)
    found = get_object_or_404(Trigger, campaign=campaign, code=trigger)
    try:
        standby.withdraw_trigger(found, under=stewards_mandate(request))
    except Refusal as refusal:
        say_refused(request, refusal)
    else:
        messages.success(request, _("Hosts can no longer choose it."))
    return redirect("actions:triggers", code=code)


# Actions of other campaigns


@never_cache
@login_required
@require_safe
def attached(request: HttpRequest, code: str) -> HttpResponse:
    """Actions that ask to stand on this campaign's pages, those that do, and a search for more."""
    campaign = fetch_for(
        request.user, Campaign.objects.visible_to(request.user), may_attach, code=code
    )
    foreign = Attachment.objects.filter(campaign=campaign, detached_at=None).exclude(
        action__campaign=campaign
    )
    asked = request.GET.get("q", "")
    context = {
        "campaign": campaign,
        "title": reader().words(campaign.names),
        "rows": foreign.select_related("action__place", "action__campaign", "moment").order_by(
            "agreed_at", "-asked_at", "-pk"
        )[:A_PAGE],
        "asked": asked,
        "found": _attachable(campaign, asked),
        "moments": campaign.moments.standing(),
    }
    return render(request, "actions/work/attached.html", context)


def _attachable(campaign: Campaign, asked: str) -> list[Action]:
    """Public actions that are not on its pages yet, by their words or their short code."""
    words = terms(asked)[:8]
    if not words:
        return []
    rows = Action.objects.to_come().exclude(
        attachments__in=Attachment.objects.filter(campaign=campaign, detached_at=None)
    )
    by_code = list(rows.filter(short_code=asked.strip().upper())[:1])
    for word in words:
        rows = rows.filter(sought__contains=word)
    return by_code or list(rows.select_related("place", "campaign").in_time()[:20])


@login_required
@require_POST
def attach(request: HttpRequest, code: str, action: str, step: str) -> HttpResponse:
    """For the campaign's side: ask, agree, or take off."""
    campaign = fetch_for(
        request.user, Campaign.objects.visible_to(request.user), may_attach, code=code
    )
    found = get_object_or_404(Action.objects.public(), code=action)
    side, under = Attachment.Side.CAMPAIGN, editors_mandate(request, campaign)
    try:
        if step == "ask":
            moment = campaign.moments.filter(code=request.POST.get("moment", "")).first()
            attaching.ask_to_attach(found, campaign, moment=moment, side=side, under=under)
            done = _("The host is asked. It stands on your pages when they agree.")
        else:
            standing = get_object_or_404(Attachment, action=found, campaign=campaign)
            if step == "agree":
                attaching.agree(standing, side=side, under=under)
                done = _("It stands on your pages now.")
            elif step == "detach":
                attaching.detach(standing, side=side, under=under)
                done = _("It no longer stands on your pages.")
            else:
                raise Http404
    except Refusal as refusal:
        say_refused(request, refusal)
    else:
        messages.success(request, done)
    return redirect("actions:attached", code=code)
