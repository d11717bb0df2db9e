"""Helping somebody who lost the second factor: a steward helps members; stewards are helped at the
machine only, so that none of them can take the place of another.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from convoca.accounts import services as accounts
from convoca.accounts.models import Person
from convoca.core.errors import Refusal
from convoca.network.models import Mandate
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


@transaction.atomic
def forget_factors_of_member(person: Person, *, under: Mandate) -> int:
    """Remove all second factors of somebody who is no steward, and tell them who did it.

    Returns how many there were; none changes nothing. Refused for stewards, oneself included.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)  # nobody makes them one meanwhile
    if stewards().filter(pk=person.pk).exists():
        raise Refusal(
            "steward-recover",
            _(
                "%(person)s is a steward. Only somebody at the machine can help: "
                "convoca steward recover"
            )
            % {"person": person},
        )
    return accounts.forget_second_factors(person, by=under.person, under=under)
