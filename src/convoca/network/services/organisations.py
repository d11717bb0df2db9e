"""What happens to organisations: added, edited, admitted, declined, leaving, part of others."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from convoca.accounts.models import Person
from convoca.audit import services as audit
from convoca.core.errors import Refusal
from convoca.core.names import Names
from convoca.media import services as media
from convoca.network.models import Affiliation, Mandate, Organisation
from convoca.network.models.organisation import COMES_BACK
from convoca.network.services.mandates import stop
from convoca.network.services.people import tell_stewards
from convoca.network.signals import organisation_changed
from convoca.outbox import services as outbox
from convoca.pages import services as pages
from convoca.texts import services as texts
from convoca.texts.models import Text

State = Organisation.State


@transaction.atomic
def add_organisation(
    names: Names,
    *,
    state: str = State.MEMBER,
    under: Mandate | None = None,
    **facts: Any,
) -> Organisation:
    """Add an organisation: a member from now, or one that is invited or asks."""
    now = timezone.now()
    organisation = Organisation(names=names, state=state, state_since=now, **facts)
    if state == State.MEMBER:
        organisation.member_since = organisation.member_since or now
    organisation.save()
    audit.record("organisation.added", about=organisation, under=under, state=str(state))
    return organisation


EDITABLE = ("names", "kind", "country", "site", "logo", "languages", "contact_mail")


@transaction.atomic
def edit_organisation(
    organisation: Organisation, *, under: Mandate | None = None, **facts: Any
) -> list[str]:
    """Change what is said about an organisation; answers which facts differ now.

    Repeating it changes nothing.
    """
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    changed = [
        name
        for name, value in facts.items()
        if name in EDITABLE and getattr(organisation, name) != value
    ]
    for name in changed:
        setattr(organisation, name, facts[name])
    if changed:
        organisation.save(update_fields=changed)
        audit.record("organisation.edited", about=organisation, under=under, changed=changed)
    return changed


def move(organisation: Organisation, state: str, *, until: datetime | None = None) -> None:
    """Put a locked organisation into a state, with its dates, and tell the apps above."""
    before, now = organisation.state, timezone.now()
    organisation.state, organisation.state_since = state, now
    if state == State.MEMBER:
        organisation.member_since = organisation.member_since or now
    organisation.member_until = until
    organisation.save(update_fields=["state", "state_since", "member_since", "member_until"])
    pages.touch("organisations", "committees")  # committees pause and go on with it
    if before == State.MEMBER and state != State.LEFT:  # stewards have stopped it
        pages.take_down(f"organisation:{organisation.pk}")
    organisation_changed.send(Organisation, organisation=organisation, before=before)


@transaction.atomic
def admit(organisation: Organisation, *, under: Mandate | None = None) -> Organisation:
    """Make an organisation a member from now. A member stays one.

    Who comes again after leaving begins anew: mandates of the first time do not come back.
    """
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if organisation.is_member:
        return organisation
    if organisation.state == State.SUSPENDED:
        raise Refusal(
            "organisation-suspended",
            _("This organisation is suspended. Undo the suspension instead."),
        )
    if organisation.is_former:
        organisation.member_since = timezone.now()
        for mandate in organisation.mandates.unended():
            stop(mandate, under=under)
    move(organisation, State.MEMBER)
    audit.record("organisation.admitted", about=organisation, under=under)
    return organisation


@transaction.atomic
def leave_network(organisation: Organisation, *, under: Mandate) -> Organisation:
    """The organisation leaves: its mandates stop, what it signed stays with its dates.

    For 30 days a steward can take it back as it was.
    """
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if not organisation.is_member:
        raise Refusal("organisation-not-member", _("This organisation is no member."))
    move(organisation, State.LEFT, until=timezone.now())
    audit.record("organisation.left", about=organisation, under=under)
    tell_stewards("network/organisation-left", about=organisation, organisation=organisation)
    return organisation


def can_come_back(organisation: Organisation) -> bool:
    """Whether its leaving can still be taken back."""
    return (
        organisation.state == State.LEFT and timezone.now() < organisation.state_since + COMES_BACK
    )


@transaction.atomic
def take_back(organisation: Organisation, *, under: Mandate) -> Organisation:
    """Undo a leaving within 30 days: the organisation and its mandates are as before."""
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if organisation.is_member:
        return organisation
    if not can_come_back(organisation):
        raise Refusal(
            "organisation-gone",
            _("This is more than 30 days ago. The organisation can be invited anew."),
        )
    move(organisation, State.MEMBER)
    audit.record("organisation.taken-back", about=organisation, under=under)
    for person in {m.person for m in organisation.mandates.standing().select_related("person")}:
        outbox.mail(
            "network/taken-back",
            to=person.email,
            language=person.language,
            about=organisation,
            context={"organisation": organisation},
        )
    return organisation


@transaction.atomic
def affiliate(
    chapter: Organisation,
    body: Organisation,
    *,
    since_on: date | None = None,
    under: Mandate | None = None,
) -> Affiliation:
    """Say that `chapter` is part of `body`, or is so again. A circle is refused; repeating it
    changes nothing.
    """
    locked = Organisation.objects.select_for_update().order_by("pk")
    list(locked.filter(pk__in=[chapter.pk, body.pk]))
    if chapter.pk == body.pk or chapter.pk in bodies_above(body):
        raise circle(chapter, body)
    affiliation, is_new = Affiliation.objects.get_or_create(
        chapter=chapter, body=body, defaults={"since_on": since_on}
    )
    if affiliation.ended_at is not None:
        affiliation.ended_at, is_new = None, True
        affiliation.since_on = since_on or affiliation.since_on
        affiliation.save(update_fields=["ended_at", "since_on"])
    if is_new:
        audit.record("affiliation.made", about=chapter, under=under, body=body.pk)
    return affiliation


def circle(chapter: Organisation, body: Organisation) -> Refusal:
    """What is answered where something would be part of itself."""
    return Refusal(
        "affiliation-circle",
        _("%(chapter)s cannot be part of %(body)s: that would be a circle.")
        % {"chapter": chapter, "body": body},
    )


def bodies_above(organisation: Organisation) -> set[int]:
    """The keys of everything it is part of, however far up. One query per level."""
    above: set[int] = set()
    level = {organisation.pk}
    while level:
        parents = set(
            Affiliation.objects.standing()
            .filter(chapter__in=level)
            .values_list("body_id", flat=True)
        )
        level = parents - above
        above |= level
    return above


@transaction.atomic
def separate(chapter: Organisation, body: Organisation, *, under: Mandate | None = None) -> None:
    """End an affiliation; `affiliate` brings it back. Harmless where there is none."""
    for affiliation in Affiliation.objects.standing().filter(chapter=chapter, body=body):
        affiliation.ended_at = timezone.now()
        affiliation.save(update_fields=["ended_at"])
        audit.record("affiliation.ended", about=chapter, under=under, body=body.pk)


def save_logo(
    organisation: Organisation, uploaded: Any, *, by: Person, under: Mandate | None = None
) -> None:
    """Keep a picture as the organisation's logo; nothing uploaded takes the present one away."""
    alt = str(organisation.names)
    picture = media.keep_picture(uploaded, alt=alt, by=by) if uploaded else None
    edit_organisation(organisation, logo=picture, under=under)


@transaction.atomic
def start_about(organisation: Organisation, *, by: Person, under: Mandate | None = None) -> Text:
    """The text in which the organisation speaks of itself; begun where there is none."""
    organisation = (
        Organisation.objects.select_for_update(of=("self",))
        .select_related("about")
        .get(pk=organisation.pk)
    )
    if organisation.about is None:
        language = next(iter([*organisation.languages, *organisation.names]), "en")
        organisation.about = texts.start(language, by=by)
        organisation.save(update_fields=["about"])
        audit.record("organisation.edited", about=organisation, under=under, changed=["about"])
    return organisation.about
