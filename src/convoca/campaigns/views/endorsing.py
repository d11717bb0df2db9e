"""Signing on, at work: for which of my organisations, confirm, take back."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from convoca.campaigns import services
from convoca.campaigns.authority import coordinators_mandate
from convoca.campaigns.figures import figures_of
from convoca.campaigns.forms import EndorseForm
from convoca.campaigns.front import reader
from convoca.campaigns.models import Campaign, Endorsement, EndorsementInvitation
from convoca.campaigns.rules import may_endorse, may_withdraw_endorsement
from convoca.core.access import fetch_for
from convoca.core.errors import Refusal
from convoca.network.models import Mandate, Organisation
from convoca.network.rules import is_steward

CALLS_SHOWN = 100


def signing_for(person: Any) -> Any:
    """The member organisations that the person can sign for."""
    held = Mandate.objects.standing().filter(
        person=person, role=Mandate.Role.COORDINATOR, organisation__isnull=False
    )
    return Organisation.objects.filter(pk__in=held.values("organisation")).order_by(
        "sorted_by", "pk"
    )


@never_cache
@login_required
@require_safe
def work_endorse(request: HttpRequest) -> HttpResponse:
    """The station: calls that my organisations can sign; for stewards, how each call stands."""
    person = request.user
    own = list(signing_for(person))
    stewards = is_steward(person)
    campaigns = list(Campaign.objects.open().order_by("-published_at")[:CALLS_SHOWN])
    given = Endorsement.objects.filter(
        organisation__in=own, campaign__in=campaigns, withdrawn_at=None
    ).with_versions()
    by_campaign: dict[int, dict[int, Endorsement]] = {}
    for endorsement in given:
        rows = by_campaign.setdefault(endorsement.campaign_id, {})
        rows[endorsement.organisation_id] = endorsement
    asked = _asked(own, campaigns)
    who, figures = reader(), figures_of(campaigns)
    calls = [
        {
            "campaign": campaign,
            "title": who.words(campaign.names),
            "figures": figures[campaign.pk],
            "signed": list(by_campaign.get(campaign.pk, {}).values()),
            "asked": [one for one in asked if one.campaign_id == campaign.pk],
            "open": [one for one in own if not _counts(by_campaign, campaign, one)],
        }
        for campaign in campaigns
    ]
    context = {"calls": calls, "own": own, "is_steward": stewards}
    return render(request, "campaigns/work_endorse.html", context)


def _counts(
    given: dict[int, dict[int, Endorsement]], campaign: Campaign, organisation: Organisation
) -> bool:
    """Whether its signature counts; one that was given by link may still wait."""
    endorsement = given.get(campaign.pk, {}).get(organisation.pk)
    return endorsement is not None and endorsement.accepted_at is not None


def _asked(own: list[Organisation], campaigns: list[Campaign]) -> list[EndorsementInvitation]:
    """Unanswered invitations of these organisations."""
    rows = EndorsementInvitation.objects.unanswered().select_related("organisation")
    return list(rows.filter(organisation__in=own, campaign__in=campaigns))


@login_required
@require_POST
def decline_invitation(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Say no for one's organisation; nobody asks again."""
    rows = EndorsementInvitation.objects.filter(
        campaign__code=code, organisation__in=signing_for(request.user)
    )
    invitation = get_object_or_404(rows, pk=number)
    try:
        services.decline(invitation)
    except Refusal as refusal:
        messages.error(request, str(refusal), extra_tags="stop")
    else:
        messages.success(request, _("Noted. Nobody asks again, and you can still sign."))
    return redirect("campaigns:endorse", code=code)


@never_cache
@login_required
def endorse(request: HttpRequest, code: str) -> HttpResponse:
    """Two clicks: which organisation, and yes."""
    campaign = get_object_or_404(Campaign.objects.published(), code=code)
    own = signing_for(request.user)
    form = EndorseForm(request.POST or None, choices=own, initial=_first(own))
    if request.method == "POST" and form.is_valid():
        organisation = fetch_for(
            request.user, own, may_endorse, pk=form.cleaned_data["organisation"].pk
        )
        mandate = coordinators_mandate(request, organisation)
        try:
            services.endorse(campaign, on_behalf_of=organisation, under=mandate)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            words = _("Signed: %(organisation)s.") % {"organisation": organisation}
            messages.success(request, words)
            return redirect("campaigns:endorse", code=code)
    context = _endorse_context(campaign, list(own), form)
    return render(request, "campaigns/endorse.html", context, status=422 if form.errors else 200)


def _first(own: Any) -> dict[str, str]:
    first = own.first()
    return {"organisation": first.code} if first else {}


def _endorse_context(
    campaign: Campaign, own: list[Organisation], form: EndorseForm
) -> dict[str, Any]:
    who = reader()
    given = campaign.endorsements.filter(organisation__in=own, withdrawn_at=None)
    signed = list(
        given.with_versions().select_related("mandate__person", "confirmed_under__person")
    )
    done = {row.organisation_id for row in signed if row.accepted_at}
    return {
        "campaign": campaign,
        "title": who.words(campaign.names),
        "lead": who.words(campaign.lead),
        "signed": signed,
        "own": own,
        "asked": _asked(own, [campaign]),
        "can_sign": [one for one in own if one.pk not in done],
        "form": form,
    }


@login_required
@require_POST
def withdraw_endorsement(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Take an endorsement back; it stays in the list as withdrawn."""
    endorsement = _mine(request, code, number)
    mandate = coordinators_mandate(request, endorsement.organisation)
    try:
        services.withdraw_endorsement(endorsement, under=mandate)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        words = _("Withdrawn. The list shows it so.")
        if endorsement.campaign.is_open:
            words = _("Withdrawn. The list shows it so. You can sign again below.")
        messages.success(request, words)
    return redirect("campaigns:endorse", code=code)


@login_required
@require_POST
def confirm_endorsement(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Say that what the secretariat recorded is so."""
    endorsement = _mine(request, code, number)
    mandate = coordinators_mandate(request, endorsement.organisation)
    try:
        services.confirm(endorsement, under=mandate)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Confirmed. Thank you."))
    return redirect("campaigns:endorse", code=code)


def _mine(request: HttpRequest, code: str, number: int) -> Endorsement:
    rows = Endorsement.objects.filter(
        campaign__code=code, organisation__in=signing_for(request.user)
    ).select_related("organisation", "campaign")
    return fetch_for(request.user, rows, may_withdraw_endorsement, pk=number)
