"""Hosting an action: the one page, what follows it, and the button behind the mail's link."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from convoca.accounts import limits
from convoca.accounts.guard import public_form
from convoca.accounts.models import Person
from convoca.actions.finding import Wanted
from convoca.actions.forms.hosting import HostForm, campaign_choices
from convoca.actions.forms.places_and_times import time_words
from convoca.actions.front import host_of
from convoca.actions.models import Action, Door, HostLink
from convoca.actions.models.hosting import DRAFT_KEPT, LINK_KEPT
from convoca.actions.printing.qr import svg_for_page
from convoca.actions.rules import may_host_at_work
from convoca.actions.services import host_links, hosting, hosts
from convoca.actions.views.host_gate import no_link, private
from convoca.campaigns.front import reader
from convoca.campaigns.models import Campaign
from convoca.core.errors import Refusal
from convoca.network.models import Committee, Mandate, Organisation
from convoca.network.models.mandate import Role
from convoca.network.picking import status_of
from convoca.pages.public import public_page
from convoca.places import services as places

TAGS = ["site", "campaigns", "doors", "triggers"]
"""What the forms to host show."""
HOUR = timedelta(hours=1)
MAILS_AN_HOUR = 20
"""So many actions one address may be asked to confirm within an hour."""


@public_page(tags=TAGS, personal=("campaign", "moment", "place"), mirrored="never")
def host(request: HttpRequest) -> HttpResponse:
    """The form, with what the link that led here knows already."""
    campaigns, paused = _campaigns()
    form = HostForm(campaigns=campaigns, initial=_known(request))
    return _form_page(request, form, paused=paused)


@public_page(tags=TAGS, personal=("campaign", "moment", "place"), mirrored="never")
def host_in(request: HttpRequest, **scope: str) -> HttpResponse:
    """The same form for one campaign, or one moment of it: an address to pass on. A campaign that
    takes no actions says so, and the form offers those that do.
    """
    wanted = Wanted.at(**scope)
    if request.path != wanted.host_url:
        query = request.META.get("QUERY_STRING", "")
        return redirect(f"{wanted.host_url}?{query}" if query else wanted.host_url, permanent=True)
    campaigns, paused = _campaigns()
    part = "/".join(one.code for one in (wanted.campaign, wanted.moment) if one is not None)
    form = HostForm(campaigns=campaigns, initial=_known(request) | {"part_of": part})
    is_over = wanted.campaign not in [*campaigns, *(one for one, _words in paused)]
    return _form_page(request, form, paused=paused, of=wanted.campaign, is_over=is_over)


@public_form("host an action", limit=300)
def host_send(request: HttpRequest) -> HttpResponse:
    """Keep the action and mail the link that confirms it; or show the link, for a code."""
    campaigns, paused = _campaigns()
    form = HostForm(request.POST, request.FILES, campaigns=campaigns)
    answer = _sent(request, form)
    if answer is not None:
        return answer
    form.carry_picture()
    return _form_page(request, form, paused=paused, near=_near(request, form))


@public_page(tags=["site"], mirrored="never")
def host_sent(request: HttpRequest) -> HttpResponse:
    """What happens next: a mail with a link."""
    return render(request, "actions/host_sent.html", {"days": DRAFT_KEPT.days})


@public_page(tags=["site"], mirrored="never")
def host_joined(request: HttpRequest) -> HttpResponse:
    """The hosts of the other action have been asked."""
    return render(request, "actions/host_joined.html")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def work_host(request: HttpRequest) -> HttpResponse:
    """The same form for people with a mandate: no mail, it arrives at once."""
    person = request.user
    if not isinstance(person, Person) or not may_host_at_work(person):
        raise PermissionDenied
    campaigns, paused = _campaigns()
    if request.method != "POST":
        form = HostForm(campaigns=campaigns, person=person, initial=_known(request) | _own(person))
        return _form_page(request, form, paused=paused, at_work=True)
    form = HostForm(request.POST, request.FILES, campaigns=campaigns, person=person)
    answer = _sent(request, form, person)
    if answer is not None:
        return answer
    form.carry_picture()
    near = _near(request, form)
    return _form_page(request, form, paused=paused, near=near, at_work=True)


def _sent(
    request: HttpRequest, form: HostForm, person: Person | None = None
) -> HttpResponse | None:
    """The answer to a form that could be done; None for one that comes back."""
    if form.is_looking or not form.is_valid():
        return None
    if "join" in request.POST:
        return _joined(request, form, person)
    if _near(request, form):
        return None
    said, under = form.cleaned_data, None
    email = said.get("email", "")
    if email and not limits.hit(f"host mails {email}", MAILS_AN_HOUR, HOUR):
        words = _("Many actions with this address wait to be confirmed. Try again in an hour.")
        form.add_error("email", words)
        return None
    if person is not None and not isinstance(said["host"], str):
        under = hosts.mandate_for(person, said["host"])
    if person is not None and under is None:
        form.add_error("host", _("You hold no mandate for it. Choose one of your own."))
        return None
    try:
        posted = hosting.post(
            form.wish(form.keep_picture()),
            interface=get_language() or "en",
            email=email,
            sent=form.digest(),
            sender=limits.client_key(request),
            code=said.get("code", ""),
            person=person,
            under=under,
        )
    except Refusal as refusal:
        form.add_error("code" if refusal.code.startswith("code-") else None, str(refusal))
        return None
    if person is not None:
        return redirect("actions:host-page", token=posted.link.secret)
    if said.get("code") and posted.link.is_confirmed:  # else it is for who reads the mail alone
        return _link_page(request, posted)
    return redirect("actions:host-sent")


def _link_page(request: HttpRequest, posted: hosting.Posted) -> HttpResponse:
    """Who has no mail gets the link here, once, also as a picture for a telephone."""
    url = host_links.host_url(posted.secret, get_language() or "en")
    context = {
        "action": posted.action,
        "url": url,
        "qr": svg_for_page(url, _("The link to your action")),
    }
    return private(render(request, "actions/host_link.html", context))


def _joined(request: HttpRequest, form: HostForm, person: Person | None) -> HttpResponse | None:
    action = get_object_or_404(Action.objects.dated(), code=request.POST["join"][:8])
    email = person.email if person else form.cleaned_data.get("email", "")
    if not email:
        form.add_error("email", _("Its hosts need an address to answer you."))
        return None
    if not limits.hit(f"host joins {email}", 5, HOUR):
        form.add_error(None, _("You have asked several hosts already. Try again in an hour."))
        return None
    name = str(form.cleaned_data["host"])
    hosts.ask_to_join(action, name=name, email=email)
    return redirect("actions:host-joined")


def _near(request: HttpRequest, form: HostForm) -> list[dict[str, Any]]:
    """What is there already near by, unless the host said that theirs is another one."""
    if form.is_looking or not form.is_bound or form.errors or "another" in request.POST:
        return []
    if hosting.is_repeated(form.digest(), form.person):
        return []
    who = reader()
    return [
        {
            "action": one,
            "title": who.words(one.names),
            "hosts": [host_of(host, who) for host in one.stands_with],
            "when": time_words(one.day, one.clock, one.zone, one.fold) if one.day else "",
        }
        for one in hosting.near(form.wish())
    ]


def _campaigns() -> tuple[list[Campaign], list[tuple[Campaign, str]]]:
    """The campaigns that take actions now, and those that are paused with the reason."""
    every = campaign_choices()
    doors = Door.objects.filter(campaign__in=every, paused_at__isnull=False)
    why = {door.campaign_id: str(door.paused_because) for door in doors}
    is_open = [one for one in every if one.pk not in why]
    return is_open, [(one, why[one.pk]) for one in every if one.pk in why]


def _known(request: HttpRequest) -> dict[str, Any]:
    """What the address says: campaign, moment and place, as far as they are known."""
    asked = request.GET
    known: dict[str, Any] = {}
    campaign, moment = asked.get("campaign", "")[:8], asked.get("moment", "")[:8]
    if campaign:
        known["part_of"] = f"{campaign}/{moment}" if moment else campaign
    place = asked.get("place", "")[:200]
    if place.isascii() and place.isdecimal() and len(place) < 10:
        known["stop_0_place"] = places.found_with(int(place))
    elif place:
        known["stop_0_place"] = place
    return known


def _own(person: Person) -> dict[str, Any]:
    """In whose name somebody with one mandate would host."""
    held = (
        Mandate.objects.standing()
        .filter(person=person, role__in=[Role.COORDINATOR, Role.HOST])
        .select_related("organisation", "committee")
    )
    named: list[Organisation | Committee | None] = [m.organisation or m.committee for m in held]
    return {"host": named[0]} if len(named) == 1 and named[0] is not None else {}


def _form_page(
    request: HttpRequest,
    form: HostForm,
    *,
    paused: list[tuple[Campaign, str]],
    near: list[dict[str, Any]] | None = None,
    at_work: bool = False,
    of: Campaign | None = None,
    is_over: bool = False,
) -> HttpResponse:
    context = {
        "of": reader().words(of.names) if of is not None else None,
        "of_url": of.get_absolute_url() if of is not None else "",
        "is_over": is_over,
        "form": form,
        "near": near or [],
        "paused": [(one.names, words) for one, words in paused],
        "at_work": at_work,
        "link_days": LINK_KEPT.days,
        "draft_days": DRAFT_KEPT.days,
    }
    template = "actions/host_at_work.html" if at_work else "actions/host.html"
    return render(request, template, context, status=status_of(form))


# The button behind the mail's link


@never_cache
@require_safe
def host_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """What is about to be sent, and the button. Looking confirms nothing."""
    request.user = AnonymousUser()
    return _confirm_page(request, token, host_links.link_of(token))


@public_form("confirm an action", limit=120)
def host_confirmed(request: HttpRequest, token: str) -> HttpResponse:
    """The host pressed it."""
    try:
        hosting.confirm(token, sender=limits.client_key(request))
    except Refusal as refusal:
        link = host_links.link_of(token)
        return _confirm_page(request, token, link, refusal=str(refusal), status=422)
    return redirect("actions:host-page", token=token)


@public_form("confirm an action", limit=120)
def host_disown(request: HttpRequest, token: str) -> HttpResponse:
    """ "It was not me": what was posted with this address is deleted."""
    try:
        hosting.disown(token)
    except Refusal as refusal:
        link = host_links.link_of(token)
        return _confirm_page(request, token, link, refusal=str(refusal), status=422)
    return private(render(request, "actions/host_disowned.html"))


def _confirm_page(
    request: HttpRequest, token: str, link: HostLink | None, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    if link is None:
        return no_link(request)
    action = link.action
    context = {
        "link": link,
        "token": token,
        "action": action,
        "title": reader().words(action.names),
        "hostings": action.hostings.select_related("organisation", "committee"),
        "stops": action.stops.select_related("place"),
        "when": time_words(action.day, action.clock, action.zone, action.fold)
        if action.day
        else "",
        "refusal": refusal,
        "network": settings.CONFIG.host,
    }
    if not link.is_standing:
        status = 410
    return private(render(request, "actions/host_confirm.html", context, status=status))
