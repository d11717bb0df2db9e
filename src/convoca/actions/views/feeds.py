"""What programs read of actions: calendars, feeds, files."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from convoca.actions.additions import tags_of_origins
from convoca.actions.feeds import files, news, tables
from convoca.actions.feeds.calendar import calendar_of, entry_of
from convoca.actions.feeds.gone import gone
from convoca.actions.feeds.listed import Listed
from convoca.actions.feeds.shown import shown
from convoca.actions.finding import ASKED, ASKED_ALONE, Wanted
from convoca.actions.models import Action
from convoca.actions.models.action import SHOWN_CANCELLED
from convoca.actions.rules import may_export_actions
from convoca.actions.views.lists import heading, tags, whole
from convoca.actions.views.reading import detail_tags
from convoca.campaigns.addresses import link_to
from convoca.campaigns.front import Reader, reader
from convoca.core import ics
from convoca.network import spreadsheets
from convoca.pages.public import draw_again_at, public_page


@public_page(tags=detail_tags)
def calendar(request: HttpRequest, code: str) -> HttpResponse:
    """One action, to put into a calendar; read again, it says what has changed since, and for a
    while that it was taken off.
    """
    removed = gone(Action.objects.taken_off().filter(code=code))
    if removed:
        return _calendar_of_none(code, removed[0].as_entry)
    rows = Action.objects.in_files().select_related("description")
    (one,) = shown([get_object_or_404(rows, code=code)], reader())
    if one.action.is_cancelled and one.action.cancelled_at is not None:
        draw_again_at(one.action.cancelled_at + SHOWN_CANCELLED)
    if one.span is None:
        raise Http404
    body = ics.calendar(
        [entry_of(one, words=one.words())],
        name=str(one.title),
        source=link_to("actions:calendar", code),
        zone=one.action.zone,
    )
    return download(body, ics.CONTENT_TYPE, f"{one.action.slug()}.ics")


def _calendar_of_none(code: str, removed: ics.Removed) -> HttpResponse:
    body = ics.calendar(
        [],
        name=removed.summary,
        source=link_to("actions:calendar", code),
        zone=reader().network.zone,
        removed=[removed],
    )
    return download(body, ics.CONTENT_TYPE, "action.ics")


AT_ONCE = 500


def feed_tags(request: HttpRequest, **scope: Any) -> list[str]:
    """What a list shows, and whose words it has."""
    return [*tags(request, **scope), *tags_of_origins()]


def feed_page(kind: str, answer: Callable[[Listed], HttpResponse]) -> Callable[..., HttpResponse]:
    """A view for every scope of `Wanted`: the set of actions as what `answer` makes of it."""

    @public_page(tags=feed_tags, query=ASKED, personal=ASKED_ALONE, mirrored=whole)
    def feed(request: HttpRequest, **scope: Any) -> HttpResponse:
        wanted = Wanted.read(request, **scope)
        if request.path != wanted.path(f"actions.{kind}"):
            return redirect(wanted.address(f"actions.{kind}"), permanent=True)
        return answer(listed_of(wanted, reader()))

    return feed


def listed_of(wanted: Wanted, who: Reader) -> Listed:
    """A set with its title: "Actions in Portugal · Rivers for all"."""
    owner = who.words(wanted.campaign.names) if wanted.campaign else who.network
    host = [str(who.words(wanted.host.names))] if wanted.host else []
    return Listed(wanted, who, " · ".join([heading(wanted, who), *host, str(owner)]))


def _ics(listed: Listed) -> HttpResponse:
    body = calendar_of(shown(listed.nearest(), listed.who), listed)
    return download(body, ics.CONTENT_TYPE, "actions.ics")


def _geojson(listed: Listed) -> HttpResponse:
    body = tables.geojson(shown(listed.nearest(), listed.who), listed)
    answer = HttpResponse(body, content_type=tables.GEOJSON_TYPE)
    answer["Access-Control-Allow-Origin"] = "*"  # so that maps on other sites may read it
    return answer


def _csv(listed: Listed) -> HttpResponse:
    rows = map(tables.row, shown(listed.nearest(), listed.who))
    return spreadsheets.write("actions", tables.COLUMNS, rows)


def _atom(listed: Listed) -> HttpResponse:
    body = news.atom(shown(listed.newest(), listed.who), listed)
    return HttpResponse(body, content_type=news.ATOM_TYPE)


def _rss(listed: Listed) -> HttpResponse:
    body = news.rss(shown(listed.newest(), listed.who), listed)
    return HttpResponse(body, content_type=news.RSS_TYPE)


ics_feed = feed_page("ics", _ics)
atom_feed = feed_page("atom", _atom)
rss_feed = feed_page("rss", _rss)
geojson_feed = feed_page("geojson", _geojson)
csv_feed = feed_page("csv", _csv)


@never_cache
@login_required
@require_safe
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """All actions that the public reads, with their state; people as counts only."""
    if not may_export_actions(request.user):
        raise PermissionDenied
    who, rows = reader(), []
    for part in files.every(who, AT_ONCE):
        rows += part
    counts = files.counts()
    if kind == "csv":
        cells = ([*tables.row(one), *files.work_row(one, counts)] for one in rows)
        return spreadsheets.write("actions", (*tables.COLUMNS, *files.WORK_COLUMNS), cells)
    found = [
        {
            **files.facts(one),
            **dict(zip(files.WORK_COLUMNS, files.work_row(one, counts), strict=True)),
        }
        for one in rows
    ]
    answer = JsonResponse({"actions": found}, json_dumps_params={"ensure_ascii": False})
    answer["Content-Disposition"] = 'attachment; filename="actions.json"'
    return answer


def download(body: bytes | str, content_type: str, name: str) -> HttpResponse:
    answer = HttpResponse(body, content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
