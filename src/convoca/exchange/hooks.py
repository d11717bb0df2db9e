"""What the floors below must know of exchange: the trail's sentences, and how often sources handed
lists in.
"""

from collections.abc import Sequence

from django.db.models import Count, Max
from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from convoca.actions import additions
from convoca.core.access import Visitor
from convoca.counting import handing
from convoca.exchange.models import Import
from convoca.exchange.rules import may_import
from convoca.network import trail

EVENTS = {
    "import.begun": gettext_lazy("%(who)s had a list taken in: %(what)s"),
    "import.ended": gettext_lazy(
        "A list has come in: %(what)s (%(new)s new, %(changed)s changed, %(refused)s left out)"
    ),
}
"""What exchange records in the trail, as sentences."""
SUBJECTS = {"import": pgettext_lazy("in the trail", "Lists that were brought in")}


def handed_in(sources: Sequence[int]) -> dict[int, handing.HandedIn]:
    """Lists that came in to their end."""
    rows = Import.objects.filter(source__in=sources, ended_at__isnull=False).order_by("source")
    found = rows.values_list("source").annotate(Count("pk"), Max("ended_at"))
    return {source: handing.HandedIn(lists, last) for source, lists, last in found}


def tabs(visitor: Visitor) -> list[additions.Tab]:
    """For stewards: lists that come in."""
    if not may_import(visitor):
        return []
    return [additions.Tab("import", pgettext("lists", "Import"), "exchange:bring-in")]


def register() -> None:
    """Make all of it known."""
    additions.register_tabs(tabs)
    trail.add_events(EVENTS, SUBJECTS)
    handing.register(handed_in)
    trail.add_kind(
        Import,
        trail.Kind(
            lambda one: {"what": f"{one.source}: {one}" if one.source else one},
            related=("source",),
            url=lambda one: reverse("exchange:list", args=[one.pk]),
        ),
    )
