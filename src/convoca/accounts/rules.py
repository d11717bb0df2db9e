"""Who must have a second factor, and who has one. The apps above say who must."""

from collections.abc import Callable, Iterable

from allauth.mfa.models import Authenticator
from django.conf import settings

from convoca.accounts.models import Person

Question = Callable[[Person], bool]
_questions: list[Question] = []


def who_needs_second_factor(question: Question) -> Question:
    """Register a question about a person: yes means that they must have a second factor."""
    if question not in _questions:
        _questions.append(question)
    return question


def needs_second_factor(person: Person) -> bool:
    """Whether somebody above says so. Never in a demo, whose people are invented."""
    return not settings.DEMO and any(question(person) for question in _questions)


def has_second_factor(person: Person) -> bool:
    """A passkey, a security key or an authenticator app; recovery codes alone are none."""
    return bool(with_second_factor([person.pk]))


def with_second_factor(people: Iterable[int]) -> set[int]:
    """Which of these people, by their keys, have a second factor. One query."""
    alone = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    found = Authenticator.objects.filter(user_id__in=set(people), type__in=alone)
    return set(found.values_list("user_id", flat=True))


Objection = Callable[[Person], None]
_objections: list[Objection] = []


def before_leaving(objection: Objection) -> Objection:
    """Register a function that raises `Refusal` where a person cannot go yet.

    It is called in the transaction that closes the account, and may end mandates in it.
    """
    if objection not in _objections:
        _objections.append(objection)
    return objection


def object_to_leaving(person: Person) -> None:
    """Raise the first `Refusal` that an app above has against this person's leaving."""
    for objection in _objections:
        objection(person)
