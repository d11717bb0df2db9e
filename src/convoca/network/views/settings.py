"""The network's settings, its regions, and the trail."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from convoca.audit.models import Entry
from convoca.core.errors import Refusal
from convoca.network import services, spreadsheets, trail
from convoca.network.forms import NetworkForm, RegionForm
from convoca.network.models import Network, Region
from convoca.network.picking import status_of
from convoca.network.views.desk import posted, step, steward_only, under

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
