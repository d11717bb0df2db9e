"""Results that everybody reads: totals, what they are made of, and the sheet behind them."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from convoca.actions.models import Action
from convoca.campaigns.front import reader
from convoca.campaigns.inks import ink_of, ink_url
from convoca.campaigns.models import Campaign
from convoca.campaigns.views.reading import published
from convoca.counting.claimed import of_action
from convoca.counting.models import Contest, Publication
from convoca.counting.notes import counted_once, notes, parts
from convoca.counting.press import picture_of, rule_words
from convoca.counting.published import ShownPublication
from convoca.counting.results import TAGS, Results, ledger_of
from convoca.counting.tally import Counted, Ledger, total
from convoca.counting.tally.words import people_words, tally_words
from convoca.network.models import Organisation
from convoca.pages.public import public_page
from convoca.places.names import country_name

A_PAGE = 50
PUBLISHED_SHOWN = 50
ASKED = ("country", "city", "organisation", "only")
ONLY: dict[str, Callable[[Counted], bool]] = {
    "unknown": lambda one: one.took_place and not one.figures,
    "unreported": lambda one: one.took_place and not one.is_reported,
    "to-come": lambda one: one.is_to_come,
    "called-off": lambda one: one.is_called_off,
    "waiting": lambda one: bool(one.waits),
    "set-aside": lambda one: any(f.is_set_aside for claim in one.claims for f in claim.figures),
}


def results_tags(request: HttpRequest, code: str, **kwargs: Any) -> list[str]:
    """What is claimed, of which actions, and the campaign."""
    found = Campaign.objects.filter(code=code).values_list("pk", flat=True).first()
    return [*([f"campaign:{found}"] if found else []), *TAGS]


def results_of(code: str, moment: str) -> Results:
    """The results of a campaign that the public reads, or of one of its moments; else 404."""
    campaign = published(code)
    found = get_object_or_404(campaign.moments.all(), code=moment) if moment else None
    return Results(campaign, found, reader(), ledger_of(campaign, found))


def shown_results(code: str, moment: str) -> Results:
    """The same, where the public reads totals; else 404."""
    found = results_of(code, moment)
    if not found.is_shown:
        raise Http404
    return found


def common(found: Results, **more: Any) -> dict[str, Any]:
    """What the frame of every page of results needs."""
    ink = ink_of(found.campaign.ink)
    return {
        "results": found,
        "campaign": found.campaign,
        "ink": ink,
        "ink_url": ink_url(found.campaign.ink),
        **more,
    }


@public_page(tags=results_tags)
def results(request: HttpRequest, code: str, slug: str, moment: str = "") -> HttpResponse:
    """Headline figures, what they are made of, where; and what is not known."""
    found = results_of(code, moment)
    if slug != found.campaign.slug():
        return redirect(found.address(), permanent=True)
    kept = Publication.objects.of(found.campaign, found.moment)[:PUBLISHED_SHOWN]
    context = common(
        found,
        once=counted_once(found.tally),
        rule=rule_words(),
        publications=[ShownPublication(one, found.who) for one in kept],
        contested=found.contested,
        picture=picture_of(found),
    )
    if found.is_shown:
        context["spots"] = found.spots()
    return render(request, "counting/results.html", context)


@public_page(tags=results_tags, query=(*ASKED, "page"), mirrored="papers")
def counted_actions(request: HttpRequest, code: str, slug: str, moment: str = "") -> HttpResponse:
    """The actions of which a figure is made, page by page."""
    found = shown_results(code, moment)
    asked = {name: request.GET.get(name, "") for name in ASKED}
    asked = {name: value for name, value in asked.items() if value}
    if slug != found.campaign.slug():
        return redirect(found.opened(**asked), permanent=True)
    rows, heading = _asked_for(found, asked)
    tally = total(rows)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    contested = _contested([one.pk for one in page])
    query = f"{urlencode(asked)}&" if asked else ""
    context = common(
        found,
        heading=heading,
        tally=tally,
        people=tally_words(tally),
        parts=parts(tally),
        notes=notes(tally),
        once=counted_once(tally),
        cities=found.cities(rows) if "country" in asked and "city" not in asked else [],
        page=page,
        rows=[(one, people_words(one.people), one.pk in contested) for one in page],
        query=query,
    )
    return render(request, "counting/counted_actions.html", context)


def _contested(actions: list[int]) -> set[int]:
    """Those whose figure is contested and not answered yet."""
    return set(Contest.objects.open().filter(action__in=actions).values_list("action", flat=True))


def _asked_for(found: Results, asked: dict[str, str]) -> tuple[list[Counted], str]:
    """The actions that a query is about, and what they are called; 404 for what nobody knows."""
    rows = found.ledger.actions
    words = []
    if code := asked.get("country"):
        code = "" if code == "-" else code
        rows = [one for one in rows if one.country == code]
        words.append(country_name(code, found.who.language) if code else _("Online"))
    if city := asked.get("city"):
        rows = [one for one in rows if str(one.place) == city]
        words += [one.town for one in rows[:1]]
    if member := asked.get("organisation"):
        host = get_object_or_404(Organisation, code=member)
        rows = [one for one in rows if host.pk in one.hosts]
        words.append(str(found.who.words(host.names)))
    if only := asked.get("only"):
        if only not in ONLY:
            raise Http404
        rows = [one for one in rows if ONLY[only](one)]
    if asked and not rows:
        raise Http404
    return rows, " · ".join(words) or _("All actions")


@public_page(tags=results_tags, mirrored="papers")
def counted_action(request: HttpRequest, code: str, slug: str, action: str) -> HttpResponse:
    """One action: who tells of it, what each says, and how its range comes about."""
    found = shown_results(code, "")
    rows = {one.code: one for one in found.ledger.actions}
    if action not in rows:
        raise Http404
    if slug != found.campaign.slug():
        args = (code, found.campaign.slug(), action)
        return redirect("counting:counted-action", *args, permanent=True)
    one = rows[action]
    tally = total([one])
    made_of = parts(tally)
    context = common(
        found,
        one=one,
        action=get_object_or_404(Action, pk=one.pk),
        people=people_words(one.people),
        parts=made_of if len(made_of) > 1 else [],
        once=counted_once(tally),
        claims=of_action(one),
        contests=Contest.objects.filter(action=one.pk),
        town=country_name(one.country, found.who.language) if one.country else "",
    )
    return render(request, "counting/counted_action.html", context)


@public_page(tags=results_tags)
def publication(request: HttpRequest, code: str, slug: str, publication: str) -> HttpResponse:
    """Totals as they stood when they were published, and what was corrected then."""
    campaign = published(code)
    rows = Publication.objects.filter(campaign=campaign).select_related("moment", "campaign")
    row = get_object_or_404(rows, code=publication)
    if slug != campaign.slug():
        return redirect("counting:publication", code, campaign.slug(), row.code, permanent=True)
    found = Results(campaign, row.moment, reader(), Ledger(actions=[]))
    same = Publication.objects.of(campaign, row.moment)
    context = common(
        found,
        shown=ShownPublication(row, found.who),
        others=[ShownPublication(one, found.who) for one in same[:PUBLISHED_SHOWN]],
    )
    return render(request, "counting/publication.html", context)
