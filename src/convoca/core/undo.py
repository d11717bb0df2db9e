"""The line that stays at the top after a step: what was done, and the way back."""

from django.contrib import messages
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise


def say_done(request: HttpRequest, words: StrOrPromise, *, undo: str | None = None) -> None:
    """Say what was done; with a button that posts `undo` to that address, where it has a way back.

    The button works for as long as its line stands: until the next page.
    """
    if undo is None:
        messages.success(request, str(words))
        return
    line = format_html(
        '{} <form method="post" action="{}"><input type="hidden" name="csrfmiddlewaretoken" '
        'value="{}"><button class="as-link" name="undo" value="1">{}</button></form>',
        str(words),
        undo,
        get_token(request),
        _("Undo"),
    )
    messages.success(request, line)
