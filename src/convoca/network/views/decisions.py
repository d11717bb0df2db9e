"""Decisions of two stewards."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from convoca.core.errors import Refusal
from convoca.network import rules, services, spreadsheets
from convoca.network.forms import ProposeForm
from convoca.network.models import Decision, Organisation
from convoca.network.views.desk import person_of, posted, step, steward_only, under

form_page = require_http_methods(["GET", "HEAD", "POST"])
PER_PAGE = 50
MOST_EXPORTED = 20_000


@steward_only
@require_safe
def decisions(request: HttpRequest) -> HttpResponse:
    """What waits for a second steward, what runs under notice, and what was decided."""
    all_of_them = Decision.objects.select_related(
        "organisation", "proposed_by", "confirmed_by", "withdrawn_by", "undone_by"
    )
    settled = all_of_them.exclude(confirmed_at=None, withdrawn_at=None)
    words = request.GET.get("q", "").strip()
    if words:
        settled = settled.filter(organisation__in=Organisation.objects.searching(words))
    if request.GET.get("as") == "csv":
        return _decisions_csv(settled)
    page = Paginator(settled, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "waiting": all_of_them.waiting(),
        "page": page,
        "settled": page.object_list,
        "wanted": {"q": words},
        "person": person_of(request),
    }
    return render(request, "network/work/decisions.html", context)


def _decisions_csv(settled: QuerySet[Decision]) -> HttpResponse:
    head = ["organisation", "kind", "reason", "proposed_by", "proposed_on", "confirmed_by"]
    head += ["confirmed_on", "withdrawn_on", "undone_on"]
    rows = [
        [
            str(one.organisation),
            one.kind,
            one.reason,
            str(one.proposed_by),
            one.proposed_at.date().isoformat(),
            str(one.confirmed_by or ""),
            *(
                at.date().isoformat() if at else ""
                for at in (one.confirmed_at, one.withdrawn_at, one.undone_at)
            ),
        ]
        for one in settled[:MOST_EXPORTED]
    ]
    return spreadsheets.write(_("decisions"), head, rows)


def _kinds(organisation: Organisation) -> list[str]:
    """What can be proposed about it as things stand."""
    kinds = []
    if organisation.is_member:
        kinds.append(Decision.Kind.SUSPEND)
    if organisation.is_member or organisation.state == Organisation.State.SUSPENDED:
        kinds.append(Decision.Kind.END)
    if organisation.is_member and not services.has_coordinator(organisation):
        kinds.append(Decision.Kind.APPOINT)
    return [str(kind.value) for kind in kinds]


@steward_only
@form_page
def propose(request: HttpRequest, code: str) -> HttpResponse:
    """Propose to suspend, to end, or to appoint; another steward confirms."""
    organisation = get_object_or_404(Organisation, code=code)
    kinds = _kinds(organisation)
    if not kinds:
        raise PermissionDenied
    form = ProposeForm(posted(request), kinds=kinds, initial={"kind": request.GET.get("kind")})
    if request.method == "POST" and form.is_valid():
        try:
            services.propose(organisation=organisation, under=under(request), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Proposed. It waits for a second steward."))
            return redirect("network:decisions")
    context = {
        "organisation": organisation,
        "form": form,
        "contacts": len(services.known_contacts(organisation)),
    }
    status = 422 if form.is_bound else 200
    return render(request, "network/work/propose.html", context, status=status)


def _decision(pk: int) -> Decision:
    return get_object_or_404(Decision.objects.select_related("organisation"), pk=pk)


@steward_only
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The second steward agrees."""
    found = _decision(pk)
    return step(
        request,
        "network:decisions",
        _("Confirmed: %(decision)s.") % {"decision": found},
        lambda: services.confirm(found, under=under(request)),
    )


@steward_only
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a proposal back, or cancel an appointment under notice."""
    found = _decision(pk)
    if not rules.may_withdraw(request.user, found):
        messages.error(request, _("This can no longer be withdrawn."))
        return redirect("network:decisions")
    return step(
        request,
        "network:decisions",
        _("Withdrawn: %(decision)s.") % {"decision": found},
        lambda: services.withdraw(found, under=under(request)),
    )


@steward_only
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo a decision within 30 days."""
    found = _decision(pk)
    return step(
        request,
        "network:decisions",
        _("Undone: %(decision)s. Everything is as before.") % {"decision": found},
        lambda: services.undo(found, under=under(request)),
    )
