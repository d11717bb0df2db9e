"""The station, the switch, and the steward's lists of organisations."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from convoca.network import services, spreadsheets
from convoca.network.forms import DirectoryForm
from convoca.network.middleware import SESSION_KEY
from convoca.network.models import (
    Affiliation,
    Committee,
    Decision,
    Invitation,
    Mandate,
    Organisation,
)
from convoca.network.models.committee import PAUSED
from convoca.network.picking import Search, countries_of, regions
from convoca.network.views.desk import person_of, steward_only

PER_PAGE = 50
SORTS: dict[str, tuple[str, ...]] = {
    "name": (),
    "country": ("country",),
    "state": ("state",),
    "since": ("-state_since",),
}


@login_required
@require_safe
def work(request: HttpRequest) -> HttpResponse:
    """The station: what waits for stewards, and one's own organisations and committees."""
    person = person_of(request)
    held = services.mandates_of(person)
    context: dict[str, Any] = {
        "organisations": list(
            {m.organisation_id: m.organisation for m in held if m.organisation}.values()
        ),
        "committees": list({m.committee_id: m.committee for m in held if m.committee}.values()),
        "roles": [m for m in held if m.is_for_network],
        "is_steward": any(m.is_for_network and m.role == Mandate.Role.STEWARD for m in held),
    }
    if context["is_steward"]:
        context |= {
            "asking": Organisation.objects.filter(state=Organisation.State.ASKED).order_by(
                "state_since"
            )[:20],
            "decisions": Decision.objects.waiting().select_related("organisation", "proposed_by")[
                :20
            ],
            "without": _without_coordinator()[:20],
            "waiting": Invitation.objects.open().filter(way=Invitation.Way.MAIL).count(),
            "members": Organisation.objects.members().count(),
        }
    return render(request, "network/work/station.html", context)


def _without_coordinator() -> QuerySet[Organisation]:
    """Members for which nobody can speak now."""
    speaking = Mandate.objects.standing().filter(role=Mandate.Role.COORDINATOR)
    return Organisation.objects.members().exclude(pk__in=speaking.values("organisation")).by_name()


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def acting(request: HttpRequest) -> HttpResponse:
    """The switch: for whom one acts from now on. Rights do not change, only the name on acts."""
    held = services.mandates_of(person_of(request))
    if request.method == "POST":
        chosen = request.POST.get("mandate", "")
        if any(str(m.pk) == chosen for m in held):
            request.session[SESSION_KEY] = int(chosen)
        back = request.POST.get("next", "")
        if url_has_allowed_host_and_scheme(back, None) and back.startswith("/"):
            return redirect(back)
        return redirect("network:work")
    return render(request, "network/work/acting.html", {"held": held})


def _where(
    request: HttpRequest, rows: "QuerySet[Organisation] | QuerySet[Committee]"
) -> dict[str, Any]:
    """What the filter of regions and countries needs."""
    where = request.GET.get("where", "")
    return {"where": where, "regions": regions(), "countries": countries_of(rows)}


def _listed(wanted: dict[str, Any], request: HttpRequest) -> QuerySet[Organisation]:
    shown = Organisation.objects.all()
    state = request.GET.get("state", "")
    if state in Organisation.State.values:
        shown = shown.filter(state=state)
    within = Search(where=request.GET.get("where", "")).countries()
    if within is not None:
        shown = shown.filter(country__in=within)
    if wanted.get("kind"):
        shown = shown.filter(kind=wanted["kind"])
    if wanted.get("q"):
        shown = shown.searching(wanted["q"])
    return shown.by_name(*SORTS.get(request.GET.get("sort", ""), ()))


@steward_only
@require_safe
def work_organisations(request: HttpRequest) -> HttpResponse:
    """Every organisation in whatever state, searched, filtered, sorted."""
    wanted = DirectoryForm(request.GET).wanted()
    now = timezone.now()
    people = Count(
        "mandates__person",
        filter=Q(mandates__until_at=None) | Q(mandates__until_at__gt=now),
        distinct=True,
    )
    page = Paginator(_listed(wanted, request), PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = (
        Organisation.objects.filter(pk__in=[o.pk for o in page.object_list])
        .annotate(people=people)
        .by_name(*SORTS.get(request.GET.get("sort", ""), ()))
    )
    context = {
        "page": page,
        "organisations": page.object_list,
        "wanted": wanted,
        "state": request.GET.get("state", ""),
        "states": Organisation.State.choices,
        "kinds": Organisation.Kind.choices,
        **_where(request, Organisation.objects.all()),
    }
    return render(request, "network/work/organisations.html", context)


@steward_only
@require_safe
def organisations_csv(request: HttpRequest) -> HttpResponse:
    """The same list as a spreadsheet, in the columns that the import reads."""
    wanted = DirectoryForm(request.GET).wanted()
    bodies = Prefetch("affiliations", Affiliation.objects.standing().select_related("body"))
    found = list(_listed(wanted, request).prefetch_related(bodies))
    tags = list(dict.fromkeys(tag for o in found for tag in o.names))
    head = ["code", *(f"name:{tag}" for tag in tags), "kind", "country", "site", "languages"]
    head += ["part_of", "state", "member_since", "member_until", "contact_mail"]
    rows = [
        [
            o.code,
            *(o.names.get(tag, "") for tag in tags),
            o.kind,
            o.country,
            o.site,
            " ".join(o.languages),
            "|".join(part.body.code for part in o.affiliations.all()),
            o.state,
            o.member_since.date().isoformat() if o.member_since else "",
            o.member_until.date().isoformat() if o.member_until else "",
            o.contact_mail,
        ]
        for o in found
    ]
    return spreadsheets.write(_("organisations"), head, rows)


def _committees(wanted: dict[str, Any], request: HttpRequest) -> QuerySet[Committee]:
    shown = Committee.objects.all().in_state(request.GET.get("state", ""))
    within = Search(where=request.GET.get("where", "")).countries()
    if within is not None:
        shown = shown.filter(country__in=within)
    if wanted.get("q"):
        shown = shown.searching(wanted["q"])
    return shown.by_name().select_related("place").prefetch_related("organisations")


@steward_only
@require_safe
def work_committees(request: HttpRequest) -> HttpResponse:
    """Every committee, searched and filtered."""
    wanted = DirectoryForm(request.GET).wanted()
    page = Paginator(_committees(wanted, request), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "committees": page.object_list,
        "wanted": wanted,
        "state": request.GET.get("state", ""),
        "states": [*Committee.State.choices, ("paused", PAUSED)],
        **_where(request, Committee.objects.all()),
    }
    return render(request, "network/work/committees.html", context)


@steward_only
@require_safe
def committees_csv(request: HttpRequest) -> HttpResponse:
    """The same list as a spreadsheet."""
    found = _committees(DirectoryForm(request.GET).wanted(), request)
    head = [
        "code",
        "committee",
        "committee_place",
        "country",
        "organisations",
        "languages",
        "contact",
        "state",
    ]
    rows = [
        [
            c.code,
            str(c.names),
            c.place.name if c.place else "",
            c.country,
            "|".join(o.code for o in c.organisations.all()),
            " ".join(c.languages),
            c.contact,
            "paused" if c.is_paused else c.state,
        ]
        for c in found
    ]
    return spreadsheets.write(_("committees"), head, rows)
