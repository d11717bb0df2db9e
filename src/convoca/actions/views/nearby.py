"""Near me: by the name of a town, or by a position that is used for one answer and kept nowhere."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from convoca.accounts.guard import HoneypotForm, public_form
from convoca.actions.finding import ASKED, ASKED_ALONE, Figures, Wanted
from convoca.actions.finding.asking import ENDS, Asking
from convoca.actions.finding.nearby import NearAction, near_to, nearest_to
from convoca.actions.front import ShownAction
from convoca.actions.views.lists import tags
from convoca.campaigns.front import Reader, reader
from convoca.campaigns.inks import ink_url
from convoca.network.models import Network
from convoca.pages.public import public_page
from convoca.places import names
from convoca.places.forms import LikeliestPlaceField
from convoca.places.index import Found
from convoca.places.near import Point, nearest_place

OTHERS = 8
"""Towns of the same name that are offered beside the answer."""


class NearForm(forms.Form):
    """A town by name."""

    q = LikeliestPlaceField(label=gettext_lazy("Town"))

    @property
    def others(self) -> tuple[Found, ...]:
        """Further towns of that name, likeliest first."""
        field = self.fields["q"]
        return field.others[:OTHERS] if isinstance(field, LikeliestPlaceField) else ()


class HereForm(HoneypotForm):
    """A position, already rounded to about a kilometre by the script that sends it."""

    latitude = forms.FloatField(min_value=-90, max_value=90)
    longitude = forms.FloatField(min_value=-180, max_value=180)


@public_page(tags=tags, query=ASKED, personal=(*ASKED_ALONE, "q_chosen", "q_for"), mirrored="never")
def near(request: HttpRequest, **scope: Any) -> HttpResponse:
    """What is near a town, by distance; the name stands in the address and can be passed on."""
    wanted = _wanted(request, **scope)
    if request.path != wanted.path(ENDS["near"]):
        query = request.META["QUERY_STRING"]
        return redirect(f"{wanted.path(ENDS['near'])}{'?' if query else ''}{query}", permanent=True)
    if not request.GET.get("q"):
        return _page(request, wanted, NearForm())
    form = NearForm(request.GET)
    if not form.is_valid():
        return _page(request, wanted, form, status=422)
    place: Found = form.cleaned_data["q"]
    return _page(request, wanted, form, ((place.latitude, place.longitude), place))


@public_form("near", limit=1200)
def near_here(request: HttpRequest, **scope: Any) -> HttpResponse:
    """What is near a position. It comes in the body of a form, so that no log has it; nothing of it
    is stored.
    """
    wanted = _wanted(request, **scope)
    form = HereForm(request.POST)
    if not form.is_valid():
        return _page(request, wanted, NearForm(), status=422, lost=True)
    point = round(form.cleaned_data["latitude"], 2), round(form.cleaned_data["longitude"], 2)
    return _page(request, wanted, NearForm(), (point, nearest_place(*point)))


def _wanted(request: HttpRequest, **scope: Any) -> Wanted:
    """Among which actions: the town or the position says where, so `q` is no word to look for."""
    wanted = Wanted.read(request, **scope)
    return replace(wanted, q="", country="", city=None, past=False, box=None)


def _page(
    request: HttpRequest,
    wanted: Wanted,
    form: NearForm,
    around: tuple[Point, Found | None] | None = None,
    *,
    status: int = 200,
    lost: bool = False,
) -> HttpResponse:
    network = Network.load()
    who = reader(network)
    campaign = wanted.campaign
    town = request.GET.get("q", "")
    everywhere = replace(Wanted(), campaign=campaign).path(ENDS["near"])
    asking = Asking(wanted, Figures(0, 0, ()), who, "near")
    context = {
        "wanted": wanted,
        "asking": asking,
        "form": form,
        "others": [_other(one, asking) for one in form.others],
        "campaign": campaign,
        "campaign_title": who.words(campaign.names) if campaign else None,
        "ink_url": ink_url(campaign.ink if campaign else network.ink),
        "list_url": wanted.address(),
        "map_url": wanted.address(ENDS["map"]),
        "here_url": wanted.address(ENDS["here"]),
        "wider_url": f"{everywhere}?{urlencode({'q': town})}" if town else everywhere,
        "lost": lost,
        **(_answer(wanted, *around, who) if around else {}),
    }
    return render(request, "actions/near.html", context, status=status)


def _answer(wanted: Wanted, point: Point, place: Found | None, who: Reader) -> dict[str, Any]:
    found = near_to(point, among=wanted)

    def shown(rows: list[NearAction]) -> list[tuple[ShownAction, str]]:
        return [(ShownAction(row.action, who), row.far) for row in rows]

    return {
        "asked": True,
        "place": place,
        "place_words": names.label(place) if place else _("your position"),
        "found": shown(found),
        "nearest": [] if found else shown(nearest_to(point, among=wanted)),
        "host_url": _host_url(wanted, place),
    }


def _other(place: Found, asking: Asking) -> tuple[str, str]:
    """Words and query of a further town of the name that was typed, with the same filters."""
    label = names.label(place)
    chosen = [("q", label), ("q_chosen", str(place.id)), ("q_for", label)]
    return label, urlencode([*asking.beside_words, *chosen])


def _host_url(wanted: Wanted, place: Found | None) -> str:
    """The form to host, with campaign and town filled in."""
    if place is None:
        return wanted.host_url
    filled = {"place": names.label(place), "place_chosen": str(place.id)}
    return f"{wanted.host_url}?{urlencode(filled)}"
