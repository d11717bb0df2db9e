"""What takes two stewards: to suspend, to end a membership, to appoint where nobody is left."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from convoca.accounts import services as accounts
from convoca.accounts.models import tidy_email
from convoca.audit import services as audit
from convoca.core.errors import Refusal
from convoca.network.models import Decision, Mandate, Organisation
from convoca.network.models.decision import NOTICE
from convoca.network.models.mandate import Role
from convoca.network.services.mandates import grant
from convoca.network.services.organisations import move
from convoca.network.services.people import known_contacts, tell_stewards
from convoca.outbox import services as outbox

Kind = Decision.Kind


def has_coordinator(organisation: Organisation) -> bool:
    return organisation.mandates.standing().filter(role=Role.COORDINATOR).exists()


@transaction.atomic
def propose(
    kind: str,
    organisation: Organisation,
    *,
    reason: str,
    name: str = "",
    email: str = "",
    under: Mandate,
) -> Decision:
    """Put a decision before the other stewards. Nothing changes until one of them confirms."""
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if Decision.objects.waiting().filter(organisation=organisation).exists():
        raise Refusal(
            "decision-waiting", _("Another decision about this organisation waits already.")
        )
    _check(kind, organisation, email)
    decision = Decision.objects.create(
        kind=kind,
        organisation=organisation,
        reason=reason,
        name=name,
        email=tidy_email(email),
        proposed_by=under.person,
    )
    audit.record("decision.proposed", about=organisation, under=under, kind=str(kind))
    tell_stewards("network/decision-proposed", about=decision, decision=decision)
    return decision


def _check(kind: str, organisation: Organisation, email: str) -> None:
    """Whether this can be decided as things stand."""
    State = Organisation.State  # noqa: N806  the model's own name
    if kind == Kind.SUSPEND and not organisation.is_member:
        raise Refusal("organisation-not-member", _("Only a member can be suspended."))
    if kind == Kind.END and organisation.state not in (State.MEMBER, State.SUSPENDED):
        raise Refusal("organisation-not-member", _("Only a membership can be ended."))
    if kind == Kind.APPOINT:
        if not organisation.is_member:
            raise Refusal("organisation-not-member", _("This organisation is no member."))
        if has_coordinator(organisation):
            raise Refusal(
                "coordinator-there",
                _("%(name)s has a coordinator, who can hand over.") % {"name": organisation},
            )
        if not email:
            raise Refusal("address-missing", _("Whom do you appoint? Give their mail."))


@transaction.atomic
def confirm(decision: Decision, *, under: Mandate) -> Decision:
    """A second steward agrees. Suspending and ending are done at once; an appointment is announced
    to everybody known and done after seven days. Confirming twice is confirming once.
    """
    decision = Decision.objects.select_for_update().get(pk=decision.pk)
    if decision.confirmed_at:
        return decision
    if decision.withdrawn_at:
        raise Refusal("decision-withdrawn", _("This proposal was withdrawn."))
    if decision.proposed_by_id == under.person_id:
        raise Refusal("decision-own", _("A second steward has to confirm what you propose."))
    organisation = Organisation.objects.select_for_update().get(pk=decision.organisation_id)
    _check(decision.kind, organisation, decision.email)
    now = timezone.now()
    decision.confirmed_by, decision.confirmed_at = under.person, now
    if decision.kind == Kind.APPOINT:
        decision.due_at = now + NOTICE
        decision.told = _announce(decision, "network/appointment-notice")
    else:
        decision.state_before = organisation.state
        decision.until_before = organisation.member_until
        ended = Organisation.State.ENDED
        state = Organisation.State.SUSPENDED if decision.kind == Kind.SUSPEND else ended
        move(organisation, state, until=organisation.member_until or now)
        decision.carried_out_at = now
        decision.told = _announce(decision, "network/membership-stopped")
    decision.save()
    audit.record("decision.confirmed", about=organisation, under=under, kind=str(decision.kind))
    return decision


def _announce(decision: Decision, template: str) -> int:
    """Mail everybody known for the organisation; answers how many."""
    contacts = known_contacts(decision.organisation)
    for address, language in contacts.items():
        outbox.mail(
            template,
            to=address,
            language=language,
            about=decision,
            context={"decision": decision, "organisation": decision.organisation},
        )
    return len(contacts)


@transaction.atomic
def withdraw(decision: Decision, *, under: Mandate) -> Decision:
    """Take a proposal back, or cancel an appointment while its seven days run."""
    decision = Decision.objects.select_for_update().get(pk=decision.pk)
    if decision.withdrawn_at:
        return decision
    if decision.carried_out_at:
        raise Refusal("decision-done", _("This has been carried out."))
    was_announced = decision.confirmed_at is not None
    decision.withdrawn_by, decision.withdrawn_at = under.person, timezone.now()
    decision.save(update_fields=["withdrawn_by", "withdrawn_at"])
    if was_announced:
        _announce(decision, "network/appointment-cancelled")
    audit.record(
        "decision.withdrawn", about=decision.organisation, under=under, kind=str(decision.kind)
    )
    return decision


@transaction.atomic
def undo(decision: Decision, *, under: Mandate) -> Decision:
    """Within 30 days: the organisation and its mandates are as they were before the decision."""
    decision = Decision.objects.select_for_update().get(pk=decision.pk)
    if decision.undone_at:
        return decision
    if not decision.can_be_undone:
        raise Refusal("decision-final", _("This can no longer be undone: 30 days have passed."))
    organisation = Organisation.objects.select_for_update().get(pk=decision.organisation_id)
    made = {
        Kind.SUSPEND: Organisation.State.SUSPENDED,
        Kind.END: Organisation.State.ENDED,
    }[Kind(decision.kind)]
    if organisation.state != made:
        raise Refusal(
            "decision-overtaken",
            _("Something else was decided about this organisation since. Undo that first."),
        )
    move(organisation, decision.state_before, until=decision.until_before)
    decision.undone_by, decision.undone_at = under.person, timezone.now()
    decision.save(update_fields=["undone_by", "undone_at"])
    _announce(decision, "network/decision-undone")
    audit.record("decision.undone", about=organisation, under=under, kind=str(decision.kind))
    return decision


def carry_out_due() -> int:
    """Appoint those whose seven days have passed. The tick calls it; harmless to repeat."""
    due = Decision.objects.under_notice().filter(due_at__lte=timezone.now())
    return sum(_appoint(pk) for pk in due.values_list("pk", flat=True)[:50])


@transaction.atomic
def _appoint(pk: int) -> bool:
    """Make the person coordinator, unless the organisation has one again or is no member."""
    decision = Decision.objects.select_for_update().get(pk=pk)
    if not decision.is_under_notice:
        return False
    organisation = Organisation.objects.select_for_update().get(pk=decision.organisation_id)
    now = timezone.now()
    if has_coordinator(organisation) or not organisation.is_member:
        decision.withdrawn_at = now
        decision.save(update_fields=["withdrawn_at"])
        audit.record("decision.overtaken", about=organisation, kind=str(decision.kind))
        return False
    person = accounts.invite_person(
        decision.email, next(iter(organisation.languages), "en"), decision.name
    )
    grant(person, Role.COORDINATOR, organisation=organisation, by=decision.confirmed_by)
    decision.carried_out_at = now
    decision.save(update_fields=["carried_out_at"])
    audit.record(
        "coordinator.appointed", about=organisation, by=decision.confirmed_by, person=person.pk
    )
    outbox.mail(
        "network/appointed",
        to=person.email,
        language=person.language,
        about=organisation,
        context={"organisation": organisation, "decision": decision, "person": person},
    )
    return True
