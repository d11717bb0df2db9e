"""The rows of a campaign, or of one of its moments: a fixed number of queries, however many."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Max, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from convoca.actions.models import Attachment, Hosting
from convoca.actions.models.action import DATED, State
from convoca.campaigns.models import Campaign, Moment
from convoca.counting.models import Claim, Estimate, Link
from convoca.counting.tally.rows import Counted, Figure, Ledger, Said, voice_of

_ACTION = (
    "action",
    "action__code",
    "action__names",
    "action__day",
    "action__country",
    "action__place",
    "action__place__name",
    "moment",
    "action__state",
    "action__is_told",
    "action__changed_at",
    "action__starts_at",
    "action__over_at",
)
_CLAIM = (
    "pk",
    "code",
    "source",
    "external_id",
    "state",
    "changed_at",
    "campaign",
    "source__organisation",
)
_ESTIMATE = (
    "claim",
    "pk",
    "low",
    "high",
    "method",
    "words",
    "url",
    "set_aside_at",
    "set_aside_why",
    "created_at",
    "claim__source__kind",
)


def read(campaign: Campaign, moment: Moment | None = None) -> Ledger:
    """Every public action that stands with a campaign, or at one of its moments, with all that is
    said of it. Nothing here knows of sign-ups.
    """
    return _Reading(campaign, moment).ledger()


class _Reading:
    def __init__(self, campaign: Campaign, moment: Moment | None) -> None:
        self.campaign, self.moment = campaign, moment
        self.actions: dict[int, Counted] = {}
        self.claims: dict[int, Said] = {}
        self.dates: list[datetime | None] = []
        self.now, self.ahead = timezone.now(), list[datetime]()
        self.of_campaign = 0

    def ledger(self) -> Ledger:
        self._read_actions()
        for path in ("action", "action__same_as"):
            self._read_claims(path)
            self._read_estimates(path)
        self._read_hosts()
        self._read_waiting()
        return Ledger(
            actions=list(self.actions.values()),
            unplaced=self._unplaced(),
            elsewhere=self._elsewhere(),
            changed_at=max((one for one in self.dates if one), default=None),
            next_at=min(self.ahead, default=None),
        )

    def _standing(self, path: str = "") -> Q:
        """What is of an action that stands here, by the way that leads to the action."""
        to = f"{path}__attachments__" if path else ""
        rows = Q(**{f"{to}campaign": self.campaign, f"{to}listed": True})
        return rows & Q(**{f"{to}moment": self.moment}) if self.moment else rows

    def _read_actions(self) -> None:
        rows = Attachment.objects.filter(self._standing()).order_by("sorted_at", "action")
        for (
            pk,
            code,
            names,
            day,
            country,
            place,
            town,
            moment,
            state,
            is_told,
            at,
            starts_at,
            over_at,
        ) in rows.values_list(*_ACTION):
            self.actions[pk] = Counted(
                pk=pk,
                code=code,
                name=names,
                day=day,
                country=country,
                place=place,
                town=town or "",
                moment=moment,
                has_day=state in DATED,
                is_off=state == State.CANCELLED,
                is_told=is_told,
                has_begun=starts_at is None or starts_at <= self.now,
                is_over=over_at is None or over_at <= self.now,
            )
            self.dates.append(at)
            self.ahead += [one for one in (starts_at, over_at) if one and one > self.now]

    def _read_claims(self, path: str) -> None:
        rows = Claim.objects.standing().filter(self._standing(path)).order_by("pk")
        for action, pk, code, source, number, state, at, campaign, member in rows.values_list(
            path, *_CLAIM
        ):
            is_said = state == Claim.State.SAID
            claim = Said(pk=pk, code=code, source=source, external_id=number, is_said=is_said)
            self.claims[pk] = claim
            self.actions[action].claims.append(claim)
            if member is not None:
                self.actions[action].hosts.add(member)
            self.of_campaign += campaign == self.campaign.pk
            self.dates.append(at)

    def _read_estimates(self, path: str) -> None:
        rows = Estimate.objects.filter(self._standing(f"claim__{path}"), claim__vanished_at=None)
        for claim, pk, low, high, method, words, url, aside_at, why, at, kind in rows.order_by(
            "pk"
        ).values_list(*_ESTIMATE):
            self.claims[claim].figures.append(
                Figure(
                    pk=pk,
                    low=low,
                    high=high,
                    method=method,
                    voice=voice_of(method, kind),
                    words=words,
                    url=url,
                    set_aside_on=aside_at.date() if aside_at else None,
                    set_aside_why=why,
                )
            )
            self.dates += [at, aside_at]

    def _read_hosts(self) -> None:
        rows = Hosting.objects.standing().filter(self._standing("action"))
        of_committees = "committee__organisations"
        for action, *members in rows.values_list("action", "organisation", of_committees):
            self.actions[action].hosts |= {one for one in members if one is not None}

    def _read_waiting(self) -> None:
        """Pairs of two actions that may be one, at both of them."""
        rows = Link.objects.waiting().filter(claim__vanished_at=None)
        rows = rows.filter(
            Q(claim__campaign=self.campaign) | Q(action__attachments__campaign=self.campaign)
        )
        ours = Coalesce("claim__action__same_as", "claim__action")
        theirs = Coalesce("action__same_as", "action")
        for pk, *ends in rows.order_by("pk").values_list("pk", ours, theirs).distinct():
            if ends[0] != ends[1]:
                for one in _known(self.actions, ends):
                    one.waits.add(pk)
        decided = Link.objects.filter(claim__campaign=self.campaign)
        self.dates.append(decided.aggregate(last=Max("decided_at"))["last"])

    def _unplaced(self) -> "Counter[str]":
        rows = Claim.objects.standing().filter(campaign=self.campaign, action=None)
        if self.moment is not None:  # without a day nobody can say that it was at this moment
            rows = rows.alias(end=Coalesce("last_day", "day")).filter(
                day__lte=self.moment.ends_on, end__gte=self.moment.starts_on
            )
        return Counter(rows.order_by("pk").values_list("country", flat=True))

    def _elsewhere(self) -> int:
        """Claims for this campaign whose action stands with others only, or out of sight."""
        if self.moment is not None:
            return 0
        rows = Claim.objects.standing().filter(campaign=self.campaign, action__isnull=False)
        return rows.count() - self.of_campaign


def _known(actions: dict[int, Counted], ends: Iterable[Any]) -> list[Counted]:
    return [actions[one] for one in ends if one in actions]
