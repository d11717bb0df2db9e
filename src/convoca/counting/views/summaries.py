"""What sources say of a campaign's moments, noted by stewards."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from convoca.campaigns.authority import stewards_mandate
from convoca.core.errors import Refusal
from convoca.core.undo import say_done
from convoca.counting.forms.summary import SummaryForm
from convoca.counting.models import Summary
from convoca.counting.services import summing
from convoca.counting.views.at_work import settled
from convoca.network.picking import status_of


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def summaries(request: HttpRequest, code: str) -> HttpResponse:
    """Those that were noted, and one more."""
    campaign = settled(request, code)
    is_sent = request.method == "POST"
    form = SummaryForm(request.POST if is_sent else None, moments=campaign.moments.standing())
    if form.is_bound and form.is_valid():
        try:
            summing.note_summary(**form.cleaned_data, under=stewards_mandate(request))
        except Refusal as refusal:
            form.add_error("kind", str(refusal))
        else:
            say_done(request, _("Saved."))
            return redirect("counting:summaries", code)
    rows = Summary.objects.filter(moment__campaign=campaign).select_related("source", "moment")
    context = {"campaign": campaign, "form": form, "rows": rows}
    return render(request, "counting/work/summaries.html", context, status=status_of(form))


@never_cache
@login_required
@require_POST
def remove_summary(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Take one away."""
    campaign = settled(request, code)
    rows = Summary.objects.select_related("moment__campaign")
    summary = get_object_or_404(rows, moment__campaign=campaign, pk=number)
    summing.remove_summary(summary, under=stewards_mandate(request))
    say_done(request, _("Taken away."))
    return redirect("counting:summaries", code)
