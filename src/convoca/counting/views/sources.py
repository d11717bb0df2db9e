"""Sources: who says something of actions, and under which licence it may be passed on."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from convoca.campaigns.authority import stewards_mandate
from convoca.core.access import fetch_for
from convoca.core.errors import Refusal
from convoca.core.undo import say_done
from convoca.counting.forms.sources import SourceForm
from convoca.counting.handing import handed_in
from convoca.counting.models import Source
from convoca.counting.rules import may_keep_sources
from convoca.counting.services.sources import keep_source
from convoca.network.picking import status_of

A_PAGE = 50


@never_cache
@login_required
@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    """All of them, with how much each has said and when it last handed a list in."""
    _stewards_only(request)
    asked = request.GET.get("q", "").strip()
    standing = Count("claims", filter=Q(claims__vanished_at=None))
    rows = Source.objects.annotate(said=standing).select_related("organisation")
    rows = rows.exclude(kind=Source.Kind.HOSTS, said=0).order_by("name", "pk")
    if asked:
        rows = rows.filter(name__icontains=asked)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    lists = handed_in([one.pk for one in page])
    context = {
        "page": page,
        "rows": [(one, lists.get(one.pk)) for one in page],
        "asked": asked,
        "hosts": Source.Kind.HOSTS,
    }
    return render(request, "counting/work/sources.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_source(request: HttpRequest) -> HttpResponse:
    """A new one."""
    _stewards_only(request)
    return _form(request, Source())


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_source(request: HttpRequest, code: str) -> HttpResponse:
    """What is said of one."""
    return _form(
        request, fetch_for(request.user, Source.objects.all(), may_keep_sources, code=code)
    )


def _stewards_only(request: HttpRequest) -> None:
    if not may_keep_sources(request.user):
        raise PermissionDenied


def _form(request: HttpRequest, source: Source) -> HttpResponse:
    form = SourceForm(request.POST if request.method == "POST" else None, instance=source)
    if form.is_bound and form.is_valid():
        try:
            keep_source(source, under=stewards_mandate(request), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("name", str(refusal))
        else:
            say_done(request, _("Saved."))
            return redirect("counting:sources")
    context = {"source": source if source.pk else None, "form": form}
    return render(request, "counting/work/source.html", context, status=status_of(form))
