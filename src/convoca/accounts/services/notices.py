"""Telling a person something: at once, or in the one mail a day that they chose."""

from typing import Any

from django.db.models import Model

from convoca.accounts.models import Person
from convoca.outbox import services as outbox


def notify(person: Person, template: str, *, about: Model | None = None, **context: Any) -> None:
    """Tell a person news in their language, at once or in their one mail a day, as they chose.

    In the one mail a day, news of the same kind about the same thing stands once, the last of it.
    Who has left is told nothing. What concerns the safety of an account is told by `tell`.
    """
    if not person.is_active:
        return
    is_daily = person.notices == Person.Notices.DAILY
    if is_daily and about is not None:  # newer news of the same thing takes the place of older
        kept = outbox.pending(to=person).filter(state="kept", template=template)
        kept.filter(about_type=about._meta.label_lower, about_id=str(about.pk)).delete()
    outbox.mail(
        template,
        to=person.email,
        language=person.ui_language,
        about=about,
        context={"person": person, **context},
        digest_for=person if is_daily else None,
    )


def tell(
    person: Person, template: str, *, to: str = "", about: Model | None = None, **context: Any
) -> None:
    """Tell a person something that cannot wait for the one mail a day, in their language."""
    outbox.mail(
        template,
        to=to or person.email,
        language=person.ui_language,
        about=about,
        context={"person": person, **context},
    )
