"""Actions on other sites: the only pages that may be framed, and the page that says how."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from convoca.actions.finding import ASKED, ASKED_ALONE, Wanted
from convoca.actions.finding.mapping import spots_of
from convoca.actions.front import ShownAction
from convoca.actions.views.lists import common, tags, whole
from convoca.campaigns.addresses import root
from convoca.campaigns.front import reader
from convoca.compat import NONE, SELF, csp_replace
from convoca.pages.public import public_page
from convoca.places import map as maps

MOST_SHOWN = 20
SANDBOX = "allow-popups allow-popups-to-escape-sandbox allow-same-origin"
"""No script at all. Its own origin, because only then an outline may be drawn into a map."""
FRAMED = {
    "frame-ancestors": ["*"],
    "script-src": [NONE],
    "connect-src": [NONE],
    "form-action": [NONE],
}
View = Callable[..., HttpResponse]


def may_be_framed(view: View) -> View:
    """For pages that any site may show: they run nothing and ask for nothing."""

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = view(request, *args, **kwargs)
        answer.xframe_options_exempt = True  # read by the middleware
        answer["Referrer-Policy"] = "no-referrer"
        answer["Cross-Origin-Resource-Policy"] = "cross-origin"
        return answer

    return cast("View", csp_replace(FRAMED)(page))


def embed_path(wanted: Wanted, end: str = "") -> str:
    """The same set as a page that may be framed."""
    language = f"/{get_language()}/"
    return wanted.address(end).replace(language, f"{language}embed/", 1)


@may_be_framed
@public_page(tags=tags, query=ASKED, personal=ASKED_ALONE, mirrored=whole)
def listing(request: HttpRequest, **scope: Any) -> HttpResponse:
    """The next actions of a set."""
    return _framed(request, "", scope)


@may_be_framed
@public_page(tags=tags, query=ASKED, personal=ASKED_ALONE, mirrored=whole)
def mapped(request: HttpRequest, **scope: Any) -> HttpResponse:
    """A set as a map, with the next actions under it."""
    return _framed(request, "map/", scope)


def _framed(request: HttpRequest, end: str, scope: dict[str, Any]) -> HttpResponse:
    wanted = Wanted.read(request, **scope)
    if request.path != embed_path(wanted, end).partition("?")[0]:
        return redirect(embed_path(wanted, end), permanent=True)
    figures, who = wanted.figures(), reader()
    rows = wanted.rows().with_front()[:MOST_SHOWN]
    context = {
        **common(wanted, figures, "list"),
        "rows": [ShownAction(action, who) for action in rows],
        "is_map": bool(end),
        "all_url": wanted.address(end),
        "root": root(),
    }
    if end:
        context["drawings"] = maps.draw_all(
            spots_of(wanted),
            extent=wanted.box,
            country=wanted.country,
            zoom=wanted.address(end, box=None),
            more=wanted.address(),
        )
    return render(request, "actions/embed.html", context)


@dataclass(frozen=True)
class Embed:
    """A frame that can be copied into another page."""

    words: str
    path: str
    title: str

    @property
    def snippet(self) -> str:
        return format_html(
            '<iframe src="{}{}" title="{}" loading="lazy" sandbox="{}" '
            'referrerpolicy="no-referrer" width="100%" height="480" style="border:0"></iframe>',
            root(),
            self.path,
            self.title,
            SANDBOX,
        )


@csp_replace({"frame-src": [SELF]})
@public_page(tags=tags, query=ASKED, personal=ASKED_ALONE, mirrored="never")
def put_on_site(request: HttpRequest, **scope: Any) -> HttpResponse:
    """What to copy so that another site shows this set, and how it will look."""
    wanted = Wanted.read(request, **scope)
    if request.path != wanted.path("embed/"):
        return redirect(wanted.address("embed/"), permanent=True)
    context = common(wanted, wanted.figures(), "list")
    of = context["campaign_title"] or reader().network
    title = _("%(actions)s: %(of)s") % {"actions": context["heading"], "of": of}
    embeds = [
        Embed(pgettext("actions as", "List"), embed_path(wanted), title),
        Embed(pgettext("actions as", "Map"), embed_path(wanted, "map/"), title),
    ]
    context |= {"embeds": embeds, "sandbox": SANDBOX}
    return render(request, "actions/put_on_site.html", context)
