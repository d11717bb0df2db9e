"""A figure is contested by whoever is named in it, and answered by moderators."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.crypto import constant_time_compare
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from convoca.accounts.guard import public_form
from convoca.actions.models import Action
from convoca.actions.rules import may_moderate
from convoca.actions.views.desk import moderators_mandate, moderators_only
from convoca.core.access import fetch_for
from convoca.core.clocks import next_midnight
from convoca.core.undo import say_done
from convoca.counting.forms.contesting import AnswerContestForm, ContestForm
from convoca.counting.models import Contest, ContestAsked
from convoca.counting.results import Results
from convoca.counting.rules import may_answer_contest
from convoca.counting.services import contesting
from convoca.counting.views.results import common, results_tags, shown_results
from convoca.network.picking import status_of
from convoca.pages.public import draw_again_at, public_page

MOST = 200


def _figure(code: str, action: str) -> tuple[Results, Action]:
    """The results, and one of their actions; 404 where nobody reads them."""
    found = shown_results(code, "")
    if action not in {one.code for one in found.ledger.actions}:
        raise Http404
    return found, get_object_or_404(Action, code=action)


def _form(
    request: HttpRequest, found: Results, action: Action, form: ContestForm, status: int
) -> HttpResponse:
    draw_again_at(next_midnight("UTC"))  # then it is kept until the day after
    context = common(found, action=action, form=form, kept_until=contesting.kept_until())
    return render(request, "counting/contest.html", context, status=status)


@public_page(tags=results_tags, mirrored="never")
def contest(request: HttpRequest, code: str, slug: str, action: str) -> HttpResponse:
    """The empty form."""
    found, row = _figure(code, action)
    if slug != found.campaign.slug():
        return redirect("counting:contest", code, found.campaign.slug(), action, permanent=True)
    return _form(request, found, row, ContestForm(), 200)


@public_form("contest-figure", limit=30)
def send_contest(request: HttpRequest, code: str, slug: str, action: str) -> HttpResponse:
    """Keep it until it is confirmed by mail."""
    found, row = _figure(code, action)
    form = ContestForm(request.POST)
    if not form.is_valid():
        return _form(request, found, row, form, 422)
    contesting.contest(row, language=get_language() or "en", **form.cleaned_data)
    return redirect("counting:contest-sent")


@public_page(tags=["site"], mirrored="never")
def contest_sent(request: HttpRequest) -> HttpResponse:
    """A mail is on its way."""
    return render(request, "counting/contest_sent.html")


def _asked(number: UUID, proof: str) -> ContestAsked:
    row = get_object_or_404(ContestAsked.objects.select_related("action__campaign"), pk=number)
    if not constant_time_compare(proof, contesting.proof_of(row)):
        raise Http404
    return row


@never_cache
@require_safe
def contest_confirm(request: HttpRequest, number: UUID, proof: str) -> HttpResponse:
    """The button; opening a mail's link alone opens nothing."""
    context = {"asked": _asked(number, proof), "proof": proof}
    return render(request, "counting/contest_confirm.html", context)


@public_form("contest-confirmed")
def contest_confirmed(request: HttpRequest, number: UUID, proof: str) -> HttpResponse:
    """It stands beside the figure from now on."""
    row = _asked(number, proof)
    contesting.confirm(row)
    campaign = row.action.campaign
    try:
        _figure(campaign.code, row.action.code)
    except Http404:  # the totals were hidden meanwhile: it stands with the action all the same
        return redirect(row.action)
    return redirect("counting:counted-action", campaign.code, campaign.slug(), row.action.code)


# --- moderators -------------------------------------------------------------------------------


@moderators_only
@require_safe
def contests(request: HttpRequest) -> HttpResponse:
    """Those that wait for an answer, from the countries that one moderates."""
    rows = Contest.objects.open().select_related("action__place")[:MOST]
    mine = [one for one in rows if may_moderate(request.user, one.action)]
    return render(request, "counting/work/contests.html", {"contests": mine})


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def answer_contest(request: HttpRequest, code: str) -> HttpResponse:
    """What is said, and the answer that everybody reads."""
    rows = Contest.objects.select_related("action__campaign", "action__place")
    row = fetch_for(request.user, rows, may_answer_contest, code=code)
    form = AnswerContestForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        under = moderators_mandate(request, [row.action.country])
        contesting.answer(row, under=under, **form.cleaned_data)
        say_done(request, _("Answered."))
        return redirect("counting:contests")
    context: dict[str, Any] = {"contest": row, "form": form}
    return render(request, "counting/work/contest.html", context, status=status_of(form))
