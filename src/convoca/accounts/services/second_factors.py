"""Helping somebody who lost every second factor and every recovery code."""

from allauth.mfa.models import Authenticator
from django.db import transaction

from convoca.accounts.models import Person
from convoca.accounts.services.notices import tell
from convoca.accounts.services.sessions import end_all_sessions
from convoca.audit import services as audit


@transaction.atomic
def forget_second_factors(
    person: Person, *, by: Person | None = None, under: audit.Authority | None = None
) -> int:
    """Remove all second factors of a person and sign them out everywhere; tell them who did it.

    `under` is the mandate of `by`; without either it was done on the machine. Answers how many
    there were; none changes nothing. Whoever must have a second factor is led to a new one at the
    next sign-in.
    """
    factors = Authenticator.objects.filter(user_id=person.pk)
    count: int = factors.count()
    if count:
        factors.delete()
        end_all_sessions(person)
        audit.record("second-factor.forgotten", about=person, by=by, under=under, count=count)
        tell(person, "accounts/second-factor-forgotten", by=str(by) if by else "")
    return count
