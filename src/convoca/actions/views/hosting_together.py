"""Hosting together, at work: who is asked, who hosts, and which newcomers somebody knows."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from convoca.accounts.models import Person
from convoca.actions.models import Action, Hosting
from convoca.actions.rules import may_answer_for, may_host_at_work, may_vouch
from convoca.actions.services import hosts
from convoca.actions.views.desk import say_refused
from convoca.core.access import fetch_for
from convoca.core.errors import Refusal
from convoca.core.undo import say_done
from convoca.network.models import Committee, Mandate, Organisation
from convoca.network.models.mandate import Role

SHOWN = 100


@never_cache
@login_required
@require_safe
def work_hosting(request: HttpRequest) -> HttpResponse:
    """What waits for an answer, what one's own people host, newcomers that wait for a word."""
    person = _person(request)
    own = _own(person).select_related("action__place", "action__campaign")
    rows = own.exclude(action__state=Action.State.DRAFT).order_by("action__starts_at", "pk")
    to_come = rows.exclude(action__over_at__lt=timezone.now())
    context = {
        "asked": list(to_come.filter(state=Hosting.State.ASKED)[:SHOWN]),
        "hosted": list(to_come.filter(state=Hosting.State.ACCEPTED)[:SHOWN]),
        "newcomers": list(_newcomers(person)[:SHOWN]),
        "organisations": list(_organisations(person)),
    }
    return render(request, "actions/work_hosting.html", context)


@login_required
@require_POST
def work_answer(request: HttpRequest, number: int) -> HttpResponse:
    """Say yes or no for one's organisation or committee, or no longer."""
    person = _person(request)
    row = fetch_for(person, _own(person), _may_answer, pk=number)
    under = None if isinstance(row.host, str) else hosts.mandate_for(person, row.host)
    if under is None:
        raise PermissionDenied
    says_yes = request.POST.get("answer") == "yes"
    try:
        if says_yes:
            hosts.accept(row, under=under)
            say_done(request, _("Accepted. It is shown as a host."))
        else:
            hosts.decline(row, under=under)
            say_done(request, _("It is not shown as a host. Its hosts are told."))
    except Refusal as refusal:
        say_refused(request, refusal)
    return redirect("actions:work-hosting")


@login_required
@require_POST
def work_vouch(request: HttpRequest, number: int) -> HttpResponse:
    """ "We know them": the newcomers are a committee of one's organisation."""
    person = _person(request)
    row = fetch_for(person, _newcomers(person), lambda visitor, _row: True, pk=number)
    code = request.POST.get("organisation", "")
    organisation = fetch_for(person, _organisations(person), may_vouch, code=code)
    under = hosts.mandate_for(person, organisation)
    if under is None:
        raise PermissionDenied
    try:
        hosts.vouch(row, organisation, under=under)
    except Refusal as refusal:
        say_refused(request, refusal)
    else:
        words = _("Thank you. %(name)s is a committee of %(organisation)s now.")
        say_done(request, words % {"name": row.proposed, "organisation": organisation})
    return redirect("actions:work-hosting")


def _person(request: HttpRequest) -> Person:
    person = request.user
    if not isinstance(person, Person) or not may_host_at_work(person):
        raise PermissionDenied
    return person


def _may_answer(visitor: Any, row: Hosting) -> bool:
    return not isinstance(row.host, str) and may_answer_for(visitor, row.host)


def _organisations(person: Person) -> Any:
    """Those that the person speaks for."""
    held = Mandate.objects.standing().filter(person=person, role=Role.COORDINATOR)
    return Organisation.objects.filter(pk__in=held.values("organisation")).by_name()


def _own(person: Person) -> Any:
    """Hostings of organisations and committees that the person answers for."""
    held = Mandate.objects.standing().filter(person=person)
    speaks = held.filter(role=Role.COORDINATOR).values("organisation")
    hosting = held.filter(role=Role.HOST).values("committee")
    theirs = Committee.objects.filter(organisations__in=speaks).values("pk")
    return Hosting.objects.filter(
        Q(organisation__in=speaks) | Q(committee__in=hosting) | Q(committee__in=theirs)
    ).select_related("organisation", "committee", "action")


def _newcomers(person: Person) -> Any:
    """Proposed committees whose action waits, in the countries of one's organisations."""
    mine = list(_organisations(person))
    countries = {one.country for one in mine if one.country}
    rows = Hosting.objects.filter(
        is_first=True,
        organisation=None,
        committee=None,
        vouched_by=None,
        action__state=Action.State.WAITING,
    ).select_related("action__place", "action__campaign")
    if not mine:
        return rows.none()
    if all(one.country for one in mine):
        rows = rows.filter(Q(action__country__in=countries) | Q(action__country=""))
    return rows.order_by("action__waiting_since", "pk")
