"""At the door of a campaign: what goes in at once, and what waits for a moderator."""

import hashlib

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from convoca.accounts.models import Person
from convoca.actions.models import Action, Arrival, Door, Hosting, HostLink, KnownHost
from convoca.actions.models.action import State
from convoca.actions.services import life
from convoca.actions.services.doors import locked_door, turn_when_flooded
from convoca.actions.services.letting_in import settle_host
from convoca.audit import services as audit
from convoca.core.errors import Refusal
from convoca.core.fold import fold
from convoca.network.models import Committee, Mandate
from convoca.network.models.mandate import Role

SPEAKING = (Role.COORDINATOR, Role.COMMUNICATOR, Role.HOST)
"""Whose mandate for a host makes an action theirs without a look."""
LONG_ENOUGH = 12
"""Words a description must have for two equal ones to be no accident."""


@transaction.atomic
def arrive(
    action: Action,
    *,
    link: HostLink | None = None,
    under: Mandate | None = None,
    sender: str = "",
) -> Action:
    """A confirmed action comes to its campaign's door: it is let in, or waits for a moderator.

    `link` is its host's confirmed link, `under` the mandate of whoever posts it for a host (also
    of the coordinator who gave the code), `sender` a keyed hash of the network it comes from.
    What is public or waits already stays as it is: repeating it changes nothing. However open the
    door, nothing goes in under a name whose people have not said yes.
    """
    door = locked_door(action.campaign)
    action = life.locked(action)
    if action.state != State.DRAFT:
        return action
    if action.is_past:
        raise Refusal("action-past", _("This action is over; give it a day to come first."))
    trusted = is_trusted(action, link=link, under=under)
    _note(action, link, sender, is_newcomer=not trusted)
    if not trusted:
        turn_when_flooded(door)
    at_once = door.mode == Door.Mode.OPEN or (trusted and door.mode == Door.Mode.TRUSTED)
    if not at_once or action.hostings.asked().filter(is_first=True).exists():
        return _wait(action)
    if trusted:
        settle_host(action, under=under)
    return life.let_in(action, under=under)


def is_trusted(
    action: Action, *, link: HostLink | None = None, under: Mandate | None = None
) -> bool:
    """Whether an action's host needs no look: a mandate for it, an organisation that vouches, or
    an address that hosted in the same name before.
    """
    hostings = list(action.hostings.filter(state__in=[Hosting.State.ASKED, Hosting.State.ACCEPTED]))
    first = next((row for row in hostings if row.is_first), None)
    if first is None or first.is_new:
        return first is not None and first.vouched_by_id is not None
    mandates = [under] if under is not None else _mandates_behind(link)
    if any(_speaks(mandate, action, hostings) for mandate in mandates):
        return True
    return first.is_shown and link is not None and _hosted_before(action, first, link)


def _mandates_behind(link: HostLink | None) -> list[Mandate]:
    """The mandates of the person whose confirmed address the link was sent to."""
    if link is None or not link.is_confirmed or not (link.email or link.person_id):
        return []
    people = Person.objects.filter(is_active=True)
    one = people.filter(pk=link.person_id) if link.person_id else people.filter(email=link.email)
    return list(Mandate.objects.standing().filter(person__in=one))


def _speaks(mandate: Mandate, action: Action, hostings: list[Hosting]) -> bool:
    """Whether it is a mandate for one of the hosts, or the network's own for this country."""
    if not mandate.is_standing:
        return False
    if mandate.is_for_network:
        moderates = mandate.role == Role.MODERATOR and (
            not mandate.countries or action.country in mandate.countries
        )
        return mandate.role == Role.STEWARD or moderates
    if mandate.role not in SPEAKING:
        return False
    if mandate.committee_id is not None:
        return any(row.committee_id == mandate.committee_id for row in hostings)
    committees = [row.committee_id for row in hostings if row.committee_id]
    own = Committee.objects.filter(pk__in=committees, organisations=mandate.organisation_id)
    return any(row.organisation_id == mandate.organisation_id for row in hostings) or own.exists()


def _hosted_before(action: Action, first: Hosting, link: HostLink) -> bool:
    """Whether this address is known here, and what was let in of it was in the same name."""
    if not link.is_confirmed or not link.email_index:
        return False
    known = KnownHost.objects.filter(scope=action.scope, email_index=link.email_index, lost_at=None)
    same = {"organisation": first.organisation_id, "committee": first.committee_id}
    earlier = Hosting.objects.standing().filter(
        is_first=True,
        action__listed=True,
        action__links__email_index=link.email_index,
        action__links__confirmed_at__isnull=False,
        **same,
    )
    return known.exists() and earlier.exclude(action=action).exists()


def _note(action: Action, link: HostLink | None, sender: str, *, is_newcomer: bool) -> None:
    """Keep what similar ones are found by. One that comes again keeps when it first came."""
    Arrival.objects.update_or_create(
        action=action,
        defaults={
            "campaign": action.campaign,
            "is_newcomer": is_newcomer,
            "email_index": link.email_index if link else "",
            "text_digest": _text_digest(action),
            **({"sender": sender} if sender else {}),
        },
    )


def forget_traces() -> int:
    """Empty the keyed traces of what came more than thirty days ago. Says of how many."""
    return Arrival.objects.to_forget().update(sender="", email_index="")


def _text_digest(action: Action) -> str:
    """The same for descriptions that differ in figures, signs and case only."""
    if action.description is None:
        return ""
    words = [word for word in fold(action.description.draft).split() if word.isalpha()]
    if len(words) < LONG_ENOUGH:
        return ""
    return hashlib.sha256(" ".join(words).encode()).hexdigest()


def _wait(action: Action) -> Action:
    action.state = State.WAITING
    action.waiting_since = action.waiting_since or timezone.now()
    action.asked_for_more = ""
    action.changed_at = timezone.now()
    action.save()
    audit.record("action.waits", about=action)
    return action
