"""The secretariat's side of endorsements: who was asked, who answered, who signed."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from convoca.campaigns import services
from convoca.campaigns.authority import stewards_mandate
from convoca.campaigns.forms import (
    InvitationsForm,
    InviteForm,
    RecordForm,
    SignersForm,
)
from convoca.campaigns.front import reader
from convoca.campaigns.models import Campaign, Endorsement, EndorsementInvitation
from convoca.campaigns.models.endorsement import EndorsementQuerySet
from convoca.campaigns.rules import (
    may_export_endorsements,
    may_follow_endorsements,
    may_withdraw_endorsement,
)
from convoca.core.access import fetch_for
from convoca.core.dates import list_words
from convoca.core.errors import Refusal
from convoca.network import spreadsheets
from convoca.network.models import Organisation
from convoca.places.names import country_name

A_PAGE = 50


def followed(request: HttpRequest, code: str) -> Campaign:
    """The campaign, for stewards."""
    rows = Campaign.objects.visible_to(request.user)
    return fetch_for(request.user, rows, may_follow_endorsements, code=code)


def _context(campaign: Campaign, **more: Any) -> dict[str, Any]:
    return {"campaign": campaign, "title": reader().words(campaign.names), **more}


def _invited(campaign: Campaign, wanted: dict[str, str]) -> QuerySet[EndorsementInvitation]:
    """The invitations that a filter wants."""
    rows = campaign.invitations.filter(withdrawn_at=None).select_related("organisation")
    if wanted.get("q"):
        words = wanted["q"]
        rows = rows.filter(
            Q(organisation__in=Organisation.objects.searching(words))
            | Q(organisation_name__icontains=words)
            | Q(email__icontains=words)
        )
    return rows.in_standing(wanted["standing"]) if wanted.get("standing") else rows


@never_cache
@login_required
@require_safe
def invitations(request: HttpRequest, code: str) -> HttpResponse:
    """Who was asked: invited, opened, endorsed, declined, silent."""
    campaign = followed(request, code)
    form = InvitationsForm(request.GET)
    wanted = form.wanted()
    page = Paginator(_invited(campaign, wanted), A_PAGE).get_page(request.GET.get("page"))
    kept = campaign.invitations.filter(withdrawn_at=None)
    context = _context(
        campaign,
        form=form,
        page=page,
        wanted=wanted,
        query=f"{urlencode(wanted)}&" if wanted else "",
        counts=[
            (label, kept.in_standing(name).count())
            for name, label in form.fields["standing"].choices  # type: ignore[attr-defined]
            if name
        ],
        to_remind=services.people_to_remind(campaign) if campaign.is_open else 0,
    )
    return render(request, "campaigns/invitations.html", context)


@never_cache
@login_required
@require_safe
def invitations_csv(request: HttpRequest, code: str) -> HttpResponse:
    """The same as a spreadsheet, filtered as on the screen. Mail addresses stay here."""
    campaign = followed(request, code)
    rows = _invited(campaign, InvitationsForm(request.GET).wanted())
    return spreadsheets.write(
        f"invitations-{campaign.code}",
        ["organisation", "language", "answer", "asked_on", "answered_on", "reminded_on"],
        [
            [
                row.whom if row.organisation or row.organisation_name else "",
                "" if row.organisation_id else row.language,
                row.standing,
                _day(row.invited_at),
                _day(row.answered_at),
                _day(row.reminded_at),
            ]
            for row in rows[:20_000]
        ],
    )


def _day(at: datetime | None) -> str:
    return at.date().isoformat() if at else ""


@never_cache
@login_required
def invite(request: HttpRequest, code: str) -> HttpResponse:
    """Ask several organisations at once; a page that says how many mails go out comes between."""
    campaign = followed(request, code)
    form = InviteForm(request.POST or None, choices=_not_asked(campaign))
    if request.method == "POST" and form.is_valid() and "sure" not in request.POST:
        return _ask_whether_sure(request, campaign, form)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            done = services.invite(
                campaign,
                organisations=given["organisations"],
                addresses=given["addresses"],
                under=stewards_mandate(request),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            _say_invited(request, done)
            return redirect("campaigns:invitations", code=code)
    context = _context(campaign, form=form)
    return render(request, "campaigns/invite.html", context, status=422 if form.errors else 200)


def _ask_whether_sure(request: HttpRequest, campaign: Campaign, form: InviteForm) -> HttpResponse:
    """How many people it mails, before it does."""
    given = form.cleaned_data
    count = services.people_to_invite(
        campaign, organisations=given["organisations"], addresses=given["addresses"]
    )
    kept = [
        (name, value)
        for name in ("organisations", "addresses")
        for value in request.POST.getlist(name)
    ]
    context = _context(
        campaign,
        kept=kept,
        count=count,
        organisations=given["organisations"],
        addresses=given["addresses"],
    )
    return render(request, "campaigns/invite_sure.html", context)


def _not_asked(campaign: Campaign) -> QuerySet[Organisation]:
    asked = campaign.invitations.filter(withdrawn_at=None, organisation__isnull=False)
    signed = campaign.endorsements.filter(withdrawn_at=None)
    return (
        Organisation.objects.members()
        .exclude(pk__in=asked.values("organisation"))
        .exclude(pk__in=signed.values("organisation"))
        .order_by("sorted_by", "pk")
    )


def _say_invited(request: HttpRequest, done: services.Invited) -> None:
    words = ngettext(
        "%(number)d organisation was asked.", "%(number)d organisations were asked.", len(done.made)
    ) % {"number": len(done.made)}
    messages.success(request, words)
    if done.already:
        named = list_words(done.already[:10])
        messages.info(request, _("Asked or signed before: %(names)s.") % {"names": named})
    if done.unreachable:
        named = list_words(done.unreachable)
        messages.warning(
            request,
            _("Nobody can be reached for: %(names)s. Give them a contact mail first.")
            % {"names": named},
        )


@login_required
@require_POST
def remind(request: HttpRequest, code: str) -> HttpResponse:
    """One polite reminder to everybody who has been silent."""
    campaign = followed(request, code)
    try:
        mailed = services.remind_silent(campaign, under=stewards_mandate(request))
    except Refusal as refusal:
        messages.error(request, str(refusal), extra_tags="stop")
    else:
        words = ngettext(
            "A reminder goes to %(number)d person.", "A reminder goes to %(number)d people.", mailed
        ) % {"number": mailed}
        messages.success(request, words)
    return redirect("campaigns:invitations", code=code)


@login_required
@require_POST
def withdraw_invitation(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Take an unanswered invitation back."""
    campaign = followed(request, code)
    invitation = get_object_or_404(EndorsementInvitation, campaign=campaign, pk=number)
    try:
        services.withdraw_invitation(invitation, under=stewards_mandate(request))
    except Refusal as refusal:
        messages.error(request, str(refusal), extra_tags="stop")
    else:
        messages.success(request, _("Taken back. Its link opens nothing more."))
    return redirect("campaigns:invitations", code=code)


@never_cache
@login_required
@require_safe
def endorsements(request: HttpRequest, code: str) -> HttpResponse:
    """Who signed, how, under which mandate; and what waits to be confirmed."""
    campaign = followed(request, code)
    rows = campaign.endorsements.with_versions().select_related(
        "mandate__person", "mandate__organisation", "invitation"
    )
    form = SignersForm(request.GET)
    wanted = form.wanted()
    listed = _accepted(rows, wanted).order_by("-given_at", "-pk")
    page = Paginator(listed, A_PAGE).get_page(request.GET.get("page"))
    context = _context(
        campaign,
        form=form,
        page=page,
        query=f"{urlencode(wanted)}&" if wanted else "",
        waiting=list(rows.waiting()[:A_PAGE]),
    )
    return render(request, "campaigns/endorsements.html", context)


def _accepted(rows: EndorsementQuerySet, wanted: dict[str, str]) -> EndorsementQuerySet:
    """Those that count or did, as a filter wants them."""
    rows = rows.accepted()
    if wanted.get("q"):
        rows = rows.filter(organisation__in=Organisation.objects.searching(wanted["q"]))
    return rows.how_given(wanted["how"]) if wanted.get("how") else rows


@login_required
@require_POST
def decide(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Confirm, or refuse, who signed through an invitation."""
    campaign = followed(request, code)
    waiting: Endorsement = get_object_or_404(campaign.endorsements.all(), pk=number)
    mandate = stewards_mandate(request)
    try:
        if "refuse" in request.POST:
            services.refuse_waiting(waiting, under=mandate)
            words = _("Refused. Nothing of it is public.")
        else:
            services.accept_waiting(waiting, under=mandate)
            words = _("Confirmed. The organisation is a member, and its signature counts.")
    except Refusal as refusal:
        messages.error(request, str(refusal), extra_tags="stop")
    else:
        messages.success(request, words)
    return redirect("campaigns:endorsements", code=code)


@never_cache
@login_required
def record(request: HttpRequest, code: str) -> HttpResponse:
    """Enter an endorsement that was given elsewhere."""
    campaign = followed(request, code)
    signed = campaign.endorsements.filter(withdrawn_at=None).values("organisation")
    choices = Organisation.objects.members().exclude(pk__in=signed).order_by("sorted_by", "pk")
    form = RecordForm(request.POST or None, choices=choices)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.record(
                campaign,
                on_behalf_of=given["organisation"],
                given_at=form.given_at(),
                proof=given["proof"],
                under=stewards_mandate(request),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            if services.can_be_asked(given["organisation"]):
                messages.success(request, _("Recorded. The organisation was asked to confirm it."))
            else:
                words = _(
                    "Recorded. Nobody could be asked to confirm it: %(organisation)s has no "
                    "coordinator and no contact mail."
                )
                messages.warning(request, words % {"organisation": given["organisation"]})
            return redirect("campaigns:endorsements", code=code)
    context = _context(campaign, form=form)
    return render(request, "campaigns/record.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def strike_record(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Take back what the secretariat had recorded by mistake."""
    campaign = followed(request, code)
    rows = campaign.endorsements.select_related("organisation", "campaign")
    endorsement = fetch_for(request.user, rows, may_withdraw_endorsement, pk=number)
    try:
        services.withdraw_endorsement(endorsement, under=stewards_mandate(request))
    except Refusal as refusal:
        messages.error(request, str(refusal), extra_tags="stop")
    else:
        messages.success(request, _("Withdrawn. The list shows it so."))
    return redirect("campaigns:endorsements", code=code)


@never_cache
@login_required
@require_safe
def endorsements_csv(request: HttpRequest, code: str) -> HttpResponse:
    """The list of endorsements for members: organisations and days, no persons."""
    rows = Campaign.objects.visible_to(request.user)
    campaign = fetch_for(request.user, rows, may_export_endorsements, code=code)
    language = get_language() or "en"
    given = campaign.endorsements.all()
    accepted = _accepted(given, SignersForm(request.GET).wanted()).with_versions()
    return spreadsheets.write(
        f"endorsements-{campaign.code}",
        [
            "organisation",
            "kind",
            "country",
            "country_code",
            "given_on",
            "withdrawn_on",
            "how",
            "confirmed",
            "text_version",
            "member_until",
        ],
        [
            [
                row.organisation,
                row.organisation.get_kind_display(),
                country_name(row.organisation.country, language),
                row.organisation.country,
                _day(row.given_at),
                _day(row.withdrawn_at),
                row.get_how_display(),
                "" if row.is_recorded else "yes",
                row.text_version.number,
                _day(row.organisation.member_until),
            ]
            for row in accepted.order_by("organisation__sorted_by", "pk")[:20_000]
        ],
    )
