"""The stewards' page on mail: what is on hold, what was given up, and sign-in codes by voice."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from convoca.accounts import services as accounts
from convoca.accounts.models import Person, tidy_email
from convoca.core.errors import Refusal
from convoca.network import services as network
from convoca.network.rules import is_steward
from convoca.outbox import services as outbox
from convoca.outbox.models import Message


class SpokenCodeForm(forms.Form):
    """Whose sign-in code a steward wants to hand over."""

    email = forms.EmailField(
        label=gettext_lazy("Mail address of the person"),
        help_text=gettext_lazy("Only for somebody whose voice or face you know."),
    )

    def clean_email(self) -> str:
        return tidy_email(self.cleaned_data["email"])


def _steward(request: HttpRequest) -> Person:
    if not isinstance(request.user, Person) or not is_steward(request.user):
        raise PermissionDenied
    return request.user


def _page(
    request: HttpRequest, form: SpokenCodeForm, *, code: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "held": outbox.is_held(),
        "held_because": outbox.held_because(),
        "failing_since": outbox.failing_since(),
        "last_error": outbox.last_error(),
        "waiting": Message.objects.waiting().count(),
        "page": Paginator(outbox.dead(), 25).get_page(request.GET.get("page")),
        "form": form,
        "code": code,
    }
    return render(request, "web/mail.html", context, status=status)


@login_required
@require_safe
def mail(request: HttpRequest) -> HttpResponse:
    """What waits, what is held, what was given up."""
    _steward(request)
    return _page(request, SpokenCodeForm())


@login_required
@require_POST
def release_mail(request: HttpRequest) -> HttpResponse:
    """Let mail leave again after a restore."""
    leave_unsent = request.POST.get("waiting") == "leave"
    under = network.mandate_for(_steward(request), roles=["steward"])
    outbox.release(under=under, leave_unsent=leave_unsent)
    messages.success(request, _("Mail leaves again."))
    return redirect("mail")


@login_required
@require_POST
def retry_mail(request: HttpRequest, number: UUID) -> HttpResponse:
    """Try a mail that was given up once more."""
    under = network.mandate_for(_steward(request), roles=["steward"])
    outbox.retry(get_object_or_404(Message, pk=number), under=under)
    messages.success(request, _("It is tried again now."))
    return redirect("mail")


@login_required
@require_POST
def spoken_code(request: HttpRequest) -> HttpResponse:
    """A sign-in code to read out; shown once, on the answer to this form."""
    steward = _steward(request)
    form = SpokenCodeForm(request.POST)
    if form.is_valid():
        person = Person.objects.filter(email=form.cleaned_data["email"], is_active=True).first()
        if person is None:
            form.add_error("email", _("Nobody with this address has an account here."))
        else:
            try:
                code = accounts.spoken_login_code(person, by=steward)
            except Refusal as refusal:
                form.add_error(None, refusal.message)
            else:
                return _page(request, SpokenCodeForm(), code=code)
    return _page(request, form, status=422)
