"""Where there is no committee or no action yet, and who could help."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from convoca.actions.finding import ASKED, ASKED_ALONE, Wanted
from convoca.actions.finding.asking import ENDS
from convoca.actions.finding.coverage import helpers_in, of_country, of_world
from convoca.actions.views.lists import common, tags, whole
from convoca.campaigns.front import reader
from convoca.pages.public import public_page
from convoca.places.names import country_name


@public_page(tags=tags, query=ASKED, personal=ASKED_ALONE, mirrored=whole)
def index(request: HttpRequest, **scope: Any) -> HttpResponse:
    """Countries by region; of one country, its larger cities."""
    wanted = Wanted.read(request, **scope)
    if request.path != wanted.path(ENDS["coverage"]):
        return redirect(wanted.address(ENDS["coverage"]), permanent=True)
    who, figures = reader(), wanted.figures()
    context = common(wanted, figures, "coverage")
    if wanted.country:
        name = country_name(wanted.country, who.language)
        context |= {
            "heading": _("Where nobody acts yet in %(country)s") % {"country": name},
            "cities": of_country(wanted),
            "helpers": helpers_in(wanted.country),
            "whole": wanted.address(ENDS["coverage"], without=("country", "city")),
        }
    else:
        context |= {
            "heading": _("Where nobody acts yet"),
            "parts": of_world(wanted, figures, who),
        }
    return render(request, "actions/coverage.html", context)
