"""Asking committees that have nothing yet whether they put something on."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from convoca.accounts.models import Person
from convoca.actions.models import Nudge
from convoca.audit import services as audit
from convoca.campaigns.addresses import link_to
from convoca.campaigns.models import Campaign
from convoca.network.models import Committee, Mandate
from convoca.outbox import services as outbox

PAUSE = timedelta(days=7)
"""The same committee is asked once a week at most."""


def people_of(committee: Committee) -> list[Person]:
    """Who is asked: its hosts; where there are none, coordinators of its organisations."""
    standing = Mandate.objects.standing().select_related("person")
    held = list(standing.filter(committee=committee))
    if not held:
        theirs = committee.organisations.all()
        held = list(standing.filter(organisation__in=theirs, role=Mandate.Role.COORDINATOR))
    return list({mandate.person_id: mandate.person for mandate in held}.values())


def may_be_nudged(committee: Committee, campaign: Campaign) -> bool:
    lately = Nudge.objects.filter(
        campaign=campaign, committee=committee, at__gt=timezone.now() - PAUSE
    )
    return not lately.exists()


@transaction.atomic
def nudge(campaign: Campaign, committees: Iterable[Committee], *, under: Mandate) -> int:
    """Write to the people of these committees, each once; says how many people. Whoever was asked
    within a week is left in peace.
    """
    asked: set[int] = set()
    for committee in committees:
        if not may_be_nudged(committee, campaign):
            continue
        people = [one for one in people_of(committee) if one.pk not in asked]
        for person in people:
            outbox.mail(
                "actions/nudge",
                to=person,
                language=person.language,
                about=committee,
                context={
                    "committee": committee,
                    "campaign": campaign,
                    "url": link_to(
                        "actions:host-in",
                        campaign.code,
                        campaign.slug(),
                        language=person.language,
                    ),
                },
            )
            asked.add(person.pk)
        Nudge.objects.create(campaign=campaign, committee=committee, people=len(people))
        audit.record("committee.nudged", about=committee, under=under, campaign=campaign.code)
    return len(asked)
