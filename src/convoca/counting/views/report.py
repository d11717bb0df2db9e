"""How did it go? One page behind the host's link."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from convoca.actions.models import HostLink
from convoca.actions.views.host_gate import by_link
from convoca.core.errors import Refusal
from convoca.counting.forms.report import ReportForm
from convoca.counting.models import Estimate, Report
from convoca.counting.models.report import is_reported_by_hosts
from convoca.counting.services import reporting
from convoca.network.picking import status_of


def figures_of(link: HostLink) -> list[Estimate]:
    """What the action's hosts have said so far of how many came."""
    rows = Estimate.objects.filter(
        claim__source__kind="hosts", claim__external_id=link.action.code, noted_under=None
    )
    return list(rows.filter(set_aside_at=None))


@by_link()
def host_report(request: HttpRequest, link: HostLink, token: str) -> HttpResponse:
    """What became of it, and later the same corrected."""
    action = link.action
    told = Report.objects.filter(action=action).first()
    is_sent = request.method == "POST"
    form = ReportForm(request.POST if is_sent else None, told=told, figures=figures_of(link))
    if form.is_bound and form.is_valid():
        given: dict[str, Any] = {
            name: form.cleaned_data[name] for name in ("happened", "words", "won", "present")
        }
        try:
            reporting.report(action, reporting.Told(**given, how_many=form.how_many), link=link)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            answer = redirect("counting:host-report", token=token)
            answer["Location"] += "?done=saved"
            return answer
    context = {
        "action": action,
        "token": token,
        "form": form,
        "told": told if told is not None and told.is_sent else None,
        "is_saved": request.GET.get("done") == "saved",
        "is_open": is_reported_by_hosts(action),
    }
    return render(request, "counting/host_report.html", context, status=status_of(form))
