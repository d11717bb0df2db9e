"""The sign-ups of several actions: asked for by one steward, allowed by another, taken once."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from convoca.actions.forms.moderation import AskListForm
from convoca.actions.models import Action, ListAsked
from convoca.actions.rules import may_allow_list
from convoca.actions.services import lists as services
from convoca.actions.views.desk import say_refused
from convoca.campaigns.authority import stewards_mandate
from convoca.campaigns.models import Campaign
from convoca.core.errors import Refusal
from convoca.network import spreadsheets
from convoca.network.views.desk import person_of, steward_only


@steward_only
@require_http_methods(["GET", "HEAD", "POST"])
def lists(request: HttpRequest) -> HttpResponse:
    """What was asked for, and the form to ask."""
    form = _form(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            services.ask(under=stewards_mandate(request), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Asked. Another steward has to allow it."))
            return redirect("actions:lists")
    asked = ListAsked.objects.select_related(
        "campaign", "asked_under__person", "allowed_under__person"
    ).annotate(number=Count("actions"))
    page = Paginator(asked.order_by("-pk"), 50).get_page(request.GET.get("page"))
    person = person_of(request)
    context = {
        "form": form,
        "page": page,
        "rows": [
            {
                "asked": one,
                "may_allow": one.is_waiting and one.asked_under.person_id != person.pk,
                "may_take": one.is_to_take and one.asked_under.person_id == person.pk,
            }
            for one in page.object_list
        ],
    }
    status = 422 if form.is_bound else 200
    return render(request, "actions/work/lists.html", context, status=status)


def _form(data: Any) -> AskListForm:
    countries = Action.objects.exclude(country="").order_by().values_list("country", flat=True)
    return AskListForm(
        data,
        campaigns=Campaign.objects.kept().filter(actions__isnull=False).distinct(),
        countries=set(countries.distinct()),
        language=get_language() or "en",
    )


def _asked(pk: int) -> ListAsked:
    return get_object_or_404(ListAsked.objects.select_related("asked_under"), pk=pk)


@steward_only
@require_POST
def allow(request: HttpRequest, pk: int) -> HttpResponse:
    """The second steward agrees."""
    asked = _asked(pk)
    if asked.is_waiting and not may_allow_list(request.user, asked):
        messages.error(request, _("A second steward has to allow what you ask for."))
        return redirect("actions:lists")
    return _done(request, _("Allowed. Who asked can take it for 7 days."), services.allow, asked)


@steward_only
@require_POST
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """No; or who asked takes it back."""
    return _done(request, _("Declined."), services.decline, _asked(pk))


def _done(request: HttpRequest, words: str, verb: Any, asked: ListAsked) -> HttpResponse:
    try:
        verb(asked, under=stewards_mandate(request))
    except Refusal as refusal:
        say_refused(request, refusal)
    else:
        messages.success(request, words)
    return redirect("actions:lists")


@steward_only
@require_POST
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """The file, once."""
    try:
        rows = services.hand_out(_asked(pk), under=stewards_mandate(request))
    except Refusal as refusal:
        say_refused(request, refusal)
        return redirect("actions:lists")
    answer = spreadsheets.write(_("sign-ups"), services.HEAD, rows)
    answer["Cache-Control"] = "no-store"
    return answer
