"""Committees: started, edited, ended, and come back."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from convoca.audit import services as audit
from convoca.core.names import Names
from convoca.network.models import Committee, Mandate, Organisation

EDITABLE = ("names", "place", "country", "contact", "languages")


@transaction.atomic
def start_committee(
    names: Names,
    *,
    organisations: Iterable[Organisation] = (),
    under: Mandate | None = None,
    **facts: Any,
) -> Committee:
    """Add a committee, of these organisations or of none."""
    committee = Committee.objects.create(names=names, **facts)
    committee.organisations.set(organisations)
    audit.record("committee.started", about=committee, under=under)
    return committee


@transaction.atomic
def forget_committee(committee: Committee, *, under: Mandate) -> bool:
    """Delete a committee that was started by mistake, where nothing has come to hang on it."""
    if committee.mandates.exists() or committee.invitations.exists():
        return False
    try:
        with transaction.atomic():
            audit.record("committee.forgotten", about=committee, under=under)
            committee.delete()
    except ProtectedError:  # it hosts something else by now
        return False
    return True


@transaction.atomic
def edit_committee(
    committee: Committee,
    *,
    organisations: Iterable[Organisation] | None = None,
    under: Mandate | None = None,
    **facts: Any,
) -> list[str]:
    """Change what is said about a committee; answers which facts differ now."""
    committee = Committee.objects.select_for_update(of=("self",)).get(pk=committee.pk)
    changed = [
        name
        for name, value in facts.items()
        if name in EDITABLE and getattr(committee, name) != value
    ]
    for name in changed:
        setattr(committee, name, facts[name])
    if changed:
        committee.save()
    if organisations is not None:
        wanted = {o.pk for o in organisations}
        if wanted != set(committee.organisations.values_list("pk", flat=True)):
            committee.organisations.set(wanted)
            changed.append("organisations")
    if changed:
        audit.record("committee.edited", about=committee, under=under, changed=changed)
    return changed


@transaction.atomic
def end_committee(committee: Committee, *, under: Mandate | None = None) -> Committee:
    """A committee ends: its mandates stand no more, its page stays and says so."""
    return _move(committee, Committee.State.ENDED, "committee.ended", under)


@transaction.atomic
def reopen_committee(committee: Committee, *, under: Mandate | None = None) -> Committee:
    """An ended or hidden committee is active (again), its mandates with it."""
    return _move(committee, Committee.State.ACTIVE, "committee.reopened", under)


def _move(committee: Committee, state: str, event: str, under: Mandate | None) -> Committee:
    committee = Committee.objects.select_for_update(of=("self",)).get(pk=committee.pk)
    if committee.state != state:
        committee.state, committee.state_since = state, timezone.now()
        committee.save(update_fields=["state", "state_since"])
        audit.record(event, about=committee, under=under)
    return committee
