"""What an invitation can be for. Apps above register their own, in their `ready()`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from convoca.accounts.models import Person
from convoca.core.errors import Refusal
from convoca.network.models import Invitation, Mandate


def _nothing(invitation: Invitation) -> None:
    return None


def _no_more(invitation: Invitation) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Purpose:
    """One kind of invitation.

    `words` says, as a whole sentence without a name, what one is invited to. `accept` does it, in
    the transaction of the answer, and may return the mandate it granted. `check` raises `Refusal`
    where it can no longer be done. `next_url` is where to go after accepting. An app with more to
    ask gives `page`: the address of its own page for this token, which then calls
    `services.accept`. `context` is what its mail's template asks beyond the invitation.
    """

    name: str
    words: Callable[[Invitation], str]
    accept: Callable[[Invitation, Person], Mandate | None]
    next_url: Callable[[Invitation], str]
    decline: Callable[[Invitation], None] = _nothing
    check: Callable[[Invitation], None] = _nothing
    page: Callable[[Invitation, str], str] | None = None
    template: str = "network/invitation"
    context: Callable[[Invitation], dict[str, Any]] = _no_more


_purposes: dict[str, Purpose] = {}


def register(purpose: Purpose) -> Purpose:
    """Make a purpose known; the last one of a name counts."""
    _purposes[purpose.name] = purpose
    return purpose


def purpose_of(invitation: Invitation) -> Purpose:
    """What the invitation is for; refused where the app that knew it is gone."""
    try:
        return _purposes[invitation.purpose]
    except KeyError as error:
        raise Refusal("purpose-unknown", invitation.purpose) from error
