"""Bringing a list in: hand it in, say what its columns mean, look at what it would do, say yes."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from convoca.accounts import limits
from convoca.core.access import fetch_for
from convoca.core.errors import Refusal
from convoca.counting.models import Source
from convoca.exchange import services
from convoca.exchange.forms import ColumnsForm, HandInForm
from convoca.exchange.models import Import
from convoca.exchange.rules import may_import
from convoca.exchange.services.foreseeing import SHOWN
from convoca.exchange.services.handing_in import mapping_of
from convoca.exchange.services.importing import LEFT_OUT_KEPT
from convoca.exchange.services.looking import (
    foresee,
    is_to_be_read,
    laid_open,
    reword,
)
from convoca.exchange.shown import what_became
from convoca.network import spreadsheets
from convoca.network.picking import status_of
from convoca.network.views.desk import person_of, posted, under

View = Callable[..., HttpResponse]
form_page = require_http_methods(["GET", "HEAD", "POST"])
PER_PAGE = 50
LISTS_AN_HOUR, HOUR = 30, timedelta(hours=1)
"""Of one person: each is read, packed and kept."""


def importers_only(view: View) -> View:
    """Strangers are led to sign in; everybody who may bring no lists in is refused."""

    @never_cache
    @wraps(view)
    @login_required
    def screen(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_import(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return screen


def _run(request: HttpRequest, number: int) -> Import:
    rows = Import.objects.select_related("source", "campaign", "under__person")
    return fetch_for(request.user, rows, may_import, pk=number)


@importers_only
@form_page
def bring_in(request: HttpRequest) -> HttpResponse:
    """Hand a list in; the next page says what its columns were taken for."""
    form = HandInForm(posted(request), request.FILES or None)
    if request.GET.get("kind") in Import.Kind.values:
        form.initial["kind"] = request.GET["kind"]
    status = 0
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            limits.refuse_often(f"lists of {person_of(request).pk}", LISTS_AN_HOUR, HOUR)
            run = services.hand_in(
                said["file"].name or "",
                said["file"],
                kind=said["kind"],
                source=form.the_source(),
                campaign=said["campaign"] if said["kind"] == Import.Kind.ACTIONS else None,
                is_whole=said["is_whole"] and said["kind"] == Import.Kind.ACTIONS,
                under=under(request),
            )
        except limits.TooOften as refusal:
            form.add_error(None, str(refusal))
            status = 429
        except Refusal as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("exchange:columns", run.pk)
    waiting = Import.objects.filter(started_at=None).select_related("source")
    begun = Import.objects.begun().select_related("source", "campaign", "under__person")
    context = {
        "form": form,
        "waiting": waiting[:PER_PAGE],
        "imports": [what_became(one) for one in begun[:10]],
        "has_more": begun.count() > 10,
    }
    return render(request, "exchange/bring_in.html", context, status=status or status_of(form))


@importers_only
@require_safe
def imports(request: HttpRequest) -> HttpResponse:
    """All lists that came in, or those of one source: who, when, how much."""
    rows = Import.objects.begun().select_related("source", "campaign", "under__person")
    source = None
    if code := request.GET.get("source", ""):
        source = get_object_or_404(Source, code=code)
        rows = rows.filter(source=source)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    sources = Source.objects.filter(imports__started_at__isnull=False).distinct().order_by("name")
    context = {
        "page": page,
        "imports": [what_became(one) for one in page.object_list],
        "source": source,
        "sources": sources[:200],
        "query": f"source={source.code}&" if source else "",
    }
    return render(request, "exchange/imports.html", context)


@importers_only
@form_page
def columns(request: HttpRequest, number: int) -> HttpResponse:
    """What each column means, confirmed or changed by a person."""
    run = _run(request, number)
    if elsewhere := _elsewhere(request, run):
        return elsewhere
    try:
        laid = laid_open(run)
    except Refusal as refusal:
        return _away(request, refusal)
    form = ColumnsForm(posted(request), mapping=mapping_of(run), initial=laid.proposed)
    if request.method == "POST" and form.is_valid():
        try:
            services.say_what_columns_mean(run, form.columns(), form.settings())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("exchange:preview", run.pk)
    pairs = [(column, form.column(at)) for at, column in enumerate(laid.columns)]
    context = {"run": run, "form": form, "laid": laid, "pairs": pairs}
    return render(request, "exchange/columns.html", context, status=status_of(form))


@importers_only
@form_page
def preview(request: HttpRequest, number: int) -> HttpResponse:
    """What the list would do, row by row; and saying yes."""
    run = _run(request, number)
    if elsewhere := _elsewhere(request, run):
        return elsewhere
    try:
        if request.method == "POST":
            services.begin(run, under=under(request))
            return redirect("exchange:list", run.pk)
        found = foresee(run, by=person_of(request))
    except Refusal as refusal:
        return _away(request, refusal)
    context = {"run": run, "found": found, "most": SHOWN}
    return render(request, "exchange/preview.html", context)


@importers_only
@require_safe
def show_list(request: HttpRequest, number: int) -> HttpResponse:
    """How far a list has come; then what became of it."""
    run = _run(request, number)
    if not run.has_begun:
        return redirect("exchange:columns", run.pk)
    shown = what_became(run)
    left_out = run.left_out.all()[:SHOWN]
    context = {
        "shown": shown,
        "run": run,
        "left_out": left_out,
        "kept_days": LEFT_OUT_KEPT.days,
        "is_running": not run.ended_at and not run.has_stopped,
    }
    return render(request, "exchange/list.html", context)


@importers_only
@require_POST
def go_on(request: HttpRequest, number: int) -> HttpResponse:
    """Let a list that stopped go on where it was."""
    run = _run(request, number)
    services.take_up_again(run)
    return redirect("exchange:list", run.pk)


@importers_only
@require_POST
def put_away(request: HttpRequest, number: int) -> HttpResponse:
    """Forget a list that nobody said yes to."""
    run = _run(request, number)
    if run.has_begun:
        return redirect("exchange:list", run.pk)
    services.put_away(run)
    messages.success(request, _("The list was put away. Nothing of it had been written."))
    return redirect("exchange:bring-in")


@importers_only
@require_safe
def left_out_csv(request: HttpRequest, number: int) -> HttpResponse:
    """The rows that were left out, as they stand in the file, each with its reason."""
    run = _run(request, number)
    width = len(run.headings)
    head = [_("row"), *run.headings, _("reason")]
    rows = (
        [row.number, *(row.as_refused().cells + [""] * width)[:width], row.why]
        for row in run.left_out.all().iterator()
    )
    return spreadsheets.write(f"left-out-{run.pk}", head, rows)


def _elsewhere(request: HttpRequest, run: Import) -> HttpResponse | None:
    """Where a list is that nobody can say anything of now: it has begun, or the worker looks
    through it first. Who says something of it needs no other words than those they have read.
    """
    if run.has_begun:
        return redirect("exchange:list", run.pk)
    if is_to_be_read(run) or (request.method != "POST" and reword(run)):
        context = {"run": run, "address": request.path}
        return render(request, "exchange/being_read.html", context)
    return None


def _away(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The file cannot be read any more: back to handing one in, with the reason."""
    messages.error(request, str(refusal))
    return redirect("exchange:bring-in")
