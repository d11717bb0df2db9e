"""The press sheet of results, and the picture for sharing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from convoca.actions.printing import papers
from convoca.actions.views.reading import FOR_EVER
from convoca.counting.press import pdf, picture_of, sheet_words
from convoca.counting.results import Results
from convoca.counting.views.results import common, results_of, results_tags, shown_results
from convoca.pages.public import public_page


@public_page(tags=results_tags, mirrored="papers")
def press(request: HttpRequest, code: str, slug: str, moment: str = "") -> HttpResponse:
    """One sheet to print, or to copy from."""
    found = shown_results(code, moment)
    if slug != found.campaign.slug():
        return redirect(found.address("press"), permanent=True)
    return _sheet(request, found)


def _sheet(request: HttpRequest, found: Results, why_no_pdf: object = "") -> HttpResponse:
    has_pdf = papers.is_possible() and not why_no_pdf
    context = common(found, sheet=sheet_words(found), has_pdf=has_pdf, why_no_pdf=why_no_pdf)
    return render(request, "counting/press.html", context)


@public_page(tags=results_tags, mirrored="papers")
def press_pdf(request: HttpRequest, code: str, slug: str, moment: str = "") -> HttpResponse:
    """The sheet as PDF; where none can be made, the page says why."""
    found = shown_results(code, moment)
    try:
        body = pdf(found, "a4")
    except papers.Missing as missing:
        return _sheet(request, found, missing)
    answer = HttpResponse(body, content_type="application/pdf")
    name = f"results-{found.campaign.code}{f'-{moment}' if moment else ''}.pdf"
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


@public_page(tags=results_tags)
def picture(
    request: HttpRequest, code: str, slug: str, stamp: str, moment: str = ""
) -> HttpResponse:
    """The picture for sharing. An old address leads to the present picture."""
    drawn = picture_of(results_of(code, moment))
    if drawn.stamp != stamp:
        return redirect(drawn.path)
    answer = HttpResponse(drawn.png(), content_type="image/png")
    answer["Cache-Control"] = FOR_EVER
    return answer
