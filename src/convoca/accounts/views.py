"""Signing in and out, and the pages about one's own account."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.utils import perform_login
from allauth.usersessions.models import UserSession
from django import forms as django_forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from convoca.accounts import guard, limits, services
from convoca.accounts.fields import known_languages
from convoca.accounts.forms import AddressForm, CodeForm, DetailsForm, LeaveForm, SignInForm
from convoca.accounts.models import Person
from convoca.accounts.services.leaving import who_comes_back
from convoca.accounts.services.people import asked_change
from convoca.core.errors import Refusal

View = Callable[..., HttpResponse]

QUARTER, HOUR = timedelta(minutes=15), timedelta(hours=1)
CODES_PER_ADDRESS, CODES_PER_CLIENT, TRIES_PER_CLIENT = 10, 600, 1200
ASKED = "accounts.asked"
"""Where the session keeps for which address a code was asked, and where to go afterwards."""

shown_again: Callable[[View], View] = reauthentication_required(app="allauth.mfa")
"""Asks those who have a second factor to show it once more first."""
form_page = require_http_methods(["GET", "HEAD", "POST"])


def limited(
    view: View,
    name: str,
    limit: int = 30,
    window: timedelta = QUARTER,
    methods: tuple[str, ...] = ("POST",),
) -> View:
    """Take at most so many POSTs of one person, or of strangers from one place."""

    @wraps(view)
    def within(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        who = request.user.pk or limits.client_key(request)
        if request.method in methods and not limits.hit(f"{name} {who}", limit, window):
            return too_many(request, window)
        return _refused(view(request, *args, **kwargs))

    return within


def _refused(answer: HttpResponse) -> HttpResponse:
    """A refused form answers 422 in this house; allauth's views say 200."""
    form = (getattr(answer, "context_data", None) or {}).get("form")
    if answer.status_code == 200 and form is not None and form.is_bound and form.errors:
        answer.status_code = 422
    return answer


def too_many(request: HttpRequest, window: timedelta) -> HttpResponse:
    """The page that says to wait, and how long."""
    context = {"title": _("Too many tries"), "advice": limits.wait_words(window)}
    answer = render(request, "web/error.html", context, status=429)
    answer["Retry-After"] = str(limits.seconds_left(window))
    return answer


def _next_of(request: HttpRequest) -> str:
    """Where somebody wanted to go: an address on this very host, or nothing."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else ""


def _home() -> str:
    return f"/{get_language()}/work/"


def _posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _with_form(
    request: HttpRequest, template: str, form: django_forms.Form, **context: Any
) -> HttpResponse:
    status = 422 if form.is_bound and form.errors else 200
    return render(request, template, {"form": form, **context}, status=status)


# Signing in


@never_cache
@form_page
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for the address and mail a code. The answer is the same for an unknown address."""
    wanted = _next_of(request)
    if request.user.is_authenticated:
        return redirect(wanted or _home())
    form = SignInForm(_posted(request), initial={"email": _asked(request).get("address")})
    if request.method == "POST" and form.is_valid():
        address = form.cleaned_data["email"]
        if not _may_ask(request, address):
            form.add_error(None, limits.wait_words(HOUR))
            return render(
                request, "accounts/sign_in.html", {"form": form, "next": wanted}, status=429
            )
        row = services.send_login_code(address, language=get_language() or "en")
        request.session[ASKED] = {"code": row.pk.hex, "address": address, "next": wanted}
        request.session.set_expiry(int(HOUR.total_seconds()))
        return redirect("accounts:enter-code")
    return _with_form(request, "accounts/sign_in.html", form, next=wanted)


def _may_ask(request: HttpRequest, address: str) -> bool:
    client = limits.client_key(request)
    return limits.hit(f"codes by {client}", CODES_PER_CLIENT, HOUR) and limits.hit(
        f"codes for {address}", CODES_PER_ADDRESS, HOUR
    )


def _asked(request: HttpRequest) -> dict[str, str]:
    asked: dict[str, str] = request.session.get(ASKED, {})
    return asked


@never_cache
@sensitive_post_parameters("code")
@form_page
def enter_code(request: HttpRequest) -> HttpResponse:
    """Take the code. The address stays; what is wrong is said in a sentence."""
    asked = _asked(request)
    if request.user.is_authenticated:
        return redirect(_home())
    if not asked:
        return redirect("account_login")
    form = CodeForm(_posted(request))
    context: dict[str, Any] = {"address": asked["address"], "next": asked["next"]}
    if request.method == "POST" and form.is_valid():
        if not limits.hit(f"tries by {limits.client_key(request)}", TRIES_PER_CLIENT, HOUR):
            form.add_error(None, limits.wait_words(HOUR))
            return render(
                request, "accounts/enter_code.html", {"form": form, **context}, status=429
            )
        try:
            person = services.try_login_code(uuid.UUID(asked["code"]), form.cleaned_data["code"])
        except Refusal as refusal:
            form.add_error("code", refusal.message)
            context["is_over"] = refusal.code != "login-code-wrong"
        else:
            return _let_in(request, person, asked["next"])
    return _with_form(request, "accounts/enter_code.html", form, **context)


def _let_in(request: HttpRequest, person: Person, wanted: str) -> HttpResponse:
    """Sign in, over the second factor where there is one; the session gets a new key."""
    request.session.pop(ASKED, None)
    request.session.set_expiry(None)
    answer: HttpResponse = perform_login(
        request, person, redirect_url=wanted or _home(), email=person.email
    )
    return answer


@never_cache
@form_page
def login_link(request: HttpRequest, token: str) -> HttpResponse:
    """A one-time link shows a button; only pressing it signs in, so that no preview uses it up."""
    person = services.person_of_link(token)
    if person is None:
        return _over(request, _("This link has been used, or is older than 15 minutes."))
    if request.method == "POST":
        try:
            person = services.use_login_link(token)
        except Refusal as refusal:
            return _over(request, refusal.message)
        if request.user.is_authenticated:
            logout(request)
        return _let_in(request, person, "")
    return render(request, "accounts/login_link.html", {"person": person})


def _over(request: HttpRequest, sentence: Any) -> HttpResponse:
    context = {"title": _("This link is over"), "advice": sentence}
    return render(request, "web/error.html", context, status=410)


@never_cache
@form_page
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out by POST; a link shows the button."""
    if request.method != "POST":
        return render(request, "accounts/sign_out.html")
    UserSession.objects.filter(session_key=request.session.session_key or "").delete()
    logout(request)
    return redirect(_next_of(request) or f"/{get_language()}/")


@never_cache
@require_safe
def closed(request: HttpRequest) -> HttpResponse:
    """Where somebody lands whose account is closed."""
    return render(request, "accounts/closed.html", status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is too old, or that came without its cookie: nothing typed is lost.

    Django calls this. A form from another site is refused.
    """
    if guard.is_foreign(request) or not guard.tells_origin(request):
        return guard.refuse_foreign(request)
    words = _(
        "This page was open for long, or you have signed in or out since. Press once more, please. "
        "Everything you typed is kept."
    )
    if settings.CSRF_COOKIE_NAME not in request.COOKIES:
        words = _(
            "Your browser sent no cookie, and without one nobody can sign in. Allow cookies for "
            "this site, then press once more. Everything you typed is kept."
        )
    return guard.once_more(request, status=403, reason=words, with_token=True)


# One's own account


@login_required
@form_page
def account(request: HttpRequest) -> HttpResponse:
    """What others see of a person, their languages and how they are told news."""
    person = _person(request)
    form = DetailsForm(
        _posted(request),
        initial={
            "name": person.name,
            "language": person.language,
            "further_languages": person.further_languages,
            "notices": person.notices,
        },
    )
    if request.method == "POST" and form.is_valid():
        services.save_details(person, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("accounts:account")
    return _with_form(
        request, "accounts/account.html", form, languages=known_languages(), person=person
    )


def _person(request: HttpRequest) -> Person:
    if not isinstance(request.user, Person):
        raise Http404
    return request.user


@login_required
@shown_again
@form_page
def change_address(request: HttpRequest) -> HttpResponse:
    """Ask for a new address; it changes when the mail there has been answered."""
    person = _person(request)
    form = AddressForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        if not limits.hit(f"address {person.pk}", 5, HOUR):
            form.add_error(None, limits.wait_words(HOUR))
            return render(request, "accounts/change_address.html", {"form": form}, status=429)
        try:
            services.request_address_change(person, form.cleaned_data["email"])
        except Refusal as refusal:
            form.add_error("email", refusal.message)
        else:
            context = {"address": form.cleaned_data["email"], "person": person}
            return render(request, "accounts/address_asked.html", context)
    return _with_form(request, "accounts/change_address.html", form, person=person)


@never_cache
@form_page
def confirm_address(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the mail shows a button; pressing it changes the address."""
    asked = asked_change(token)
    if asked is None:
        return _over(request, _("This link has been used, or is older than a day."))
    person, address = asked
    if request.method == "POST":
        try:
            services.change_address(token)
        except Refusal as refusal:
            return _over(request, refusal.message)
        return render(request, "accounts/address_changed.html", {"address": address})
    return render(request, "accounts/confirm_address.html", {"person": person, "address": address})


@login_required
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """Where a person is signed in."""
    key = request.session.session_key
    found = services.sessions_of(_person(request), current_key=key)
    return render(request, "accounts/sessions.html", {"sessions": found})


@login_required
@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """End one session at once; one's own is ended by signing out."""
    if services.end_session(_person(request), pk):
        messages.success(request, _("That device is signed out."))
    return redirect("accounts:sessions")


@login_required
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """End every session but this one."""
    services.end_other_sessions(_person(request), current_key=request.session.session_key)
    messages.success(request, _("All other devices are signed out."))
    return redirect("accounts:sessions")


@login_required
@require_safe
def passkeys(request: HttpRequest) -> HttpResponse:
    """Passkeys stand on the page of second factors."""
    return redirect("mfa_index")


@login_required
@shown_again
@form_page
def leave(request: HttpRequest) -> HttpResponse:
    """Close one's own account, after a tick; refused where somebody must take over first."""
    form = LeaveForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.leave(_person(request))
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            logout(request)
            return render(request, "accounts/left.html")
    return _with_form(request, "accounts/leave.html", form)


@never_cache
@form_page
def come_back(request: HttpRequest, token: str) -> HttpResponse:
    """The mailed link that opens a closed account again, by a press on its button."""
    person = who_comes_back(token)
    if person is None:
        return _over(
            request, _("This link has been used, or the 30 days are over and the account is gone.")
        )
    if request.method == "POST":
        try:
            services.come_back(token)
        except Refusal as refusal:
            return _over(request, refusal.message)
        messages.success(request, _("Your account is open again. Sign in, please."))
        return redirect(reverse("account_login"))
    return render(request, "accounts/come_back.html", {"person": person})
