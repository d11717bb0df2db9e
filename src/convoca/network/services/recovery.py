"""Helping a steward who lost the second factor; only somebody at the machine can do it."""

from django.db import transaction
from django.utils.translation import gettext as _

from convoca.accounts import services as accounts
from convoca.accounts.models import Person
from convoca.core.errors import Refusal
from convoca.network.services.people import stewards


@transaction.atomic
def recover_steward(person: Person) -> int:
    """Remove all second factors of a steward, who is told, and tell all other stewards.

    Returns how many factors there were; none changes nothing. Refuses a person who is no steward.
    """
    others = [other for other in stewards() if other != person]
    if len(others) == len(stewards()):
        raise Refusal("steward-none", _("%(person)s is not a steward.") % {"person": person})
    count = accounts.forget_second_factors(person)
    for other in others if count else []:
        accounts.tell(other, "network/second-factor-removed", about=person, name=str(person))
    return count
