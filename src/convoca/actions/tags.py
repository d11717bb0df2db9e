"""What is said of an action, as tags: whoever changes one of these makes its pages old."""

from collections.abc import Iterator

from convoca.actions.models import Action, Attachment, Hosting, Stop
from convoca.actions.models.action import State
from convoca.network.models import Organisation

SETS = ("actions", "campaigns", "committees", "organisations", "places")
"""What any set of actions shows: each with its campaign, its hosts and its town."""


def tags_of_words(code: str) -> list[str]:
    """The action, its words, hosts, towns and campaigns; each by itself, so that what changes
    elsewhere leaves it as it is. Empty where there is no such action.
    """
    columns = ("pk", "description__code", "trigger", "place", "state")
    found = Action.objects.filter(code=code).values_list(*columns).first()
    if found is None:
        return []
    pk, text, trigger, place, state = found
    places = {place, *Stop.objects.filter(action=pk).values_list("place", flat=True)}
    campaigns = Attachment.objects.filter(action=pk, stands=True).values_list("campaign", flat=True)
    return [
        f"action:{pk}",
        *([f"text:{text}"] if text else []),
        *([f"trigger:{trigger}"] if trigger else []),
        *(f"place:{one}" for one in places if one),
        *(f"campaign:{one}" for one in campaigns),
        *_of_hosts(pk),
        *(SETS if state == State.CANCELLED else ()),  # it says what else is near by
    ]


def _of_hosts(action: int) -> Iterator[str]:
    """Organisations, and committees with whose they are: some are called by that."""
    rows = Hosting.objects.standing().filter(action=action)
    hosts = list(rows.values_list("organisation", "committee"))
    committees = {committee for _one, committee in hosts if committee}
    theirs = Organisation.objects.filter(committees__in=committees).values_list("pk", flat=True)
    yield from (f"committee:{one}" for one in committees)
    yield from (f"organisation:{one}" for one in {*(one for one, _c in hosts if one), *theirs})
