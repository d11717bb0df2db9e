"""What every template knows of the site: one object, `site`, worked out when it is asked for."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from convoca.accounts.models import Person
from convoca.campaigns.inks import ink_url
from convoca.core.languages import UI_LANGUAGES, autonym, direction
from convoca.network.models import Network
from convoca.network.rules import is_steward
from convoca.outbox import services as outbox

STATIONS = (
    (gettext_lazy("Today"), "today"),
    (gettext_lazy("Call"), "campaigns:work-list"),
    (gettext_lazy("Translate"), "texts:queue"),
    (gettext_lazy("Endorse"), "campaigns:work-endorse"),
    (gettext_lazy("Act"), "actions:act"),
    (gettext_lazy("Network"), "network:work"),
)


@dataclass(frozen=True)
class PageLanguage:
    """This page in one language of the interface."""

    tag: str
    autonym: str
    dir: str
    url: str


@dataclass(frozen=True)
class Station:
    """A part of the cycle, as an entry of the navigation."""

    name: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class Bar:
    """A standing notice above the page."""

    level: str
    text: str
    url: str = ""


@dataclass(frozen=True)
class Acting:
    """Who acts, and for whom."""

    person: str
    words: str
    switch_url: str


def languages_of(request: HttpRequest, offered: Iterable[str]) -> list[PageLanguage]:
    """This page in each of the languages offered, its own first."""
    rest = "/".join(request.path.split("/")[2:])
    own_first = sorted(offered, key=lambda tag: tag != get_language())
    # Where one was going when asked to sign in; no other page's address has an end worth keeping.
    on = request.GET.get("next", "") if request.path.split("/")[2:3] == ["account"] else ""
    end = f"?{urlencode({'next': on})}" if on else ""
    return [
        PageLanguage(tag, autonym(tag), direction(tag), f"/{tag}/{rest}{end}") for tag in own_first
    ]


class Site:
    """The network's name and look, the languages of this page, and who is acting."""

    def __init__(self, request: HttpRequest | None) -> None:
        self._request = request
        self.is_demo: bool = settings.DEMO

    @cached_property
    def network(self) -> Network:
        return Network.load()

    @cached_property
    def name(self) -> str:
        return str(self.network)

    @cached_property
    def imprint_name(self) -> str:
        return self.network.imprint_name

    @cached_property
    def lang(self) -> str:
        return get_language() or "en"

    @cached_property
    def dir(self) -> str:
        return direction(self.lang)

    @cached_property
    def ink_css(self) -> str:
        return ink_url(self.network.ink)

    @cached_property
    def languages(self) -> list[PageLanguage]:
        """This page in the network's languages that have an interface, its own first."""
        if self._request is None:
            return []
        offered = [tag for tag in self.network.languages if tag in UI_LANGUAGES] or ["en"]
        return languages_of(self._request, offered)

    @cached_property
    def person(self) -> Person | None:
        user = getattr(self._request, "user", None)
        return user if isinstance(user, Person) else None

    @cached_property
    def stations(self) -> list[Station]:
        """The stations of the cycle that this person has work at."""
        if self.person is None or self._request is None:
            return []
        here = self._request.path
        for part, station in (
            ("network:audit", "network:work"),
            ("exchange:bring-in", "actions:act"),
        ):
            if here.startswith(reverse(part)):
                here = reverse(station)  # it is a part of this station
        entries = [(words, reverse(name)) for words, name in STATIONS]
        best = max(
            (url for _w, url in entries if url and here.startswith(url)), key=len, default=""
        )
        return [Station(str(words), url, url == best) for words, url in entries]

    @cached_property
    def acting(self) -> Acting | None:
        """For the header: "Rosa, for the network", which is also the switch."""
        if self.person is None:
            return None
        mandate: Any = getattr(self._request, "acting", None)
        name = str(self.person)
        words = (
            _("%(person)s, %(for_whom)s") % {"person": name, "for_whom": mandate.for_words}
            if mandate
            else name
        )
        return Acting(name, words, reverse("network:acting"))

    @cached_property
    def bars(self) -> list[Bar]:
        """What stewards must know on every page: mail on hold, mail failing."""
        if self.person is None or not is_steward(self.person):
            return []
        found = []
        if outbox.is_held():
            found.append(
                Bar(
                    "wait",
                    _("Nothing leaves this server: it is on hold after a restore. See Today."),
                    reverse("today"),
                )
            )
        elif outbox.failing_since():
            found.append(
                Bar(
                    "stop",
                    _("Mail cannot be sent. You can hand sign-in codes over yourself."),
                    reverse("mail"),
                )
            )
        return found


def site(request: HttpRequest) -> dict[str, Site]:
    """Add `site` to every template's context."""
    return {"site": Site(request)}
