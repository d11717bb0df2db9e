"""Actions of other campaigns on a campaign's pages: asked for, agreed to, taken off."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from convoca.actions.models import Action, Attachment
from convoca.actions.rules import may_attach
from convoca.actions.services import attaching
from convoca.actions.views.desk import say_refused
from convoca.campaigns.authority import editors_mandate
from convoca.campaigns.front import reader
from convoca.campaigns.models import Campaign
from convoca.core.access import fetch_for
from convoca.core.errors import Refusal
from convoca.core.fold import terms

A_PAGE = 50


@never_cache
@login_required
@require_safe
def attached(request: HttpRequest, code: str) -> HttpResponse:
    """Actions that ask to stand on this campaign's pages, those that do, and a search for more."""
    campaign = fetch_for(
        request.user, Campaign.objects.visible_to(request.user), may_attach, code=code
    )
    foreign = Attachment.objects.filter(campaign=campaign, detached_at=None).exclude(
        action__campaign=campaign
    )
    asked = request.GET.get("q", "")
    context = {
        "campaign": campaign,
        "title": reader().words(campaign.names),
        "rows": foreign.select_related("action__place", "action__campaign", "moment").order_by(
            "agreed_at", "-asked_at", "-pk"
        )[:A_PAGE],
        "asked": asked,
        "found": _attachable(campaign, asked),
        "moments": campaign.moments.standing(),
    }
    return render(request, "actions/work/attached.html", context)


def _attachable(campaign: Campaign, asked: str) -> list[Action]:
    """Public actions that are not on its pages yet, by their words or their short code."""
    words = terms(asked)[:8]
    if not words:
        return []
    rows = Action.objects.to_come().exclude(
        attachments__in=Attachment.objects.filter(campaign=campaign, detached_at=None)
    )
    by_code = list(rows.filter(short_code=asked.strip().upper())[:1])
    for word in words:
        rows = rows.filter(sought__contains=word)
    return by_code or list(rows.select_related("place", "campaign").in_time()[:20])


@login_required
@require_POST
def attach(request: HttpRequest, code: str, action: str, step: str) -> HttpResponse:
    """For the campaign's side: ask, agree, or take off."""
    campaign = fetch_for(
        request.user, Campaign.objects.visible_to(request.user), may_attach, code=code
    )
    found = get_object_or_404(Action.objects.public(), code=action)
    side, under = Attachment.Side.CAMPAIGN, editors_mandate(request, campaign)
    try:
        if step == "ask":
            moment = campaign.moments.filter(code=request.POST.get("moment", "")).first()
            attaching.ask_to_attach(found, campaign, moment=moment, side=side, under=under)
            done = _("The host is asked. It stands on your pages when they agree.")
        else:
            standing = get_object_or_404(Attachment, action=found, campaign=campaign)
            if step == "agree":
                attaching.agree(standing, side=side, under=under)
                done = _("It stands on your pages now.")
            elif step == "detach":
                attaching.detach(standing, side=side, under=under)
                done = _("It no longer stands on your pages.")
            else:
                raise Http404
    except Refusal as refusal:
        say_refused(request, refusal)
    else:
        messages.success(request, done)
    return redirect("actions:attached", code=code)
