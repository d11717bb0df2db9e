"""Handing over: what one person holds for an organisation, a committee or the network goes to
another, with the work that is open.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from convoca.accounts import services as accounts
from convoca.accounts.models import Person
from convoca.audit import services as audit
from convoca.core.errors import Refusal
from convoca.network import handover
from convoca.network.models import Invitation, Mandate, Network, Organisation
from convoca.network.services.mandates import (
    end_mandate,
    give,
    refuse_too_few_stewards,
    stop,
)


def held_with(mandate: Mandate) -> list[Mandate]:
    """The mandates that its person holds for the same thing: what is handed over together."""
    return list(
        Mandate.objects.filter(
            person=mandate.person_id,
            organisation=mandate.organisation_id,
            committee=mandate.committee_id,
        )
        .unended()
        .with_names()
    )


def granted_by(mandate: Mandate) -> list[Mandate]:
    """Mandates that its person granted for the same thing and that have not ended."""
    return list(
        Mandate.objects.filter(
            granted_by=mandate.person_id,
            organisation=mandate.organisation_id,
            committee=mandate.committee_id,
        )
        .exclude(person=mandate.person_id)
        .unended()
        .with_names()
    )


@transaction.atomic
def hand_over(mandate: Mandate, *, to: Person) -> list[Mandate]:
    """Give everything that the mandate's person holds for the same thing to `to`: the mandates,
    the open work, the invitations that wait for an answer. Then the old mandates end.

    It is one transaction, so nobody can see the thing without anybody who answers for it.
    """
    if to.pk == mandate.person_id:
        raise Refusal("successor-same", _("Choose somebody else."))
    if not to.is_active:
        raise Refusal("person-inactive", _("This account is closed."))
    if mandate.organisation_id is not None:
        Organisation.objects.select_for_update().get(pk=mandate.organisation_id)
    else:
        Network.load(for_update=True)
    held = held_with(mandate)
    if not held:
        raise Refusal("mandate-ended", _("This mandate has ended already."))
    given = [
        give(
            to,
            one.role,
            organisation=one.organisation,
            committee=one.committee,
            countries=one.countries,
            language_pairs=one.language_pairs,
            until_at=one.until_at,
            under=one,
        )
        for one in held
    ]
    for one in held:
        if one.role == Mandate.Role.STEWARD:  # the successor may have been one already
            refuse_too_few_stewards(one)
    for one in held:
        for work in handover.open_work(one):
            work.give(to)
    Invitation.objects.open().filter(
        invited_by=mandate.person_id,
        organisation=mandate.organisation_id,
        committee=mandate.committee_id,
    ).update(invited_by=to, under=given[0])
    for one in held:
        stop(one, by=one.person)
    audit.record("mandates.handed-over", about=mandate, by=mandate.person, to=to.pk)
    accounts.notify(
        to,
        "network/handed-over",
        about=given[0],
        mandate=given[0],
        before=mandate.person,
    )
    return given


def leave_everything(person: Person) -> None:
    """End all mandates of somebody who closes their account; refused where somebody is needed."""
    held = Mandate.objects.filter(person=person).unended()
    for mandate in held.order_by("organisation", "committee", "pk"):  # one order of locks for all
        end_mandate(mandate, by=person)
