"""The Call station: the list of campaigns, one campaign's desk, and its way through the states."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Case, Count, F, IntegerField, Prefetch, Q, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from convoca.campaigns import services
from convoca.campaigns.authority import editors_mandate, starting_mandate, stewards_mandate
from convoca.campaigns.call import edition
from convoca.campaigns.forms import ListForm, StartForm
from convoca.campaigns.front import for_reading, poster_for, reader
from convoca.campaigns.models import Campaign
from convoca.campaigns.models.campaign import CampaignQuerySet, State
from convoca.campaigns.rules import (
    STEPS,
    Step,
    is_editor,
    may_create_campaign,
    may_edit_campaign,
    may_export_endorsements,
    may_follow_endorsements,
    may_see_campaign,
    may_take_step,
    may_withdraw_campaign,
)
from convoca.campaigns.views.endorsing import signing_for
from convoca.campaigns.views.reading import detail_context
from convoca.core.access import fetch_for
from convoca.core.errors import Refusal
from convoca.core.names import Names
from convoca.network import spreadsheets
from convoca.network.models import Organisation
from convoca.network.rules import is_steward
from convoca.texts import rules as text_rules
from convoca.texts.models import Translation

A_PAGE = 50


def listed(request: HttpRequest, wanted: dict[str, str]) -> CampaignQuerySet:
    """The campaigns that the visitor sees at work, filtered and in order.

    Unless asked otherwise, those that still run or are being made come before those that are over.
    """
    rows = Campaign.objects.visible_to(request.user).found_by(wanted.get("q", ""))
    state = wanted.get("state", "")
    if state == "withdrawn":
        rows = rows.filter(withdrawn_at__isnull=False)
    else:
        rows = rows.kept()
        rows = rows.filter(state=state) if state else rows
    standing = Q(endorsements__accepted_at__isnull=False, endorsements__withdrawn_at=None)
    rows = rows.annotate(signed=Count("endorsements", filter=standing, distinct=True))
    order = {
        "signed": [F("signed").desc(), F("pk").desc()],
        "published": [F("published_at").desc(nulls_last=True), F("pk").desc()],
    }.get(wanted.get("sort", ""), [_is_over(), F("created_at").desc(), F("pk").desc()])
    return rows.order_by(*order)


def _is_over() -> Case:
    over = When(state__in=[State.CLOSED, State.ARCHIVED], then=1)
    return Case(over, default=0, output_field=IntegerField())


@never_cache
@login_required
@require_safe
def work_list(request: HttpRequest) -> HttpResponse:
    """All campaigns that one may see: state, languages, who signed, the next day."""
    form = ListForm(request.GET)
    wanted = form.wanted()
    rows = for_reading(listed(request, wanted))
    rows = rows.prefetch_related(Prefetch("call__translations", Translation.objects.listed()))
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    who = reader()
    context = {
        "form": form,
        "page": page,
        "rows": [_row(campaign, poster_for(campaign, who)) for campaign in page.object_list],
        "may_create": may_create_campaign(request.user),
        "query": _query(wanted),
        "wanted": wanted,
    }
    return render(request, "campaigns/work_list.html", context)


def _query(wanted: dict[str, str]) -> str:
    return urlencode(wanted) + "&" if wanted else ""


def _row(campaign: Campaign, poster: Any) -> dict[str, Any]:
    translations = [t for t in campaign.call.translations.all() if t.withdrawn_at is None]
    return {
        "campaign": campaign,
        "edition": edition(campaign),
        "poster": poster,
        "signed": campaign.signed,  # type: ignore[attr-defined]
        "published": sorted(
            [campaign.source_language] * (campaign.call.current is not None)
            + [t.language for t in translations if t.is_published]
        ),
        "stale": sorted(t.language for t in translations if t.is_stale),
    }


@never_cache
@login_required
@require_safe
def work_list_csv(request: HttpRequest) -> HttpResponse:
    """The list as a spreadsheet, filtered as on the screen."""
    rows = for_reading(listed(request, ListForm(request.GET).wanted()))
    who = reader()
    return spreadsheets.write(
        "campaigns",
        ["code", "title", "state", "published_at", "closed_at", "signed", "next_moment"],
        [
            [
                campaign.code,
                who.words(campaign.names),
                campaign.state,
                campaign.published_at.isoformat() if campaign.published_at else "",
                campaign.closed_at.isoformat() if campaign.closed_at else "",
                campaign.signed,  # type: ignore[attr-defined]  # annotated by listed
                _next_day(campaign, who),
            ]
            for campaign in rows[:5000]
        ],
    )


def _next_day(campaign: Campaign, who: Any) -> str:
    moment = poster_for(campaign, who).moment
    return moment.starts_on.isoformat() if moment else ""


@never_cache
@login_required
def start(request: HttpRequest) -> HttpResponse:
    """Begin a campaign with the least: title, language, who calls, ink."""
    if not may_create_campaign(request.user):
        raise PermissionDenied
    form = StartForm(
        request.POST or None,
        convenors=convenors_for(request),
        earlier=_earlier(request),
        initial={"source_language": request.LANGUAGE_CODE, "ink": "petrol"},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            campaign = services.start(
                Names({given["source_language"]: given["title"]}),
                source_language=given["source_language"],
                convenors=given["convenors"],
                colour=given["ink"],
                follows=given["follows"],
                under=starting_mandate(request),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("campaigns:desk", code=campaign.code)
    status = 422 if form.errors else 200
    return render(request, "campaigns/start.html", {"form": form}, status=status)


def convenors_for(request: HttpRequest) -> Any:
    """Stewards choose among all members; coordinators begin with their own organisations."""
    if is_steward(request.user):
        return Organisation.objects.members().order_by("sorted_by", "pk")
    return signing_for(request.user)


def _earlier(request: HttpRequest) -> CampaignQuerySet:
    """The campaigns that a new edition may follow: those that one has helped to convene."""
    rows = Campaign.objects.kept().order_by("-created_at")
    if is_steward(request.user):
        return rows
    return rows.filter(pk__in=Campaign.objects.filter(convenors__in=signing_for(request.user)))


@dataclass(frozen=True)
class Waiting:
    """One thing that waits on a campaign's desk."""

    what: str
    why: str
    url: str
    do: str


@never_cache
@login_required
@require_safe
def desk(request: HttpRequest, code: str) -> HttpResponse:
    """One campaign: what waits, its parts, and the next step."""
    campaign = _seen(request, code)
    editor = may_edit_campaign(request.user, campaign)
    steps = [
        (step, *step_words(step))
        for step in STEPS.values()
        if may_take_step(request.user, campaign, step)
    ]
    who = reader()
    context = {
        "campaign": campaign,
        "title": who.words(campaign.names),
        "poster": poster_for(campaign, who),
        "waiting": _waiting(request, campaign),
        "may_edit": editor,
        "may_follow": may_follow_endorsements(request.user, campaign),
        "may_sign": campaign.is_open and signing_for(request.user).exists(),
        "may_export": may_export_endorsements(request.user, campaign),
        "may_withdraw": may_withdraw_campaign(request.user, campaign),
        "forward": [row for row in steps if row[0].name in _FORWARD],
        "backward": [row for row in steps if row[0].name not in _FORWARD],
        "done": _done(request, campaign),
        "convenors": list(campaign.convenors.order_by("sorted_by")),
        "demands": campaign.demands.kept().count(),
        "moments": list(campaign.moments.all()),
        "materials": campaign.materials.filter(withdrawn_at=None).count(),
        "signed": campaign.endorsements.standing().count(),
    }
    return render(request, "campaigns/desk.html", context)


_FORWARD = {"submit", "publish"}


def step_words(step: Step) -> tuple[str, str]:
    """What the button says, and what is said when it is done."""
    return {
        "submit": (_("Submit for review"), _("Submitted for review.")),
        "take-back": (_("Back to draft"), _("It is a draft again.")),
        "publish": (_("Publish"), pgettext("a campaign", "Published.")),
        "unpublish": (_("Take off the public pages"), _("It is in review again.")),
        "close": (_("Close"), _("Closed. It takes no more endorsements.")),
        "reopen": (_("Open again"), _("It is open again.")),
        "archive": (_("Archive"), _("Archived.")),
        "restore": (_("Take out of the archive"), _("It is closed, no longer archived.")),
    }[step.name]


def _done(request: HttpRequest, campaign: Campaign) -> dict[str, Any] | None:
    """The line "Published. Undo", after a step; it stays until the next page."""
    done = request.GET.get("done", "")
    if done == "withdraw" and campaign.withdrawn_at:
        return {"words": _("Withdrawn. It can come back for 30 days."), "back": "bring-back"}
    step = STEPS.get(done)
    if step is None or campaign.state != step.ends:
        return None
    back = STEPS[step.back]
    allowed = may_take_step(request.user, campaign, back)
    return {"words": step_words(step)[1], "step": back.name if allowed else ""}


def _waiting(request: HttpRequest, campaign: Campaign) -> list[Waiting]:
    """What waits for the person who looks: review, the call, translations, invitations."""
    found: list[Waiting] = []
    call_url = _texts_url("source", campaign.call.code)
    may_write = text_rules.may_edit_source(request.user, campaign.call)
    if may_write and campaign.call.current is None:
        found.append(
            Waiting(
                _("The call is not published"),
                _("Write it, then publish it."),
                call_url,
                _("Write"),
            )
        )
    elif may_write and campaign.call.has_unpublished_changes:
        found.append(
            Waiting(
                _("The call has changes that readers do not see"), "", call_url, _("Open the call")
            )
        )
    sees_translations = text_rules.may_see(request.user, campaign.call)
    stale = campaign.call.translations.stale().count() if sees_translations else 0
    if stale:
        words = ngettext(
            "%(number)d translation is out of date",
            "%(number)d translations are out of date",
            stale,
        ) % {"number": stale}
        found.append(Waiting(words, "", _texts_url("text", campaign.call.code), _("See which")))
    if may_follow_endorsements(request.user, campaign):
        found += _waiting_for_stewards(campaign)
    return [row for row in found if row.url]


def _waiting_for_stewards(campaign: Campaign) -> list[Waiting]:
    found = []
    waiting = campaign.endorsements.waiting().count()
    if waiting:
        words = ngettext(
            "%(number)d endorsement by invitation waits for you",
            "%(number)d endorsements by invitation wait for you",
            waiting,
        ) % {"number": waiting}
        url = reverse("campaigns:endorsements", args=[campaign.code])
        found.append(Waiting(words, _("The organisation is not a member yet."), url, _("Look")))
    if campaign.is_open and not (campaign.invitations.exists() or campaign.endorsements.exists()):
        url = reverse("campaigns:invite", args=[campaign.code])
        words = _("No organisation has been asked to sign yet")
        found.append(Waiting(words, "", url, _("Invite organisations")))
    silent = campaign.invitations.to_remind().count()
    if silent and campaign.is_open:
        words = ngettext(
            "%(number)d organisation has not answered for a week",
            "%(number)d organisations have not answered for a week",
            silent,
        ) % {"number": silent}
        url = reverse("campaigns:invitations", args=[campaign.code])
        found.append(Waiting(words, "", url, _("Remind")))
    return found


def _texts_url(name: str, code: str) -> str:
    try:
        return reverse(f"texts:{name}", args=[code])
    except NoReverseMatch:
        return ""


def _seen(request: HttpRequest, code: str) -> Campaign:
    """A campaign that the person may work at or, once public, follow."""
    rows = Campaign.objects.visible_to(request.user).select_related("call", "call__current")
    campaign = fetch_for(request.user, rows, may_see_campaign, code=code)
    if campaign.withdrawn_at is not None and not is_editor(request.user, campaign):
        raise Http404
    return campaign


@login_required
@require_POST
def take_step(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """Submit, publish, close, archive, or one step back."""
    step = STEPS.get(name)
    if step is None:
        raise Http404
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user), code=code)
    if step.who == "stewards":
        mandate = stewards_mandate(request)
    else:
        mandate = editors_mandate(request, campaign)
    try:
        services.take_step(campaign, step, under=mandate)
    except Refusal as refusal:
        messages.error(request, str(refusal), extra_tags="stop")
        return redirect("campaigns:desk", code=code)
    return _to_desk(code, step.name)


@login_required
@require_POST
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Take a campaign away; it can come back for 30 days."""
    rows = Campaign.objects.visible_to(request.user)
    campaign = fetch_for(request.user, rows, may_withdraw_campaign, code=code)
    services.withdraw(campaign, under=editors_mandate(request, campaign))
    return _to_desk(code, "withdraw")


@login_required
@require_POST
def bring_back(request: HttpRequest, code: str) -> HttpResponse:
    """Undo that."""
    rows = Campaign.objects.visible_to(request.user)
    campaign = fetch_for(request.user, rows, may_withdraw_campaign, code=code)
    try:
        services.bring_back(campaign, under=editors_mandate(request, campaign))
    except Refusal as refusal:
        messages.error(request, str(refusal), extra_tags="stop")
    else:
        messages.success(request, _("It is back."))
    return redirect("campaigns:desk", code=code)


def _to_desk(code: str, done: str) -> HttpResponse:
    answer = redirect("campaigns:desk", code=code)
    answer["Location"] += f"?done={done}"
    return answer


@never_cache
@login_required
@require_safe
def preview(request: HttpRequest, code: str) -> HttpResponse:
    """The page as the public will see it; signed in, never stored."""
    campaign = _seen(request, code)
    if not is_editor(request.user, campaign):
        raise PermissionDenied
    context = {**detail_context(campaign), "is_preview": True}
    return render(request, "campaigns/detail.html", context)
