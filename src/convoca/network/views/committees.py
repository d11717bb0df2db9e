"""Committees at work."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from convoca.audit.models import Entry
from convoca.core.access import fetch_for
from convoca.core.errors import Refusal
from convoca.network import rules, services, trail
from convoca.network.forms import CommitteeForm
from convoca.network.models import Committee, Mandate, Organisation
from convoca.network.picking import status_of
from convoca.network.views.desk import person_of, posted, step, under

form_page = require_http_methods(["GET", "HEAD", "POST"])


def _edited_by(request: HttpRequest, code: str) -> Committee:
    visible = Committee.objects.visible_to(request.user)
    return fetch_for(request.user, visible, rules.may_edit_committee, code=code)


def _choices(request: HttpRequest) -> QuerySet[Organisation]:
    """The organisations whose committee it may be said to be: all for stewards, else one's own."""
    person = person_of(request)
    members = Organisation.objects.members().by_name()
    if rules.is_steward(person):
        return members
    held = Mandate.objects.filter(person=person, role=Mandate.Role.COORDINATOR).standing()
    return members.filter(pk__in=held.values("organisation"))


@login_required
@require_safe
def work_committee(request: HttpRequest, code: str) -> HttpResponse:
    """All about one committee, and what the person may do."""
    found = _edited_by(request, code)
    visitor = person_of(request)
    mandates = found.mandates.unended().with_names()
    context = {
        "committee": found,
        "organisations": found.organisations.by_name(),
        "mandates": mandates,
        "own": [m for m in mandates if m.person_id == visitor.pk],
        "invitations": found.invitations.with_names()[:50],
        "entries": trail.in_words(Entry.objects.about(found)[:20]),
    }
    return render(request, "network/work/committee.html", context)


@login_required
@form_page
def start_committee(request: HttpRequest) -> HttpResponse:
    """Add a committee; by a coordinator, of their organisation."""
    if not rules.may_start_committee(request.user):
        raise PermissionDenied
    choices = _choices(request)
    form = CommitteeForm(
        posted(request),
        choices=choices,
        initial={"organisations": request.GET.getlist("organisation")},
    )
    if request.method == "POST" and form.is_valid():
        facts = dict(form.cleaned_data)
        organisations = list(facts.pop("organisations", []))
        is_steward = rules.is_steward(request.user)
        if not organisations and not is_steward:
            form.add_error("organisations", _("Choose your organisation."))
        else:
            started = services.start_committee(
                organisations=organisations,
                under=under(request, organisations[0] if organisations else None),
                **facts,
            )
            messages.success(request, _("%(name)s is here now.") % {"name": started})
            return redirect(started.get_work_url())
    status = status_of(form)
    return render(request, "network/work/start_committee.html", {"form": form}, status=status)


@login_required
@form_page
def edit_committee(request: HttpRequest, code: str) -> HttpResponse:
    """Change what is said about the committee. Its people cannot change whose it is."""
    found = _edited_by(request, code)
    choices = _choices(request)
    form = CommitteeForm(posted(request), choices=choices, committee=found)
    if request.method == "POST" and form.is_valid():
        facts = dict(form.cleaned_data)
        chosen = facts.pop("organisations", None)
        if chosen is not None:  # those out of one's reach stay as they are
            others = found.organisations.exclude(pk__in=choices.values("pk"))
            chosen = [*chosen, *others]
            had_one = found.organisations.exists()
            if had_one and not chosen and not rules.is_steward(request.user):
                form.add_error("organisations", _("Choose your organisation."))
    if request.method == "POST" and form.is_valid():
        try:
            changed = services.edit_committee(
                found, organisations=chosen, under=under(request, committee=found), **facts
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved.") if changed else _("Nothing has changed."))
            return redirect(found.get_work_url())
    context = {"committee": found, "form": form}
    status = status_of(form)
    return render(request, "network/work/edit_committee.html", context, status=status)


@login_required
@require_POST
def end_committee(request: HttpRequest, code: str) -> HttpResponse:
    """End the committee; its page stays."""
    found = _edited_by(request, code)
    is_own = rules.hosts(request.user, found)  # their mandate ends with it
    return step(
        request,
        "network:work" if is_own else found.get_work_url(),
        _("%(name)s has ended. It can be opened again.") % {"name": found},
        lambda: services.end_committee(found, under=under(request, committee=found)),
        undo=None if is_own else reverse("network:reopen-committee", args=[code]),
    )


@login_required
@require_POST
def reopen_committee(request: HttpRequest, code: str) -> HttpResponse:
    """Open an ended committee again."""
    found = _edited_by(request, code)
    return step(
        request,
        found.get_work_url(),
        _("%(name)s is active.") % {"name": found},
        lambda: services.reopen_committee(found, under=under(request, committee=found)),
    )
