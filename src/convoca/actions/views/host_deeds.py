"""What hosts do behind their link: move, edit, invite, renew, repeat, attach, put off, cancel."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convoca.accounts import limits
from convoca.actions.forms.host_page import (
    CampaignForm,
    CoHostForm,
    EditForm,
    MoveForm,
    ReasonForm,
    RepeatForm,
)
from convoca.actions.models import Attachment, HostLink
from convoca.actions.printing.qr import svg_for_page
from convoca.actions.rules import may_end_by_link
from convoca.actions.services import attaching, host_deeds, host_links, hosting, hosts, life
from convoca.actions.views.host_gate import by_link
from convoca.actions.views.host_page import done
from convoca.campaigns.models import Campaign
from convoca.core.errors import Refusal
from convoca.network.picking import status_of

Form = Any
DAY = timedelta(days=1)
ASKED_A_DAY = 20


def _page(
    request: HttpRequest, link: HostLink, token: str, name: str, form: Form = None, **more: Any
) -> HttpResponse:
    context = {
        "action": link.action,
        "link": link,
        "token": token,
        "form": form,
        "told": told_words(link),
        **more,
    }
    status = status_of(form) if form is not None else 200
    return render(request, f"actions/host_{name}.html", context, status=status)


def told_words(link: HostLink) -> str:
    """How many people a step tells, said before it."""
    count = host_deeds.people_told(link.action) if link.action.is_public else 0
    if not count:
        return _("Nobody has to be told: nobody who left an address has signed up.")
    return ngettext(
        "This mails %(count)d person at once and cannot be undone.",
        "This mails %(count)d people at once and cannot be undone.",
        count,
    ) % {"count": count}


@by_link()
def host_move(request: HttpRequest, link: HostLink, token: str) -> HttpResponse:
    """Another time or another place."""
    action = link.action
    form = MoveForm(request.POST if request.method == "POST" else None, action=action)
    if form.is_bound and form.is_valid():
        action.zone = form.zone_name
        try:
            before = action.sequence
            moved = life.move(action, when=form.when(), places=form.where(), **host_links.who(link))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            host_links.keep_until(moved)
            return done(token, "moved" if moved.sequence != before else "same")
    return _page(request, link, token, "move", form)


@by_link()
def host_words(request: HttpRequest, link: HostLink, token: str) -> HttpResponse:
    """Title, description, picture, options."""
    action = link.action
    is_sent = request.method == "POST"
    form = EditForm(
        request.POST if is_sent else None, request.FILES if is_sent else None, action=action
    )
    if form.is_bound and form.is_valid():
        try:
            host_deeds.edit(
                action,
                link,
                names=form.cleaned_data["names"],
                description=form.cleaned_data["description"],
                more=form.more(action.language),
                picture=form.keep_picture(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return done(token, "words")
    if is_sent:
        form.carry_picture()
    return _page(request, link, token, "words", form)


@by_link(may_end_by_link)
def host_co_hosts(request: HttpRequest, link: HostLink, token: str) -> HttpResponse:
    """People with links of their own, and organisations that host together."""
    form = CoHostForm(request.POST if request.method == "POST" else None)
    if form.is_bound and "end" in request.POST:
        ended = _co_host(link, request.POST["end"])
        try:
            host_links.end_link(link, ended)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return done(token, "ended")
    elif form.is_bound and form.is_valid():
        said = form.cleaned_data
        try:
            if said["email"] or said["host"] is not None:
                _refuse_asked_too_much(link)
            if said["email"]:
                language = said["language"] or link.language
                host_links.invite_co_host(link, email=said["email"], language=language)
            if said["host"] is not None:
                hosts.ask(link.action, said["host"], **host_links.who(link))
            return done(token, "asked" if said["email"] or said["host"] else "same")
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    people = HostLink.objects.standing().filter(action=link.action)
    rows = link.action.hostings.select_related("organisation", "committee")
    return _page(request, link, token, "co_hosts", form, people=people, hostings=rows)


def _refuse_asked_too_much(link: HostLink) -> None:
    """Nobody's letter box is filled by asking, ending and asking again."""
    if not limits.hit(f"hosts asked {link.action_id}", ASKED_A_DAY, DAY):
        words = _("You have asked %(most)d times today. Go on tomorrow.") % {"most": ASKED_A_DAY}
        raise Refusal("asked-often", words)


def _co_host(link: HostLink, pk: str) -> HostLink:
    """A link of the same action."""
    found = {str(one.pk): one for one in HostLink.objects.filter(action=link.action)}
    if pk not in found:
        raise Http404
    return found[pk]


@by_link()
def host_link(request: HttpRequest, link: HostLink, token: str) -> HttpResponse:
    """The link itself: shown, with its picture; renewed, where somebody else may have it."""
    if request.method == "POST":
        fresh, _secret = host_links.renew(link)
        return redirect("actions:host-link", token=fresh.secret)
    url = host_links.host_url(token, link.language)
    code = svg_for_page(url, _("The link to your action"))
    return _page(request, link, token, "own_link", url=url, qr=code)


@by_link(may_end_by_link)
def host_repeat(request: HttpRequest, link: HostLink, token: str) -> HttpResponse:
    """The same once more, or in a row."""
    form = RepeatForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        days = [said["day"]] if said["day"] else []
        start = said["day"] or link.action.day
        if said["every"] and start is not None:
            times = said["times"] or 1
            days += host_deeds.days_to_repeat(start, every=said["every"], times=times)
        try:
            made = host_deeds.repeat(link, days)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            if len(made) == 1:
                return done(made[0][1], "copied")
            return _page(request, link, token, "repeated", made=made)
    return _page(request, link, token, "repeat", form)


@by_link(may_end_by_link)
def host_campaigns(request: HttpRequest, link: HostLink, token: str) -> HttpResponse:
    """On whose pages it stands; another campaign is asked, any but its own is left."""
    action = link.action
    rows = action.attachments.select_related("campaign", "moment").filter(detached_at=None)
    taken = [row.campaign_id for row in rows]
    open_ones = list(Campaign.objects.open().exclude(pk__in=taken)[:50])
    form = CampaignForm(request.POST if request.method == "POST" else None, campaigns=open_ones)
    who = host_links.who(link)
    try:
        if form.is_bound and "leave" in request.POST:
            row = get_object_or_404(rows, campaign__code=request.POST["leave"])
            attaching.detach(row, side=Attachment.Side.HOST, **who)
            return done(token, "words")
        if form.is_bound and "agree" in request.POST:
            row = get_object_or_404(rows, campaign__code=request.POST["agree"])
            attaching.agree(row, side=Attachment.Side.HOST, **who)
            return done(token, "words")
        if form.is_bound and form.is_valid():
            campaign, moment = form.chosen
            side = Attachment.Side.HOST
            attaching.ask_to_attach(action, campaign, side=side, moment=moment, **who)
            return done(token, "asked")
    except Refusal as refusal:
        form.add_error(None, str(refusal))
    return _page(request, link, token, "campaigns", form, rows=rows)


@by_link(may_end_by_link)
def host_postpone(request: HttpRequest, link: HostLink, token: str) -> HttpResponse:
    """The day no longer holds; everybody who signed up is told."""
    after = partial(done, token, "postponed")
    return _ending(request, link, token, "postpone", life.postpone, after)


@by_link(may_end_by_link)
def host_cancel(request: HttpRequest, link: HostLink, token: str) -> HttpResponse:
    """It does not take place; everybody who signed up is told."""
    after = partial(done, token, "cancelled")
    return _ending(request, link, token, "cancel", life.cancel, after)


@by_link(may_end_by_link)
def host_back(request: HttpRequest, link: HostLink, token: str) -> HttpResponse:
    """A cancelled action takes place after all."""
    after = partial(done, token, "back")
    return _ending(request, link, token, "back", life.bring_back, after)


@by_link(may_end_by_link)
def host_delete(request: HttpRequest, link: HostLink, token: str) -> HttpResponse:
    """What the public never read is deleted, with all that belongs to it."""
    after = partial(render, request, "actions/host_disowned.html", {"by_host": True})
    return _ending(request, link, token, "delete", hosting.delete_draft, after)


def _ending(
    request: HttpRequest,
    link: HostLink,
    token: str,
    name: str,
    step: Callable[..., object],
    after: Callable[[], HttpResponse],
) -> HttpResponse:
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        reason = form.cleaned_data if name in ("postpone", "cancel") else {}
        try:
            step(link.action, **reason, **host_links.who(link))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return after()
    return _page(request, link, token, "end", form, step=name)
