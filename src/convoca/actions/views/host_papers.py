"""What the hosts of one action print, behind their private link."""

from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from convoca.actions.models import Action, HostLink
from convoca.actions.printing import papers
from convoca.actions.printing.facts import SheetFacts
from convoca.actions.printing.pages import sheet_context
from convoca.actions.printing.papers import Missing
from convoca.actions.rules import may_see_people
from convoca.actions.services.sheets import sheet_of
from convoca.actions.sharing_facts import poster_facts
from convoca.actions.views.host_gate import read_by_link
from convoca.actions.views.reading import with_page
from convoca.actions.views.sharing import pdf
from convoca.campaigns.front import reader


@read_by_link()
def host_sheet(request: HttpRequest, link: HostLink, token: str) -> HttpResponse:
    """The sign-in sheet as a page to print. `?contact=yes` adds a column for phone or mail."""
    return _to_print(request, link, token, _sheet(request, link))


@read_by_link()
def host_sheet_pdf(request: HttpRequest, link: HostLink, token: str) -> HttpResponse:
    """The same as PDF; where none can be made, the page to print says why."""
    sheet = _sheet(request, link)
    paper: Literal["a4", "us-letter"] = "us-letter" if _is_letter(request) else "a4"
    try:
        body = papers.sheet(sheet, paper)
    except Missing as missing:
        return _to_print(request, link, token, sheet, missing)
    return pdf(body, f"{link.action.slug()}-sheet.pdf")


@read_by_link()
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
