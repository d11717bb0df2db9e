"""The network's settings, its regions, the import of members, and the trail."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from convoca.audit.models import Entry
from convoca.core.dates import number_words
from convoca.core.errors import Refusal
from convoca.core.languages import language_name
from convoca.network import services, spreadsheets, trail
from convoca.network.forms import NetworkForm, RegionForm, SpreadsheetForm
from convoca.network.models import Network, Region, Spreadsheet
from convoca.network.picking import status_of
from convoca.network.services.importing import COLUMNS
from convoca.network.views.desk import person_of, posted, step, steward_only, under

form_page = require_http_methods(["GET", "HEAD", "POST"])
PER_PAGE = 100
MOST_EXPORTED = 20_000


@steward_only
@form_page
def settings(request: HttpRequest) -> HttpResponse:
    """What the network is called, how it speaks, who answers for it."""
    form = NetworkForm(posted(request), network=Network.load())
    if request.method == "POST" and form.is_valid():
        try:
            services.save_network(under=under(request), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("network:settings")
    status = status_of(form)
    return render(request, "network/work/settings.html", {"form": form}, status=status)


@steward_only
@require_safe
def regions(request: HttpRequest) -> HttpResponse:
    """Named groups of countries."""
    context = {"regions": Region.objects.kept(), "removed": Region.objects.removed()}
    return render(request, "network/work/regions.html", context)


@steward_only
@form_page
def edit_region(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add or change a region."""
    region = get_object_or_404(Region.objects.kept(), pk=pk) if pk is not None else None
    form = RegionForm(posted(request), region=region)
    if request.method == "POST" and form.is_valid():
        services.save_region(region=region, under=under(request), **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("network:regions")
    context = {"form": form, "region": region}
    status = status_of(form)
    return render(request, "network/work/edit_region.html", context, status=status)


@steward_only
@require_POST
def remove_region(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a region, or, with `undo`, bring it back; countries stay what they are."""
    region = get_object_or_404(Region, pk=pk)
    verb = services.restore_region if "undo" in request.POST else services.remove_region
    undo = None if "undo" in request.POST else reverse("network:remove-region", args=[pk])
    said = _("It is back: %(name)s.") if undo is None else _("Removed: %(name)s.")
    done = said % {"name": region}
    return step(request, "network:regions", done, lambda: verb(region, under=under(request)), undo)


@steward_only
@form_page
def import_members(request: HttpRequest) -> HttpResponse:
    """Choose a spreadsheet of members; the next page shows what it would do."""
    form = SpreadsheetForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        uploaded = form.cleaned_data["file"]
        try:
            kept = services.keep_spreadsheet(
                uploaded.name, uploaded.read(spreadsheets.LARGEST + 1), by=person_of(request)
            )
        except Refusal as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("network:import-preview", kept.pk)
    status = status_of(form)
    return render(request, "network/work/import.html", _import_context(form), status=status)


def _import_context(form: SpreadsheetForm) -> dict[str, Any]:
    main = language_name(Network.load().main_language)
    return {"form": form, "columns": COLUMNS, "main": main}


@steward_only
@form_page
def import_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What the spreadsheet would do, row by row; and doing it."""
    kept = get_object_or_404(Spreadsheet, pk=pk, kept_by=person_of(request))
    try:
        if request.method == "POST" and kept.imported_at:  # the button was pressed twice
            messages.success(request, _("This file has been imported."))
            return redirect("network:work-organisations")
        if request.method == "POST":
            tally = services.import_spreadsheet(kept, by=person_of(request))
            added = ngettext(
                "%(count)s organisation was added.",
                "%(count)s organisations were added.",
                tally.added,
            ) % {"count": number_words(tally.added)}
            changed = ngettext(
                "%(count)s organisation was changed.",
                "%(count)s organisations were changed.",
                tally.changed,
            ) % {"count": number_words(tally.changed)}
            messages.success(request, f"{added} {changed}")
            return redirect("network:work-organisations")
        tally = services.preview_spreadsheet(kept, by=person_of(request))
    except Refusal as refusal:
        context = _import_context(SpreadsheetForm()) | {"refusal": refusal}
        return render(request, "network/work/import.html", context, status=422)
    shown = [row for row in tally.rows if row.state != "same"]
    shown.sort(key=lambda row: row.state != "wrong")  # what must be corrected, first
    context = {
        "spreadsheet": kept,
        "tally": tally,
        "rows": shown[:500],
        "more": max(0, len(shown) - 500),
    }
    return render(request, "network/work/import_preview.html", context)


@steward_only
@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """Who did what, for whom: newest first, in words."""
    subject, who, about = (request.GET.get(name, "").strip() for name in ("of", "who", "about"))
    rows = Entry.objects.order_by("-pk")
    found = trail.searched(rows, subject=subject, who=who, about=about)
    if request.GET.get("as") == "csv":
        lines = trail.in_words(found[:MOST_EXPORTED])
        head = ["at", "event", "what_happened", "for"]
        table = [[one.at.isoformat(), one.event, one.text, one.for_whom] for one in lines]
        return spreadsheets.write(_("trail"), head, table)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "entries": trail.in_words(page.object_list),
        "subject": subject,
        "subjects": trail.subjects(),
        "who": who,
        "about": about,
    }
    return render(request, "network/work/audit.html", context)
