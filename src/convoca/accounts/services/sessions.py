"""Where a person is signed in, as device words; ending one ends it in that very moment."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from convoca.accounts.models import Device, Person
from convoca.accounts.services.notices import tell
from convoca.audit import services as audit

_BROWSERS = [
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Edge", r"Edg(e|A|iOS)?/"),
    ("Opera", r"OPR/|Opera"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("UC Browser", r"UCBrowser/"),
    ("Chrome", r"Chrome/|CriOS/"),
    ("Safari", r"Safari/"),
]
_DEVICES = [
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Android", r"Android"),
    ("KaiOS", r"KAIOS"),
    ("Windows", r"Windows"),
    ("Mac", r"Macintosh|Mac OS X"),
    ("ChromeOS", r"CrOS"),
    ("Linux", r"Linux|X11"),
]


@dataclass(frozen=True)
class SignedIn:
    """One session, as its person sees it."""

    pk: int
    device: str
    since: datetime
    last_seen_at: datetime
    is_current: bool


def sessions_of(person: Person, *, current_key: str | None) -> list[SignedIn]:
    """The sessions that are alive: this one first, then by when they were last seen."""
    alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    rows = UserSession.objects.filter(user_id=person.pk, session_key__in=alive)
    found = [
        SignedIn(
            pk=row.pk,
            device=device_words(row.user_agent),
            since=row.created_at,
            last_seen_at=row.last_seen_at,
            is_current=row.session_key == current_key,
        )
        for row in rows.order_by("-last_seen_at")
    ]
    return sorted(found, key=lambda one: not one.is_current)


@transaction.atomic
def end_session(person: Person, pk: int) -> bool:
    """End one of a person's sessions; False where there is none. Harmless to repeat."""
    return _end(person, UserSession.objects.filter(user_id=person.pk, pk=pk)) == 1


@transaction.atomic
def end_other_sessions(person: Person, *, current_key: str | None) -> int:
    """End all sessions of a person but this one."""
    rows = UserSession.objects.filter(user_id=person.pk).exclude(session_key=current_key or "")
    return _end(person, rows)


def end_all_sessions(person: Person) -> int:
    """Sign a person out everywhere, without a word: whoever calls it tells them why."""
    return _sign_out(UserSession.objects.filter(user_id=person.pk))


DEVICES_KEPT = timedelta(days=400)
"""A kind of device that nobody has signed in on for so long is new again."""


@transaction.atomic
def note_device(person: Person, user_agent: str) -> bool:
    """Remember on what somebody signed in; tell them where it is a kind that they never used.

    Answers whether they were told: once for each kind, and not of the first they ever use.
    """
    kind = " ".join(filter(None, _browser_and_device(user_agent)))
    used_before = person.devices.exists()
    device, is_new = Device.objects.get_or_create(person=person, kind=kind)
    if not is_new:
        Device.objects.filter(pk=device.pk).update(last_used_at=timezone.now())
    if not (is_new and used_before):
        return False
    with override(person.ui_language):
        words = device_words(user_agent)
    tell(person, "accounts/new-device", device=words, at=timezone.now())
    return True


def sweep_devices() -> int:
    """Forget kinds of devices that were not used for 400 days."""
    return Device.objects.filter(last_used_at__lt=timezone.now() - DEVICES_KEPT).delete()[0]


def _forget_kinds(person: Person, ended: list[str]) -> None:
    """What somebody has signed out is new again, unless a device of that kind is still in use."""
    rows = UserSession.objects.filter(user_id=person.pk).values_list("user_agent", flat=True)
    used = {_browser_and_device(agent) for agent in rows}
    gone = [one for one in map(_browser_and_device, ended) if one not in used]
    person.devices.filter(kind__in=[" ".join(filter(None, one)) for one in gone]).delete()


def _end(person: Person, rows: QuerySet[Any]) -> int:
    agents = list(rows.values_list("user_agent", flat=True))
    ended = _sign_out(rows)
    if ended:
        _forget_kinds(person, agents)
        audit.record("sessions.ended", about=person, by=person, count=ended)
        tell(person, "accounts/sessions-ended", count=ended)
    return ended


def _sign_out(rows: QuerySet[Any]) -> int:
    ended = list(rows)
    store: Any = import_module(settings.SESSION_ENGINE).SessionStore
    for row in ended:
        store().delete(row.session_key)
        row.delete()
    return len(ended)


def _browser_and_device(user_agent: str) -> tuple[str, str]:
    browser = next((name for name, sign in _BROWSERS if re.search(sign, user_agent)), "")
    device = next((name for name, sign in _DEVICES if re.search(sign, user_agent)), "")
    return browser, device


def device_words(user_agent: str) -> str:
    """A device in words that its owner knows it by: "Firefox on Android"."""
    browser, device = _browser_and_device(user_agent)
    if browser and device:
        return _("%(browser)s on %(device)s") % {"browser": browser, "device": device}
    return browser or device or _("An unknown device")


def sweep_sessions() -> int:
    """Delete sessions that ran out, and what was known of their devices."""
    store: Any = import_module(settings.SESSION_ENGINE).SessionStore
    store.clear_expired()
    a_moment_ago = timezone.now() - timedelta(hours=1)
    gone = UserSession.objects.filter(created_at__lt=a_moment_ago).exclude(
        session_key__in=Session.objects.values("session_key")
    )
    return int(gone.delete()[0])
