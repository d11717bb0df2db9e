"""Inviting, opening, accepting, declining. Looking at an invitation never uses it up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from convoca.accounts import services as accounts
from convoca.accounts.models import Person, tidy_email
from convoca.audit import services as audit
from convoca.core.codes import secret_token, spoken_code, tidy_code, token_digest
from convoca.core.errors import Refusal
from convoca.network import purposes
from convoca.network.models import (
    Committee,
    Invitation,
    InvitationAnswer,
    Mandate,
    Network,
    Organisation,
)
from convoca.network.models.invitation import CODE_LASTS, MAIL_LASTS
from convoca.network.models.mandate import Role
from convoca.network.services.handing_over import hand_over
from convoca.network.services.mandates import (
    give,
    refuse_last_day,
    refuse_not_acting,
    roles_for,
    tidy_pairs,
)
from convoca.network.services.organisations import admit
from convoca.outbox import services as outbox

AGAIN_AFTER = timedelta(minutes=10)
MOST_USES = 500


@dataclass(frozen=True)
class Sent:
    """An invitation and its secret, which is shown or mailed now and never again."""

    invitation: Invitation
    secret: str


def spoken_digest(code: str) -> str:
    """What is stored of a spoken code: short, so its hash is keyed."""
    tidy = tidy_code(code).replace("-", "")
    return salted_hmac("convoca.network.invitation", tidy, algorithm="sha256").hexdigest()


@transaction.atomic
def invite(
    purpose: str,
    *,
    email: str = "",
    name: str = "",
    language: str = "en",
    message: str = "",
    organisation: Organisation | None = None,
    committee: Committee | None = None,
    role: str = "",
    countries: Iterable[str] = (),
    language_pairs: Iterable[Sequence[str]] = (),
    until_on: date | None = None,
    about: str = "",
    replaces: Mandate | None = None,
    uses: int = 1,
    lasts: timedelta | None = None,
    by: Person | None = None,
    under: Mandate | None = None,
) -> Sent:
    """Invite by mail (`email` given: a link goes out) or by a code to be spoken, usable `uses`
    times. The secret is in the answer only; the row keeps its digest.
    """
    way = Invitation.Way.MAIL if email else Invitation.Way.CODE
    if role and role not in roles_for(organisation, committee):
        raise Refusal("mandate-role", _("There is no such role here."))
    if not 1 <= uses <= MOST_USES:
        raise Refusal(
            "invitation-uses",
            _("A code can be used between 1 and %(most)d times.") % {"most": MOST_USES},
        )
    secret = secret_token() if email else spoken_code()
    invitation = Invitation(
        purpose=purpose,
        organisation=organisation,
        committee=committee,
        role=role,
        countries=sorted(set(countries)),
        language_pairs=tidy_pairs(language_pairs),
        until_on=until_on,
        about=about,
        replaces=replaces,
        way=way,
        email=tidy_email(email),
        name=name,
        language=language,
        message=message,
        digest=token_digest(secret) if email else spoken_digest(secret),
        uses=1 if email else uses,
        uses_left=1 if email else uses,
        invited_by=by or (under.person if under else None),
        under=under,
        expires_at=timezone.now() + (lasts or (MAIL_LASTS if email else CODE_LASTS)),
    )
    purposes.purpose_of(invitation).check(invitation)
    invitation.save()
    audit.record(
        "invitation.sent", about=invitation, by=by, under=under, purpose=purpose, role=str(role)
    )
    if email:
        _mail(invitation, secret)
    return Sent(invitation, secret)


def _mail(invitation: Invitation, secret: str) -> None:
    invitation.sent_at = timezone.now()
    invitation.save(update_fields=["sent_at"])
    purpose = purposes.purpose_of(invitation)
    outbox.mail(
        purpose.template,
        to=invitation.email,
        language=invitation.language,
        about=invitation,
        # The template calls `words` when the mail's own language is active, not the sender's.
        context={
            **purpose.context(invitation),
            "invitation": invitation,
            "token": secret,
            "words": partial(words_of, invitation),
        },
    )


def words_of(invitation: Invitation) -> str:
    """What one is invited to, as a sentence in the language that is active."""
    return purposes.purpose_of(invitation).words(invitation)


def invitation_of(secret: str) -> Invitation | None:
    """The invitation that a link or a code stands for, whatever its state."""
    digests = [token_digest(secret), spoken_digest(secret)]
    return Invitation.objects.with_names().filter(digest__in=digests).first()


def open_invitation(invitation: Invitation) -> None:
    """Note that it was looked at, the first time only."""
    unopened = Invitation.objects.filter(pk=invitation.pk, opened_at=None)
    if unopened.update(opened_at=timezone.now()):
        invitation.refresh_from_db(fields=["opened_at"])


def check_open(invitation: Invitation) -> None:
    """Raise the `Refusal` that says why this invitation cannot be accepted, if it cannot."""
    parent = invitation.from_code
    who = invitation.invited_by or _("the secretariat")
    if invitation.revoked_at or (parent and parent.revoked_at):
        raise Refusal(
            "invitation-revoked",
            _("This invitation was taken back. Ask %(who)s if you think it still holds.")
            % {"who": who},
        )
    if not invitation.uses_left:
        if invitation.way == Invitation.Way.CODE:
            raise Refusal(
                "invitation-used",
                _("This code has been used up. Ask %(who)s for a new one.") % {"who": who},
            )
        if invitation.was_declined:
            raise Refusal(
                "invitation-declined",
                _("This invitation was declined. If you have changed your mind, ask %(who)s.")
                % {"who": who},
            )
        raise Refusal("invitation-used", _("This invitation has been accepted. Sign in to go on."))
    if not invitation.is_open or (parent and parent.expires_at <= timezone.now()):
        raise Refusal(
            "invitation-expired",
            _("This invitation has expired. Ask %(who)s to send it again.") % {"who": who},
        )
    if parent and not parent.uses_left:
        raise Refusal(
            "invitation-used",
            _("This code has been used up. Ask %(who)s for a new one.") % {"who": who},
        )


@dataclass(frozen=True)
class Accepted:
    """Who accepted, whether they are new here, and where to go next."""

    person: Person
    is_new: bool
    mandate: Mandate | None
    next_url: str


@transaction.atomic
def accept(
    invitation: Invitation,
    *,
    signed_in: Person | None = None,
    name: str = "",
    language: str = "",
) -> Accepted:
    """Accept: the person is made if they are new, and what was offered is theirs.

    A link proves its address, so nobody has to sign in before; a code is accepted by somebody who
    is signed in. Refused where it is used, expired, revoked, or for somebody else.
    """
    invitation = _locked(invitation)
    check_open(invitation)
    purpose = purposes.purpose_of(invitation)
    purpose.check(invitation)
    person, is_new = _who_accepts(invitation, signed_in, name, language)
    _use_up(invitation)
    if invitation.replaces_id is not None:
        mandate: Mandate | None = _take_over(invitation, person)
    else:
        mandate = purpose.accept(invitation, person)
    InvitationAnswer.objects.create(
        invitation=invitation, person=person, mandate=mandate, accepted=True
    )
    audit.record("invitation.accepted", about=invitation, by=person, purpose=invitation.purpose)
    if invitation.invited_by is not None and invitation.invited_by_id != person.pk:
        accounts.notify(
            invitation.invited_by,
            "network/invitation-accepted",
            about=invitation,
            invitation=invitation,
            accepted_by=person,
            words=partial(words_of, invitation),
        )
    return Accepted(person, is_new, mandate, purpose.next_url(invitation))


def _take_over(invitation: Invitation, person: Person) -> Mandate:
    """The successor has what is handed over: no more, and nothing where it has ended meanwhile."""
    replaced = Mandate.objects.get(successions=invitation)
    if replaced.has_ended:
        raise Refusal(
            "invitation-over", _("What should be handed over with this invitation has ended.")
        )
    given = hand_over(replaced, to=person)
    return next((one for one in given if one.role == replaced.role), given[0])


def _locked(invitation: Invitation) -> Invitation:
    rows = Invitation.objects.select_for_update(of=("self",))
    if invitation.from_code_id is not None:
        rows.get(pk=invitation.from_code_id)
    return rows.get(pk=invitation.pk)


def _who_accepts(
    invitation: Invitation, signed_in: Person | None, name: str, language: str
) -> tuple[Person, bool]:
    if invitation.way == Invitation.Way.CODE:
        if signed_in is None:
            raise Refusal("sign-in-first", _("Sign in, or let us send you a link by mail."))
        return signed_in, False
    if signed_in is not None and signed_in.email != invitation.email:
        raise Refusal(
            "invitation-for-another",
            _("This invitation is for %(email)s, and you are signed in as %(person)s.")
            % {"email": invitation.email, "person": signed_in},
        )
    known = Person.objects.filter(email=invitation.email).exists()
    person = accounts.invite_person(
        invitation.email, language or invitation.language, name or invitation.name
    )
    if not person.name and name:
        person.name = name
        person.save(update_fields=["name"])
    return person, not known


def _use_up(invitation: Invitation) -> None:
    """Take one use of it, and of the code it came from; exact however many answer at once."""
    now = timezone.now()
    for pk in filter(None, [invitation.from_code_id, invitation.pk]):
        left = Invitation.objects.filter(pk=pk, uses_left__gt=0)
        if not left.update(uses_left=F("uses_left") - 1, answered_at=now):
            raise Refusal("invitation-used", _("This invitation has been used meanwhile."))
    invitation.refresh_from_db()


@transaction.atomic
def decline(invitation: Invitation) -> None:
    """Say no to a mailed invitation. Declining twice is declining once."""
    invitation = _locked(invitation)
    if invitation.was_declined:
        return
    check_open(invitation)
    if invitation.way == Invitation.Way.CODE:
        raise Refusal("invitation-code", _("You need not do anything: just do not use the code."))
    Invitation.objects.filter(pk=invitation.pk).update(
        uses_left=0, was_declined=True, answered_at=timezone.now()
    )
    InvitationAnswer.objects.create(invitation=invitation, accepted=False)
    purposes.purpose_of(invitation).decline(invitation)
    audit.record("invitation.declined", about=invitation, purpose=invitation.purpose)
    if invitation.invited_by is not None:
        accounts.notify(
            invitation.invited_by,
            "network/invitation-declined",
            about=invitation,
            invitation=invitation,
            words=partial(words_of, invitation),
        )


@transaction.atomic
def ask_by_code(code: Invitation, *, email: str, name: str, language: str) -> None:
    """Mail a link of their own to somebody who has a code and is not signed in.

    The code is used when the link is accepted. Asking again soon sends nothing more.
    """
    check_open(code)
    address = tidy_email(email)
    recent = Invitation.objects.open().filter(
        from_code=code, email=address, sent_at__gt=timezone.now() - AGAIN_AFTER
    )
    if recent.exists():
        return
    secret = secret_token()
    mine = Invitation.objects.create(
        purpose=code.purpose,
        organisation=code.organisation,
        committee=code.committee,
        role=code.role,
        countries=code.countries,
        language_pairs=code.language_pairs,
        until_on=code.until_on,
        about=code.about,
        from_code=code,
        email=address,
        name=name,
        language=language,
        digest=token_digest(secret),
        invited_by=code.invited_by,
        under=code.under,
        expires_at=code.expires_at,
    )
    _mail(mine, secret)


@transaction.atomic
def resend(invitation: Invitation, *, under: Mandate | None = None) -> Sent:
    """Mail a new link, good for another 30 days; the earlier link stops. Also for expired ones."""
    invitation = _locked(invitation)
    if invitation.way != Invitation.Way.MAIL or not invitation.uses_left:
        raise Refusal("invitation-answered", _("This invitation has been answered."))
    if invitation.revoked_at:
        raise Refusal("invitation-revoked", _("This invitation was taken back."))
    secret = secret_token()
    invitation.digest = token_digest(secret)
    invitation.expires_at = timezone.now() + MAIL_LASTS
    invitation.reminded_at = timezone.now()
    invitation.save(update_fields=["digest", "expires_at", "reminded_at"])
    _mail(invitation, secret)
    audit.record("invitation.resent", about=invitation, under=under)
    return Sent(invitation, secret)


@transaction.atomic
def revoke(invitation: Invitation, *, under: Mandate | None = None) -> Invitation:
    """Take an invitation back; links made from a code stop with it. Harmless to repeat."""
    invitation = _locked(invitation)
    if invitation.revoked_at is None:
        invitation.revoked_at = timezone.now()
        invitation.save(update_fields=["revoked_at"])
        audit.record("invitation.revoked", about=invitation, under=under)
    return invitation


# --- what one is invited to --------------------------------------------------------------


def check_role(invitation: Invitation) -> None:
    """A role can be taken for a member, an active committee, or the network."""
    organisation, committee = invitation.organisation, invitation.committee
    if invitation.until_on is not None and _end_of(invitation.until_on) <= timezone.now():
        raise Refusal("invitation-over", _("The time for which you were invited is over."))
    if organisation is not None and (organisation.is_former or organisation.state == "declined"):
        raise Refusal(
            "organisation-not-member", _("%(name)s is no member now.") % {"name": organisation}
        )
    if committee is not None:
        refuse_not_acting(committee)
    if invitation.role == Role.STEWARD and invitation.until_on is not None:
        refuse_last_day(_end_of(invitation.until_on))


def _end_of(day: date) -> datetime:
    """When a day is over in the network's zone."""
    zone = ZoneInfo(Network.load().zone)
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone)


def accept_role(invitation: Invitation, person: Person) -> Mandate:
    """The person has the role from now on: what a purpose that gives a role does on accepting."""
    return give(
        person,
        invitation.role,
        organisation=invitation.organisation,
        committee=invitation.committee,
        countries=invitation.countries,
        language_pairs=invitation.language_pairs,
        until_at=_end_of(invitation.until_on) if invitation.until_on else None,
        by=None if invitation.under else invitation.invited_by,
        under=invitation.under,
    )


def _role_words(invitation: Invitation) -> str:
    role = Role(invitation.role).label
    if invitation.whom is None:
        return _("To work for the network as: %(role)s.") % {"role": role}
    return _("To act for %(name)s as: %(role)s.") % {"name": invitation.whom, "role": role}


def _membership_words(invitation: Invitation) -> str:
    return _("To bring %(name)s into the network, and to coordinate it here.") % {
        "name": invitation.organisation
    }


def _check_membership(invitation: Invitation) -> None:
    """A suspended organisation is not brought in, and one that left, was ended or declined only by
    an invitation from after that.
    """
    organisation = invitation.organisation
    if organisation is None:
        raise Refusal("organisation-missing", _("This invitation names no organisation."))
    is_out = organisation.is_former or organisation.state == Organisation.State.DECLINED
    is_older = (invitation.sent_at or timezone.now()) < organisation.state_since
    if organisation.state == Organisation.State.SUSPENDED or (is_out and is_older):
        raise Refusal(
            "organisation-not-member", _("%(name)s is no member now.") % {"name": organisation}
        )


def _accept_membership(invitation: Invitation, person: Person) -> Mandate:
    organisation = invitation.organisation
    if organisation is None:
        raise Refusal("organisation-missing", _("This invitation names no organisation."))
    invitation.organisation = admit(organisation, under=invitation.under)
    return accept_role(invitation, person)


def _work_url(invitation: Invitation) -> str:
    """To what one acts for; for the network's people, to what waits for them."""
    return invitation.whom.get_work_url() if invitation.whom else reverse("today")


purposes.register(
    purposes.Purpose(
        "role",
        words=_role_words,
        accept=accept_role,
        next_url=_work_url,
        check=check_role,
    )
)
purposes.register(
    purposes.Purpose(
        "membership",
        words=_membership_words,
        accept=_accept_membership,
        next_url=_work_url,
        check=_check_membership,
    )
)
