"""What everybody reads: the list, a campaign, its call, who signed, past editions."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, CharField, F, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from convoca.campaigns import doing, preview
from convoca.campaigns.addresses import root
from convoca.campaigns.figures import figures_of
from convoca.campaigns.front import (
    Reader,
    call_languages,
    editions_of,
    for_reading,
    front_of,
    poster_for,
    reader,
    sheets_of,
    shown,
    signers_of,
    withdrawn_of,
)
from convoca.campaigns.models import Campaign, Endorsement
from convoca.campaigns.models.campaign import State
from convoca.core.errors import Gone
from convoca.core.languages import UnknownTag, tidy_tag
from convoca.network.models import Region
from convoca.pages.public import public_page
from convoca.places.names import country_name
from convoca.texts import services as texts

OPEN_SHOWN = 50
PAST_A_PAGE = 20
SIGNERS_A_PAGE = 100


def campaign_tags(request: HttpRequest, code: str, **kwargs: Any) -> list[str]:
    """What a campaign's pages show: itself, its call, its other editions, who signed, and where."""
    found = Campaign.objects.filter(code=code).values_list("pk", "call__code").first()
    own = [f"campaign:{found[0]}", f"text:{found[1]}"] if found else []
    return [*own, *doing.tags(), "campaigns", "organisations", "places", "site"]


def published(code: str) -> Campaign:
    """The campaign; 410 for what was withdrawn, 404 for what the public never read."""
    found = for_reading(Campaign.objects.published()).filter(code=code).first()
    if found is not None:
        return found
    raise Gone if Campaign.objects.taken_off().filter(code=code).exists() else Http404


@public_page(tags=["campaigns", "organisations", "places", "site"], query=("page",))
def index(request: HttpRequest) -> HttpResponse:
    """The campaigns that run, and behind them the closed ones, page by page."""
    who = reader()
    rows = for_reading(Campaign.objects.published())
    running = list(rows.filter(state=State.PUBLISHED).order_by("-published_at", "-pk")[:OPEN_SHOWN])
    closed = rows.filter(state__in=[State.CLOSED, State.ARCHIVED])
    page = Paginator(closed.order_by("-published_at", "-pk"), PAST_A_PAGE).get_page(
        request.GET.get("page")
    )
    shown_past = list(page.object_list)
    figures = figures_of([*running, *shown_past])
    context = {
        "running": [(poster_for(one, who), figures[one.pk]) for one in running],
        "past": [(poster_for(one, who), figures[one.pk]) for one in shown_past],
        "page": page,
    }
    return render(request, "campaigns/index.html", context)


@public_page(tags=campaign_tags)
def short(request: HttpRequest, code: str) -> HttpResponse:
    """The address without its readable end."""
    return redirect(published(code), permanent=False)


@public_page(tags=campaign_tags)
def detail(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """A campaign's page: poster and stub, then everything that belongs to it."""
    campaign = published(code)
    if slug != campaign.slug():
        return redirect(campaign, permanent=True)
    return render(request, "campaigns/detail.html", detail_context(campaign))


def detail_context(campaign: Campaign) -> dict[str, Any]:
    """The same for readers and for a preview."""
    front = front_of(campaign, reader())
    return {
        "front": front,
        "campaign": campaign,
        "poster": front.poster,
        "picture": preview.picture_of(campaign, front.who, front.poster),
    }


@public_page(tags=campaign_tags)
def call(request: HttpRequest, code: str, slug: str, tag: str) -> HttpResponse:
    """The whole call in one language, which need not be one of the interface's."""
    campaign = published(code)
    try:
        wanted = tidy_tag(tag)
    except UnknownTag as error:
        raise Http404 from error
    if slug != campaign.slug() or wanted != tag:
        return redirect("campaigns:call", code, campaign.slug(), wanted, permanent=True)
    who = reader()
    reading = texts.reading(campaign.call, wanted, dict(who.fallbacks))
    known = {*who.network.languages, *(one.language for one in reading.available)}
    if wanted not in known or reading.is_empty:
        raise Http404
    shown_in = reader(who.network, language=wanted)
    context = {
        "campaign": campaign,
        "reading": reading,
        "title": shown_in.words(campaign.names),
        "poster": poster_for(campaign, who),
        "languages": call_languages(reading),
        "page_url": f"{root()}{campaign.call.address_in(reading.language, who.fallbacks)}",
        "root": root(),
    }
    return render(request, "campaigns/call.html", context)


@public_page(tags=campaign_tags)
def call_sheets(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """The call in all its languages, one after the other; on paper a sheet for each."""
    campaign = published(code)
    if slug != campaign.slug():
        return redirect("campaigns:call-sheets", code, campaign.slug(), permanent=True)
    who = reader()
    sheets = sheets_of(campaign, who)
    if not sheets:
        raise Http404
    context = {"campaign": campaign, "poster": poster_for(campaign, who), "sheets": sheets}
    return render(request, "campaigns/call_sheets.html", context)


@public_page(tags=campaign_tags)
def edition(request: HttpRequest, code: str, slug: str, name: str) -> HttpResponse:
    """The moments of one past edition, never mixed with the present ones."""
    campaign = published(code)
    if slug != campaign.slug():
        return redirect("campaigns:edition", code, campaign.slug(), name, permanent=True)
    who = reader()
    moments = editions_of(campaign, who).past.get(name)
    if moments is None:
        raise Http404
    context = {
        "campaign": campaign,
        "poster": poster_for(campaign, who),
        "edition": name,
        "moments": shown(moments, who),
    }
    return render(request, "campaigns/edition.html", context)


@public_page(tags=campaign_tags, query=("page",))
def signers(request: HttpRequest, code: str, slug: str, by: str = "name") -> HttpResponse:
    """Everybody who signed: by name, country, region or kind, page by page."""
    campaign = published(code)
    if slug != campaign.slug():
        return redirect(campaign.get_absolute_url() + "signers/", permanent=True)
    who = reader()
    rows = _grouped(signers_of(campaign), by, who)
    page = Paginator(rows, SIGNERS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "campaign": campaign,
        "poster": poster_for(campaign, who),
        "figures": figures_of([campaign])[campaign.pk],
        "groups": _in_groups(list(page.object_list), by, who),
        "page": page,
        "by": by,
        "ways": _ways(campaign),
        "withdrawn": list(withdrawn_of(campaign)[:SIGNERS_A_PAGE]) if page.number == 1 else [],
    }
    return render(request, "campaigns/signers.html", context)


def _ways(campaign: Campaign) -> list[tuple[str, str, str]]:
    code, slug = campaign.code, campaign.slug()
    words = [
        ("name", _("By name")),
        ("country", _("By country")),
        ("region", _("By region")),
        ("kind", _("By kind")),
    ]
    return [
        (
            key,
            label,
            reverse("campaigns:signers", args=[code, slug])
            if key == "name"
            else reverse("campaigns:signers-by", args=[code, slug, key]),
        )
        for key, label in words
    ]


def _grouped(rows: QuerySet[Endorsement], by: str, who: Reader) -> QuerySet[Endorsement]:
    """In the order of their groups; within one, by name."""
    if by == "country":
        rows = rows.annotate(group=F("organisation__country"))
    elif by == "kind":
        rows = rows.annotate(group=F("organisation__kind"))
    elif by == "region":
        rows = rows.annotate(group=_region())
    else:
        return rows
    return rows.order_by("group", "organisation__sorted_by", "organisation_id")


def _region() -> Case:
    """The number of the first region that holds the organisation's country; 9999 for none."""
    cases = [
        When(organisation__country__in=region.countries, then=Value(f"{number:04d}"))
        for number, region in enumerate(Region.objects.kept()[:500])
        if region.countries
    ]
    return Case(*cases, default=Value("9999"), output_field=CharField())


def _in_groups(
    rows: list[Endorsement], by: str, who: Reader
) -> list[tuple[str, list[Endorsement]]]:
    groups: dict[str, list[Endorsement]] = {}
    names = list(Region.objects.kept()[:500]) if by == "region" else []
    for row in rows:
        if by == "country":
            code = row.organisation.country
            key = country_name(code, who.language) if code else _("No country given")
        elif by == "kind":
            key = str(row.organisation.get_kind_display())
        elif by == "region":
            number = int(row.group)  # type: ignore[attr-defined]  # annotated by _grouped
            key = str(names[number]) if number < len(names) else _("Elsewhere")
        else:
            key = ""
        groups.setdefault(key, []).append(row)
    return list(groups.items())
