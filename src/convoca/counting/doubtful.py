"""What waits for a person: reports that may be of an action that is here already, reports that
nobody can compare because they do not say when and where, and those that nobody can ask for.
"""

from django.db.models import Exists, F, Max, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from convoca.actions import queue
from convoca.actions.models import HostLink
from convoca.actions.models.action import ActionQuerySet
from convoca.actions.rules import countries_moderated
from convoca.core.access import Visitor
from convoca.counting.models import Claim, Estimate, Link
from convoca.counting.models.claim import ClaimQuerySet
from convoca.counting.models.link import LinkQuerySet
from convoca.counting.models.report import WAITED_FOR


def in_care_of(visitor: Visitor) -> ClaimQuerySet:
    """Reports from the countries that the visitor moderates, and those that name none."""
    countries = countries_moderated(visitor)
    if countries is None:
        return Claim.objects.all()
    return Claim.objects.filter(country__in=[*countries, ""]) if countries else Claim.objects.none()


def candidates() -> LinkQuerySet:
    """What may be one and waits, the likeliest first: without what has gone out of sight since, and
    what turned out to be one by another way.
    """
    theirs = Coalesce("action__same_as", "action")
    ours = Coalesce("claim__action__same_as", "claim__action")
    rows = Link.objects.waiting().filter(
        Q(action__listed=True) | Q(action__same_as__listed=True), claim__vanished_at=None
    )
    return rows.alias(theirs=theirs, ours=ours).exclude(theirs=F("ours"), ours__isnull=False)


def waiting(visitor: Visitor) -> ClaimQuerySet:
    """The reports that somebody has to look at, those that are likeliest of another's first."""
    open_ones = candidates().order_by().filter(claim=OuterRef("pk"))
    rows = in_care_of(visitor).filter(Exists(open_ones))
    doubtful = Q(links__state=Link.State.DOUBTFUL)
    return rows.alias(likeliest=Max("links__score", filter=doubtful)).order_by(
        F("likeliest").desc(nulls_last=True), "pk"
    )


def unplaced(visitor: Visitor) -> ClaimQuerySet:
    """Reports that do not say when, to the day, and where, and so are of no action yet."""
    return in_care_of(visitor).standing().filter(action=None).unplaced().order_by("pk")


def unasked(visitor: Visitor) -> ActionQuerySet:
    """Actions that are over and of which nobody says how they went, because their hosts left no
    address to which anybody could write; as long as a report is waited for.
    """
    now = timezone.now()
    asked = HostLink.objects.confirmed().exclude(email_index="").values("action")
    rows = queue.in_care_of(visitor).dated().filter(over_at__range=(now - WAITED_FOR, now))
    rows = rows.filter(listed=True, is_told=False).exclude(pk__in=asked)
    figures = Estimate.objects.in_force().filter(claim__action=OuterRef("pk"))
    rows = rows.exclude(report__sent_at__isnull=False).filter(~Exists(figures))
    return rows.order_by("over_at", "pk")


def answered(visitor: Visitor) -> LinkQuerySet:
    """What people have answered, the last first."""
    rows = Link.objects.filter(decided_under__isnull=False, claim__in=in_care_of(visitor))
    return rows.order_by("-decided_at", "pk")
