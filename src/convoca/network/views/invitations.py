"""Opening and answering an invitation, by its link or by a code."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from convoca.accounts import limits
from convoca.accounts.guard import public_form
from convoca.accounts.models import Person, tidy_email
from convoca.accounts.views import HOUR, too_many
from convoca.core.codes import tidy_code
from convoca.core.errors import Refusal
from convoca.network import purposes, services
from convoca.network.forms import AcceptForm, AskByCodeForm, CodeForm, ui_language_choices
from convoca.network.models import Invitation
from convoca.pages.public import public_page


@public_page(tags=["site"], mirrored="never")
def enter_code(request: HttpRequest) -> HttpResponse:
    """Where a code that was read out is typed."""
    return render(request, "network/enter_code.html", {"form": CodeForm()})


WRONG_CODES = 120
"""How many codes that do not exist one place may try in an hour; a hall full of people mistypes
fewer, and a program that guesses needs millions."""
MAILS_PER_ADDRESS = 5
CODE_LENGTH = 8


def _looked_up(request: HttpRequest, secret: str) -> Invitation | None:
    """The invitation of a link or a code. Codes are short, so nobody may guess them for long."""
    if len(tidy_code(secret).replace("-", "")) != CODE_LENGTH:
        return services.invitation_of(secret)
    key = f"wrong codes by {limits.client_key(request)}"
    if limits.seen(key, HOUR) >= WRONG_CODES:
        raise TooManyTries
    found = services.invitation_of(secret)
    if found is None:
        limits.hit(key, WRONG_CODES, HOUR)
    return found


class TooManyTries(Exception):
    """So many codes that do not exist were tried from one place that no more is looked up."""


def _not_for_ever(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer 429 where codes are being guessed."""

    @wraps(view)
    def within(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except TooManyTries:
            return too_many(request, HOUR)

    return within


@public_form("invitation code")
@_not_for_ever
def find_code(request: HttpRequest) -> HttpResponse:
    """Lead from a code to its invitation. A wrong one says how codes look."""
    form = CodeForm(request.POST)
    if form.is_valid():
        found = _looked_up(request, form.cleaned_data["code"])
        if found is not None and found.way == Invitation.Way.CODE:
            return redirect("network:invitation", form.cleaned_data["code"].strip())
        form.add_error(
            "code",
            _("We know no such code. It has eight letters or digits, such as k7mq-02xd."),
        )
    return render(request, "network/enter_code.html", {"form": form}, status=422)


def _person(request: HttpRequest) -> Person | None:
    return request.user if isinstance(request.user, Person) else None


def _show(
    request: HttpRequest,
    invitation: Invitation | None,
    token: str,
    *,
    form: AcceptForm | None = None,
    by_code: AskByCodeForm | None = None,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of an invitation, whatever its state: who invites whom to what, and what to do."""
    context: dict[str, object] = {"invitation": invitation, "token": token, "refusal": refusal}
    if invitation is None:
        return render(request, "network/invitation.html", context, status=404)
    person = _person(request)
    is_code = invitation.way == Invitation.Way.CODE
    try:
        purpose = purposes.purpose_of(invitation)
        context["words"] = purpose.words(invitation)
        services.check_open(invitation)
        purpose.check(invitation)
    except Refusal as closed:
        context["refusal"] = refusal or closed
        context["is_closed"] = True
        return render(request, "network/invitation.html", context, status=max(status, 410))
    known = Person.objects.filter(email=invitation.email).exists() if not is_code else False
    context |= {
        "is_code": is_code,
        "is_new": not is_code and not known,
        "is_for_another": bool(person and not is_code and person.email != invitation.email),
        "signed_in": person,
        "form": form or AcceptForm(initial=_initial(invitation)),
        "by_code": by_code or AskByCodeForm(),
        "sign_in_url": f"{reverse(settings.LOGIN_URL)}?next={request.path}",
    }
    return render(request, "network/invitation.html", context, status=status)


def _initial(invitation: Invitation) -> dict[str, str]:
    ui = [tag for tag, _name in ui_language_choices()]
    base = invitation.language.split("-")[0]
    return {
        "name": invitation.name,
        "language": base if base in ui else (get_language() or "en"),
    }


@never_cache
@require_safe
@_not_for_ever
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show it. Looking is noted and uses nothing up."""
    found = _looked_up(request, token)
    if found is not None and found.is_open:
        services.open_invitation(found)
        try:
            page = purposes.purpose_of(found).page
        except Refusal:
            page = None
        if page is not None:
            return redirect(page(found, token))
    return _show(request, found, token)


@never_cache
@require_POST
@_not_for_ever
def accept_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Accept. Who is new here is signed in at once, since the link proves the address."""
    found = _looked_up(request, token)
    if found is None:
        return _show(request, None, token)
    person = _person(request)
    facts: dict[str, str] = {}
    is_mail = found.way == Invitation.Way.MAIL
    if is_mail and not Person.objects.filter(email=found.email).exists():
        form = AcceptForm(request.POST)
        if not form.is_valid():
            return _show(request, found, token, form=form, status=422)
        facts = form.cleaned_data
    try:
        accepted = services.accept(found, signed_in=person, **facts)
    except Refusal as refusal:
        return _show(request, found, token, refusal=refusal, status=422)
    if person is None and accepted.is_new:
        login(request, accepted.person, backend=settings.AUTHENTICATION_BACKENDS[0])
    messages.success(request, _("You have accepted."))
    if person is None and not accepted.is_new:
        return redirect(f"{reverse(settings.LOGIN_URL)}?next={accepted.next_url}")
    return redirect(accepted.next_url)


@never_cache
@require_POST
@_not_for_ever
def decline_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Decline. The one who invited is told."""
    found = _looked_up(request, token)
    if found is None:
        return _show(request, None, token)
    try:
        services.decline(found)
    except Refusal as refusal:
        return _show(request, found, token, refusal=refusal, status=422)
    return render(request, "network/invitation.html", {"invitation": found, "is_declined": True})


@public_form("ask by code")
@_not_for_ever
def ask_by_code(request: HttpRequest, token: str) -> HttpResponse:
    """Mail a link to somebody who has a code and no account."""
    found = _looked_up(request, token)
    if found is None or found.way != Invitation.Way.CODE:
        return _show(request, None, token)
    form = AskByCodeForm(request.POST)
    if not form.is_valid():
        return _show(request, found, token, by_code=form, status=422)
    address = tidy_email(form.cleaned_data["email"])
    if not limits.hit(f"code mails to {address}", MAILS_PER_ADDRESS, HOUR):
        form.add_error("email", limits.wait_words(HOUR))
        return _show(request, found, token, by_code=form, status=429)
    try:
        services.ask_by_code(found, language=get_language() or "en", **form.cleaned_data)
    except Refusal as refusal:
        return _show(request, found, token, by_code=form, refusal=refusal, status=422)
    return redirect("network:code-mailed")


@public_page(tags=["site"], mirrored="never")
def code_mailed(request: HttpRequest) -> HttpResponse:
    """What happens next: a mail with a link."""
    return render(request, "network/code_mailed.html")
