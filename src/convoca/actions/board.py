"""The day board: how a campaign's actions stand, country by country. Counts only, never people."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import get_language

from convoca.actions.models import Action, Hosting, Nudge, Problem, Trigger
from convoca.actions.models.action import DATED, PUBLIC, UNDATED, State
from convoca.campaigns.models import Campaign
from convoca.network.models import Committee
from convoca.network.models.committee import CommitteeQuerySet
from convoca.places.names import country_name

LAST = timedelta(hours=1)
SHOWN = 50
COUNTED = (*PUBLIC, State.WAITING)


@dataclass(frozen=True)
class CountryRow:
    """One country's actions, by how they stand."""

    code: str
    name: str
    on: int
    unconfirmed: int
    undated: int
    waiting: int
    cancelled: int
    people: int

    @property
    def all(self) -> int:
        return self.on + self.unconfirmed + self.undated + self.waiting + self.cancelled


@dataclass(frozen=True)
class Backlog:
    """What waits for moderators: how many, and since when the oldest does."""

    actions: int
    oldest_action: datetime | None
    problems: int
    oldest_problem: datetime | None


def of_campaign(campaign: Campaign) -> QuerySet[Action]:
    """What counts on a campaign's board: its own, and what is attached to it."""
    attached = Q(attachments__campaign=campaign, attachments__stands=True)
    return Action.objects.filter(attached, state__in=COUNTED)


def by_country(campaign: Campaign) -> list[CountryRow]:
    """The countries with most actions first; what is online only stands under no country."""
    now = timezone.now()
    rows = (
        of_campaign(campaign)
        .exclude(over_at__lt=now - timedelta(days=30))
        .values("country")
        .annotate(
            on=Count("pk", filter=Q(state=State.PUBLISHED)),
            unconfirmed=Count("pk", filter=Q(state=State.TENTATIVE)),
            undated=Count("pk", filter=Q(state__in=UNDATED)),
            waiting=Count("pk", filter=Q(state=State.WAITING)),
            cancelled=Count("pk", filter=Q(state=State.CANCELLED)),
            people=Sum("seats__people", default=0, filter=Q(state__in=DATED)),
        )
        .order_by()
    )
    language = get_language() or "en"
    found = [
        CountryRow(
            code=row["country"],
            name=country_name(row["country"], language) if row["country"] else "",
            on=row["on"],
            unconfirmed=row["unconfirmed"],
            undated=row["undated"],
            waiting=row["waiting"],
            cancelled=row["cancelled"],
            people=row["people"],
        )
        for row in rows
    ]
    return sorted(found, key=lambda row: (-row.all, row.name))


def without_action(campaign: Campaign) -> CommitteeQuerySet:
    """Acting committees with a place that put nothing on for this campaign yet, in whose town
    nobody else does either; with `nudged_at`, when they were last asked.
    """
    stands = of_campaign(campaign).exclude(state=State.CANCELLED)
    theirs = Hosting.objects.standing().filter(committee=OuterRef("pk"), action__in=stands)
    in_town = stands.filter(place=OuterRef("place"))
    rows = Committee.objects.acting().exclude(place=None)
    return (
        rows.exclude(Exists(theirs))
        .exclude(Exists(in_town))
        .annotate(
            nudged_at=Nudge.objects.filter(campaign=campaign, committee=OuterRef("pk"))
            .values("committee")
            .annotate(last=Max("at"))
            .values("last")
        )
        .select_related("place")
        .order_by("country", "sorted_by", "pk")
    )


def silent(months: int) -> CommitteeQuerySet:
    """Acting committees that have hosted nothing in so many months and plan nothing."""
    since = timezone.now() - timedelta(days=months * 30.44)
    active = Hosting.objects.standing().filter(committee=OuterRef("pk"), action__listed=True)
    recent = active.filter(Q(action__over_at__gte=since) | Q(action__over_at=None))
    last = active.values("committee").annotate(last=Max("action__starts_at")).values("last")
    rows = Committee.objects.acting().filter(state_since__lt=since)
    return (
        rows.exclude(Exists(recent))
        .annotate(last_action_at=last)
        .select_related("place")
        .order_by("country", "sorted_by", "pk")
    )


def backlog(campaign: Campaign) -> Backlog:
    waiting = Action.objects.filter(campaign=campaign, state=State.WAITING).aggregate(
        number=Count("pk"), oldest=Min("waiting_since")
    )
    open_ones = Problem.objects.filter(action__campaign=campaign, settled_at=None).aggregate(
        number=Count("pk"), oldest=Min("reported_at")
    )
    return Backlog(waiting["number"], waiting["oldest"], open_ones["number"], open_ones["oldest"])


def changed_lately(campaign: Campaign) -> QuerySet[Action]:
    """What changed in the last hour, the latest first."""
    rows = of_campaign(campaign).filter(changed_at__gte=timezone.now() - LAST)
    return rows.select_related("place").order_by("-changed_at", "-pk")[:SHOWN]


def triggers_of(campaign: Campaign) -> QuerySet[Trigger]:
    """What actions of a campaign wait for, with how many do, and how many have confirmed."""
    return campaign.triggers.filter(withdrawn_at=None).annotate(
        waiting=Count("actions", filter=Q(actions__state=State.STANDBY)),
        unconfirmed=Count("actions", filter=Q(actions__state=State.TENTATIVE)),
        confirmed=Count("actions", filter=Q(actions__state=State.PUBLISHED)),
    )


def reach_of(trigger: Trigger) -> dict[str, int]:
    """How many actions calling it gives a day, and how many people have signed up for them."""
    waiting = trigger.actions.filter(state=State.STANDBY)
    people = waiting.aggregate(people=Sum("seats__sign_ups", default=0))["people"]
    return {"count": waiting.count(), "people": people}
