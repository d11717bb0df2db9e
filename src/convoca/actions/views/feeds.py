"""What programs read of actions: calendars, feeds, files."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import conditional_page

from convoca.actions.feeds.calendar import entry_of
from convoca.actions.feeds.shown import Shown, with_all
from convoca.actions.models import Action
from convoca.actions.views.reading import action_tags
from convoca.campaigns.addresses import link_to
from convoca.campaigns.front import reader
from convoca.core import ics
from convoca.pages.services import public_page


@conditional_page
@public_page(tags=action_tags)
def calendar(request: HttpRequest, code: str) -> HttpResponse:
    """One action, to put into a calendar; read again, it says what has changed since."""
    rows = with_all(Action.objects.in_files()).select_related("description")
    shown = Shown(get_object_or_404(rows, code=code), reader())
    if shown.span is None:
        raise Http404
    body = ics.calendar(
        [entry_of(shown, words=shown.words())],
        name=str(shown.title),
        source=link_to("actions:calendar", code),
        zone=shown.action.zone,
    )
    return download(body, ics.CONTENT_TYPE, f"{shown.action.slug()}.ics")


def download(body: bytes | str, content_type: str, name: str) -> HttpResponse:
    answer = HttpResponse(body, content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
