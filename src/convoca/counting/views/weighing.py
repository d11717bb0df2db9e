"""What moderators and stewards do with the figures of an action."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from convoca.actions.models import Action
from convoca.actions.views.desk import moderators_mandate
from convoca.core.access import fetch_for
from convoca.core.errors import Refusal
from convoca.core.undo import say_done
from convoca.counting.forms.weighing import PressForm, WhyForm
from convoca.counting.models import Estimate
from convoca.counting.rules import may_note_press, may_set_aside
from convoca.counting.services import weighing
from convoca.counting.shown import ShownEstimate
from convoca.network.picking import status_of


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def note_press(request: HttpRequest, code: str) -> HttpResponse:
    """A number that a newspaper prints."""
    rows = Action.objects.visible_to(request.user).select_related("campaign", "place")
    action = fetch_for(request.user, rows, may_note_press, code=code)
    form = PressForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        under = moderators_mandate(request, [action.country])
        try:
            noted = weighing.note_press(action, form.printed(), under=under)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            say_done(request, _("Noted: %(paper)s") % {"paper": noted.claim.source})
            return redirect("actions:at-work", code=code)
    context = {"action": action, "form": form}
    return render(request, "counting/work/press.html", context, status=status_of(form))


def _fetched(request: HttpRequest, number: int) -> Estimate:
    seen = Action.objects.visible_to(request.user)
    rows = Estimate.objects.filter(claim__action__in=seen).select_related(
        "claim__action__campaign", "claim__action__same_as", "claim__source"
    )
    return fetch_for(request.user, rows, may_set_aside, pk=number)


def _back(estimate: Estimate) -> HttpResponse:
    action = estimate.claim.action
    assert action is not None  # noqa: S101  `_fetched` asks for one
    return redirect("actions:at-work", code=(action.same_as or action).code)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def set_aside(request: HttpRequest, number: int) -> HttpResponse:
    """Why a figure counts no more."""
    estimate = _fetched(request, number)
    action = estimate.claim.action
    form = WhyForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        under = moderators_mandate(request, [action.country] if action else [])
        weighing.set_aside(estimate, why=form.cleaned_data["why"], under=under)
        undo = reverse("counting:put-back", args=[number])
        say_done(request, _("Set aside. It stays visible, struck."), undo=undo)
        return _back(estimate)
    context = {
        "action": (action.same_as or action) if action else None,
        "form": form,
        "one": ShownEstimate(estimate),
        "source": estimate.claim.source,
    }
    return render(request, "counting/work/set_aside.html", context, status=status_of(form))


@never_cache
@login_required
@require_POST
def put_back(request: HttpRequest, number: int) -> HttpResponse:
    """It counts again."""
    estimate = _fetched(request, number)
    action = estimate.claim.action
    under = moderators_mandate(request, [action.country] if action else [])
    weighing.put_back(estimate, under=under)
    say_done(request, _("It counts again."))
    return _back(estimate)
