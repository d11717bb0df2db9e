"""Reading `permissions.toml`, and asking the site what each of the cast is answered."""

import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import translation

from convoca.audit.models import Entry
from convoca.core.access import STRANGER
from tests.world import World

FILE = Path(__file__).parent / "permissions.toml"
CAST = {"stranger": "", "member": "ana", "other": "eve", "translator": "dia", "steward": "bo"}
"""The columns, and who of the world stands in each."""
UNREAD = "?"
EMPTY = {"csrfmiddlewaretoken": "is not looked at here"}
"""A form in which nothing was filled in, as a browser sends it."""
SAME_ORIGIN = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}


def read() -> dict:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Address:
    """One address of the site: its name as `reverse` knows it, its arguments and its view."""

    name: str
    arguments: tuple[str, ...]
    view: object

    @property
    def is_public_page(self) -> bool:
        return hasattr(self.view, "public_page")

    @property
    def is_public_form(self) -> bool:
        return hasattr(self.view, "is_public_form")


def addresses(patterns=None, prefix: str = "", above: tuple[str, ...] = ()) -> Iterator[Address]:
    """Every address that the site answers, also those of libraries."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        arguments = (*above, *one.pattern.converters)
        if isinstance(one, URLResolver):
            inner = f"{prefix}{one.namespace}:" if one.namespace else prefix
            yield from addresses(one.url_patterns, inner, arguments)
        elif isinstance(one, URLPattern):
            yield Address(f"{prefix}{one.name or one.pattern}", arguments, one.callback)


@dataclass(frozen=True)
class Row:
    """One line of the matrix. `key` is an address's name, and perhaps words that say of what."""

    key: str
    at: tuple[str, ...] = ()
    get: tuple[str, ...] = ()
    post: tuple[str, ...] = ()
    secret: bool = False

    @classmethod
    def of(cls, key: str, line: dict) -> "Row":
        words = {name: tuple(line.get(name, "").split()) for name in ("at", "get", "post")}
        return cls(key, secret=line.get("secret", False), **words)

    @property
    def name(self) -> str:
        return self.key.split()[0]

    def path(self, world: World) -> str:
        with translation.override("en"):
            return reverse(self.name, args=[world.find(one) for one in self.at])


def rows() -> list[Row]:
    return [Row.of(key, line) for key, line in read()["urls"].items()]


class Site:
    """The site as each of the cast meets it. Nothing that is asked of it leaves a trace."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.handlers: dict[bool, object] = {}
        self.answers: dict[tuple[str, str, str], object] = {}
        self.sessions = {who: self._sign_in(who) for who in CAST}

    def _sign_in(self, who: str) -> str:
        """A session that has just shown its second factor, for as long as the walk through all
        addresses takes on a slow machine; none for the stranger.
        """
        if not CAST[who]:
            return ""
        client = Client()
        client.force_login(self.person(who))
        session = client.session
        shown = {"method": "mfa", "type": "totp", "at": time.time() + 3600, "reauthenticated": True}
        session[AUTHENTICATION_METHODS_SESSION_KEY] = [shown]
        session[f"{AUTHENTICATION_METHODS_SESSION_KEY}_user"] = str(self.person(who).pk)
        session.save()
        return session.session_key

    def person(self, who: str):
        return getattr(self.world, CAST[who]) if CAST[who] else STRANGER

    def client(self, who: str, *, enforce_csrf_checks: bool = False) -> Client:
        """A browser that carries nothing but the session; its handler is made once."""
        client = Client(enforce_csrf_checks=enforce_csrf_checks)
        client.handler = self.handlers.setdefault(enforce_csrf_checks, client.handler)
        if self.sessions[who]:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[who]
        return client

    def ask(self, who: str, path: str, method: str = "get"):
        """The answer, its body, and whether anything was recorded. What was read is kept here."""
        if (who, path, method) not in self.answers:
            with nothing_kept():
                before = Entry.objects.count()
                answer = self._ask(who, path, method)
                answer.body = b"".join(answer) if answer.streaming else answer.content
                answer.has_acted = Entry.objects.count() > before
            if method == "post":
                return answer
            self.answers[who, path, method] = answer
        return self.answers[who, path, method]

    def _ask(self, who: str, path: str, method: str):
        client = self.client(who)
        if method == "post":
            return client.post(path, EMPTY, headers=SAME_ORIGIN)
        return client.get(path)

    def word(self, who: str, path: str, method: str) -> str:
        """The answer in one word, as the matrix has it."""
        answer = self.ask(who, path, method)
        if answer.has_acted:
            return "done" if answer.status_code < 400 else f"{answer.status_code}+"
        place = answer.get("Location", "") if answer.status_code in (301, 302) else ""
        if place.startswith("/en/account/sign-in/?"):
            return "in"
        return "again" if place.startswith("/en/account/again/") else str(answer.status_code)


@contextmanager
def nothing_kept() -> Iterator[None]:
    """Whatever happens inside is undone, in the database and in the cache."""
    cache.clear()
    with translation.override("en"), transaction.atomic():
        yield
        transaction.set_rollback(True)
