"""People: mandates, invitations, handing over."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from convoca.accounts import services as accounts
from convoca.accounts.models import Person
from convoca.core.access import fetch_for
from convoca.core.errors import Refusal
from convoca.network import handover, rules, services, spreadsheets, trail
from convoca.network.forms import HandOverForm, InviteForm, ScopeForm
from convoca.network.models import Committee, Invitation, Mandate, Organisation
from convoca.network.models.invitation import InvitationQuerySet
from convoca.network.models.mandate import NETWORK_ROLES, Role
from convoca.network.picking import status_of
from convoca.network.views.desk import person_of, posted, step, steward_only, under

form_page = require_http_methods(["GET", "HEAD", "POST"])
PER_PAGE = 50
MOST_EXPORTED = 20_000


@steward_only
@require_safe
def network_people(request: HttpRequest) -> HttpResponse:
    """Everybody with a role of the network itself, searched and filtered."""
    held = (
        Mandate.objects.for_network()
        .unended()
        .select_related("person", "granted_by")
        .order_by("role", "person__name", "pk")
    )
    role, words = request.GET.get("role", ""), request.GET.get("q", "").strip()
    if role in NETWORK_ROLES:
        held = held.filter(role=role)
    if words:
        held = held.filter(person__in=trail.people_called(words))
    if request.GET.get("as") == "csv":
        return _people_csv(held)
    page = Paginator(held, PER_PAGE).get_page(request.GET.get("page"))
    stewards = Mandate.objects.for_network().unended().filter(role=Role.STEWARD)
    context = {
        "page": page,
        "held": page.object_list,
        "role": role,
        "roles": [(one.value, one.label) for one in NETWORK_ROLES],
        "wanted": {"q": words},
        "stewards": set(stewards.values_list("person", flat=True)),
        "with_factor": accounts.with_second_factor(one.person_id for one in page.object_list),
    }
    return render(request, "network/work/people.html", context)


def _people_csv(held: QuerySet[Mandate]) -> HttpResponse:
    head = ["name", "email", "role", "countries", "language_pairs", "since", "until"]
    rows = [
        [
            str(one.person),
            one.person.email,
            one.role,
            " ".join(one.countries),
            ", ".join(f"{source} > {target}" for source, target in one.language_pairs),
            one.from_at.date().isoformat(),
            one.until_at.date().isoformat() if one.until_at else "",
        ]
        for one in held[:MOST_EXPORTED]
    ]
    return spreadsheets.write(_("people"), head, rows)


def _back(mandate: Mandate) -> str:
    return mandate.whom.get_work_url() if mandate.whom else "network:people"


@login_required
@form_page
def end_mandate(request: HttpRequest, pk: int) -> HttpResponse:
    """End a mandate: a page that says what follows, then the step."""
    mandate = fetch_for(request.user, Mandate.objects.with_names(), rules.may_end_mandate, pk=pk)
    is_own = mandate.person_id == request.user.pk
    if request.method == "POST":
        return step(
            request,
            "network:work" if is_own else _back(mandate),
            _("Ended: %(mandate)s.") % {"mandate": mandate},
            lambda: services.end_mandate(mandate, **_who_ends(request, mandate)),
        )
    context = {
        "mandate": mandate,
        "is_own": is_own,
        "is_last": services.is_last_coordinator(mandate),
        "sent": 0 if is_own else services.invitations_under(mandate).count(),
    }
    return render(request, "network/work/end_mandate.html", context)


def _who_ends(request: HttpRequest, mandate: Mandate) -> dict[str, Any]:
    """One's own is ended as a person; that of another under the mandate that allows it."""
    if mandate.person_id == request.user.pk:
        return {"by": person_of(request)}
    return {"under": under(request, mandate.organisation, mandate.committee)}


@steward_only
@form_page
def rearrange(request: HttpRequest, pk: int) -> HttpResponse:
    """Other countries for a moderator, other pairs for a translator."""
    scoped = Mandate.objects.for_network().unended().with_names()
    mandate = get_object_or_404(scoped, pk=pk, role__in=[Role.MODERATOR, Role.TRANSLATOR])
    form = ScopeForm(posted(request), mandate=mandate)
    if request.method == "POST" and form.is_valid():
        try:
            services.rearrange(mandate, under=under(request), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("network:people")
    context = {"mandate": mandate, "form": form}
    status = status_of(form)
    return render(request, "network/work/rearrange.html", context, status=status)


@login_required
@form_page
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """One page: what is open and what was granted, and to whom it goes."""
    person = person_of(request)
    own = Mandate.objects.filter(person=person).with_names()
    mandate = fetch_for(person, own, rules.may_hand_over, pk=pk)
    form = HandOverForm(posted(request), people=_successors(mandate))
    if request.method == "POST" and form.is_valid():
        try:
            return _hand_over(request, mandate, form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    context = {
        "mandate": mandate,
        "form": form,
        "held": services.held_with(mandate),
        "granted": services.granted_by(mandate),
        "work": handover.open_work(mandate),
        "waiting": Invitation.objects.open()
        .filter(invited_by=person, organisation=mandate.organisation, committee=mandate.committee)
        .with_names(),
    }
    status = status_of(form)
    return render(request, "network/work/hand_over.html", context, status=status)


def _successors(mandate: Mandate) -> Any:
    """Those who act for the same thing already; for a committee also its organisations' people."""
    near = Q(organisation=mandate.organisation_id, committee=mandate.committee_id)
    if mandate.committee is not None:
        near |= Q(organisation__committees=mandate.committee_id)
    held = Mandate.objects.filter(near).standing().exclude(person=mandate.person_id)
    return Person.objects.filter(pk__in=held.values("person")).order_by("name", "pk")


def _hand_over(request: HttpRequest, mandate: Mandate, cleaned: dict[str, Any]) -> HttpResponse:
    if cleaned["person"]:
        services.hand_over(mandate, to=cleaned["person"])
        messages.success(request, _("Handed over to %(person)s.") % {"person": cleaned["person"]})
    else:
        services.invite(
            "role",
            email=cleaned["email"],
            name=cleaned["name"],
            language=get_language() or "en",
            organisation=mandate.organisation,
            committee=mandate.committee,
            role=mandate.role,
            countries=mandate.countries,
            language_pairs=mandate.language_pairs,
            replaces=mandate,
            under=mandate,
        )
        messages.success(
            request,
            _("Invited: %(email)s. Everything stays with you until they accept.")
            % {"email": cleaned["email"]},
        )
    return redirect("network:work")


# --- invitations ----------------------------------------------------------------------------


@login_required
@form_page
def invite(request: HttpRequest, kind: str, code: str = "") -> HttpResponse:
    """Invite somebody to act for an organisation, a committee or the network."""
    organisation = committee = None
    if kind == "organisation":
        seen = Organisation.objects.visible_to(request.user)
        organisation = get_object_or_404(seen, code=code)
    elif kind == "committee":
        committee = get_object_or_404(Committee.objects.visible_to(request.user), code=code)
    roles = rules.roles_to_grant(request.user, organisation=organisation, committee=committee)
    if not roles:
        raise PermissionDenied
    role = request.GET.get("role")
    form = InviteForm(posted(request), roles=roles, initial={"role": role} if role else None)
    if request.method == "POST" and form.is_valid():
        try:
            sent = services.invite(
                "role",
                organisation=organisation,
                committee=committee,
                under=under(request, organisation, committee),
                **form.facts(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return _invited(request, sent)
    context = {
        "form": form,
        "organisation": organisation,
        "committee": committee,
        "back": _back_of(organisation, committee),
    }
    status = status_of(form)
    return render(request, "network/work/invite.html", context, status=status)


def _back_of(organisation: Organisation | None, committee: Committee | None) -> str:
    whom = organisation or committee
    return whom.get_work_url() if whom else ""


def _invited(request: HttpRequest, sent: services.Sent) -> HttpResponse:
    """A mail says where it went; a code is shown once, to be read out."""
    invitation = sent.invitation
    if invitation.email:
        messages.success(request, _("Invited: %(email)s.") % {"email": invitation.email})
        return redirect(_back_of(invitation.organisation, invitation.committee) or "network:people")
    context = {
        "invitation": invitation,
        "code": sent.secret,
        "words": services.words_of(invitation),
        "back": _back_of(invitation.organisation, invitation.committee),
        "where": request.build_absolute_uri(reverse("network:enter-code")),
    }
    return render(request, "network/work/code.html", context)


@steward_only
@require_safe
def invitations(request: HttpRequest) -> HttpResponse:
    """Every invitation: to whom, to what, where it stands."""
    shown = Invitation.objects.with_names().order_by("-pk")
    state = request.GET.get("state", "")
    now = timezone.now()
    open_ = Q(revoked_at=None, uses_left__gt=0)
    by_state = {
        "waiting": open_ & Q(expires_at__gt=now, opened_at=None),
        "opened": open_ & Q(expires_at__gt=now, opened_at__isnull=False),
        "accepted": Q(uses_left=0, was_declined=False, revoked_at=None),
        "declined": Q(uses_left=0, was_declined=True, revoked_at=None),
        "expired": open_ & Q(expires_at__lte=now),
        "revoked": Q(revoked_at__isnull=False),
    }
    if state in by_state:
        shown = shown.filter(by_state[state])
    words = request.GET.get("q", "").strip()
    if words:
        shown = shown.filter(Q(email__icontains=words) | Q(name__icontains=words))
    if request.GET.get("as") == "csv":
        return _invitations_csv(shown)
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "invitations": page.object_list,
        "state": state,
        "states": Invitation.State.choices,
        "wanted": {"q": words},
    }
    return render(request, "network/work/invitations.html", context)


def _invitations_csv(shown: InvitationQuerySet) -> HttpResponse:
    head = ["email", "name", "role", "for", "state", "sent", "opened", "answered", "expires"]
    rows = [
        [
            one.email,
            one.name,
            one.role,
            str(one.whom or ""),
            one.state,
            *(
                at.date().isoformat() if at else ""
                for at in (one.sent_at, one.opened_at, one.answered_at, one.expires_at)
            ),
        ]
        for one in shown[:MOST_EXPORTED]
    ]
    return spreadsheets.write(_("invitations"), head, rows)


def _invitation(request: HttpRequest, pk: int) -> Invitation:
    found = Invitation.objects.with_names().filter(pk=pk).first()
    if found is None or not rules.may_see_invitation(request.user, found):
        raise Http404
    return found


@login_required
@require_POST
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    """Mail a new link."""
    found = _invitation(request, pk)
    return step(
        request,
        _back_of(found.organisation, found.committee) or "network:invitations",
        _("Sent again to %(email)s; the earlier link no longer works.") % {"email": found.email},
        lambda: services.resend(found, under=under(request, found.organisation, found.committee)),
    )


@login_required
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an invitation back."""
    found = _invitation(request, pk)
    return step(
        request,
        _back_of(found.organisation, found.committee) or "network:invitations",
        _("The invitation was taken back."),
        lambda: services.revoke(found, under=under(request, found.organisation, found.committee)),
    )
