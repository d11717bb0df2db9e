"""People: how they come, what they say about themselves, and their mail address."""

from collections.abc import Sequence
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.core import signing
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from convoca.accounts.models import Person, tidy_email
from convoca.accounts.services.addresses import page
from convoca.accounts.services.notices import tell
from convoca.audit import services as audit
from convoca.core.errors import Refusal
from convoca.outbox import services as outbox

CONFIRM_WITHIN = timedelta(days=1)
_SALT = "convoca.accounts.address"


@transaction.atomic
def invite_person(email: str, language: str, name: str = "") -> Person:
    """The person with this address; made when there is none. Repeating it changes nothing.

    No mail is sent here. An account that was closed is opened only by its own person.
    """
    address = tidy_email(email)
    try:
        with transaction.atomic():
            person = Person.objects.filter(email=address).first() or Person.objects.create_person(
                address, language=language, name=name
            )
    except IntegrityError:  # another invitation made the same person meanwhile
        person = Person.objects.get(email=address)
    if not person.is_active:
        raise Refusal(
            "person-left",
            _(
                "The person with this address has closed their account. They can open it again "
                "with the link in the mail that we sent them then."
            ),
        )
    return person


@transaction.atomic
def save_details(
    person: Person, *, name: str, language: str, further_languages: Sequence[str], notices: str
) -> None:
    """Keep what a person says about themselves."""
    person.name = name
    person.language = language
    person.further_languages = [tag for tag in further_languages if tag != language]
    person.notices = notices
    person.save(update_fields=["name", "language", "further_languages", "notices"])


@transaction.atomic
def request_address_change(person: Person, email: str) -> None:
    """Mail a link to the new address; nothing changes before it is opened and confirmed.

    Where another person has the address, the same is answered and that person is told nothing:
    the link would not work.
    """
    address = tidy_email(email)
    if address == person.email:
        raise Refusal("address-same", _("This is your address already."))
    token = signing.dumps({"id": person.pk, "from": person.email, "to": address}, salt=_SALT)
    with transaction.atomic():
        outbox.mail(
            "accounts/confirm-address",
            to=address,
            language=person.ui_language,
            context={
                "person": person,
                "url": page("accounts:confirm-address", token, language=person.ui_language),
            },
        )
        if Person.objects.filter(email=address).exists():
            transaction.set_rollback(True)


def asked_change(token: str) -> tuple[Person, str] | None:
    """Whose address a link would change, and to what; None for a link that is over."""
    try:
        asked = signing.loads(token, salt=_SALT, max_age=CONFIRM_WITHIN)
    except signing.BadSignature:
        return None
    person = Person.objects.filter(pk=asked["id"], email=asked["from"], is_active=True).first()
    return (person, asked["to"]) if person else None


def change_address(token: str) -> Person:
    """Put the confirmed address in place of the old one, and tell the old one.

    A link works once: the address it was made for is then no longer the person's.
    """
    over = Refusal(
        "address-link-over",
        _("This link has been used, or is older than a day. Ask for a new one on your account."),
    )
    asked = asked_change(token)
    if asked is None:
        raise over
    person, address = asked
    before = person.email
    try:
        with transaction.atomic():
            mine = Person.objects.filter(pk=person.pk, email=before)
            if not mine.update(email=address):
                raise over
            person.email = address
            EmailAddress.objects.filter(user_id=person.pk).delete()
            audit.record("address.changed", about=person, by=person)
            tell(person, "accounts/address-changed", to=before)
    except IntegrityError as error:
        raise over from error
    return person
