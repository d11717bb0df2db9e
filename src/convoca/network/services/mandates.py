"""Granting, ending and finding mandates."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from convoca.accounts.models import Person
from convoca.audit import services as audit
from convoca.core.access import Visitor
from convoca.core.errors import Refusal
from convoca.core.languages import UnknownTag, tidy_tag
from convoca.network.models import Committee, Mandate, Network, Organisation
from convoca.network.models.mandate import (
    COMMITTEE_ROLES,
    NETWORK_ROLES,
    ORGANISATION_ROLES,
    MandateQuerySet,
    Role,
)
from convoca.network.signals import mandate_ended, mandate_granted
from convoca.pages import services as pages

LEAST_STEWARDS = 2


def mandates_of(person: Visitor) -> list[Mandate]:
    """What the person may act under now, with names, roles of the network first. One query."""
    if not isinstance(person, Person):
        return []
    return list(Mandate.objects.filter(person=person).standing().with_names())


def mandate_for(
    person: Visitor,
    organisation: Organisation | None = None,
    committee: Committee | None = None,
    roles: Sequence[str] = (),
) -> Mandate | None:
    """The standing mandate under which the person acts for this organisation, committee or (none
    given) the network, in one of `roles` (empty: any); the role named first wins.
    """
    if not isinstance(person, Person):
        return None
    held = list(
        Mandate.objects.filter(person=person, organisation=organisation, committee=committee)
        .standing()
        .with_names()
    )
    if roles:
        held = [m for role in roles for m in held if m.role == role]
    return held[0] if held else None


def roles_for(organisation: Organisation | None, committee: Committee | None) -> tuple[str, ...]:
    """The roles that exist for this kind of thing."""
    if organisation is not None:
        return ORGANISATION_ROLES
    return COMMITTEE_ROLES if committee is not None else NETWORK_ROLES


@transaction.atomic
def grant(
    person: Person,
    role: str,
    *,
    organisation: Organisation | None = None,
    committee: Committee | None = None,
    countries: Iterable[str] = (),
    language_pairs: Iterable[Sequence[str]] = (),
    from_at: datetime | None = None,
    until_at: datetime | None = None,
    by: Person | None = None,
    under: Mandate | None = None,
) -> Mandate:
    """Let the person act for the organisation, the committee or (neither given) the network.

    Refused are: a role of another kind, an end before the beginning, and a mandate of the same
    role for the same thing that overlaps one the person has.
    """
    if role not in roles_for(organisation, committee):
        raise Refusal("mandate-role", _("There is no such role here."))
    if organisation is not None and organisation.is_former:
        raise Refusal(
            "organisation-not-member",
            _("%(name)s is no member now.") % {"name": organisation},
        )
    begins = from_at or timezone.now()
    if until_at is not None and until_at <= begins:
        raise Refusal("mandate-dates", _("A mandate ends after it begins."))
    Person.objects.select_for_update().get(pk=person.pk)  # two grants may be under way
    same = Mandate.objects.filter(
        person=person, organisation=organisation, committee=committee, role=role
    )
    overlapping = same.filter(Q(until_at=None) | Q(until_at__gt=begins))
    if until_at is not None:
        overlapping = overlapping.filter(from_at__lt=until_at)
    if overlapping.exists():
        raise Refusal(
            "mandate-overlaps",
            _("%(person)s has this role already.") % {"person": person},
        )
    mandate = Mandate.objects.create(
        person=person,
        organisation=organisation,
        committee=committee,
        role=role,
        countries=sorted(set(countries)),
        language_pairs=tidy_pairs(language_pairs),
        from_at=begins,
        until_at=until_at,
        granted_by=by or (under.person if under else None),
        granted_under=under,
    )
    audit.record("mandate.granted", about=mandate, by=by, under=under, role=role)
    _touch(mandate)
    mandate_granted.send(Mandate, mandate=mandate)
    return mandate


def tidy_pairs(pairs: Iterable[Sequence[str]]) -> list[list[str]]:
    """Language pairs in one spelling, each once; refuses unknown tags and a language to itself."""
    tidy: list[list[str]] = []
    for source, target in pairs:
        try:
            pair = [tidy_tag(source), tidy_tag(target)]
        except UnknownTag as error:
            raise Refusal(
                "language-unknown", _("“%(tag)s” is not a language tag.") % {"tag": error}
            ) from error
        if pair[0] == pair[1]:
            raise Refusal("language-pair", _("A translator works from one language into another."))
        if pair not in tidy:
            tidy.append(pair)
    return tidy


@transaction.atomic
def end_mandate(
    mandate: Mandate, *, by: Person | None = None, under: Mandate | None = None
) -> Mandate:
    """Stop a mandate now, in every open session. Repeating it changes nothing.

    Refused: the last coordinator of a member (hand over first), and a steward where fewer than two
    would be left. Both are decided under a lock, so that two who leave at once cannot both go.
    """
    _lock_whom(mandate)
    mandate = Mandate.objects.select_for_update(of=("self",)).get(pk=mandate.pk)
    if mandate.has_ended:
        return mandate
    if mandate.role == Role.STEWARD:
        refuse_too_few_stewards(mandate)
    if mandate.role == Role.COORDINATOR:
        _refuse_no_coordinator(mandate)
    return stop(mandate, by=by, under=under)


def stop(mandate: Mandate, *, by: Person | None = None, under: Mandate | None = None) -> Mandate:
    """End without asking whether anybody is left: for successions and leaving organisations."""
    mandate.until_at = max(timezone.now(), mandate.from_at)
    mandate.ended_by = by or (under.person if under else None)
    mandate.save(update_fields=["until_at", "ended_by"])
    audit.record("mandate.ended", about=mandate, by=by, under=under, role=mandate.role)
    _touch(mandate)
    mandate_ended.send(Mandate, mandate=mandate)
    return mandate


def _lock_whom(mandate: Mandate) -> None:
    """What the mandate is for is the lock for ending it."""
    if mandate.organisation_id is not None:
        Organisation.objects.select_for_update().get(pk=mandate.organisation_id)
    elif mandate.committee_id is None:
        Network.load(for_update=True)


def _others(mandate: Mandate) -> MandateQuerySet:
    """Standing mandates of other people in the same role for the same thing."""
    return (
        Mandate.objects.filter(
            organisation=mandate.organisation_id, committee=mandate.committee_id, role=mandate.role
        )
        .standing()
        .exclude(person=mandate.person_id)
    )


def refuse_too_few_stewards(mandate: Mandate) -> None:
    """Raise where the network would be left with fewer than two stewards without this mandate."""
    left = _others(mandate).values("person").distinct().count()
    if left < LEAST_STEWARDS:
        raise Refusal(
            "stewards-too-few",
            _("The network keeps at least two stewards. Invite another one first."),
        )


def is_last_coordinator(mandate: Mandate) -> bool:
    """Whether a member would be without a coordinator if this mandate ended."""
    return bool(
        mandate.role == Role.COORDINATOR
        and mandate.organisation is not None
        and mandate.organisation.is_member
        and not _others(mandate).exists()
    )


def _refuse_no_coordinator(mandate: Mandate) -> None:
    if is_last_coordinator(mandate):
        raise Refusal(
            "coordinator-last",
            _("%(name)s would have no coordinator. Hand over to a successor first.")
            % {"name": mandate.organisation},
        )


@transaction.atomic
def rearrange(
    mandate: Mandate,
    *,
    countries: Iterable[str] = (),
    language_pairs: Iterable[Sequence[str]] = (),
    under: Mandate,
) -> Mandate:
    """Give a moderator other countries, a translator other pairs: the old mandate ends, so that
    what was done under it stays readable, and a new one begins.
    """
    fresh, pairs = sorted(set(countries)), tidy_pairs(language_pairs)
    if mandate.countries == fresh and mandate.language_pairs == pairs:
        return mandate
    stop(mandate, under=under)
    return grant(
        mandate.person,
        mandate.role,
        countries=fresh,
        language_pairs=pairs,
        from_at=mandate.until_at,
        under=under,
    )


def _touch(mandate: Mandate) -> None:
    if mandate.whom is not None:
        pages.touch(*mandate.whom.page_tags())
