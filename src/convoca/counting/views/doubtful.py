"""Reports that may be of one action: a person looks at them side by side and answers."""

from datetime import date
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from convoca.actions import queue
from convoca.actions.forms.moderation import QueueForm
from convoca.actions.models import Action
from convoca.actions.views.desk import moderators_mandate, moderators_only, say_refused
from convoca.campaigns.models import Campaign
from convoca.core.access import fetch_for
from convoca.core.errors import Refusal
from convoca.core.fold import terms
from convoca.core.undo import say_done
from convoca.counting import doubtful as waits
from convoca.counting.compared import Compared, likely_words, shown_claim
from convoca.counting.forms.doubtful import FindActionForm, PlaceClaimForm
from convoca.counting.models import Claim, Link
from convoca.counting.models.claim import ClaimQuerySet
from convoca.counting.rules import may_decide, may_place_in
from convoca.counting.services import answering, placing
from convoca.network.picking import status_of

A_PAGE = 25
MOST_BESIDE = 5
"""Actions that one report is compared with on one screen."""
MOST_FOUND = 12
AHEAD = 1000
"""So many that wait are looked through for the one after this."""


def _filter(request: HttpRequest, every: ClaimQuerySet) -> QueueForm:
    found = list(every.order_by().values_list("campaign", "country").distinct())
    return QueueForm(
        request.GET,
        campaigns=Campaign.objects.filter(pk__in={campaign for campaign, _country in found}),
        countries={country for _campaign, country in found},
        language=get_language() or "en",
    )


def _wanted(rows: ClaimQuerySet, wanted: dict[str, str]) -> ClaimQuerySet:
    if wanted.get("campaign"):
        rows = rows.filter(campaign__code=wanted["campaign"])
    if wanted.get("country"):
        rows = rows.filter(country=wanted["country"])
    return rows


def _asked(request: HttpRequest) -> dict[str, str]:
    """The filter that goes along from one screen to the next."""
    named = {name: request.GET.get(name, "") for name in ("campaign", "country")}
    return {name: value for name, value in named.items() if value}


def _to(request: HttpRequest, page: str, *args: str) -> str:
    asked = _asked(request)
    return reverse(page, args=args) + (f"?{urlencode(asked)}" if asked else "")


def _in_care(request: HttpRequest, code: str) -> Claim:
    rows = Claim.objects.select_related("source", "campaign", "place", "action__same_as")
    rows = rows.prefetch_related("estimates")
    return fetch_for(request.user, rows, may_decide, code=code)


@moderators_only
@require_safe
def doubtful(request: HttpRequest) -> HttpResponse:
    """The reports that wait, the likeliest first."""
    every = waits.waiting(request.user)
    form = _filter(request, every)
    wanted = form.wanted()
    rows = _wanted(every, wanted)
    page = Paginator(rows.select_related("source", "place", "campaign"), A_PAGE).get_page(
        request.GET.get("page")
    )
    beside: dict[int, list[Link]] = {}
    for link in waits.candidates().filter(claim__in=list(page)).select_related("action"):
        beside.setdefault(link.claim_id, []).append(link)
    context = {
        "form": form,
        "wanted": wanted,
        "query": f"?{urlencode(_asked(request))}" if _asked(request) else "",
        "page": page,
        "rows": [
            {"claim": claim, "links": links, "likely": likely_words(links[0].score)}
            for claim in page
            if (links := beside.get(claim.pk))
        ],
        "count": page.paginator.count,
        "unplaced": _wanted(waits.unplaced(request.user), wanted).count(),
    }
    return render(request, "counting/work/doubtful.html", context)


@moderators_only
@require_safe
def compare(request: HttpRequest, code: str) -> HttpResponse:
    """One report beside each action that it may be of; and a search for another one."""
    claim = _in_care(request, code)
    links = waits.candidates().filter(claim=claim).select_related("action__same_as")
    beside: dict[int, Compared] = {}
    for link in links:
        action = answering.canonical(link.action)
        beside.setdefault(action.pk, Compared(claim, action, link))
    form = FindActionForm(request.GET if "q" in request.GET else None, initial={"day": claim.day})
    linked = claim.links.filter(state=Link.State.LINKED).select_related(
        "action", "decided_under__person"
    )
    context = {
        "claim": claim,
        "one": shown_claim(claim),
        "linked": linked.first(),
        "beside": list(beside.values())[:MOST_BESIDE],
        "form": form,
        "found": _found(request, claim, form) if form.is_bound and form.is_valid() else None,
        "query": f"?{urlencode(_asked(request))}" if _asked(request) else "",
        "asked": _asked(request),
        "following": _after(request, claim),
        "is_placed_by_hand": placing.is_placed_by_hand(claim),
    }
    return render(request, "counting/work/compare.html", context)


def _found(request: HttpRequest, claim: Claim, form: FindActionForm) -> list[Action]:
    """Actions of these words and this day that the moderator looks after."""
    rows = queue.in_care_of(request.user).public().select_related("place", "campaign")
    if claim.action is not None:
        rows = rows.exclude(pk=answering.canonical(claim.action).pk)
    for word in terms(form.cleaned_data["q"])[:8]:
        rows = rows.filter(sought__contains=word)
    if day := form.cleaned_data["day"]:
        rows = rows.filter(day=day)
    around = claim.day or timezone.localdate()
    found = rows.filter(day__isnull=False).order_by("-starts_at", "pk")[: 20 * MOST_FOUND]
    return sorted(found, key=partial(_far, claim.place_id, around))[:MOST_FOUND]


def _far(town: int | None, around: date, action: Action) -> tuple[bool, int]:
    """What took place in the same town and about the same day comes first."""
    return action.place_id != town, abs(((action.day or around) - around).days)


def _after(request: HttpRequest, claim: Claim) -> str:
    """Where to go on: to the next report that waits, else to all of them. Asked before an answer,
    because after it the report waits no more.
    """
    rows = _wanted(waits.waiting(request.user), _asked(request))
    codes = list(rows.values_list("code", flat=True)[:AHEAD])
    place = codes.index(claim.code) if claim.code in codes else -1
    if place < 0 or place + 1 == len(codes):
        return _to(request, "counting:doubtful")
    return _to(request, "counting:compare", codes[place + 1])


@moderators_only
@require_POST
def say_same(request: HttpRequest, code: str) -> HttpResponse:
    """It is of this action."""
    claim = _in_care(request, code)
    chosen = _chosen(request, claim)
    after = _after(request, claim)
    try:
        if chosen is None:
            raise Refusal("action-unknown", _("There is no such action. Look for it once more."))
        under = moderators_mandate(request, [claim.country])
        row = answering.say_same(claim, chosen, under=under)
    except Refusal as refusal:
        say_refused(request, refusal)
        return redirect(_to(request, "counting:compare", code))
    words = _("The report of %(source)s is of “%(action)s”.") % {
        "source": claim.source,
        "action": row.action,
    }
    say_done(request, words, undo=reverse("counting:take-back", args=[row.code]))
    return redirect(after)


def _chosen(request: HttpRequest, claim: Claim) -> Action | None:
    """An action that was asked about, also where somebody has answered since; or one that the
    moderator found.
    """
    theirs = queue.in_care_of(request.user).public().values("pk")
    rows = Action.objects.filter(Q(claim_links__claim=claim) | Q(pk__in=theirs))
    code = request.POST.get("action", "")
    return rows.select_related("same_as").filter(code=code).distinct().first()


@moderators_only
@require_POST
def say_apart(request: HttpRequest, code: str) -> HttpResponse:
    """It is of none of the actions beside it."""
    claim = _in_care(request, code)
    asked = claim.links.filter(action__code__in=request.POST.getlist("action"))
    after = _after(request, claim)
    try:
        under = moderators_mandate(request, [claim.country])
        rows = answering.say_apart(claim, list(asked), under=under)
    except Refusal as refusal:
        say_refused(request, refusal)
        return redirect(_to(request, "counting:compare", code))
    if rows:
        words = _("The report of %(source)s is of an action of its own.")
        undo = reverse("counting:take-back", args=[rows[0].code])
        say_done(request, words % {"source": claim.source}, undo=undo)
    return redirect(after)


@moderators_only
@require_POST
def take_back(request: HttpRequest, code: str) -> HttpResponse:
    """Take an answer back; the report waits as it waited."""
    rows = Link.objects.select_related("claim")
    row = fetch_for(request.user, rows, _may_answer, code=code)
    under = moderators_mandate(request, [row.claim.country])
    answering.take_back(row, under=under)
    say_done(request, _("Taken back: everything is as it was."))
    return redirect("counting:compare", row.claim.code)


def _may_answer(visitor: Any, row: Link) -> bool:
    return may_decide(visitor, row.claim)


@moderators_only
@require_safe
def answers(request: HttpRequest) -> HttpResponse:
    """What was answered, by whom; each to be taken back."""
    rows = waits.answered(request.user).select_related(
        "claim__source", "action", "decided_under__person"
    )
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "counting/work/answers.html", {"page": page})


# --- reports without a day or a town ------------------------------------------------------------


@moderators_only
@require_safe
def unplaced(request: HttpRequest) -> HttpResponse:
    """Reports that are of no action because they do not say when and where."""
    every = waits.unplaced(request.user)
    form = _filter(request, every)
    wanted = form.wanted()
    rows = _wanted(every, wanted).select_related("source", "place", "campaign")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "wanted": wanted,
        "page": page,
        "rows": page.object_list,
        "count": page.paginator.count,
    }
    return render(request, "counting/work/unplaced.html", context)


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def place_claim(request: HttpRequest, code: str) -> HttpResponse:
    """Say when and where a report is from."""
    claim = _in_care(request, code)
    said = {"day": claim.day, "place": claim.place or claim.where_words[:200]}
    form = PlaceClaimForm(request.POST if request.method == "POST" else None, initial=said)
    is_valid = form.is_bound and form.is_valid()
    if is_valid and not may_place_in(request.user, form.cleaned_data["place"].country):
        words = _("You do not look after that country. Leave this report to a steward.")
        form.add_error("place", words)
    elif is_valid:
        try:
            under = moderators_mandate(request, [claim.country])
            placed = placing.place_claim(claim, under=under, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            say_done(request, _settled_words(placed))
            return redirect("counting:compare", code)
    context = {"claim": claim, "one": shown_claim(claim), "form": form}
    return render(request, "counting/work/place_claim.html", context, status=status_of(form))


def _settled_words(claim: Claim) -> str:
    """What became of a report that now says when and where."""
    if waits.candidates().filter(claim=claim).exists():
        return _("Noted. It may be of an action that is here already: look at it.")
    if claim.founds:
        return _("Noted. It is an action of its own now.")
    return _("Noted. It is of “%(action)s”.") % {"action": claim.action}
