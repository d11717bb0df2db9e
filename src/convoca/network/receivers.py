"""What the floors below ask the network, and what comes round each minute and each day."""

from typing import Any

from django.dispatch import receiver

from convoca.accounts import services as accounts
from convoca.accounts.models import Person
from convoca.core.tick import every_day, every_minute
from convoca.network import rules, services
from convoca.network.abouts import ABOUT
from convoca.network.models import Mandate
from convoca.network.models.mandate import Role
from convoca.network.roster import NetworkRoster
from convoca.network.signals import mandate_ended
from convoca.texts import registry
from convoca.texts import services as texts

accounts.who_needs_second_factor(rules.is_steward)
registry.set_roster(NetworkRoster())
registry.register(ABOUT)
every_minute(services.carry_out_due)
every_minute(services.settle_ended)
every_day(services.forget_unconfirmed)


@accounts.before_leaving
def hand_over_before_leaving(person: Person) -> None:
    """Who closes their account ends their mandates; refused where nobody would be left."""
    services.leave_everything(person)


@receiver(mandate_ended)
def offer_translations_anew(sender: object, *, mandate: Mandate, **kwargs: Any) -> None:
    """What a translator leaves unfinished is offered to the others of each pair."""
    if mandate.role == Role.TRANSLATOR:
        texts.translator_left(mandate.person, {pair[1] for pair in mandate.language_pairs})
