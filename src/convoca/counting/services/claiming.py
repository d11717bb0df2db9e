"""What sources say is written down: once however often it is handed in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from django.db import transaction
from django.utils import timezone

from convoca.campaigns.models import Campaign
from convoca.core.bulk import insert
from convoca.counting.models import Claim, Estimate, Source
from convoca.counting.said import HowMany, Said
from convoca.counting.services.founding import follow
from convoca.pages import services as pages

_SAID = [one.name for one in fields(Said) if one.name not in {"external_id", "how_many", "place"}]
_WRITTEN = [*_SAID, "place", "digest", "run", "changed_at", "vanished_at"]


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

    One short transaction: hand in some hundreds of rows at a time, so that others get in between.
    The caller links afterwards: `new` and `changed` may speak of other actions now.
    """
    by_id = {one.external_id: one for one in rows}
    known = {
        claim.external_id: claim
        for claim in Claim.objects.select_for_update(of=("self",))
        .select_related("action")
        .filter(source=source, external_id__in=list(by_id))
    }
    now = timezone.now()
    taken, fresh, changed = Taken(), [], []
    for external_id, one in by_id.items():
        claim = known.get(external_id)
        if claim is None:
            claim = Claim(source=source, campaign=campaign, external_id=external_id)
            _write(claim, one, run=run, now=now)
            fresh.append(claim)
        elif claim.digest == one.digest and claim.vanished_at is None:
            taken.same.append(claim.pk)
        else:
            _write(claim, one, run=run, now=now)
            changed.append(claim)
    insert(fresh, known_by="code")
    Claim.objects.bulk_update(changed, _WRITTEN)
    if run and taken.same:
        Claim.objects.filter(pk__in=taken.same).update(run=run)
    taken.new = [claim.pk for claim in fresh]
    taken.changed = [claim.pk for claim in changed]
    _renew_estimates(changed, by_id)
    insert([_estimate(one, how) for one in fresh for how in by_id[one.external_id].how_many])
    for claim in changed:
        follow(claim)
    if fresh or changed:
        pages.touch("claims", f"source:{source.pk}", *_tags(changed))
    return taken


def _write(claim: Claim, one: Said, *, run: int, now: Any) -> None:
    for name in _SAID:
        setattr(claim, name, getattr(one, name))
    claim.kind = one.kind or Claim._meta.get_field("kind").default
    claim.place_id = one.place
    claim.urls, claim.extra = list(one.urls), dict(one.extra)
    claim.digest, claim.run, claim.changed_at, claim.vanished_at = one.digest, run, now, None


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
        Estimate.objects.bulk_create(_estimate(claim, one) for one in said.values())


def _estimate(claim: Claim, one: HowMany) -> Estimate:
    return Estimate(
        claim=claim,
        low=one.low,
        high=one.high,
        words=one.words,
        method=one.method,
        url=one.url,
        archived_on=one.archived_on,
    )


def _tags(claims: Iterable[Claim]) -> set[str]:
    return {tag for claim in claims for tag in claim.page_tags()}


@transaction.atomic
def forget_unsaid(source: Source, campaign: Campaign, *, run: int) -> int:
    """Mark what a whole list of this source no longer has; how many. Nothing is deleted: what was
    said stays readable, and counts no more.
    """
    gone = Claim.objects.standing().filter(source=source, campaign=campaign).exclude(run=run)
    actions = set(gone.exclude(action=None).values_list("action", flat=True))
    number = gone.update(vanished_at=timezone.now())
    if number:
        pages.touch("claims", f"source:{source.pk}", *(f"claims:{pk}" for pk in actions))
    return number
