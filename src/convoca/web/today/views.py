"""Today: the first screen of everybody who works here."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from convoca.accounts.models import Person
from convoca.network import services as network
from convoca.network.models import Network
from convoca.web.read_road import Road
from convoca.web.today import actions, campaigns, server, steps, translations
from convoca.web.today import network as members
from convoca.web.today.items import SHOWN, Board


def board_of(person: Person) -> Board:
    """All rows for a person, by what they may do."""
    board = Board()
    mandates = network.mandates_of(person)
    roles = {m.role for m in mandates if m.organisation is None and m.committee is None}
    if "steward" in roles:
        server.for_steward(board)
        members.for_steward(person, board)
        campaigns.for_steward(person, board)
        translations.for_steward(board)
        actions.for_steward(person, board)
    if roles & {"steward", "moderator"}:
        actions.for_moderator(person, board)
    if "translator" in roles:
        translations.for_translator(person, board)
    campaigns.for_coordinator(mandates, board)
    members.for_holder(person, mandates, board)
    return board.sorted()


def sentence(board: Board) -> str:
    """ "7 things wait. Week of action: in 12 days." """
    waiting = (
        ngettext("%(n)d thing waits", "%(n)d things wait", board.waiting) % {"n": board.waiting}
        if board.waiting
        else _("Nothing waits for you")
    )
    moment = campaigns.next_moment()
    if moment is None:
        return f"{waiting}."
    days = (moment.starts_on - timezone.localdate()).days
    coming = (
        ngettext("%(moment)s: in %(n)d day", "%(moment)s: in %(n)d days", days)
        % {"n": days, "moment": moment}
        if days
        else _("%(moment)s: today") % {"moment": moment}
    )
    return _("%(waiting)s. %(coming)s.") % {"waiting": waiting, "coming": coming}


@login_required
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """A sentence, then what waits, what is late, and what is new."""
    assert isinstance(request.user, Person)  # noqa: S101  login_required says so
    board = board_of(request.user)
    everything = "all" in request.GET
    most = None if everything else SHOWN
    is_steward = any(
        m.role == "steward" and m.organisation is None for m in network.mandates_of(request.user)
    )
    here = Network.load()
    first = steps.first_steps(here) if is_steward else []
    backup, drill, is_late = server.backup_words() if is_steward else ("", "", False)
    context = {
        "sentence": sentence(board),
        "board": board,
        "waits": board.waits[:most],
        "late": board.late[:most],
        "since": board.since[:most],
        "count": board.waiting,
        "is_cut": not everything and max(len(board.waits), len(board.late)) > SHOWN,
        "steps": first if not all(step.is_done for step in first) else [],
        "has_begun": sum(step.is_done for step in first) > len(first) // 2,
        "backup": backup,
        "drill": drill,
        "backup_is_late": is_late,
        "pages": Road.look().sentence if is_steward else "",
        "is_steward": is_steward,
        "holds_nothing": not network.mandates_of(request.user),
    }
    return render(request, "web/today.html", context)
