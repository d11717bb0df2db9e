"""What readers see: organisations and committees, in lists and one by one."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Count, Min, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from convoca.network import sections
from convoca.network.forms import CommitteesForm, DirectoryForm
from convoca.network.models import Committee, Network, Organisation, Region
from convoca.network.sections import sections_of, sections_of_committee
from convoca.pages.public import public_page
from convoca.places.map import Extent, Spot
from convoca.places.names import country_name
from convoca.texts import services as texts

PER_PAGE = 60
MOST_SPOTS = 2000


def _tags_of_organisation(request: HttpRequest, code: str, **kwargs: Any) -> list[str]:
    found = Organisation.objects.filter(code=code).values_list("pk", "about__code").first()
    own = [f"organisation:{found[0]}", f"text:{found[1]}"] if found else []
    return [*own, *sections.tags(), "organisations", "committees", "places", "site"]


def _tags_of_committee(request: HttpRequest, code: str, **kwargs: Any) -> list[str]:
    found = Committee.objects.filter(code=code).values_list("pk", flat=True)
    return [
        *(f"committee:{pk}" for pk in found),
        *sections.tags(),
        "organisations",
        "places",
        "site",
    ]


def _in_countries(wanted: dict[str, object], regions: list[Region]) -> list[str] | None:
    """The countries asked for, by themselves or by a region; None is all of them."""
    if wanted.get("country"):
        return [str(wanted["country"]).upper()]
    region = next((r for r in regions if r.pk == wanted.get("region")), None)
    return list(region.countries) if region else None


def _countries_of(
    found: "QuerySet[Organisation] | QuerySet[Committee]",
) -> list[tuple[str, str]]:
    """The countries that occur, by name in the reader's language."""
    codes = found.exclude(country="").order_by().values_list("country", flat=True).distinct()
    language = get_language() or "en"
    return sorted(
        ((code, country_name(code, language)) for code in codes), key=lambda item: item[1]
    )


@public_page(
    tags=["organisations", "site"],
    query=("country", "region", "kind", "former", "page"),
    personal=("q",),
)
def organisations(request: HttpRequest) -> HttpResponse:
    """Members by name, filtered and searched; former members on request, muted and dated."""
    form = DirectoryForm(request.GET)
    wanted = form.wanted()
    shown = (
        Organisation.objects.former() if wanted.get("former") else Organisation.objects.members()
    )
    regions = list(Region.objects.kept())
    countries = _countries_of(shown)
    within = _in_countries(wanted, regions)
    if within is not None:
        shown = shown.filter(country__in=within)
    if wanted.get("kind"):
        shown = shown.filter(kind=wanted["kind"])
    if wanted.get("q"):
        shown = shown.searching(wanted["q"])
    page = Paginator(shown.by_name(), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "organisations": page.object_list,
        "wanted": wanted,
        "regions": regions,
        "countries": countries,
        "kinds": Organisation.Kind.choices,
    }
    return render(request, "network/organisations.html", context)


@public_page(tags=_tags_of_organisation)
def organisation(request: HttpRequest, code: str, slug: str = "", tag: str = "") -> HttpResponse:
    """One organisation: who it is, of what it is part, its committees, and what apps above add.

    With `tag`, what it says of itself is read in this language, which need not be one of the
    interface's.
    """
    found = get_object_or_404(
        Organisation.objects.public().select_related("about", "logo"), code=code
    )
    if slug != found.slug():
        return HttpResponsePermanentRedirect(found.get_absolute_url())
    public = Organisation.objects.public().by_name()
    part_of, chapters = found.affiliations.standing(), found.chapter_affiliations.standing()
    about = None
    if found.about is not None:
        wanted = tag or get_language() or "en"
        about = texts.reading(found.about, wanted, Network.load().fallbacks)
    if tag and (about is None or tag not in {one.language for one in about.available}):
        raise Http404
    context = {
        "organisation": found,
        "about": about,
        "bodies": public.filter(pk__in=part_of.values("body")),
        "chapters": public.filter(pk__in=chapters.values("chapter"))[:200],
        "committees": found.committees.public()
        .select_related("place")
        .prefetch_related("organisations")
        .by_name("state")[:200],
        "sections": sections_of(found),
    }
    return render(request, "network/organisation.html", context)


def _spots(shown: QuerySet[Committee]) -> list[Spot]:
    """A spot for each place: it leads to its committee, or to the list of those that are there."""
    rows = (
        shown.filter(place__isnull=False)
        .order_by()
        .values("place__latitude", "place__longitude", "place__name", "place_id")
        .annotate(count=Count("pk"), code=Min("code"))[:MOST_SPOTS]
    )
    directory = reverse("network:committees")
    return [
        Spot(
            row["place__latitude"],
            row["place__longitude"],
            row["place__name"],
            reverse("network:committee-by-code", args=[row["code"]])
            if row["count"] == 1
            else f"{directory}?{urlencode({'q': row['place__name']})}",
            row["count"],
        )
        for row in rows
    ]


def _address_without(request: HttpRequest, *names: str) -> str:
    """This page's address with what was asked, but for these."""
    kept = request.GET.copy()
    for name in names:
        kept.pop(name, None)
    query = kept.urlencode()
    return f"{request.path}?{query}" if query else request.path


@public_page(
    tags=["committees", "organisations", "places", "site"],
    query=("country", "region", "page"),
    personal=("q", "box"),
)
def committees(request: HttpRequest) -> HttpResponse:
    """Committees by name, with their places."""
    form = CommitteesForm(request.GET)
    wanted = form.wanted()
    shown = Committee.objects.acting()
    regions = list(Region.objects.kept())
    countries = _countries_of(shown)
    within = _in_countries(wanted, regions)
    if within is not None:
        shown = shown.filter(country__in=within)
    if wanted.get("q"):
        shown = shown.searching(wanted["q"])
    extent = Extent.read(request.GET.get("box"))
    if extent is not None:
        shown = shown.filter(extent.condition("place__latitude", "place__longitude"))
    listed = shown.by_name().select_related("place")
    listed = listed.prefetch_related("organisations")
    page = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "committees": page.object_list,
        "wanted": wanted,
        "regions": regions,
        "countries": countries,
        "spots": _spots(shown),
        "extent": extent,
        "zoom": _address_without(request, "box", "page"),
    }
    return render(request, "network/committees.html", context)


@public_page(tags=_tags_of_committee)
def committee(request: HttpRequest, code: str, slug: str = "") -> HttpResponse:
    """One committee: where it is, whose it is, how to reach it."""
    found = get_object_or_404(Committee.objects.public().select_related("place"), code=code)
    if slug != found.slug():
        return HttpResponsePermanentRedirect(found.get_absolute_url())
    context = {
        "committee": found,
        "organisations": found.organisations.public().by_name(),
        "sections": sections_of_committee(found),
    }
    return render(request, "network/committee.html", context)


@require_safe
def permanent_organisation(request: HttpRequest, code: str) -> HttpResponse:
    """The permanent id: leads to the page in the reader's language."""
    return redirect(get_object_or_404(Organisation.objects.public(), code=code))


@require_safe
def permanent_committee(request: HttpRequest, code: str) -> HttpResponse:
    """The permanent id: leads to the page in the reader's language."""
    return redirect(get_object_or_404(Committee.objects.public(), code=code))
