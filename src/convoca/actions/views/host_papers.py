"""What the hosts of one action print, behind their private link."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Literal

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from convoca.actions.models import Action, HostLink
from convoca.actions.models.hosting import DRAFT_KEPT
from convoca.actions.printing import papers
from convoca.actions.printing.facts import SheetFacts
from convoca.actions.printing.pages import sheet_context
from convoca.actions.printing.papers import Missing
from convoca.actions.rules import may_edit_by_link, may_see_people
from convoca.actions.services import host_links
from convoca.actions.services.sheets import sheet_of
from convoca.actions.sharing_facts import poster_facts
from convoca.actions.views.hosting import private
from convoca.actions.views.reading import with_page
from convoca.actions.views.sharing import pdf
from convoca.campaigns.front import reader

View = Callable[..., HttpResponse]


def by_link(view: View) -> View:
    """Give a view that only reads the link instead of its secret, where that opens anything."""

    @never_cache
    @require_safe
    @wraps(view)
    def opened(request: HttpRequest, token: str) -> HttpResponse:
        request.user = AnonymousUser()  # a person who is signed in is nobody here
        link = host_links.link_of(token)
        if link is None:
            context = {"days": DRAFT_KEPT.days}
            return private(render(request, "actions/host_no_link.html", context, status=404))
        if not may_edit_by_link(link):  # still to be confirmed, or ended: that page says which
            return redirect("actions:host-confirm", token=token)
        return private(view(request, link, token))

    return opened


@by_link
def host_sheet(request: HttpRequest, link: HostLink, token: str) -> HttpResponse:
    """The sign-in sheet as a page to print. `?contact=yes` adds a column for phone or mail."""
    return _to_print(request, link, token, _sheet(request, link))


@by_link
def host_sheet_pdf(request: HttpRequest, link: HostLink, token: str) -> HttpResponse:
    """The same as PDF; where none can be made, the page to print says why."""
    sheet = _sheet(request, link)
    paper: Literal["a4", "us-letter"] = "us-letter" if _is_letter(request) else "a4"
    try:
        body = papers.sheet(sheet, paper)
    except Missing as missing:
        return _to_print(request, link, token, sheet, missing)
    return pdf(body, f"{link.action.slug()}-sheet.pdf")


@by_link
def host_poster(request: HttpRequest, link: HostLink, token: str) -> HttpResponse:
    """To posters, cards and texts, which are public as the action is."""
    if not link.action.is_public:
        return redirect("actions:host-page", token)
    return redirect("actions:share", link.action.code)


def _is_letter(request: HttpRequest) -> bool:
    return request.GET.get("paper") == "letter"


def _sheet(request: HttpRequest, link: HostLink) -> SheetFacts:
    action = get_object_or_404(with_page(Action.objects.all()), pk=link.action_id)
    return sheet_of(
        action,
        poster_facts(action, reader()),
        with_names=may_see_people(link),
        asks_contact=_asks_contact(request),
    )


def _asks_contact(request: HttpRequest) -> bool:
    return request.GET.get("contact") == "yes"


def _to_print(
    request: HttpRequest,
    link: HostLink,
    token: str,
    sheet: SheetFacts,
    why: Missing | None = None,
) -> HttpResponse:
    here, asks = reverse("actions:host-sheet", args=[token]), _asks_contact(request)
    more = "contact=yes" if asks else ""
    context: dict[str, Any] = sheet_context(sheet) | {
        "pdf_links": _pdfs(token, sheet, more),
        "back_url": reverse("actions:host-page", args=[token]),
        "why_no_pdf": why.message if why else "",
        "names_later": not may_see_people(link),
        "asks_contact": asks,
        "other_url": here if asks else f"{here}?contact=yes",
    }
    return render(request, "actions/print/sheet.html", context, status=404 if why else 200)


def _pdfs(token: str, sheet: SheetFacts, more: str) -> list[tuple[str, str]]:
    if not papers.can_set(sheet):
        return []
    url = reverse("actions:host-sheet-pdf", args=[token])
    return [
        ("PDF\u00a0A4", f"{url}?{more}".rstrip("?")),
        ("PDF\u00a0Letter", f"{url}?paper=letter" + (f"&{more}" if more else "")),
    ]
