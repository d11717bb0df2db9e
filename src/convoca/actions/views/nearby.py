"""Near me: by the name of a town, or by a position that is used for one answer and kept nowhere."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from convoca.accounts.guard import HoneypotForm, public_form
from convoca.actions.finding.nearby import NearAction, near_to, nearest_to
from convoca.actions.front import ShownAction
from convoca.campaigns.front import reader
from convoca.pages.services import public_page
from convoca.places import names
from convoca.places.forms import PlaceField
from convoca.places.index import Found
from convoca.places.near import Point, nearest_place


class NearForm(forms.Form):
    """A town by name; where several are called so, the form comes back with the question."""

    q = PlaceField(label=gettext_lazy("Town"))


class HereForm(HoneypotForm):
    """A position, already rounded to about a kilometre by the script that sends it."""

    latitude = forms.FloatField(min_value=-90, max_value=90)
    longitude = forms.FloatField(min_value=-180, max_value=180)


@public_page(tags=["actions", "organisations", "committees", "site"])
def near(request: HttpRequest) -> HttpResponse:
    """What is near a town, by distance; the name stands in the address and can be passed on."""
    if not request.GET.get("q"):
        return render(request, "actions/near.html", {"form": NearForm()})
    form = NearForm(request.GET)
    if not form.is_valid():
        return render(request, "actions/near.html", {"form": form}, status=422)
    place: Found = form.cleaned_data["q"]
    context = _answer((place.latitude, place.longitude), place)
    return render(request, "actions/near.html", {"form": form, **context})


@public_form("near", limit=1200)
def near_here(request: HttpRequest) -> HttpResponse:
    """What is near a position. It comes in the body of a form, so that no log has it; nothing of it
    is stored.
    """
    form = HereForm(request.POST)
    if not form.is_valid():
        return render(request, "actions/near.html", {"form": NearForm(), "lost": True}, status=422)
    point = round(form.cleaned_data["latitude"], 2), round(form.cleaned_data["longitude"], 2)
    context = {"form": NearForm(), **_answer(point, nearest_place(*point))}
    return render(request, "actions/near.html", context)


def _answer(point: Point, place: Found | None) -> dict[str, Any]:
    found = near_to(point)
    who = reader()

    def shown(rows: list[NearAction]) -> list[tuple[ShownAction, str]]:
        return [(ShownAction(row.action, who), row.far) for row in rows]

    return {
        "asked": True,
        "place": place,
        "place_words": names.label(place) if place else _("your position"),
        "found": shown(found),
        "nearest": [] if found else shown(nearest_to(point)),
        "host_url": _host_url(place),
    }


def _host_url(place: Found | None) -> str:
    """The form to host, with the town filled in."""
    try:
        url = reverse("actions:host")
    except NoReverseMatch:
        return ""
    if place is None:
        return url
    return f"{url}?{urlencode({'place': names.label(place), 'place_chosen': place.id})}"
