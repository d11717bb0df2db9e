"""What happens around every request: a line in the log, and the way from a former name."""

import time
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse

from convoca.web.busy import typed
from convoca.web.views import signed_out, too_large

Answer = Callable[[HttpRequest], HttpResponse]
log = structlog.get_logger("convoca.access")


class MovedForGood(HttpResponsePermanentRedirect):
    """A permanent redirect that keeps method and body."""

    status_code = 308


class AccessLog:
    """One line for each request: no address, no query, no path that could hold a secret.

    `route` is the pattern of the address (`<lang>/invitations/<token>/`), never what stood in it.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        answer = self.get_response(request)
        match = request.resolver_match
        log.info(
            "request",
            method=request.method if request.method in _METHODS else "other",
            route=match.route if match else "",
            status=answer.status_code,
            ms=round((time.perf_counter() - begun) * 1000, 1),
        )
        return answer


_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


class NotTooLarge:
    """Answers 413, in words: at once to what no form of ours could send, unread; and where a file
    was larger than the site takes, with the form's own page, which keeps all that was typed.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_cut_short = "Convoca-Too-Large" in request.headers  # by the front, unread
        if is_cut_short or _length(request) > settings.CONFIG.largest_body:
            return too_large(request)
        answer = self.get_response(request)
        if answer.status_code == 422 and getattr(request, "has_too_large", False):
            answer.status_code = 413
        return answer


def _length(request: HttpRequest) -> int:
    told = request.META.get("CONTENT_LENGTH") or "0"
    return int(told) if told.isdecimal() else 0


class FormerHosts:
    """Send requests for a former name on to the same path under the present one, for good."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        host = request.get_host().rsplit(":", 1)[0].lower()
        if host not in settings.CONFIG.former_hosts:
            return self.get_response(request)
        address = settings.CONFIG.url.rstrip("/") + request.get_full_path()
        kind = HttpResponsePermanentRedirect if request.method in {"GET", "HEAD"} else MovedForGood
        return kind(address)


class SignedOutMeanwhile:
    """A form sent after one was signed out is not just led to sign in: what was typed is shown."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if request.method != "POST" or answer.status_code != 302 or "HX-Request" in request.headers:
            return answer
        to = urlsplit(answer["Location"])
        is_asked_to_sign_in = to.path == reverse("account_login") and "next" in parse_qs(to.query)
        if not (is_asked_to_sign_in and typed(request)):
            return answer
        return signed_out(request, answer["Location"])
