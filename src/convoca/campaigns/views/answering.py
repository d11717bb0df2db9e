"""An invitation's link: read, sign, or say no. Works without an account; never stored."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from convoca.accounts.guard import public_form
from convoca.campaigns import services
from convoca.campaigns.forms import AnswerForm
from convoca.campaigns.front import for_reading, opening_of, poster_for, reader
from convoca.campaigns.models import Campaign, EndorsementInvitation
from convoca.campaigns.models.endorsement import WAITS
from convoca.core.errors import Refusal
from convoca.texts import services as texts


@never_cache
@require_safe
def answer_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What is asked, and the form to answer."""
    invitation = _invitation(token)
    request.user = AnonymousUser()
    if request.method == "GET":
        services.open_invitation(invitation)
    return _page(request, invitation, AnswerForm(invitation=invitation, initial=_known(invitation)))


@public_form("answer-invitation", limit=60)
def sign_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Sign for an organisation that nobody acts for yet."""
    invitation = _invitation(token)
    form = AnswerForm(request.POST, invitation=invitation)
    if form.is_valid():
        try:
            services.answer_by_link(
                invitation, language=get_language() or "en", **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("campaigns:invitation-answered", token=token)
    return _page(request, invitation, form, status=422)


@public_form("answer-invitation", limit=60)
def decline_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Say no; nobody asks again."""
    invitation = _invitation(token)
    try:
        services.decline(invitation)
    except Refusal as refusal:
        form = AnswerForm(invitation=invitation, initial=_known(invitation))
        return _page(request, invitation, form, status=422, refusal=str(refusal))
    return redirect("campaigns:invitation-answered", token=token)


@never_cache
@require_safe
def invitation_answered(request: HttpRequest, token: str) -> HttpResponse:
    """What became of it."""
    invitation = _invitation(token)
    request.user = AnonymousUser()
    context = {**_context(invitation), "has_signed": invitation.answer == "endorsed"}
    return _private(render(request, "campaigns/invitation_answered.html", context))


def _invitation(token: str) -> EndorsementInvitation:
    invitation = EndorsementInvitation.with_token(token)
    if invitation is None or not invitation.campaign.is_public:
        raise Http404
    return invitation


def _known(invitation: EndorsementInvitation) -> dict[str, str]:
    return {
        "organisation_name": invitation.organisation_name,
        "contact_email": invitation.email,
    }


def _context(invitation: EndorsementInvitation) -> dict[str, Any]:
    who = reader()
    campaign = for_reading(Campaign.objects.published()).get(pk=invitation.campaign_id)
    organisation = invitation.organisation
    return {
        "invitation": invitation,
        "token": invitation.token,
        "campaign": campaign,
        "poster": poster_for(campaign, who),
        "opening": opening_of(texts.reading(campaign.call, who.language, dict(who.fallbacks))),
        "by_coordinator": organisation is not None and services.has_coordinator(organisation),
    }


def _page(
    request: HttpRequest,
    invitation: EndorsementInvitation,
    form: AnswerForm,
    *,
    status: int = 200,
    refusal: str = "",
) -> HttpResponse:
    context = {
        **_context(invitation),
        "form": form,
        "refusal": refusal,
        "waits_days": WAITS.days,
    }
    return _private(render(request, "campaigns/answer_invitation.html", context, status=status))


def _private(answer: HttpResponse) -> HttpResponse:
    """Not for search engines. The secret in the address goes to no other site: so say the
    settings; a stricter policy here would make browsers hide where our own form comes from."""
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer
