"""The list of an action, behind its hosts' private link: read, tick, take away, write to all."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from convoca.actions.forms.people import LookForm, MessageForm, TickForm
from convoca.actions.models import HostLink, Seats
from convoca.actions.rules import may_see_people
from convoca.actions.services import people
from convoca.actions.slip import slip_of
from convoca.actions.views.host_gate import read_by_link, send_by_link
from convoca.campaigns.inks import ink_url
from convoca.core.errors import Refusal
from convoca.network.spreadsheets import write

PER_PAGE = 100


def _page(
    request: HttpRequest, template: str, link: HostLink, token: str, **context: Any
) -> HttpResponse:
    status = context.pop("status", 200)
    seats = Seats.objects.filter(action=link.action).first()
    known = {
        "action": link.action,
        "slip": slip_of(link.action),
        "token": token,
        "seats": seats,
        "counts": people.counts_words(seats),
        "ink_url": ink_url(link.action.campaign.ink),
        **context,
    }
    return render(request, template, known, status=status)


def _look(request: HttpRequest, link: HostLink) -> dict[str, Any]:
    asked, order = LookForm(request.GET).wanted()
    found = people.listed(link.action, asked=asked, order=order)
    query = urlencode({"q": asked, "order": order})
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return {"page": page, "asked": asked, "order": order, "query": f"{query}&"}


@read_by_link(may_see_people)
def host_people(request: HttpRequest, link: HostLink, token: str) -> HttpResponse:
    """Who comes and who waits."""
    return _page(request, "actions/host_people.html", link, token, **_look(request, link))


@send_by_link("actions:host-people-file", limit=60, may=may_see_people)
def host_people_file(request: HttpRequest, link: HostLink, token: str) -> HttpResponse:
    """The list as a spreadsheet, of this action alone."""
    people.note_taken(link)
    head = [_("Name"), _("People"), _("Answer"), _("State"), _("Arrived"), _("Signed up on")]
    return write(link.action.slug(), head, people.as_rows(people.listed(link.action)))


@read_by_link(may_see_people)
def host_arrivals(request: HttpRequest, link: HostLink, token: str) -> HttpResponse:
    """Who is here: a button a row."""
    seats = Seats.objects.filter(action=link.action).first()
    form = TickForm(initial={"walk_ins": seats.walk_ins if seats else 0})
    look = _look(request, link)
    return _page(request, "actions/host_arrivals.html", link, token, form=form, **look)


@send_by_link("actions:host-tick", limit=6000, may=may_see_people)
def host_tick(request: HttpRequest, link: HostLink, token: str) -> HttpResponse:
    """So many are here. Sent again, it changes nothing."""
    form = TickForm(request.POST)
    if not form.is_valid():
        look = _look(request, link)
        page = "actions/host_arrivals.html"
        return _page(request, page, link, token, form=form, status=422, **look)
    who, arrived = form.cleaned_data["who"], form.cleaned_data["arrived"]
    if who is not None and arrived is not None:
        people.tick(link.action, str(who), arrived)
    if form.cleaned_data["walk_ins"] is not None:
        people.count_walk_ins(link.action, form.cleaned_data["walk_ins"])
    answer = redirect("actions:host-arrivals", token)
    if asked := LookForm(request.POST).wanted()[0]:
        answer["Location"] += f"?{urlencode({'q': asked})}"
    return answer


@read_by_link(may_see_people)
def host_message(request: HttpRequest, link: HostLink, token: str) -> HttpResponse:
    """The form to write to all."""
    return _message(request, link, token, MessageForm(), sent="sent" in request.GET)


@send_by_link("actions:host-message", limit=60, may=may_see_people)
def host_message_send(request: HttpRequest, link: HostLink, token: str) -> HttpResponse:
    """First what will be sent and to how many; the second press sends it."""
    form = MessageForm(request.POST)
    if not form.is_valid():
        return _message(request, link, token, form, status=422)
    words = form.cleaned_data["words"]
    try:
        if request.POST.get("sure") == "yes":
            people.write_to_all(link, words)
            answer = redirect("actions:host-message", token)
            answer["Location"] += "?sent=1"
            return answer
        people.refuse_message(link.action)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _message(request, link, token, form, status=422)
    return _message(request, link, token, form, preview=words)


def _message(
    request: HttpRequest, link: HostLink, token: str, form: MessageForm, **context: Any
) -> HttpResponse:
    readers = people.readers_of(link.action)
    page = "actions/host_message.html"
    return _page(request, page, link, token, form=form, readers=readers, **context)
