"""What allauth reports goes into the trail; migrating makes the table of the cache."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.core.management import call_command
from django.dispatch import receiver
from django.http import HttpRequest

from convoca.accounts import services
from convoca.accounts.models import Person
from convoca.audit import services as audit


@receiver(user_logged_in)
def note_device(sender: object, *, request: HttpRequest, user: Person, **_: Any) -> None:
    """Whoever signs in, by whatever way, is told where it is a kind of device they never used."""
    services.note_device(user, request.META.get("HTTP_USER_AGENT", ""))


@receiver(authenticator_added)
def record_added(
    sender: object, *, request: HttpRequest, user: Person, authenticator: Authenticator, **_: Any
) -> None:
    """Into the trail; who has just set one up has shown it: the next page does not ask again."""
    audit.record("second-factor.added", about=user, by=user, kind=authenticator.type)
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        record_authentication(
            request, user, "mfa", id=authenticator.pk, type=authenticator.type, reauthenticated=True
        )


@receiver(authenticator_removed)
def record_removed(sender: object, *, user: Person, authenticator: Authenticator, **_: Any) -> None:
    audit.record("second-factor.removed", about=user, by=user, kind=authenticator.type)


@receiver(authenticator_reset)
def record_reset(sender: object, *, user: Person, authenticator: Authenticator, **_: Any) -> None:
    audit.record("recovery-codes.made", about=user, by=user)


def make_cache_table(sender: object, *, using: str, **_: Any) -> None:
    """Second factors count their tries in the cache; where that is the database, make its table."""
    if any("DatabaseCache" in cache["BACKEND"] for cache in settings.CACHES.values()):
        call_command("createcachetable", database=using, verbosity=0)
