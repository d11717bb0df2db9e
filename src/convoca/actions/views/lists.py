"""Lists, maps and calendars of one filtered set of actions."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from convoca.actions.finding import ASKED, ASKED_ALONE, Figures, Wanted
from convoca.actions.finding.asking import ENDS, Asking
from convoca.actions.finding.calendar import A_DAY, month_of, read_month
from convoca.actions.finding.mapping import map_html
from convoca.actions.models import Action
from convoca.actions.rows import Row, rows_of
from convoca.actions.tags import SETS
from convoca.campaigns.front import Reader, reader
from convoca.campaigns.inks import ink_url
from convoca.campaigns.models import Campaign
from convoca.campaigns.poster import label_of
from convoca.pages.public import InMirror, public_page
from convoca.places.names import country_name

A_PAGE = 50


class Counted(Paginator[int]):
    """Pages of the numbers of actions, where it is known already how many there are."""

    def __init__(self, rows: "QuerySet[Action, int]", total: int) -> None:
        super().__init__(rows, A_PAGE)
        self.total = total

    @cached_property
    def count(self) -> int:
        return self.total


def tags(request: HttpRequest, code: str = "", **scope: Any) -> list[str]:
    """What lists show: actions with their campaigns, hosts and towns, and the site."""
    found = Campaign.objects.filter(code=code).values_list("pk", flat=True) if code else []
    return [*(f"campaign:{pk}" for pk in found), *SETS, "site"]


def whole(**scope: Any) -> InMirror:
    """A copy of the site has what is of the whole world; of each country and town is too much."""
    return "never" if scope.get("cc") else "always"


def whole_or_country(**scope: Any) -> InMirror:
    """The same, and each country's of all campaigns together: what the sitemap has."""
    is_part = scope.get("city") or (scope.get("cc") and scope.get("code"))
    return "never" if is_part else "always"


EVER = (date(1900, 1, 1), date(2199, 12, 31))


@public_page(tags=tags, query=ASKED, personal=ASKED_ALONE, mirrored=whole_or_country)
def index(request: HttpRequest, **scope: Any) -> HttpResponse:
    """The list: what is on now first, then by time, then what has no day yet."""
    wanted = Wanted.read(request, **scope)
    if request.path != wanted.path():
        return redirect(wanted.address(), permanent=True)
    return render(request, "actions/list.html", _paged(request, wanted, "list"))


@public_page(tags=tags, query=ASKED, personal=ASKED_ALONE, mirrored=whole_or_country)
def map_of(request: HttpRequest, **scope: Any) -> HttpResponse:
    """The same set as a map, with the same list under it."""
    wanted = Wanted.read(request, **scope)
    if request.path != wanted.path(ENDS["map"]):
        return redirect(wanted.address(ENDS["map"]), permanent=True)
    context = {
        **_paged(request, wanted, "map"),
        "map": map_html(wanted, wanted.address(ENDS["map"], without=("box",))),
    }
    return render(request, "actions/map.html", context)


def _paged(request: HttpRequest, wanted: Wanted, view: str) -> dict[str, Any]:
    """A page of the set, in groups, and what all views of it show."""
    figures, who = wanted.figures(), reader()
    numbers = wanted.rows().values_list("pk", flat=True)
    page = Counted(numbers, figures.total).get_page(request.GET.get("page", ""))
    return {
        **common(wanted, figures, view, who),
        "page": page,
        "groups": in_groups(rows_of(list(page.object_list), who), wanted),
    }


@public_page(tags=tags, query=(*ASKED, "month"), personal=ASKED_ALONE, mirrored=whole)
def month(request: HttpRequest, **scope: Any) -> HttpResponse:
    """The same set as the days of a month."""
    wanted = Wanted.read(request, **scope)
    if request.path != wanted.path(ENDS["calendar"]):
        return redirect(wanted.address(ENDS["calendar"]), permanent=True)
    who = reader()
    first = read_month(request.GET.get("month", ""), wanted.first or _begins(wanted, who))
    shown = month_of(wanted, first, who)
    after = (first + 31 * A_DAY).replace(day=1)
    context = {
        **common(wanted, wanted.figures(), "calendar", who),
        "month": shown,
        "before": _month_url(wanted, first - A_DAY) if _any(wanted, EVER[0], first - A_DAY) else "",
        "after": _month_url(wanted, after) if _any(wanted, after, EVER[1]) else "",
    }
    return render(request, "actions/calendar.html", context)


def _any(wanted: Wanted, first: date, last: date) -> bool:
    """Whether something begins in these days: nobody is led through empty months for ever."""
    return replace(wanted, first=first, last=last, past=False, box=None).rows().exists()


def _begins(wanted: Wanted, who: Reader) -> date:
    """The month to open at: that of the moment, or of the first action of the set; this month for
    what began earlier and goes on.
    """
    if wanted.moment is not None:
        return wanted.moment.starts_on
    day = wanted.rows().values_list("day", flat=True).first() or who.today
    return day if wanted.past else max(day, who.today)


def _month_url(wanted: Wanted, day: date) -> str:
    address = wanted.address(ENDS["calendar"])
    return f"{address}{'&' if '?' in address else '?'}month={day:%Y-%m}"


def in_groups(rows: list[Row], wanted: Wanted) -> list[tuple[str, list[Row]]]:
    """The rows of a page as "now", "" and "undated", each as far as there are any."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        key = "" if row.group == "now" and wanted.past else row.group
        groups.setdefault(key, []).append(row)
    order = ("now", "", "undated")
    return [(key, groups[key]) for key in order if key in groups]


def common(
    wanted: Wanted, figures: Figures, view: str, who: Reader | None = None
) -> dict[str, Any]:
    """What list, map and calendar have above their rows: title, figures, what was asked."""
    who = who or reader()
    campaign = wanted.campaign
    return {
        "wanted": wanted,
        "figures": figures,
        "campaign": campaign,
        "campaign_title": who.words(campaign.names) if campaign else None,
        "ink_url": ink_url(campaign.ink if campaign else who.network.ink),
        "asking": Asking(wanted, figures, who, view),
        "heading": heading(wanted, who),
    }


def heading(wanted: Wanted, who: Reader) -> str:
    """What the page is called: "Actions in Asunción"."""
    if wanted.moment is not None:
        words = str(label_of(wanted.moment, who.language, who.fallbacks))
    else:
        words = _("Actions")
    if wanted.city is not None:
        where = wanted.city.name
    elif wanted.country:
        where = country_name(wanted.country, who.language)
    else:
        return words
    return _("%(actions)s in %(place)s") % {"actions": words, "place": where}
