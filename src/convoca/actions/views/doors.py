"""How a campaign lets actions in: its door, the rota, a pause."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from convoca.actions.forms.moderation import DoorForm, PauseForm, RotaForm
from convoca.actions.models import Duty
from convoca.actions.rules import may_pause_hosting, may_set_door
from convoca.actions.services import doors
from convoca.actions.views.desk import moderators_mandate, say_refused
from convoca.campaigns.authority import editors_mandate
from convoca.campaigns.models import Campaign
from convoca.core.errors import Refusal
from convoca.core.undo import say_done
from convoca.network.models import Mandate


def _campaign(request: HttpRequest, code: str) -> Campaign:
    """The campaign, for whoever may do anything here; all others see no door."""
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user), code=code)
    if not (may_set_door(request.user, campaign) or may_pause_hosting(request.user, campaign)):
        raise PermissionDenied
    return campaign


def _under(request: HttpRequest, campaign: Campaign) -> Mandate:
    """A moderator's mandate, else that of who edits the campaign."""
    try:
        return moderators_mandate(request)
    except PermissionDenied:
        return editors_mandate(request, campaign)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def door(request: HttpRequest, code: str) -> HttpResponse:
    """The door's settings, the rota and the pause on one screen."""
    campaign = _campaign(request, code)
    may_set = may_set_door(request.user, campaign)
    if request.method == "POST":
        if not may_set:
            raise PermissionDenied
        return _set(request, campaign)
    return _screen(request, campaign)


def _set(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    rota_asked = request.POST.get("what") == "rota"
    form: Any = _rota_form(campaign, request.POST) if rota_asked else DoorForm(request.POST)
    if not form.is_valid():
        return _screen(request, campaign, **{"rota_form" if rota_asked else "form": form})
    if rota_asked:
        doors.set_rota(campaign, form.rota(), under=_under(request, campaign))
    else:
        doors.set_door(campaign, under=_under(request, campaign), **form.cleaned_data)
    say_done(request, _("Saved."))
    return redirect("actions:door", code=campaign.code)


def _rota_form(campaign: Campaign, data: Any = None) -> RotaForm:
    rota: dict[int, list[int]] = {}
    for day, mandate in Duty.objects.filter(campaign=campaign).values_list("weekday", "mandate"):
        rota.setdefault(day, []).append(mandate)
    return RotaForm(data, held=list(doors.for_rota()), rota=rota)


def _screen(request: HttpRequest, campaign: Campaign, **forms: Any) -> HttpResponse:
    door = doors.door_of(campaign)
    context = {
        "campaign": campaign,
        "door": door,
        "may_set": may_set_door(request.user, campaign),
        "may_pause": may_pause_hosting(request.user, campaign),
        "form": DoorForm(initial={"mode": door.mode, "flood_at": door.flood_at}),
        "rota_form": _rota_form(campaign),
        "pause_form": PauseForm(initial={"because": door.paused_because}),
        **forms,
    }
    return render(request, "actions/work/door.html", context, status=422 if forms else 200)


@never_cache
@login_required
@require_POST
def pause(request: HttpRequest, code: str) -> HttpResponse:
    """No new actions for now, with a public sentence."""
    campaign = _for_pausing(request, code)
    form = PauseForm(request.POST)
    if not form.is_valid():
        return _screen(request, campaign, pause_form=form)
    doors.pause_hosting(campaign, form.cleaned_data["because"], under=moderators_mandate(request))
    say_done(request, _("New actions are not taken for now. What waits stays in the queue."))
    return redirect("actions:door", code=code)


@never_cache
@login_required
@require_POST
def resume(request: HttpRequest, code: str) -> HttpResponse:
    """New actions are taken again."""
    campaign = _for_pausing(request, code)
    doors.resume_hosting(campaign, under=moderators_mandate(request))
    say_done(request, _("New actions are taken again."))
    return redirect("actions:door", code=code)


@never_cache
@login_required
@require_POST
def turn_back(request: HttpRequest, code: str) -> HttpResponse:
    """After a flood: as before."""
    campaign = _for_pausing(request, code)
    try:
        doors.turn_back(campaign, under=moderators_mandate(request))
    except Refusal as refusal:
        say_refused(request, refusal)
    else:
        say_done(request, _("Actions are let in as before the flood."))
    return redirect("actions:door", code=code)


def _for_pausing(request: HttpRequest, code: str) -> Campaign:
    campaign = _campaign(request, code)
    if not may_pause_hosting(request.user, campaign):
        raise PermissionDenied
    return campaign
