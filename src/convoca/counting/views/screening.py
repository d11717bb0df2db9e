"""What moderators hide of a report: its words, or one of its photos. With `undo` they show it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from convoca.actions.models import Action
from convoca.actions.views.desk import moderators_mandate
from convoca.core.access import fetch_for
from convoca.core.errors import Refusal
from convoca.core.undo import say_done
from convoca.counting.models import Report
from convoca.counting.rules import may_screen
from convoca.counting.services import screening


def _report(request: HttpRequest, **lookup: object) -> Report:
    seen = Action.objects.visible_to(request.user)
    rows = Report.objects.sent().filter(action__in=seen).select_related("action__campaign")
    return fetch_for(request.user, rows, may_screen, **lookup)


@login_required
@require_POST
def screen_words(request: HttpRequest, code: str) -> HttpResponse:
    """Nobody reads the words of a report any more, or everybody again."""
    report, is_hidden = _report(request, action__code=code), "undo" not in request.POST
    under = moderators_mandate(request, [report.action.country])
    screening.hide_words(report, is_hidden=is_hidden, under=under)
    if is_hidden:
        undo = reverse("counting:screen-words", args=[code])
        say_done(request, _("Hidden. Nobody but moderators reads these words."), undo=undo)
    else:
        say_done(request, _("Everybody reads these words again."))
    return redirect("actions:at-work", code=code)


@login_required
@require_POST
def screen_photo(request: HttpRequest, number: int) -> HttpResponse:
    """Nobody sees one photo any more, or everybody again."""
    report, is_hidden = _report(request, photos=number), "undo" not in request.POST
    under = moderators_mandate(request, [report.action.country])
    photo = report.photos.get(pk=number)
    try:
        screening.hide_photo(photo, is_hidden=is_hidden, under=under)
    except Refusal as refusal:
        say_done(request, str(refusal))
    else:
        if is_hidden:
            undo = reverse("counting:screen-photo", args=[number])
            say_done(request, _("Hidden. Nobody sees this photo."), undo=undo)
        else:
            say_done(request, _("Everybody sees this photo again."))
    return redirect("actions:at-work", code=report.action.code)
