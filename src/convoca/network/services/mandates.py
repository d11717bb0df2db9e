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
from convoca.network.models import Committee, Invitation, Mandate, Network, Organisation
from convoca.network.models.invitation import InvitationQuerySet
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

    Refused are: a role of another kind, an end before the beginning, a mandate of the same role
    for the same thing that overlaps one the person has, and a steward's with a last day after
    which fewer than two others would stand.
    """
    if role not in roles_for(organisation, committee):
        raise Refusal("mandate-role", _("There is no such role here."))
    if organisation is not None and organisation.is_former:
        raise Refusal(
            "organisation-not-member",
            _("%(name)s is no member now.") % {"name": organisation},
        )
    if committee is not None:
        refuse_not_acting(committee)
    begins = from_at or timezone.now()
    if until_at is not None and until_at <= begins:
        raise Refusal("mandate-dates", _("A mandate ends after it begins."))
    if role == Role.STEWARD and until_at is not None:
        Network.load(for_update=True)
        refuse_last_day(until_at, person=person)
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
    would be left, now or after the last day of another. Both are decided under a lock, so that two
    who leave at once cannot both go, and of two who end each other only the first does. What
    somebody else ends takes the unanswered invitations to roles with it that were sent under it.
    """
    _lock_whom(mandate)
    mandate = Mandate.objects.select_for_update(of=("self",)).get(pk=mandate.pk)
    if mandate.has_ended:
        return mandate
    if under is not None and not under.is_standing:
        raise Refusal("mandate-ended", _("Your own mandate has ended meanwhile."))
    if mandate.role == Role.STEWARD:
        refuse_too_few_stewards(mandate)
    if mandate.role == Role.COORDINATOR:
        _refuse_no_coordinator(mandate)
    ender = by or (under.person if under is not None else None)
    if ender is not None and ender.pk != mandate.person_id:
        _revoke_sent(mandate, by=by, under=under)
    return stop(mandate, by=by, under=under)


def invitations_under(mandate: Mandate) -> InvitationQuerySet:
    """Unanswered invitations to a role for the same thing that were sent under it."""
    return (
        Invitation.objects.open()
        .filter(under=mandate, organisation=mandate.organisation, committee=mandate.committee)
        .exclude(role="")
    )


def _revoke_sent(mandate: Mandate, *, by: Person | None, under: Mandate | None) -> None:
    """Who was taken out of a role brings in nobody any more, and not themselves again either."""
    for invitation in invitations_under(mandate):
        invitation.revoked_at = timezone.now()
        invitation.save(update_fields=["revoked_at"])
        audit.record("invitation.revoked", about=invitation, by=by, under=under)


def stop(mandate: Mandate, *, by: Person | None = None, under: Mandate | None = None) -> Mandate:
    """End without asking whether anybody is left: for successions and leaving organisations."""
    _close(mandate, by=by, under=under)
    mandate_ended.send(Mandate, mandate=mandate)
    return mandate


def _close(mandate: Mandate, *, by: Person | None, under: Mandate | None) -> None:
    """Write the end down. Who calls it sends `mandate_ended` when what follows is there, too."""
    now = timezone.now()
    mandate.from_at = min(mandate.from_at, now)  # one that never began covers no time at all
    mandate.until_at = mandate.settled_at = now
    mandate.ended_by = by or (under.person if under else None)
    mandate.save(update_fields=["from_at", "until_at", "settled_at", "ended_by"])
    audit.record("mandate.ended", about=mandate, by=by, under=under, role=mandate.role)
    _touch(mandate)


def settle_ended() -> int:
    """Do for mandates whose last day is over what follows from an end: exactly once for each.

    The tick calls it; it looks at the rows, so a server that slept for a week misses none.
    """
    over = Mandate.objects.to_settle().order_by("until_at", "pk")
    return sum(_settle(pk) for pk in over.values_list("pk", flat=True)[:200])


@transaction.atomic
def _settle(pk: int) -> bool:
    mine = Mandate.objects.to_settle().filter(pk=pk)
    if not mine.update(settled_at=timezone.now()):  # another worker was first
        return False
    mandate = Mandate.objects.with_names().get(pk=pk)
    audit.record("mandate.ended", about=mandate, role=mandate.role)
    _touch(mandate)
    mandate_ended.send(Mandate, mandate=mandate)
    return True


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
    """Raise where the network would be left with fewer than two stewards without this mandate,
    now or on a later day when another steward's mandate has ended by its date.
    """
    if _fewest_stewards(timezone.now(), besides=mandate.person) < LEAST_STEWARDS:
        raise Refusal(
            "stewards-too-few",
            _("The network keeps at least two stewards. Invite another one first."),
        )


def refuse_last_day(until_at: datetime, *, person: Person | None = None) -> None:
    """Raise where fewer than two stewards would be left once this day of one of them is over."""
    if _fewest_stewards(until_at, besides=person) < LEAST_STEWARDS:
        raise Refusal(
            "stewards-too-few",
            _(
                "The network keeps at least two stewards, and after that day there would be fewer. "
                "Give no last day, or invite another steward first."
            ),
        )


def _fewest_stewards(since: datetime, *, besides: Person | None) -> int:
    """How many stewards there are at the moment from `since` on when there are fewest."""
    held = list(
        Mandate.objects.stewards()
        .unended()
        .filter(person__is_active=True)
        .exclude(person=besides)
        .values_list("person", "from_at", "until_at")
    )
    ends = [until for _person, _from, until in held if until is not None and until > since]
    return min(
        len({p for p, first, until in held if first <= at and (until is None or until > at)})
        for at in [since, *ends]
    )


def refuse_not_acting(committee: Committee) -> None:
    """Raise where nobody can act for the committee: it has ended, or is paused."""
    if not committee.is_active:
        raise Refusal("committee-ended", _("%(name)s has ended.") % {"name": committee})
    if committee.is_paused:
        raise Refusal(
            "committee-paused",
            _("%(name)s is paused: none of its organisations is a member now.")
            % {"name": committee},
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
    what was done under it stays readable, and a new one begins, with the same last day.
    """
    fresh, pairs = sorted(set(countries)), tidy_pairs(language_pairs)
    mandate = Mandate.objects.select_for_update(of=("self",)).get(pk=mandate.pk)
    if mandate.has_ended:
        raise Refusal("mandate-ended", _("This mandate has ended already."))
    if mandate.countries == fresh and mandate.language_pairs == pairs:
        return mandate
    return renew(
        mandate, countries=fresh, language_pairs=pairs, until_at=mandate.until_at, under=under
    )


def renew(
    mandate: Mandate,
    *,
    countries: Iterable[str],
    language_pairs: Iterable[Sequence[str]],
    until_at: datetime | None,
    by: Person | None = None,
    under: Mandate | None = None,
) -> Mandate:
    """End a mandate and begin the next of the same person and role, in the caller's transaction.
    What hangs on the end is done when it is known what the person keeps.
    """
    _close(mandate, by=by, under=under)
    renewed = grant(
        mandate.person,
        mandate.role,
        organisation=mandate.organisation,
        committee=mandate.committee,
        countries=countries,
        language_pairs=language_pairs,
        from_at=mandate.until_at,
        until_at=until_at,
        by=by,
        under=under,
    )
    mandate_ended.send(Mandate, mandate=mandate)
    return renewed


@transaction.atomic
def give(
    person: Person,
    role: str,
    *,
    organisation: Organisation | None = None,
    committee: Committee | None = None,
    countries: Sequence[str] = (),
    language_pairs: Sequence[Sequence[str]] = (),
    until_at: datetime | None = None,
    by: Person | None = None,
    under: Mandate | None = None,
) -> Mandate:
    """Grant a mandate, or widen the one the person has until it covers both: countries, pairs and
    last day. Repeating it changes nothing.
    """
    same = Mandate.objects.unended().filter(
        person=person, organisation=organisation, committee=committee, role=role
    )
    theirs = same.order_by("from_at", "pk").first()
    if theirs is None:
        return grant(
            person,
            role,
            organisation=organisation,
            committee=committee,
            countries=countries,
            language_pairs=language_pairs,
            until_at=until_at,
            by=by,
            under=under,
        )
    everywhere = not (theirs.countries and countries)  # none named means all of them
    named = [] if everywhere else sorted({*theirs.countries, *countries})
    pairs = tidy_pairs([*theirs.language_pairs, *language_pairs])
    last = max(theirs.until_at, until_at) if theirs.until_at and until_at else None
    if (named, pairs, last) == (theirs.countries, theirs.language_pairs, theirs.until_at):
        return theirs
    return renew(theirs, countries=named, language_pairs=pairs, until_at=last, by=by, under=under)


def _touch(mandate: Mandate) -> None:
    if mandate.whom is not None:
        pages.touch(*mandate.whom.page_tags())
