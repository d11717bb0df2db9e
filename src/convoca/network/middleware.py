"""For whom a signed-in person acts now: chosen by the switch, kept in the session."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from convoca.network.models import Mandate
from convoca.network.services import mandates_of

SESSION_KEY = "acting"


class ActingMiddleware:
    """Set `request.acting` to the mandate that the person chose, or their first, or None.

    It is read from the database in every request, so an ended mandate is gone at once. Public
    pages and strangers cost nothing: there it is None without a look at the session.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        set_acting(request, [])
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> None:
        is_public = hasattr(view, "public_page") or hasattr(view, "is_public_form")
        if is_public or settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return
        if request.user.is_authenticated:
            set_acting(request, mandates_of(request.user))


def set_acting(request: Any, held: list[Mandate]) -> None:
    """Choose among the mandates held: the one of the session, else the first."""
    request.mandates = held
    request.acting = held[0] if held else None
    if held:
        chosen = request.session.get(SESSION_KEY)
        request.acting = next((m for m in held if m.pk == chosen), held[0])


def acting(request: HttpRequest) -> Mandate | None:
    """The mandate that the person of this request acts under; None where there is none."""
    found = getattr(request, "acting", None)
    return found if isinstance(found, Mandate) else None
