"""Addresses of actions, under the language; `permanent_urls` stand outside it."""

import re
from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path, re_path

from convoca.actions.views import (
    at_work,
    attached,
    board,
    coverage,
    doors,
    embeds,
    feeds,
    host_codes,
    host_deeds,
    host_languages,
    host_page,
    host_papers,
    hosting,
    hosting_together,
    joining,
    lists,
    moderation,
    nearby,
    organisations,
    people,
    problems,
    reading,
    sharing,
    sign_up_lists,
    standby,
)

app_name = "actions"

permanent_urls = [
    path("actions/<slug:code>", reading.permanent, name="action-id"),
    path("a/<str:typed>", reading.short, name="action-short"),
]


def everywhere(end: str, view: Callable[..., Any], name: str, under: str = "") -> list[URLPattern]:
    """One view for every scope of `finding.Wanted`: all actions, a campaign's (`campaign-name`), a
    moment's (`moment-name`); each of the whole world, of a country, or of a town there.
    """
    campaign = r"campaigns/(?P<code>[-\w]+)/(?P<slug>[-\w]+)"
    scopes = {
        "": r"actions",
        "campaign-": rf"{campaign}/actions",
        "moment-": rf"{campaign}/moments/(?P<moment>[-\w]+)",
    }
    area = r"(?:in/(?P<cc>[A-Za-z]{2})/(?:(?P<city>\d{1,10})/(?P<town>[-\w]+)/)?)?"
    return [
        re_path(rf"^{under}{scope}/{area}{re.escape(end)}$", view, name=f"{prefix}{name}")
        for prefix, scope in scopes.items()
    ]


# What everybody reads. Lists come before the page of one action, whose address is as long.
public = [
    *everywhere("", lists.index, "list"),
    path("actions/reported/", problems.reported, name="reported"),
    *everywhere("map/", lists.map_of, "map"),
    *everywhere("calendar/", lists.month, "month"),
    *everywhere("coverage/", coverage.index, "coverage"),
    *everywhere("organisations/", organisations.index, "organisations"),
    *everywhere("near/", nearby.near, "near"),
    *everywhere("near/here/", nearby.near_here, "near-here"),
    path("actions/<slug:code>/", reading.by_code, name="by-code"),
    path(
        "actions/<slug:code>/preview-<slug:stamp>.png",
        reading.preview_picture,
        name="preview-picture",
    ),
    path("actions/<slug:code>/<slug:slug>/report/", problems.report, name="report"),
    path("actions/<slug:code>/<slug:slug>/report/send/", problems.send_report, name="send-report"),
    path("actions/<slug:code>/<slug:slug>/", reading.detail, name="detail"),
]
# Passing it on: the first part of these is never an action's slug (models.action.NO_SLUGS).
shared = [
    path("actions/<slug:code>/share/", sharing.share, name="share"),
    path("actions/<slug:code>/poster/", sharing.poster, name="poster"),
    path("actions/<slug:code>/poster-<slug:paper>.pdf", sharing.poster_pdf, name="poster-pdf"),
    path(
        "actions/<slug:code>/poster-<slug:stamp>.png",
        sharing.poster_picture,
        name="poster-picture",
    ),
    path("actions/<slug:code>/cards/", sharing.cards, name="cards"),
    path("actions/<slug:code>/cards-<slug:paper>.pdf", sharing.cards_pdf, name="cards-pdf"),
]
# What hosts print, behind their private link.
host_prints = [
    path("host/<str:token>/sheet/", host_papers.host_sheet, name="host-sheet"),
    path("host/<str:token>/sheet.pdf", host_papers.host_sheet_pdf, name="host-sheet-pdf"),
    path("host/<str:token>/poster/", host_papers.host_poster, name="host-poster"),
]
# The form to host, and the host page behind its private link.
_LINK = "host/<str:token>"
hosting_urls = [
    path("actions/host/", hosting.host, name="host"),
    path("campaigns/<slug:code>/<slug:slug>/host/", hosting.host_in, name="host-in"),
    path(
        "campaigns/<slug:code>/<slug:slug>/moments/<slug:moment>/host/",
        hosting.host_in,
        name="host-in-moment",
    ),
    path("actions/host/send/", hosting.host_send, name="host-send"),
    path("actions/host/sent/", hosting.host_sent, name="host-sent"),
    path("actions/host/asked/", hosting.host_joined, name="host-joined"),
    path("work/act/host/", hosting.work_host, name="work-host"),
    path("work/act/hosting/", hosting_together.work_hosting, name="work-hosting"),
    path("work/act/hosting/<int:number>/", hosting_together.work_answer, name="work-answer"),
    path("work/act/hosting/<int:number>/vouch/", hosting_together.work_vouch, name="work-vouch"),
    path(f"{_LINK}/", host_page.host_page, name="host-page"),
    path("work/act/codes/", host_codes.work_codes, name="work-codes"),
    path("work/act/codes/<int:number>/", host_codes.work_code_revoke, name="work-code-revoke"),
    path(f"{_LINK}/move/", host_deeds.host_move, name="host-move"),
    path(f"{_LINK}/words/", host_deeds.host_words, name="host-words"),
    path(f"{_LINK}/languages/", host_languages.host_languages, name="host-languages"),
    path(
        f"{_LINK}/languages/<slug:language>/", host_languages.host_translate, name="host-translate"
    ),
    path(f"{_LINK}/co-hosts/", host_deeds.host_co_hosts, name="host-co-hosts"),
    path(f"{_LINK}/link/", host_deeds.host_link, name="host-link"),
    path(f"{_LINK}/repeat/", host_deeds.host_repeat, name="host-repeat"),
    path(f"{_LINK}/campaigns/", host_deeds.host_campaigns, name="host-campaigns"),
    path(f"{_LINK}/postpone/", host_deeds.host_postpone, name="host-postpone"),
    path(f"{_LINK}/cancel/", host_deeds.host_cancel, name="host-cancel"),
    path(f"{_LINK}/back/", host_deeds.host_back, name="host-back"),
    path(f"{_LINK}/delete/", host_deeds.host_delete, name="host-delete"),
    path(f"{_LINK}/confirm/", hosting.host_confirm, name="host-confirm"),
    path(f"{_LINK}/confirm/yes/", hosting.host_confirmed, name="host-confirmed"),
    path(f"{_LINK}/confirm/not-me/", hosting.host_disown, name="host-disown"),
]
# Taking part.
taking_part = [
    path("actions/<slug:code>/<slug:slug>/come/", joining.come, name="come"),
    path("actions/<slug:code>/<slug:slug>/come/send/", joining.sign_up, name="sign-up"),
    path("come/<str:token>/", joining.own, name="own"),
    path("come/<str:token>/done/", joining.signed_up, name="signed-up"),
    path("come/<str:token>/change/", joining.own_change, name="own-change"),
    path("come/<str:token>/cancel/", joining.own_cancel, name="own-cancel"),
    path("come/<str:token>/delete/", joining.own_delete, name="own-delete"),
    path("come/<str:token>/stop/", joining.own_stop, name="own-stop"),
    path("come/<str:token>/confirm/<str:proof>/", joining.own_confirm, name="own-confirm"),
    path("come/<str:token>/confirm/<str:proof>/yes/", joining.own_confirmed, name="own-confirmed"),
    path("host/<str:token>/people/", people.host_people, name="host-people"),
    path("host/<str:token>/people/file/", people.host_people_file, name="host-people-file"),
    path("host/<str:token>/arrivals/", people.host_arrivals, name="host-arrivals"),
    path("host/<str:token>/arrivals/tick/", people.host_tick, name="host-tick"),
    path("host/<str:token>/message/", people.host_message, name="host-message"),
    path("host/<str:token>/message/send/", people.host_message_send, name="host-message-send"),
]
# Feeds, files, and what may be framed.
files: list[URLPattern] = [
    path("actions/<slug:code>/calendar.ics", feeds.calendar, name="calendar"),
    *everywhere("actions.ics", feeds.ics_feed, "ics"),
    *everywhere("actions.atom", feeds.atom_feed, "atom"),
    *everywhere("actions.rss", feeds.rss_feed, "rss"),
    *everywhere("actions.geojson", feeds.geojson_feed, "geojson"),
    *everywhere("actions.csv", feeds.csv_feed, "csv"),
    *everywhere("embed/", embeds.put_on_site, "put-on-site"),
    *everywhere("", embeds.listing, "embed", under="embed/"),
    *everywhere("map/", embeds.mapped, "embed-map", under="embed/"),
]
# The station Act: the day board and what belongs to it.
act: list[URLPattern] = [
    path("work/act/", board.board, name="act"),
    path("work/act/actions/", at_work.my_actions, name="my-actions"),
    path("work/act/actions/<slug:code>/", at_work.at_work, name="at-work"),
    path("work/act/actions/<slug:code>/take-over/", at_work.take_over, name="take-over"),
    path("work/act/silent/", board.silent, name="silent"),
    path("work/act/silent.csv", board.silent_csv, name="silent-csv"),
    path("work/act/nudge/<slug:code>/", board.nudge, name="nudge"),
    path("work/act/standby/<slug:code>/", standby.triggers, name="triggers"),
    path("work/act/standby/<slug:code>/<slug:trigger>/", standby.call_trigger, name="call-trigger"),
    path(
        "work/act/standby/<slug:code>/<slug:trigger>/withdraw/",
        standby.withdraw_trigger,
        name="withdraw-trigger",
    ),
    path("work/act/attached/<slug:code>/", attached.attached, name="attached"),
    path(
        "work/act/attached/<slug:code>/<slug:action>/<slug:step>/", attached.attach, name="attach"
    ),
]
# Work screens.
work = [
    path("work/act/export.csv", feeds.export, {"kind": "csv"}, name="export-csv"),
    path("work/act/export.json", feeds.export, {"kind": "json"}, name="export-json"),
    path("work/act/moderation/", moderation.waiting, name="queue"),
    path("work/act/moderation/refused/", moderation.refused, name="refused"),
    path("work/act/moderation/refused/<int:pk>/back/", moderation.take_back, name="take-back"),
    path("work/act/moderation/let-in/<int:pk>/back/", moderation.take_out, name="take-out"),
    path("work/act/moderation/<slug:code>/", moderation.look, name="look"),
    path("work/act/moderation/<slug:code>/let-in/", moderation.let_in, name="let-in"),
    path("work/act/moderation/<slug:code>/ask/", moderation.ask, name="ask-host"),
    path("work/act/moderation/<slug:code>/refuse/", moderation.refuse, name="refuse"),
    path("work/act/moderation/<slug:code>/similar/", moderation.lot, name="lot"),
    path("work/act/reported/<slug:code>/", problems.look, name="problem"),
    path("work/act/reported/<slug:code>/down/", problems.take_down, name="take-down"),
    path("work/act/reported/<slug:code>/right/", problems.right, name="problem-right"),
    path("work/act/reported/<slug:code>/corrected/", problems.put_right, name="problem-put-right"),
    path("work/act/reported/<slug:code>/wrong/", problems.not_right, name="problem-not-right"),
    path("work/act/doors/<slug:code>/", doors.door, name="door"),
    path("work/act/doors/<slug:code>/pause/", doors.pause, name="pause-hosting"),
    path("work/act/doors/<slug:code>/resume/", doors.resume, name="resume-hosting"),
    path("work/act/doors/<slug:code>/turn-back/", doors.turn_back, name="turn-back"),
    path("work/act/lists/", sign_up_lists.lists, name="lists"),
    path("work/act/lists/<int:pk>/allow/", sign_up_lists.allow, name="allow-list"),
    path("work/act/lists/<int:pk>/decline/", sign_up_lists.decline, name="decline-list"),
    path("work/act/lists/<int:pk>/take/", sign_up_lists.take, name="take-list"),
]

urlpatterns = [*files, *hosting_urls, *host_prints, *taking_part, *act, *work, *shared, *public]
