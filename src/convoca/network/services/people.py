"""Whom to tell: stewards, and everybody who is known to belong to an organisation."""

from django.db.models import Model, Q, QuerySet

from convoca.accounts import services as accounts
from convoca.accounts.models import Person, tidy_email
from convoca.network.models import Mandate, Organisation


def stewards() -> QuerySet[Person]:
    """The people who are stewards now."""
    held = Mandate.objects.standing().stewards().values("person")
    found: QuerySet[Person] = Person.objects.filter(pk__in=held)
    return found.order_by("pk")


def tell_stewards(template: str, *, about: Model | None = None, **context: object) -> None:
    """A notice to every steward, each in their language and at their pace."""
    for person in stewards():
        accounts.notify(person, template, about=about, **context)


def coordinators_of(organisation: Organisation) -> QuerySet[Person]:
    """Those who coordinate it now."""
    held = organisation.mandates.standing().filter(role=Mandate.Role.COORDINATOR)
    found: QuerySet[Person] = Person.objects.filter(pk__in=held.values("person"))
    return found.order_by("pk")


def known_contacts(organisation: Organisation) -> dict[str, str]:
    """Every address known for the organisation → a language to write in.

    Its people past and present, hosts of its committees, those invited, and its contact mail.
    """
    own = Q(organisation=organisation) | Q(committee__organisations=organisation)
    people = Person.objects.filter(pk__in=Mandate.objects.filter(own).values("person"))
    found = {
        tidy_email(email): language
        for email, language in organisation.invitations.exclude(email="").values_list(
            "email", "language"
        )
    }
    if organisation.contact_mail:
        language = next(iter(organisation.languages or organisation.names), "en")
        found.setdefault(tidy_email(organisation.contact_mail), language)
    for person in people.filter(is_active=True):
        found[person.email] = person.language
    return found
