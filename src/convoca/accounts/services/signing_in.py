"""Ways in that work once: a mailed code, a code that a steward reads out, a link."""

import secrets
import unicodedata
import uuid
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from convoca.accounts.models import LoginCode, Person, tidy_email
from convoca.accounts.services.addresses import page
from convoca.accounts.services.notices import tell
from convoca.audit import services as audit
from convoca.core.codes import secret_token, token_digest, uuid7
from convoca.core.errors import Refusal
from convoca.outbox import services as outbox

VALID = timedelta(minutes=15)
TRIES = 5


@transaction.atomic
def send_login_code(address: str, *, language: str) -> LoginCode:
    """Mail a code to the person with this address, in their language.

    For an address that nobody has, the same rows are written and the mail is taken back, so that
    neither the answer nor the time it takes tells whether there is such a person.
    """
    email = tidy_email(address)
    person = Person.objects.filter(email=email, is_active=True).first()
    typed, row = _fresh_code(person, LoginCode.Kind.MAILED)
    row.save(force_insert=True)
    with transaction.atomic():
        outbox.mail(
            "accounts/login-code",
            to=email,
            language=person.ui_language if person else language,
            context={"code": grouped(typed), "minutes": int(VALID.total_seconds() // 60)},
        )
        if person is None:
            transaction.set_rollback(True)
    return row


def try_login_code(asked_for: uuid.UUID, typed: str) -> Person:
    """The person to sign in, for the code they typed; every code works once.

    `asked_for` is the row made when this browser asked for a code. A code that a steward has read
    out to the same person is as good as the mailed one. Five wrong tries end the row.
    """
    with transaction.atomic():
        row = LoginCode.objects.select_for_update().filter(pk=asked_for).first()
        if row is None or row.is_over:
            raise Refusal(
                "login-code-over", _("This code is no longer good. Ask for a new one, please.")
            )
        spoken = LoginCode.objects.filter(
            person_id=row.person_id or 0,  # asked for a stranger too, so that both cost the same
            kind=LoginCode.Kind.SPOKEN,
            used_at=None,
            expires_at__gt=timezone.now(),
        ).first()
        code = tidy_digits(typed)
        right = next((one for one in (row, spoken) if one and _opens(one, code)), None)
        if right is not None and row.person is not None and row.person.is_active and _use(right):
            _use(row)
            return row.person
        row.wrong_tries += 1
        if row.wrong_tries >= TRIES:
            row.used_at = timezone.now()
        row.save(update_fields=["wrong_tries", "used_at"])
    if row.used_at:
        raise Refusal(
            "login-code-used-up",
            _("That was wrong five times, so this code has ended. Ask for a new one, please."),
        )
    raise Refusal(
        "login-code-wrong",
        _("This is not the code in our last mail. Look at it once more and type all 8 digits."),
    )


@transaction.atomic
def spoken_login_code(person: Person, *, by: Person) -> str:
    """A code that a steward reads out to a person whose mail does not arrive.

    Good for 15 minutes and once; the one before ends. The person is told, the trail knows by whom.
    """
    if not person.is_active:
        raise Refusal("person-inactive", _("This account is closed."))
    LoginCode.objects.filter(person=person, kind=LoginCode.Kind.SPOKEN, used_at=None).update(
        used_at=timezone.now()
    )
    typed, row = _fresh_code(person, LoginCode.Kind.SPOKEN)
    row.save(force_insert=True)
    audit.record("login-code.spoken", about=person, by=by)
    tell(person, "accounts/code-spoken", by=str(by))
    return grouped(typed)


@transaction.atomic
def login_link(person: Person) -> str:
    """A link that signs a person in once, within 15 minutes, after a press on its page's button."""
    if not person.is_active:
        raise Refusal("person-inactive", _("This account is closed."))
    token = secret_token()
    LoginCode.objects.create(
        person=person,
        kind=LoginCode.Kind.LINK,
        digest=token_digest(token),
        expires_at=timezone.now() + VALID,
    )
    audit.record("login-link.made", about=person)
    return page("accounts:login-link", token, language=person.ui_language)


def person_of_link(token: str) -> Person | None:
    """Whom a link would sign in; looking does not use it up."""
    row = LoginCode.objects.filter(digest=token_digest(token), kind=LoginCode.Kind.LINK).first()
    if row is None or row.is_over or row.person is None or not row.person.is_active:
        return None
    return row.person


@transaction.atomic
def use_login_link(token: str) -> Person:
    """Use a link up and answer whom to sign in."""
    person = person_of_link(token)
    fresh = LoginCode.objects.filter(digest=token_digest(token), used_at=None)
    if person is None or not fresh.update(used_at=timezone.now()):
        raise Refusal("login-link-over", _("This link has been used, or is older than 15 minutes."))
    return person


def sweep_codes() -> int:
    """Delete codes and links that ended more than a day ago."""
    old = LoginCode.objects.filter(expires_at__lt=timezone.now() - timedelta(days=1))
    return old.delete()[0]


def tidy_digits(typed: str) -> str:
    """The digits that were typed, in any script, without what stands between them."""
    return "".join(str(unicodedata.digit(c)) for c in typed if c.isdigit())


def grouped(code: str) -> str:
    """A code as it is shown and read out: two groups of four."""
    return f"{code[:4]} {code[4:]}"


def _fresh_code(person: Person | None, kind: LoginCode.Kind) -> tuple[str, LoginCode]:
    typed = f"{secrets.randbelow(10**8):08}"
    pk = uuid7()
    row = LoginCode(
        pk=pk,
        person=person,
        kind=kind,
        digest=_digest(pk, typed),
        expires_at=timezone.now() + VALID,
    )
    return typed, row


def _digest(pk: uuid.UUID, typed: str) -> str:
    key = "convoca.accounts.login-code"
    return salted_hmac(key, f"{pk.hex}:{typed}", algorithm="sha256").hexdigest()


def _use(row: LoginCode) -> bool:
    """Use a code up; only one of two who try at once succeeds."""
    return bool(LoginCode.objects.filter(pk=row.pk, used_at=None).update(used_at=timezone.now()))


def _opens(row: LoginCode, typed: str) -> bool:
    return constant_time_compare(row.digest, _digest(row.pk, typed))
