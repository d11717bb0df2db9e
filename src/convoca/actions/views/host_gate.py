"""The gate of a host's private link: what opens behind it, and what is said where it does not."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from convoca.accounts.guard import public_form
from convoca.actions.models import HostLink
from convoca.actions.models.hosting import DRAFT_KEPT
from convoca.actions.rules import may_edit_by_link, may_see_people
from convoca.actions.services import host_links

View = Callable[..., HttpResponse]
May = Callable[[HostLink], bool]


def by_link(may: May = may_edit_by_link) -> Callable[[View], View]:
    """Mark a view that reads and takes forms: it is given the link, where that opens anything and
    `may` says yes. Forms are taken as public forms are; a person who is signed in is nobody here.
    """

    def mark(view: View) -> View:
        reading, sending = read_by_link(may)(view), send_by_link("host page", may=may)(view)

        @csrf_exempt
        @wraps(view)
        def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in ("GET", "HEAD", "POST"):
                return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
            step = sending if request.method == "POST" else reading
            return step(request, *args, **kwargs)

        page.is_public_form = True  # type: ignore[attr-defined]
        return page

    return mark


def read_by_link(may: May = may_edit_by_link) -> Callable[[View], View]:
    """Mark a view that only reads."""

    def mark(view: View) -> View:
        @never_cache
        @require_safe
        @wraps(view)
        def page(request: HttpRequest, token: str, *args: Any, **kwargs: Any) -> HttpResponse:
            request.user = AnonymousUser()
            return _opened(view, may, request, token, *args, **kwargs)

        return page

    return mark


def send_by_link(
    name: str, *, limit: int = 600, may: May = may_edit_by_link
) -> Callable[[View], View]:
    """Mark a view that only takes a form; `name` and `limit` are those of a public form."""

    def mark(view: View) -> View:
        @public_form(name, limit=limit)
        @wraps(view)
        def form(request: HttpRequest, token: str, *args: Any, **kwargs: Any) -> HttpResponse:
            return _opened(view, may, request, token, *args, **kwargs)

        return form

    return mark


def _opened(
    view: View, may: May, request: HttpRequest, token: str, *args: Any, **kwargs: Any
) -> HttpResponse:
    link = host_links.link_of(token)
    if link is None:
        return no_link(request)
    if not link.is_confirmed:  # still to be confirmed, or ended: that page says which
        return redirect("actions:host-confirm", token=token)
    if not may(link):
        name = "host_people_later" if may is may_see_people else "host_only"
        context = {"token": token, "action": link.action}
        return private(render(request, f"actions/{name}.html", context, status=403))
    return private(view(request, link, token, *args, **kwargs))


def no_link(request: HttpRequest) -> HttpResponse:
    """What a secret says that opens nothing."""
    context = {"days": DRAFT_KEPT.days}
    return private(render(request, "actions/host_no_link.html", context, status=404))


def private(answer: HttpResponse) -> HttpResponse:
    """Not for search engines. The secret in the address goes to no other site: so say the
    settings; a stricter policy here would make browsers hide where our own forms come from.
    """
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer
