"""Passing an action on: its short address, texts, posters, cards, a picture of the poster."""

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from convoca.actions.printing import papers
from convoca.actions.printing.pages import cards_context, poster_context
from convoca.actions.printing.papers import Missing, Paper
from convoca.actions.sharing_facts import Share
from convoca.actions.views.reading import FOR_EVER, action_tags, for_reading
from convoca.campaigns.front import reader
from convoca.pages.public import public_page

POSTERS: Final[dict[str, Paper]] = {"a4": "a4", "a3": "a3", "letter": "us-letter"}


def share_of(code: str) -> Share:
    """A public action in the language of the page; else there is nothing here."""
    return Share(get_object_or_404(for_reading(), code=code), reader())


@public_page(tags=action_tags, mirrored="papers")
def share(request: HttpRequest, code: str) -> HttpResponse:
    """Everything to pass an action on with, on one page."""
    return render(request, "actions/share.html", {"share": share_of(code)})


@public_page(tags=action_tags, mirrored="papers")
def poster(request: HttpRequest, code: str) -> HttpResponse:
    """The poster as a page to print."""
    return _print_poster(request, share_of(code))


@public_page(tags=action_tags, mirrored="papers")
def cards(request: HttpRequest, code: str) -> HttpResponse:
    """Small cards as a page to print and to cut."""
    return _print_cards(request, share_of(code))


@public_page(tags=action_tags, mirrored="papers")
def poster_pdf(request: HttpRequest, code: str, paper: str) -> HttpResponse:
    """The poster as PDF; where none can be made, the page to print says why."""
    if paper not in POSTERS:
        raise Http404
    shared = share_of(code)
    try:
        body = papers.poster(shared.facts, POSTERS[paper])
    except Missing as missing:
        return _print_poster(request, shared, missing)
    return pdf(body, f"{shared.action.slug()}-{paper}.pdf")


@public_page(tags=action_tags, mirrored="papers")
def cards_pdf(request: HttpRequest, code: str, paper: str) -> HttpResponse:
    """Ten cards on a sheet as PDF; where none can be made, the page to print says why."""
    if paper not in ("a4", "letter"):
        raise Http404
    shared = share_of(code)
    try:
        body = papers.cards(shared.facts, "us-letter" if paper == "letter" else "a4")
    except Missing as missing:
        return _print_cards(request, shared, missing)
    return pdf(body, f"{shared.action.slug()}-cards-{paper}.pdf")


@public_page(tags=action_tags, mirrored="papers")
def poster_picture(request: HttpRequest, code: str, stamp: str) -> HttpResponse:
    """The poster as a picture. An old address leads to the present picture."""
    shared = share_of(code)
    if shared.facts.stamp != stamp:
        return redirect(shared.picture_path)
    answer = HttpResponse(shared.png(), content_type="image/png")
    answer["Cache-Control"] = FOR_EVER
    return answer


def _print_poster(request: HttpRequest, shared: Share, why: Missing | None = None) -> HttpResponse:
    context = poster_context(shared.facts) | {"pdf_links": shared.poster_pdfs}
    return _to_print(request, "actions/print/poster.html", shared, context, why)


def _print_cards(request: HttpRequest, shared: Share, why: Missing | None = None) -> HttpResponse:
    context = cards_context(shared.facts) | {"pdf_links": shared.card_pdfs}
    return _to_print(request, "actions/print/cards.html", shared, context, why)


def _to_print(
    request: HttpRequest,
    template: str,
    shared: Share,
    context: dict[str, Any],
    why: Missing | None,
) -> HttpResponse:
    context |= {"back_url": shared.url, "why_no_pdf": why.message if why else ""}
    return render(request, template, context, status=404 if why else 200)


def pdf(body: bytes, name: str) -> HttpResponse:
    """To look at first: a browser shows it and offers to keep it under this name."""
    answer = HttpResponse(body, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    answer["X-Robots-Tag"] = "noindex"
    return answer
