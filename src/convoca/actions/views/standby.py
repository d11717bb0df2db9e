"""Standby: what actions of a campaign wait for, and the day on which it comes."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from convoca.actions import board as boards
from convoca.actions.forms.board import CallForm, TriggerForm
from convoca.actions.models import Trigger
from convoca.actions.rules import may_call_trigger
from convoca.actions.services import standby
from convoca.actions.views.desk import say_refused
from convoca.campaigns.authority import stewards_mandate
from convoca.campaigns.front import reader
from convoca.campaigns.models import Campaign
from convoca.core.access import fetch_for
from convoca.core.errors import Refusal


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
