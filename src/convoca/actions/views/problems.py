"""Report a problem with an action, and what moderators do about it."""

from collections.abc import Callable
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from convoca.accounts.guard import public_form
from convoca.accounts.limits import network_key
from convoca.actions import queue
from convoca.actions.forms.moderation import AnswerForm, ReportForm, TakeOffForm
from convoca.actions.models import Action, Problem
from convoca.actions.services import problems
from convoca.actions.views.desk import in_care, moderators_mandate, moderators_only, say_refused
from convoca.actions.views.reading import action_tags
from convoca.core.errors import Refusal
from convoca.core.undo import say_done
from convoca.pages.public import public_page

# --- everybody ------------------------------------------------------------------------------


def _public(code: str) -> Action:
    return get_object_or_404(Action.objects.public().select_related("campaign"), code=code)


def _asked(request: HttpRequest, action: Action, form: ReportForm, status: int) -> HttpResponse:
    context = {"action": action, "form": form, "kept_until": problems.kept_until(action)}
    return render(request, "actions/report.html", context, status=status)


@public_page(tags=action_tags, mirrored="never")
def report(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """The empty form."""
    action = _public(code)
    if slug != action.slug():
        return redirect("actions:report", code, action.slug(), permanent=True)
    return _asked(request, action, ReportForm(), 200)


@public_form("report-action", limit=60)
def send_report(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """Keep the report, and say what follows."""
    action = _public(code)
    form = ReportForm(request.POST)
    if not form.is_valid():
        return _asked(request, action, form, 422)
    problems.report(
        action, language=get_language() or "en", sender=network_key(request), **form.cleaned_data
    )
    return redirect("actions:reported")


@public_page(tags=["site"], mirrored="never")
def reported(request: HttpRequest) -> HttpResponse:
    """Thank you. It names no action: the one reported may be hidden by now."""
    return render(request, "actions/reported.html")


# --- moderators -----------------------------------------------------------------------------


@moderators_only
@require_safe
def look(request: HttpRequest, code: str) -> HttpResponse:
    """What was said about an action, and what can be done."""
    return _screen(request, in_care(request, code))


def _screen(
    request: HttpRequest, action: Action, status: int = 200, **forms: object
) -> HttpResponse:
    context = {
        "action": action,
        "when": queue.when_words(action),
        "problems": Problem.objects.open().filter(action=action),
        "settled": Problem.objects.filter(action=action, settled_at__isnull=False).order_by(
            "-settled_at"
        )[:20],
        "answer_form": AnswerForm(auto_id="answer-%s"),
        "take_off_form": TakeOffForm(auto_id="off-%s"),
        **forms,
    }
    return render(request, "actions/work/reported.html", context, status=status)


@moderators_only
@require_POST
def take_down(request: HttpRequest, code: str) -> HttpResponse:
    """Out of sight at once."""
    action = in_care(request, code)
    problems.take_down(action, under=moderators_mandate(request, [action.country]))
    words = _("“%(action)s” is hidden. Nobody reads it any more.") % {"action": action}
    say_done(request, words, undo=reverse("actions:problem-not-right", args=[code]))
    return redirect("actions:problem", code=code)


@moderators_only
@require_POST
def right(request: HttpRequest, code: str) -> HttpResponse:
    """The reports are right: it is taken off, with a way back."""
    action = in_care(request, code)
    form = TakeOffForm(request.POST)
    if not form.is_valid():
        return _screen(request, action, 422, take_off_form=form)
    under = moderators_mandate(request, [action.country])
    try:
        lot = problems.take_off(action, under=under, **form.cleaned_data)
    except Refusal as refusal:
        say_refused(request, refusal)
        return redirect("actions:problem", code=code)
    words = _("“%(action)s” is taken off.") % {"action": action}
    say_done(request, words, undo=reverse("actions:take-back", args=[lot.pk]))
    return redirect("actions:queue")


@moderators_only
@require_POST
def put_right(request: HttpRequest, code: str) -> HttpResponse:
    """The reports were right, and it has been corrected."""
    return _settle(request, in_care(request, code), problems.put_right)


@moderators_only
@require_POST
def not_right(request: HttpRequest, code: str) -> HttpResponse:
    """Nothing is wrong: it is shown again, and those who asked are answered."""
    verb = partial(problems.settle, was_right=False)
    return _settle(request, in_care(request, code), verb)


def _settle(request: HttpRequest, action: Action, verb: Callable[..., int]) -> HttpResponse:
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _screen(request, action, 422, answer_form=form)
    count = verb(action, under=moderators_mandate(request, [action.country]), **form.cleaned_data)
    words = ngettext("%(number)d report is settled.", "%(number)d reports are settled.", count) % {
        "number": count
    }
    say_done(request, words)
    return redirect("actions:queue")
