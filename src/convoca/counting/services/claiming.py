"""What sources say is written down: once however often it is handed in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from django.db import transaction
from django.utils import timezone

from convoca.campaigns.models import Campaign
from convoca.core.bulk import insert, like, refer
from convoca.core.codes import public_code
from convoca.counting.models import Claim, Estimate, Source
from convoca.counting.said import HowMany, Said
from convoca.counting.services.founding import follow
from convoca.counting.services.placing import keep_noted, noted_by_hand
from convoca.counting.services.turns import hold_actions, take_turn
from convoca.pages import services as pages

_SAID = [one.name for one in fields(Said) if one.name not in {"external_id", "how_many", "place"}]
_WRITTEN = [*_SAID, "campaign", "place", "digest", "run", "changed_at", "vanished_at"]


@dataclass
class Taken:
    """What became of rows: numbers of claims."""

    new: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    same: list[int] = field(default_factory=list)


@transaction.atomic
def take(source: Source, campaign: Campaign, rows: Sequence[Said], *, run: int = 0) -> Taken:
    """Keep what a source says; what it said already is changed where it says otherwise now, and
    left alone where it says the same. Of two rows with one id the last one stands.
    A source speaks of an action once: handed in for another campaign, what it says moves there.

    One short transaction: hand in some hundreds of rows at a time, so that others get in between.
    The caller links afterwards: `new` and `changed` may speak of other actions now.
    """
    take_turn()
    by_id = {one.external_id: one for one in rows}
    digests = {external_id: one.digest for external_id, one in by_id.items()}
    known = Claim.objects.select_for_update().filter(source=source, external_id__in=list(by_id))
    taken, missing = Taken(), dict(by_id)
    otherwise: list[int] = []
    for external_id, pk, digest, gone, of in known.order_by().values_list(  # order has its index
        "external_id", "pk", "digest", "vanished_at", "campaign"
    ):
        del missing[external_id]
        is_same = digest == digests[external_id] and gone is None and of == campaign.pk
        (taken.same if is_same else otherwise).append(pk)
    now = timezone.now()
    changed = list(
        Claim.objects.filter(pk__in=otherwise).select_related("action").order_by("pk")
        if otherwise
        else ()
    )
    hold_actions(claim.action_id for claim in changed)
    noted = noted_by_hand(changed)
    for claim in changed:
        claim.campaign, one = campaign, by_id[claim.external_id]
        with keep_noted(claim, noted.get(claim.pk), one):
            _write(claim, one, digests[claim.external_id], run=run, now=now)
    fresh, make = [], like(Claim(source=source, campaign=campaign, created_at=now))
    for external_id, one in missing.items():
        claim = make()
        claim.code, claim.external_id = public_code(), external_id
        _write(claim, one, digests[external_id], run=run, now=now)
        fresh.append(claim)
    insert(fresh, known_by="code")
    Claim.objects.bulk_update(changed, _WRITTEN)
    if run and taken.same:
        Claim.objects.filter(pk__in=taken.same).update(run=run)
    taken.new = [claim.pk for claim in fresh]
    taken.changed = [claim.pk for claim in changed]
    _renew_estimates(changed, by_id)
    estimate = like(Estimate())
    insert(
        [
            _estimate(one, how, estimate())
            for one in fresh
            for how in by_id[one.external_id].how_many
        ]
    )
    for claim in changed:
        follow(claim)
    if fresh or changed:
        pages.touch("claims", f"source:{source.pk}", *_tags(changed))
    return taken


def _write(claim: Claim, one: Said, digest: str, *, run: int, now: Any) -> None:
    for name in _SAID:
        setattr(claim, name, getattr(one, name))
    claim.kind = one.kind or Claim._meta.get_field("kind").default
    claim.place_id = one.place
    claim.urls, claim.extra = list(one.urls), dict(one.extra)
    claim.digest, claim.run, claim.changed_at, claim.vanished_at = digest, run, now, None


def _renew_estimates(changed: Sequence[Claim], by_id: dict[str, Said]) -> None:
    """Put what a source says now in the place of what it said; what a person set aside stays."""
    for claim in changed:
        said = {
            (one.low, one.high, one.method, one.words): one
            for one in by_id[claim.external_id].how_many
        }
        for old in claim.estimates.filter(noted_under=None):
            one = said.pop((old.low, old.high, old.method, old.words), None)
            if one is not None:
                old.url, old.archived_on = one.url, one.archived_on
                old.save(update_fields=["url", "archived_on"])
            elif old.set_aside_at is None:
                old.delete()
        Estimate.objects.bulk_create(_estimate(claim, one, Estimate()) for one in said.values())


def _estimate(claim: Claim, one: HowMany, estimate: Estimate) -> Estimate:
    refer(estimate, claim=claim)
    estimate.low, estimate.high, estimate.words = one.low, one.high, one.words
    estimate.method, estimate.url, estimate.archived_on = one.method, one.url, one.archived_on
    return estimate


def _tags(claims: Iterable[Claim]) -> set[str]:
    return {tag for claim in claims for tag in claim.page_tags()}


@transaction.atomic
def forget_unsaid(
    source: Source, campaign: Campaign, *, run: int, later: Iterable[int] = ()
) -> int:
    """Mark what a whole list of this source no longer has; how many. Nothing is deleted: what was
    said stays readable, and counts no more. What people noted of this source by hand came with no
    list, and stays; so does what `later` lists say.
    """
    take_turn()
    gone = Claim.objects.standing().filter(source=source, campaign=campaign)
    gone = gone.exclude(run__in=(0, run, *later))
    actions = set(gone.exclude(action=None).values_list("action", flat=True))
    number = gone.update(vanished_at=timezone.now())
    if number:
        pages.touch("claims", f"source:{source.pk}", *(f"claims:{pk}" for pk in actions))
    return number
