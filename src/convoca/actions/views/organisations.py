"""Who hosts a set of actions: each organisation with how many, to narrow the set by."""

from typing import Any, NamedTuple

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from convoca.actions.finding import ASKED, ASKED_ALONE, Wanted
from convoca.actions.finding.asking import ENDS
from convoca.actions.finding.wanted import LONGEST
from convoca.actions.views.lists import common, tags, whole
from convoca.campaigns.front import reader
from convoca.campaigns.poster import Words
from convoca.core.dates import number_words
from convoca.network.models import Organisation
from convoca.pages.public import public_page

A_PAGE = 100


class Counted(NamedTuple):
    """An organisation, and how many actions of the set it hosts."""

    name: Words
    url: str
    number: str


@public_page(tags=tags, query=ASKED, personal=(*ASKED_ALONE, "name"), mirrored=whole)
def index(request: HttpRequest, **scope: Any) -> HttpResponse:
    """The organisations of a set, found by name too. A committee counts for its organisations."""
    wanted = Wanted.read(request, **scope)
    end = ENDS["organisations"]
    if request.path != wanted.path(end):
        return redirect(wanted.address(end), permanent=True)
    asked = request.GET.get("name", "").strip()[:LONGEST]
    counted = wanted.organisations()
    if asked:
        named = Organisation.objects.public().searching(asked).order_by()
        counted = counted.filter(whose__in=named.values("pk"))
    page = Paginator(counted, A_PAGE).get_page(request.GET.get("page"))
    numbers = dict(page.object_list)
    found = Organisation.objects.in_bulk(numbers)
    who = reader()
    context = {
        **common(wanted, wanted.figures(), "organisations"),
        "page": page,
        "rows": [
            Counted(
                who.words(found[pk].names),
                wanted.address(host=found[pk]),
                number_words(number, who.language),
            )
            for pk, number in numbers.items()
        ],
        "asked": asked,
        "all_url": wanted.address(end),
        "title": _("In whose name"),
    }
    return render(request, "actions/organisations.html", context)
