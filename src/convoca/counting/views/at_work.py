"""What stewards settle about a campaign's results."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from convoca.campaigns.authority import stewards_mandate
from convoca.campaigns.front import reader
from convoca.campaigns.models import Campaign
from convoca.core.access import fetch_for
from convoca.core.errors import Refusal
from convoca.core.undo import say_done
from convoca.counting import services
from convoca.counting.forms.results import PublishForm, ShowingForm
from convoca.counting.models import Publication
from convoca.counting.notes import counted_once
from convoca.counting.published import ShownPublication
from convoca.counting.results import Results, ledger_of
from convoca.counting.rules import may_settle_results


def settled(request: HttpRequest, code: str) -> Campaign:
    """The campaign, for stewards."""
    rows = Campaign.objects.visible_to(request.user)
    return fetch_for(request.user, rows, may_settle_results, code=code)


def _screen(
    request: HttpRequest, campaign: Campaign, status: int = 200, **forms: Any
) -> HttpResponse:
    found = Results(campaign, None, reader(), ledger_of(campaign, None))
    context = {
        "campaign": campaign,
        "results": found,
        "once": counted_once(found.tally),
        "form": ShowingForm(instance=found.showing),
        "publish_form": PublishForm(campaign=campaign),
        "publications": [
            ShownPublication(one, found.who)
            for one in Publication.objects.filter(campaign=campaign).select_related("moment")[:50]
        ],
        **forms,
    }
    return render(request, "counting/work/results.html", context, status=status)


@never_cache
@login_required
@require_safe
def work_results(request: HttpRequest, code: str) -> HttpResponse:
    """The totals as they are now, and whether they are shown."""
    return _screen(request, settled(request, code))


@login_required
@require_POST
def show_totals(request: HttpRequest, code: str) -> HttpResponse:
    """Show them from so many actions on, or hide them."""
    campaign = settled(request, code)
    form = ShowingForm(request.POST)
    if not form.is_valid():
        return _screen(request, campaign, 422, form=form)
    services.show_totals(campaign, under=stewards_mandate(request), **form.cleaned_data)
    say_done(request, _("Saved."))
    return redirect("counting:work-results", code)


@login_required
@require_POST
def publish_totals(request: HttpRequest, code: str) -> HttpResponse:
    """Keep them as they are now, under an address of their own."""
    campaign = settled(request, code)
    form = PublishForm(request.POST, campaign=campaign)
    if form.is_valid():
        try:
            services.publish_totals(campaign, under=stewards_mandate(request), **form.asked())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            say_done(request, _("Published."))
            return redirect("counting:work-results", code)
    return _screen(request, campaign, 422, publish_form=form)
