"""The parts of a campaign at work: words, look, convenors, demands, moments, materials."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from convoca.campaigns import services
from convoca.campaigns.authority import editors_mandate
from convoca.campaigns.forms import (
    ConvenorsForm,
    DemandsForm,
    DemandTranslationsForm,
    LookForm,
    MaterialForm,
    MomentForm,
    WordsForm,
)
from convoca.campaigns.front import poster_for, reader, shown
from convoca.campaigns.models import Campaign, Material, Moment
from convoca.campaigns.rules import may_edit_campaign
from convoca.campaigns.views.endorsing import signing_for
from convoca.core.access import fetch_for
from convoca.core.errors import Refusal
from convoca.core.languages import language_name
from convoca.core.undo import say_done
from convoca.media import services as media
from convoca.network.models import Mandate, Network, Organisation
from convoca.network.rules import is_steward
from convoca.places import services as places


def editable(request: HttpRequest, code: str) -> Campaign:
    """The campaign, for whoever may edit it now."""
    rows = Campaign.objects.visible_to(request.user).select_related("call", "picture")
    return fetch_for(request.user, rows, may_edit_campaign, code=code)


def _save(
    request: HttpRequest, form: forms.Form, campaign: Campaign, act: Callable[[], object]
) -> HttpResponse | None:
    """Run a service for a valid form: the desk where it went well, else None and the reason."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        act()
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return None
    messages.success(request, _("Saved."))
    return redirect("campaigns:desk", code=campaign.code)


def _show(
    request: HttpRequest, template: str, campaign: Campaign, form: forms.Form, **more: Any
) -> HttpResponse:
    context = {
        "campaign": campaign,
        "title": reader().words(campaign.names),
        "form": form,
        **more,
    }
    return render(request, template, context, status=422 if form.errors else 200)


@never_cache
@login_required
def edit_words(request: HttpRequest, code: str) -> HttpResponse:
    """Title and lead in every language."""
    campaign = editable(request, code)
    form = WordsForm(request.POST or None, stored={"names": campaign.names, "lead": campaign.lead})
    mandate = editors_mandate(request, campaign)

    def act() -> None:
        given = form.cleaned_data
        services.change(campaign, names=given["names"], lead=given["lead"], under=mandate)

    return _save(request, form, campaign, act) or _show(
        request, "campaigns/edit_words.html", campaign, form
    )


@never_cache
@login_required
def edit_look(request: HttpRequest, code: str) -> HttpResponse:
    """Ink, picture, hashtags; the poster stands beside the form."""
    campaign = editable(request, code)
    stored = {
        **LookForm.initial_of(campaign.ink),
        "hashtags": " ".join(campaign.hashtags),
        "edition": campaign.edition,
        "alt": campaign.picture.alt if campaign.picture else "",
    }
    form = LookForm(request.POST or None, request.FILES or None, stored=stored)
    mandate = editors_mandate(request, campaign)

    def act() -> None:
        given = form.cleaned_data
        facts = {"ink": given["ink"], "hashtags": given["hashtags"], "edition": given["edition"]}
        if given["picture"]:
            facts["picture"] = media.keep_picture(
                given["picture"], alt=given["alt"], by=mandate.person
            )
        elif given["drop_picture"]:
            facts["picture"] = None
        elif campaign.picture is not None:
            facts["picture"] = media.described(campaign.picture, given["alt"])
        services.change(campaign, under=mandate, **facts)

    return _save(request, form, campaign, act) or _show(
        request,
        "campaigns/edit_look.html",
        campaign,
        form,
        poster=poster_for(campaign, reader()),
    )


@never_cache
@login_required
def edit_convenors(request: HttpRequest, code: str) -> HttpResponse:
    """Who calls together. Coordinators add organisations of their own, stewards any member."""
    campaign = editable(request, code)
    choices = _may_convene(request, campaign)
    form = ConvenorsForm(
        request.POST or None,
        choices=choices,
        stored={"convenors": sorted(campaign.convenors.values_list("pk", flat=True))},
    )
    mandate = editors_mandate(request, campaign)

    def act() -> None:
        services.change(campaign, convenors=list(form.cleaned_data["convenors"]), under=mandate)

    return _save(request, form, campaign, act) or _show(
        request, "campaigns/edit_convenors.html", campaign, form
    )


def _may_convene(request: HttpRequest, campaign: Campaign) -> QuerySet[Organisation]:
    present = Q(convened_campaigns=campaign)
    if is_steward(request.user):
        rows = Organisation.objects.filter(Q(state=Organisation.State.MEMBER) | present)
    else:
        rows = Organisation.objects.filter(Q(pk__in=signing_for(request.user)) | present)
    return rows.distinct().order_by("sorted_by", "pk")


@never_cache
@login_required
def edit_demands(request: HttpRequest, code: str, tag: str = "") -> HttpResponse:
    """The demands: in the language of the call their order too, in others the words."""
    campaign = editable(request, code)
    source = campaign.source_language
    present = [demand.names for demand in campaign.demands.kept()]
    form: DemandsForm | DemandTranslationsForm
    if not tag or tag == source:
        form = DemandsForm(request.POST or None, present=present, language=source)
    else:
        form = DemandTranslationsForm(
            request.POST or None, present=present, source=source, language=tag
        )
    mandate = editors_mandate(request, campaign)
    if "bring-back" in request.POST:
        return _bring_back_demand(request, campaign, mandate)

    def act() -> None:
        services.set_demands(campaign, form.wanted(), under=mandate)

    tags = list(dict.fromkeys([source, *Network.load().languages]))
    return _save(request, form, campaign, act) or _show(
        request,
        "campaigns/edit_demands.html",
        campaign,
        form,
        tag=tag or source,
        tags=[(one, language_name(one)) for one in tags],
        source=source,
        taken_away=campaign.demands.taken_away()[:20],
    )


def _bring_back_demand(request: HttpRequest, campaign: Campaign, mandate: Mandate) -> HttpResponse:
    number = request.POST["bring-back"]
    away = campaign.demands.taken_away()
    demand = get_object_or_404(away, pk=int(number) if number.isdecimal() else 0)
    try:
        services.bring_back_demand(demand, under=mandate)
    except Refusal as refusal:
        messages.error(request, str(refusal), extra_tags="stop")
    else:
        messages.success(request, _("It is back."))
    return redirect("campaigns:edit-demands", code=campaign.code)


def _facts(form: MomentForm) -> dict[str, Any]:
    """What the form says of a moment, its town kept."""
    found = form.cleaned_data["place"]
    return {**form.cleaned_data, "place": places.keep(found) if found else None}


@never_cache
@login_required
def add_moment(request: HttpRequest, code: str) -> HttpResponse:
    """A new date."""
    campaign = editable(request, code)
    form = MomentForm(request.POST or None)
    mandate = editors_mandate(request, campaign)

    def act() -> None:
        services.add_moment(campaign, under=mandate, **_facts(form))

    return _save(request, form, campaign, act) or _show(
        request, "campaigns/edit_moment.html", campaign, form
    )


@never_cache
@login_required
def edit_moment(request: HttpRequest, code: str, moment: str) -> HttpResponse:
    """Move, extend or rename a date; cancelling stands apart."""
    campaign = editable(request, code)
    found = get_object_or_404(campaign.moments.all(), code=moment)
    form = MomentForm(request.POST or None, stored=MomentForm.initial_of(found))
    mandate = editors_mandate(request, campaign)

    def act() -> None:
        services.change_moment(found, under=mandate, **_facts(form))

    return _save(request, form, campaign, act) or _show(
        request,
        "campaigns/edit_moment.html",
        campaign,
        form,
        moment=shown([found], reader())[0],
    )


@login_required
@require_POST
def cancel_moment(request: HttpRequest, code: str, moment: str) -> HttpResponse:
    """Cancel a date, or, with `undo`, let it stand again."""
    campaign = editable(request, code)
    found: Moment = get_object_or_404(campaign.moments.all(), code=moment)
    cancelled = "undo" not in request.POST
    services.cancel_moment(found, under=editors_mandate(request, campaign), cancelled=cancelled)
    if cancelled:
        words = _("Cancelled. It stays on the page, struck.")
        say_done(request, words, undo=request.path)
    else:
        messages.success(request, _("It stands again."))
    return redirect("campaigns:edit-moment", code=code, moment=moment)


@never_cache
@login_required
def materials(request: HttpRequest, code: str) -> HttpResponse:
    """Files to offer, and one more."""
    campaign = editable(request, code)
    form = MaterialForm(request.POST or None, request.FILES or None)
    mandate = editors_mandate(request, campaign)

    def act() -> None:
        given = form.cleaned_data
        if given["document"]:
            file: Any = media.keep_file(given["document"], by=mandate.person)
        elif given["picture"]:
            alt = str(given["names"])
            file = media.keep_picture(given["picture"], alt=alt, by=mandate.person)
        else:
            file = media.keep_recording(given["recording"], by=mandate.person)
        services.add_material(
            campaign, file, names=given["names"], language=given["language"], under=mandate
        )

    rows = campaign.materials.select_related("document", "picture", "recording")
    return _save(request, form, campaign, act) or _show(
        request,
        "campaigns/edit_materials.html",
        campaign,
        form,
        present=[row for row in rows if row.withdrawn_at is None],
        withdrawn=[row for row in rows if row.withdrawn_at is not None],
    )


@login_required
@require_POST
def withdraw_material(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Take a file away, or, with `undo`, bring it back."""
    campaign = editable(request, code)
    material: Material = get_object_or_404(campaign.materials.all(), pk=number)
    mandate = editors_mandate(request, campaign)
    try:
        if "undo" in request.POST:
            services.bring_back_material(material, under=mandate)
        else:
            services.withdraw_material(material, under=mandate)
            words = _("Withdrawn: %(name)s.") % {"name": material}
            say_done(request, words, undo=request.path)
    except Refusal as refusal:
        messages.error(request, str(refusal), extra_tags="stop")
    return redirect("campaigns:materials", code=code)
