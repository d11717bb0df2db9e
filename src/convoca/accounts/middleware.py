"""What holds for signed-in people: answers are not stored, a second factor comes first, and the
list of devices knows when each was last seen. Public pages and strangers cost nothing here."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language_from_path

from convoca.accounts.models import Person
from convoca.accounts.rules import has_second_factor, needs_second_factor

Answer = Callable[[HttpRequest], HttpResponse]

SEEN_EVERY = timedelta(minutes=10)

WITHOUT_SECOND_FACTOR = {
    "account_logout",
    "mfa_index",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_activate_totp",
    "mfa_view_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
}
"""Where somebody may go who must set up a second factor first."""

NUMBERS = {"127.0.0.1", "[::1]"}


def _signed_in(request: HttpRequest) -> Person | None:
    """The person of a request that brings a session; public views have taken theirs away."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    return request.user if isinstance(request.user, Person) else None


def _is_public(view: Any) -> bool:
    return hasattr(view, "public_page") or hasattr(view, "is_public_form")


class NoStore:
    """An answer to a signed-in person is kept by no browser and no proxy."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if _signed_in(request):
            answer["Cache-Control"] = "no-store"
        return answer


class LastSeen:
    """Remembers, in steps of ten minutes, that a session is in use."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        if _is_public(view) or not _signed_in(request):
            return
        with suppress(OperationalError):  # a comfort: on a full disk people can still read
            self._note(request)

    def _note(self, request: HttpRequest) -> None:
        now = timezone.now()
        seen = UserSession.objects.filter(session_key=request.session.session_key or "")
        last = seen.values_list("last_seen_at", flat=True).first()
        if last is None:
            UserSession.objects.create_from_request(request)
        elif last < now - SEEN_EVERY:
            seen.update(last_seen_at=now)
            if last.date() != now.date():
                request.session.modified = True  # lives on for as long again


class SecondFactorFirst:
    """Who must have a second factor is led to set one up, and can do nothing else before."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        # What has no language in its address (colours, pictures, permanent ids) is public, too.
        if _is_public(view) or get_language_from_path(request.path_info) is None:
            return None
        match = request.resolver_match
        if match is not None and match.view_name in WITHOUT_SECOND_FACTOR:
            return None
        person = _signed_in(request)
        if person is None or has_second_factor(person) or not needs_second_factor(person):
            return None
        return redirect("mfa_index")


class NameNotNumber:
    """Accounts live on a name: a passkey cannot belong to 127.0.0.1, so it is led to localhost."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        host, port = _split(request.get_host())
        is_account = request.path.split("/")[2:3] == ["account"]
        if host in NUMBERS and is_account and request.method == "GET":
            return HttpResponseRedirect(
                f"{request.scheme}://localhost{port}{request.get_full_path()}"
            )
        return self.get_response(request)


def _split(host: str) -> tuple[str, str]:
    """The name or number of a host, and its port with the colon."""
    number = next((one for one in NUMBERS if host.startswith(one)), None)
    return (number, host.removeprefix(number)) if number else (host, "")
