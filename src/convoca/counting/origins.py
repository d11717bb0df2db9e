"""Who tells of actions that nobody hosts here: for calendars, maps and sheets of actions."""

from collections.abc import Sequence

from convoca.actions.additions import Origin
from convoca.counting.models import Claim, Source

TAGS = ("claims", "sources")
"""What is raised where one of them changes."""
_OF = ("action", "action__same_as")
"""What is said of an action itself, and of what turned out to be the same."""


def origins(actions: Sequence[int]) -> dict[int, list[Origin]]:
    """By the action's number each source once, the one first of whose words the action was made.
    Two queries: one for both would look at every claim.
    """
    found: dict[int, dict[int, Origin]] = {}
    for path in _OF:
        rows = Claim.objects.standing().filter(**{f"{path}__in": actions}).order_by("-founds", "pk")
        facts = ("source", "source__name", "source__licence", "source__site")
        for pk, source, name, licence, site in rows.values_list(path, *facts):
            who = name or str(Source.Kind.HOSTS.label)  # the one source without a name
            found.setdefault(pk, {}).setdefault(source, Origin(who, licence, site))
    return {pk: list(by_source.values()) for pk, by_source in found.items()}
