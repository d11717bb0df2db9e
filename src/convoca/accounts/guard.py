"""Public forms: they carry no secret and need no session, and foreign pages still cannot send them.

`public_form` decorates the view that takes a POST from a stored page. What it refuses and asks:

- a request whose Origin or Sec-Fetch-Site names another site, or none that can be named: 403;
- neither header, as old phones send it: one page "press once more" that keeps all that was typed;
- a filled trap (see `HoneypotForm`): the same page, so that no person loses anything;
- more tries from one place than the limit: the same page, once for each form, as a whole town may
  stand behind one address;
- several times as many: that page with 429 and when to try again.
"""

import secrets
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from convoca.accounts import limits

TRAP = "fax_number"
"""The honeypot's name: a question that no form of ours asks and that programs like to answer."""
ONCE_MORE = "pressed_once_more"
"""The hidden field that says when the second page was shown, signed for this place and form."""
_SALT = "convoca.accounts.guard"
_VALID = timedelta(hours=2)
REFUSED_AT = 4
"""How many times the limit may be passed by pressing once more, before forms are refused."""

View = Callable[..., HttpResponse]


class HoneypotForm(forms.Form):
    """A form with a trap: a field that people do not see and must leave empty.

    In the template, inside the form: `{% include "accounts/_trap.html" %}`.
    """

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.data.get(TRAP):
            raise forms.ValidationError(
                _("Something filled in a field that must stay empty. Send it once more."),
                code="trap",
            )
        return cleaned


def public_form(
    name: str, *, limit: int = 600, window: timedelta = timedelta(hours=1)
) -> Callable[[View], View]:
    """Mark a view that takes a public form's POST; it is given no person and no session.

    `name` is the key of its limit: after `limit` tries in a `window` from one place each form is
    pressed once more, after four times as many it is refused. The default lets 300 people behind
    one address send it, and correct it once, without noticing.
    """

    def mark(view: View) -> View:
        @csrf_exempt
        @never_cache
        @require_POST
        @wraps(view)
        def form(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            _forget_who_asks(request)
            if is_foreign(request):
                return refuse_foreign(request)
            tries = limits.count(f"form {name} {limits.client_key(request)}", window)
            if tries > limit * REFUSED_AT:
                return _too_many(request, limits.seconds_left(window))
            if request.POST.get(TRAP):
                return once_more(
                    request,
                    reason=_(
                        "Something filled in a field that people leave empty. If you are one, "
                        "press once more, please. Everything you typed is kept."
                    ),
                )
            has_pressed = _pressed_once_more(request)
            if not (tells_origin(request) or has_pressed):
                return once_more(request)
            if tries > limit and not (has_pressed and _is_first_use(request)):
                return once_more(
                    request,
                    reason=_(
                        "Many forms have come from your connection in a short time. Press once "
                        "more to send yours. Everything you typed is kept."
                    ),
                )
            return view(request, *args, **kwargs)

        form.is_public_form = True  # type: ignore[attr-defined]
        return form

    return mark


def tells_origin(request: HttpRequest) -> bool:
    """Whether the browser says from where the form was sent."""
    return "Origin" in request.headers or "Sec-Fetch-Site" in request.headers


def is_foreign(request: HttpRequest) -> bool:
    """Whether a form was sent from a page of another site, or from one that hides where it is."""
    origin = request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-Site")
    if origin == "null" and site == "same-origin":
        return False  # our own page, in a browser that tells nobody its address
    if origin is not None and origin not in _own_origins(request):
        return True
    return site is not None and site not in {"same-origin", "none"}


def once_more(
    request: HttpRequest,
    *,
    status: int = 200,
    reason: str = "",
    wait: int = 0,
    with_token: bool = False,
) -> HttpResponse:
    """The page that asks to press once more, with everything typed kept in hidden fields."""
    kept = [
        (key, value)
        for key, values in request.POST.lists()
        if key not in {TRAP, ONCE_MORE, "csrfmiddlewaretoken"}
        for value in values
    ]
    context = {
        "kept": [*kept, (ONCE_MORE, _stamp(request))],
        "reason": reason,
        "files": list(request.FILES),
        "action": request.get_full_path(),
        "with_token": with_token,
    }
    answer = render(request, "accounts/once_more.html", context, status=status)
    if wait:
        answer["Retry-After"] = str(wait)
    return answer


def _forget_who_asks(request: HttpRequest) -> None:
    request.user = AnonymousUser()
    request.COOKIES = {}
    request.META.pop("HTTP_COOKIE", None)
    if hasattr(request, "session"):
        del request.session


def _own_origins(request: HttpRequest) -> set[str]:
    public = urlsplit(settings.CONFIG.url)
    return {f"{request.scheme}://{request.get_host()}", f"{public.scheme}://{public.netloc}"}


def refuse_foreign(request: HttpRequest) -> HttpResponse:
    """The page that says that a form of another site was not taken."""
    context = {
        "title": _("This form came from another site"),
        "advice": _(
            "For safety it was not taken. Nothing has been sent. Open the page here, on this site, "
            "and fill it in there."
        ),
    }
    return render(request, "web/error.html", context, status=403)


def _too_many(request: HttpRequest, wait: int) -> HttpResponse:
    minutes = max(1, -(-wait // 60))
    reason = ngettext(
        "Too many forms have come from your connection in a short time. What you typed is kept "
        "here: wait %(minutes)d minute, then press the button.",
        "Too many forms have come from your connection in a short time. What you typed is kept "
        "here: wait %(minutes)d minutes, then press the button.",
        minutes,
    ) % {"minutes": minutes}
    return once_more(request, status=429, reason=reason, wait=wait)


def _place(request: HttpRequest) -> list[str]:
    return [limits.client_key(request), request.path]


def _stamp(request: HttpRequest) -> str:
    return signing.dumps([*_place(request), secrets.token_urlsafe(6)], salt=_SALT)


def _pressed_once_more(request: HttpRequest) -> bool:
    try:
        stamped = signing.loads(request.POST.get(ONCE_MORE, ""), salt=_SALT, max_age=_VALID)
    except signing.BadSignature:
        return False
    return bool(stamped[:2] == _place(request))


def _is_first_use(request: HttpRequest) -> bool:
    """Whether the page that this press came from has sent no other form."""
    return limits.hit(f"pressed {request.POST.get(ONCE_MORE)}", 1, _VALID)
