"""The stewards' page on what is kept for readers: how much, what fails, what is waited for."""

import sqlite3
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from convoca.audit import services as audit
from convoca.core.dates import number_words
from convoca.network import services as network
from convoca.network.rules import is_steward
from convoca.pages import services as pages

LONG = timedelta(minutes=1)
"""A drawing that takes longer than this is told on Today."""
SHOWN = 50


@dataclass(frozen=True)
class Row:
    """A page that could not be drawn, or is waited for: where, since when, what was said."""

    key: str
    at: datetime
    words: str = ""

    @property
    def path(self) -> str:
        """Its address on this site, as one reads it."""
        url = urlsplit(self.key)
        return f"{url.path}{'?' if url.query else ''}{url.query}"


@dataclass(frozen=True)
class Road:
    """What the file of kept pages says of itself."""

    is_open: bool = True
    count: int = 0
    octets: int = 0
    waiting: list[Row] = field(default_factory=list)
    failures: list[Row] = field(default_factory=list)

    @classmethod
    def look(cls) -> "Road":
        """As it is just now; `is_open` is false where the file cannot be read."""
        kept = pages.store()
        if kept is None:
            return cls()
        try:
            count, octets = kept.size()
            waiting = [Row(key, _instant(since)) for key, since in kept.waiting()]
            failures = [Row(key, _instant(at), words) for key, at, words in kept.failures()]
        except (sqlite3.Error, OSError):
            return cls(is_open=False)
        return cls(True, count, octets, waiting, failures)

    @property
    def sentence(self) -> str:
        """What a steward must know, in a sentence; empty where all is well."""
        if not self.is_open:
            return _("The pages kept for readers cannot be opened: each is drawn anew, slowly.")
        if self.failures:
            words = ngettext(
                "%(number)s page cannot be drawn: readers get an old one, or none.",
                "%(number)s pages cannot be drawn: readers get old ones, or none.",
                len(self.failures),
            )
            return words % {"number": number_words(len(self.failures))}
        if self.waiting and self.waiting[0].at < timezone.now() - LONG:
            return _("Readers wait for a page that takes longer than a minute to draw.")
        return ""


def _instant(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


@login_required
@require_safe
def read_road(request: HttpRequest) -> HttpResponse:
    """How much is kept, what readers wait for, what failed."""
    if not is_steward(request.user):
        raise PermissionDenied
    road = Road.look()
    context = {
        "road": road,
        "count": number_words(road.count),
        "waiting": road.waiting[:SHOWN],
        "failures": road.failures[:SHOWN],
        "more": max(0, len(road.failures) - SHOWN) + max(0, len(road.waiting) - SHOWN),
    }
    return render(request, "web/read_road.html", context)


@login_required
@require_POST
@transaction.atomic
def draw_again(request: HttpRequest) -> HttpResponse:
    """Every page is old from now on. Readers lose nothing: each keeps its page until the new one
    is drawn.
    """
    if not is_steward(request.user):
        raise PermissionDenied
    under = network.mandate_for(request.user, roles=["steward"])
    audit.record("pages.drawn-again", under=under)
    pages.touch_everything()
    messages.success(request, _("Every page is drawn again as soon as somebody asks for it."))
    return redirect("read-road")
