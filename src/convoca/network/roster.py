"""Who translates, as the floor of texts asks it: from the mandates of translators."""

from collections.abc import Sequence
from typing import Any

from convoca.accounts.models import Person
from convoca.core.access import Visitor
from convoca.network import rules
from convoca.network.models import Mandate, Network
from convoca.network.models.mandate import Role
from convoca.texts.registry import pair_covers


class NetworkRoster:
    """The translators of the network and their language pairs."""

    def pairs_of(self, person: Any) -> list[tuple[str, str]]:
        """The pairs of one person, as their standing mandate says."""
        if not isinstance(person, Person):
            return []
        held = Mandate.objects.filter(person=person, role=Role.TRANSLATOR).standing()
        return [
            (source, target)
            for pairs in held.values_list("language_pairs", flat=True)
            for source, target in pairs
        ]

    def people_for(self, source: str, target: str) -> Sequence[Person]:
        """Everybody who translates from `source` into `target`."""
        held = Mandate.objects.filter(role=Role.TRANSLATOR).standing().select_related("person")
        return [
            mandate.person
            for mandate in held.order_by("person")
            if any(
                pair_covers((pair[0], pair[1]), source, target) for pair in mandate.language_pairs
            )
        ]

    def is_steward(self, visitor: Visitor) -> bool:
        return rules.is_steward(visitor)

    def languages(self) -> list[str]:
        return list(Network.load().languages)

    def fallbacks(self) -> dict[str, str]:
        return dict(Network.load().fallbacks)
