"""Closing an account, opening it again within 30 days, and erasing it after them."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from convoca.accounts.models import CAN_COME_BACK, LoginCode, Person
from convoca.accounts.rules import object_to_leaving
from convoca.accounts.services.addresses import page
from convoca.accounts.services.notices import tell
from convoca.accounts.services.sessions import end_all_sessions
from convoca.audit import services as audit
from convoca.core.errors import Refusal

_SALT = "convoca.accounts.come-back"


@transaction.atomic
def leave(person: Person) -> None:
    """Close an account at once in all its sessions; for 30 days a mailed link opens it again.

    Refused where an app above objects: an organisation would lose its last coordinator.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    if not person.is_active:
        return
    object_to_leaving(person)
    end_all_sessions(person)
    person.is_active, person.left_at = False, timezone.now()
    person.save(update_fields=["is_active", "left_at"])
    LoginCode.objects.filter(person=person).delete()
    audit.record("account.closed", about=person, by=person)
    token = signing.dumps([person.pk, person.left_at.isoformat()], salt=_SALT)
    url = page("accounts:come-back", token, language=person.ui_language)
    tell(person, "accounts/left", url=url, days=CAN_COME_BACK.days)


def who_comes_back(token: str) -> Person | None:
    """Whose account a link would open again; None for a link that is over."""
    try:
        pk, left_at = signing.loads(token, salt=_SALT, max_age=CAN_COME_BACK)
    except signing.BadSignature:
        return None
    person = Person.objects.who_left().filter(pk=pk).first()
    is_same = person and person.left_at and person.left_at.isoformat() == left_at
    return person if is_same else None


@transaction.atomic
def come_back(token: str) -> Person:
    """Open a closed account again, with what it held. Mandates that ended meanwhile stay ended."""
    person = who_comes_back(token)
    if person is None:
        raise Refusal(
            "come-back-over",
            _("This link has been used, or the 30 days are over and the account was erased."),
        )
    person.is_active, person.left_at = True, None
    person.save(update_fields=["is_active", "left_at"])
    audit.record("account.reopened", about=person, by=person)
    tell(person, "accounts/came-back")
    return person


def erase_who_left() -> int:
    """Erase name, address and keys of who left more than 30 days ago. Answers how many.

    The row stays, nameless, because what was done under its mandates stays.
    """
    erased = 0
    for person in Person.objects.past_coming_back():
        with transaction.atomic():
            Authenticator.objects.filter(user_id=person.pk).delete()
            EmailAddress.objects.filter(user_id=person.pk).delete()
            person.devices.all().delete()
            person.email = f"erased-{person.pk}@erased.invalid"
            person.name, person.further_languages = "", []
            person.erased_at = timezone.now()
            person.save(update_fields=["email", "name", "further_languages", "erased_at"])
            audit.record("account.erased", about=person)
            erased += 1
    return erased
