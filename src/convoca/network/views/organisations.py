"""One organisation at work: what is said of it, its people, and what stewards decide."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from convoca.audit.models import Entry
from convoca.core.access import fetch_for
from convoca.core.errors import Refusal
from convoca.network import rules, services, trail
from convoca.network.forms import (
    AddOrganisationForm,
    AffiliationForm,
    InviteMemberForm,
    LogoForm,
    OrganisationForm,
    ReasonForm,
)
from convoca.network.models import Organisation
from convoca.network.picking import status_of
from convoca.network.views.desk import person_of, posted, step, steward_only, under

form_page = require_http_methods(["GET", "HEAD", "POST"])
MAY_BE_INVITED = ("invited", "declined", "left", "ended")


def _seen_by(request: HttpRequest, code: str) -> Organisation:
    """The organisation, for those who see it at work."""
    visible = Organisation.objects.visible_to(request.user)
    return fetch_for(request.user, visible, rules.may_see_organisation_at_work, code=code)


def _edited_by(request: HttpRequest, code: str) -> Organisation:
    visible = Organisation.objects.visible_to(request.user)
    return fetch_for(request.user, visible, rules.may_edit_organisation, code=code)


@login_required
@require_safe
def work_organisation(request: HttpRequest, code: str) -> HttpResponse:
    """All about one organisation, and what the person may do."""
    found = _seen_by(request, code)
    visitor = person_of(request)
    speaks = rules.speaks_for(visitor, found)
    is_steward = rules.is_steward(visitor)
    mandates = found.mandates.unended().with_names()
    context: dict[str, Any] = {
        "organisation": found,
        "mandates": mandates,
        "own": [m for m in mandates if m.person_id == visitor.pk],
        "invitations": found.invitations.with_names()[:50] if speaks or is_steward else [],
        "committees": found.committees.select_related("place")
        .prefetch_related("organisations")
        .by_name("state"),
        "affiliations": found.affiliations.standing().select_related("body"),
        "ended_affiliations": found.affiliations.ended().select_related("body"),
        "chapters": found.chapter_affiliations.standing().select_related("chapter")[:200],
        "decisions": found.decisions.select_related("proposed_by", "confirmed_by")
        if is_steward
        else [],
        "joining": getattr(found, "join_request", None),
        "is_steward": is_steward,
        "speaks": speaks,
        "may_edit": rules.may_edit_organisation(visitor, found),
        "roles": rules.roles_to_grant(visitor, organisation=found),
        "may_admit": rules.may_admit(visitor, found),
        "may_invite_member": is_steward and found.state in MAY_BE_INVITED,
        "may_propose": is_steward and found.state in ("member", "suspended"),
        "can_come_back": is_steward and services.can_come_back(found),
        "entries": trail.in_words(Entry.objects.about(found)[:20]) if is_steward or speaks else [],
    }
    return render(request, "network/work/organisation.html", context)


@steward_only
@form_page
def add_organisation(request: HttpRequest) -> HttpResponse:
    """A steward adds an organisation by hand."""
    form = AddOrganisationForm(posted(request))
    if request.method == "POST" and form.is_valid():
        added = services.add_organisation(under=under(request), **form.cleaned_data)
        messages.success(request, _("%(name)s is here now.") % {"name": added})
        if not added.is_member:
            return redirect("network:invite-member", added.code)
        return redirect(added.get_work_url())
    status = status_of(form)
    return render(request, "network/work/add_organisation.html", {"form": form}, status=status)


@login_required
@form_page
def edit_organisation(request: HttpRequest, code: str) -> HttpResponse:
    """Change what is said about the organisation."""
    found = _edited_by(request, code)
    form = OrganisationForm(posted(request), organisation=found)
    if request.method == "POST" and form.is_valid():
        changed = services.edit_organisation(
            found, under=under(request, found), **form.cleaned_data
        )
        messages.success(request, _("Saved.") if changed else _("Nothing has changed."))
        return redirect(found.get_work_url())
    context = {"organisation": found, "form": form}
    status = status_of(form)
    return render(request, "network/work/edit_organisation.html", context, status=status)


@login_required
@form_page
def logo(request: HttpRequest, code: str) -> HttpResponse:
    """Give the organisation a logo, or take it away."""
    found = _edited_by(request, code)
    form = LogoForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_logo(
                found,
                form.cleaned_data["logo"],
                by=person_of(request),
                under=under(request, found),
            )
        except Refusal as refusal:
            form.add_error("logo", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect(found.get_work_url())
    context = {"organisation": found, "form": form}
    status = status_of(form)
    return render(request, "network/work/logo.html", context, status=status)


@login_required
@require_POST
def start_about(request: HttpRequest, code: str) -> HttpResponse:
    """Begin the organisation's own words, in its first language, and go to write them."""
    found = _edited_by(request, code)
    text = services.start_about(found, by=person_of(request), under=under(request, found))
    return redirect("texts:source", text.code)


@login_required
@form_page
def affiliate(request: HttpRequest, code: str) -> HttpResponse:
    """Say of which body the organisation is part."""
    found = _edited_by(request, code)
    form = AffiliationForm(posted(request), organisation=found)
    if request.method == "POST" and form.is_valid():
        try:
            services.affiliate(found, form.cleaned_data["body"], under=under(request, found))
        except Refusal as refusal:
            form.add_error("body", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect(found.get_work_url())
    context = {"organisation": found, "form": form}
    status = status_of(form)
    return render(request, "network/work/affiliate.html", context, status=status)


@login_required
@require_POST
def separate(request: HttpRequest, code: str, body: str) -> HttpResponse:
    """End an affiliation; either side can, since both pages show it. With `undo`, by the chapter,
    bring it back.
    """
    visible = Organisation.objects.visible_to(request.user)
    chapter = get_object_or_404(visible, code=code)
    other = get_object_or_404(visible, code=body)
    is_chapters = rules.may_edit_organisation(request.user, chapter)
    if not is_chapters and not rules.may_edit_organisation(request.user, other):
        raise PermissionDenied
    mine = chapter if is_chapters else other
    names, mandate = {"name": chapter, "body": other}, under(request, mine)
    if "undo" in request.POST and is_chapters:
        return step(
            request,
            mine.get_work_url(),
            _("%(name)s is part of %(body)s again.") % names,
            lambda: services.affiliate(chapter, other, under=mandate),
        )
    return step(
        request,
        mine.get_work_url(),
        _("%(name)s is no longer part of %(body)s.") % names,
        lambda: services.separate(chapter, other, under=mandate),
        undo=request.path if is_chapters else None,
    )


@login_required
@form_page
def leave_network(request: HttpRequest, code: str) -> HttpResponse:
    """The organisation leaves: its own coordinator says so, after reading what follows."""
    visible = Organisation.objects.visible_to(request.user)
    found = fetch_for(request.user, visible, rules.may_leave_network, code=code)
    if request.method == "POST":
        return step(
            request,
            "network:work",
            _("%(name)s has left. A steward can take it back for 30 days.") % {"name": found},
            lambda: services.leave_network(found, under=under(request, found)),
        )
    return render(request, "network/work/leave.html", {"organisation": found})


@steward_only
@require_POST
def take_back(request: HttpRequest, code: str) -> HttpResponse:
    """Undo that it left."""
    found = get_object_or_404(Organisation, code=code)
    return step(
        request,
        found.get_work_url(),
        _("%(name)s is a member again.") % {"name": found},
        lambda: services.take_back(found, under=under(request)),
    )


@steward_only
@form_page
def invite_member(request: HttpRequest, code: str) -> HttpResponse:
    """Invite somebody of an organisation, so that it becomes a member."""
    found = get_object_or_404(Organisation, code=code)
    if found.state not in MAY_BE_INVITED:
        raise PermissionDenied
    form = InviteMemberForm(posted(request))
    if request.method == "POST" and form.is_valid():
        facts = {**form.cleaned_data}
        facts["language"] = facts["language"] or next(iter(found.languages or found.names), "en")
        try:
            services.invite(
                "membership",
                organisation=found,
                role="coordinator",
                under=under(request),
                **facts,
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Invited: %(email)s.") % {"email": facts["email"]})
            return redirect(found.get_work_url())
    context = {"organisation": found, "form": form}
    status = status_of(form)
    return render(request, "network/work/invite_member.html", context, status=status)


@steward_only
@require_POST
def admit(request: HttpRequest, code: str) -> HttpResponse:
    """Admit an organisation that asks."""
    found = fetch_for(request.user, Organisation.objects.all(), rules.may_admit, code=code)
    return step(
        request,
        found.get_work_url(),
        _("%(name)s is a member now.") % {"name": found},
        lambda: services.admit_asking(found, under=under(request)),
    )


@steward_only
@form_page
def decline(request: HttpRequest, code: str) -> HttpResponse:
    """Decline an organisation that asks, with a reason that is mailed to it."""
    found = fetch_for(request.user, Organisation.objects.all(), rules.may_admit, code=code)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        return step(
            request,
            found.get_work_url(),
            _("Declined. Those who asked get your reason by mail."),
            lambda: services.decline_asking(
                found, reason=form.cleaned_data["reason"], under=under(request)
            ),
        )
    context = {"organisation": found, "form": form}
    status = status_of(form)
    return render(request, "network/work/decline.html", context, status=status)
