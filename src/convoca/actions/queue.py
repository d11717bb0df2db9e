"""What waits for a moderator: rows, groups of similar ones, and what was reported."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convoca.actions.models import Action, Door, LetIn, Problem, Refused
from convoca.actions.models.action import ActionQuerySet, State
from convoca.actions.rules import countries_moderated
from convoca.actions.similar import Group, Traces, groups
from convoca.core.access import Visitor
from convoca.core.dates import day_words, moment_words

MOST = 1000
"""So many, the longest waiting first, are compared with each other; a flood's rest follows."""
ROWS = 12
L = TypeVar("L", LetIn, Refused)


@dataclass(frozen=True)
class Row:
    """One line of the queue: an action, or the oldest of a lot of similar ones."""

    action: Action
    group: Group

    @property
    def count(self) -> int:
        return len(self.group.pks)

    @property
    def others(self) -> int:
        return self.count - 1

    @property
    def why_words(self) -> list[str]:
        return [str(why.label) for why in self.group.why]


def in_care_of(visitor: Visitor) -> ActionQuerySet:
    """Actions of the countries that the visitor moderates, and what is online only."""
    countries = countries_moderated(visitor)
    if countries is None:
        return Action.objects.all()
    return (
        Action.objects.filter(country__in=[*countries, ""]) if countries else Action.objects.none()
    )


def wholly_in_care_of(visitor: Visitor, lots: QuerySet[L]) -> QuerySet[L]:
    """Of lots of actions, decided about in one go, those that the visitor may decide about again:
    whole, because they are undone whole.
    """
    theirs = lots.filter(actions__in=in_care_of(visitor))
    others = Action.objects.exclude(pk__in=in_care_of(visitor).values("pk"))
    return theirs.exclude(actions__in=others).distinct()


def to_look_at(visitor: Visitor) -> ActionQuerySet:
    """What waits; and after a flood what newcomers brought before it was noticed and nobody has
    looked at. The longest waiting first.
    """
    flooded = Door.objects.filter(flooded_at__isnull=False)
    unseen = Q(
        listed=True,
        arrival__is_newcomer=True,
        arrival__looked_at=None,
        campaign__in=flooded.values("campaign"),
    )
    rows = in_care_of(visitor).filter(Q(state=State.WAITING) | unseen)
    return rows.order_by(Coalesce("waiting_since", "created_at"), "pk")


def grouped(actions: ActionQuerySet) -> list[Group]:
    """The waiting actions in groups of one making, in one query: lots of newcomers first, because
    one press answers many; among them, and among the others, the longest waiting first.
    """
    found = groups(
        [_traces(row) for row in actions.select_related("arrival", "place", "campaign")[:MOST]]
    )
    return sorted(found, key=lambda group: not (group.is_lot and group.newcomers))


def _traces(action: Action) -> Traces:
    arrival = getattr(action, "arrival", None)
    return Traces(
        pk=action.pk,
        title=next(iter(action.names.values()), ""),
        at=arrival.at if arrival else action.waiting_since or action.created_at,
        where=action.place.name if action.place else "",
        when=(action.day, action.clock) if action.day else None,
        campaign=" ".join(action.campaign.names.values()),
        is_newcomer=arrival.is_newcomer if arrival else True,
        sender=arrival.sender if arrival else "",
        address=arrival.email_index if arrival else "",
        text=arrival.text_digest if arrival else "",
    )


def rows_of(shown: Sequence[Group]) -> list[Row]:
    """Groups with their oldest action and what a line says of it, in a fixed number of queries."""
    found = for_rows(Action.objects.filter(pk__in=[group.pks[0] for group in shown]))
    by_key = {action.pk: action for action in found}
    return [Row(by_key[group.pks[0]], group) for group in shown if group.pks[0] in by_key]


def for_rows(actions: ActionQuerySet) -> ActionQuerySet:
    return actions.with_front().select_related("arrival", "place", "campaign")


def group_of(action: Action, visitor: Visitor) -> Group:
    """The waiting actions that are of one making with this one, itself included."""
    same = to_look_at(visitor).filter(campaign=action.campaign_id)
    return next((g for g in grouped(same) if action.pk in g.pks), Group([action.pk]))


# --- reported -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reported:
    """An action with what strangers say of it, gravest first."""

    action: Action
    problems: list[Problem]

    @property
    def is_private(self) -> bool:
        return any(one.kind == Problem.Kind.PRIVATE for one in self.problems)

    @property
    def kinds(self) -> str:
        counted: dict[str, int] = {}
        for one in self.problems:
            counted[one.kind] = counted.get(one.kind, 0) + 1
        return " · ".join(
            f"{Problem.Kind(kind).label} ({number})"
            if number > 1
            else str(Problem.Kind(kind).label)
            for kind, number in counted.items()
        )

    @property
    def since(self) -> datetime:
        return min((one.reported_at for one in self.problems), default=self.action.changed_at)


def reported_to(visitor: Visitor) -> ActionQuerySet:
    """Actions with open reports or hidden: those about private data first, then the oldest."""
    open_ones = Problem.objects.filter(action=OuterRef("pk"), settled_at=None)
    rows = in_care_of(visitor).filter(Q(state=State.HIDDEN) | Exists(open_ones))
    return rows.annotate(
        shows_private=Exists(open_ones.filter(kind=Problem.Kind.PRIVATE)),
        reported_since=Coalesce(
            Subquery(open_ones.order_by("reported_at").values("reported_at")[:1]), "changed_at"
        ),
    ).order_by("-shows_private", "reported_since", "pk")


def reported(visitor: Visitor, most: int = ROWS) -> list[Reported]:
    """The first of them, with what was said, in a fixed number of queries."""
    actions = list(for_rows(reported_to(visitor))[:most])
    problems: dict[int, list[Problem]] = {}
    for one in Problem.objects.open().filter(action__in=[action.pk for action in actions]):
        problems.setdefault(one.action_id, []).append(one)
    return [Reported(action, problems.get(action.pk, [])) for action in actions]


# --- in words -------------------------------------------------------------------------------


def age_words(since: datetime) -> str:
    """How long something has waited: "5 h", "2 days"."""
    minutes = max(int((timezone.now() - since).total_seconds() // 60), 0)
    if minutes < 60:
        return _("%(n)d min") % {"n": minutes}
    if minutes < 48 * 60:
        return _("%(n)d h") % {"n": minutes // 60}
    days = minutes // (24 * 60)
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


def short_when_words(action: Action) -> str:
    """Day and clock of the place, without its zone: for a line of a list."""
    if action.day is None or action.clock is None:
        return when_words(action)
    return f"{day_words(action.day)}, {action.clock:%H:%M}"


def when_words(action: Action) -> str:
    """Day and clock of the place, its zone by name; only the day where no hour is known."""
    if action.day is None or action.starts_at is None:
        return _("Day not set")
    if action.clock is None:
        return day_words(action.day, weekday=True)
    return moment_words(action.starts_at, action.zone)
