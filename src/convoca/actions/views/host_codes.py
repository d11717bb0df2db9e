"""Codes for people without mail: made, seen and taken back by those who answer for a host."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from convoca.accounts.models import Person
from convoca.actions.forms.host_field import Host, host_of, key_of
from convoca.actions.forms.host_page import CodeForm
from convoca.actions.models import HostCode
from convoca.actions.rules import may_host_at_work, may_make_codes
from convoca.actions.services import host_codes, hosts
from convoca.campaigns.addresses import link_to
from convoca.core.undo import say_done
from convoca.network.models import Committee, Mandate
from convoca.network.models.mandate import Role
from convoca.network.picking import status_of


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def work_codes(request: HttpRequest) -> HttpResponse:
    """One's codes, and the form for another; a new one is shown once."""
    person = request.user
    if not isinstance(person, Person) or not may_host_at_work(person):
        raise PermissionDenied
    own = _hosts_of(person)
    form = CodeForm(request.POST if request.method == "POST" else None)
    form.fields["host"].choices = [(key_of(one), str(one)) for one in own]  # type: ignore[attr-defined]
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        host = host_of(said["host"])
        under = hosts.mandate_for(person, host) if host is not None else None
        if host is None or under is None or not may_make_codes(person, host):
            raise PermissionDenied
        code, spoken = host_codes.make_code(
            host, uses=said["uses"], days=said["days"], note=said["note"], under=under
        )
        context = {"code": code, "spoken": spoken, "where": link_to("actions:host")}
        return render(request, "actions/work_code.html", context)
    codes = _codes_of(own)
    context = {"form": form, "codes": codes}
    return render(request, "actions/work_codes.html", context, status=status_of(form))


@login_required
@require_POST
def work_code_revoke(request: HttpRequest, number: int) -> HttpResponse:
    """Take a code back: nobody posts with it from now on."""
    person = request.user
    if not isinstance(person, Person) or not may_host_at_work(person):
        raise PermissionDenied
    code = get_object_or_404(
        HostCode, pk__in=[c.pk for c in _codes_of(_hosts_of(person))], pk=number
    )
    under = hosts.mandate_for(person, code.host) if code.host is not None else None
    if under is None:
        raise PermissionDenied
    host_codes.revoke(code, under=under)
    say_done(request, _("Taken back. What was posted with it stays."))
    return redirect("actions:work-codes")


def _hosts_of(person: Person) -> list[Host]:
    """Organisations and committees that the person answers for."""
    held = (
        Mandate.objects.standing().filter(person=person).select_related("organisation", "committee")
    )
    speaks = [m.organisation for m in held if m.role == Role.COORDINATOR and m.organisation]
    theirs = Committee.objects.acting().filter(organisations__in=speaks).distinct()
    own = [m.committee for m in held if m.role == Role.HOST and m.committee]
    found: dict[str, Host] = {key_of(one): one for one in [*speaks, *own, *theirs[:200]]}
    return list(found.values())


def _codes_of(own: list[Host]) -> list[HostCode]:
    organisations = [one.pk for one in own if not isinstance(one, Committee)]
    committees = [one.pk for one in own if isinstance(one, Committee)]
    rows = HostCode.objects.select_related("organisation", "committee", "made_under")
    found = rows.filter(organisation__in=organisations) | rows.filter(committee__in=committees)
    return list(found.order_by("-pk")[:100])
