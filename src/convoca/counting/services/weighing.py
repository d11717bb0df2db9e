"""What moderators do with figures: note those of the press, set one aside, take that back."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from convoca.actions.models import Action
from convoca.actions.services.life import locked
from convoca.audit import services as audit
from convoca.core.errors import Refusal
from convoca.counting.models import Claim, Estimate, Source
from convoca.counting.said import of_action
from convoca.counting.services.claiming import take
from convoca.counting.services.deciding import link
from convoca.counting.services.sources import source_called
from convoca.counting.services.turns import take_turn
from convoca.network.models import Mandate
from convoca.pages import services as pages


@dataclass(frozen=True, kw_only=True)
class Printed:
    """What a newspaper prints of an action."""

    paper: str
    low: int | None
    high: int | None
    method: str
    url: str
    archived_on: date | None = None
    words: str = ""


@transaction.atomic
def note_press(action: Action, printed: Printed, *, under: Mandate) -> Estimate:
    """Note what a newspaper says, as a claim of that paper which a person linked. The same once
    more is the same estimate; another article of the paper stands beside the first.
    """
    take_turn()
    action = locked(action)
    if action.day is None:
        raise Refusal("action-undated", _("An action without a day has no number of people yet."))
    source = source_called(printed.paper, kind=Source.Kind.PRESS, under=under)
    if source.kind != Source.Kind.PRESS:
        raise Refusal(
            "source-not-press",
            _("“%(name)s” is known as another kind of source. Write the name of the newspaper.")
            % {"name": source.name},
        )
    claim = _claim(source, action, under)
    estimate, is_new = Estimate.objects.get_or_create(
        claim=claim,
        low=printed.low,
        high=printed.high,
        method=printed.method,
        url=printed.url,
        words=printed.words,
        defaults={"archived_on": printed.archived_on, "noted_under": under},
    )
    if is_new:
        audit.record("estimate.noted", about=estimate, under=under, action=action.code)
        pages.touch(*claim.page_tags())
    return estimate


def _claim(source: Source, action: Action, under: Mandate) -> Claim:
    """The paper's claim about this action, linked by hand."""
    said = of_action(action)
    known = Claim.objects.filter(source=source, external_id=said.external_id).first()
    if known is None:
        taken = take(source, action.campaign, [said])
        known = Claim.objects.get(pk=taken.new[0])
        if known.is_placed:
            link(known, action, under=under)
        else:  # what is online only has no place to compare by
            Claim.objects.filter(pk=known.pk).update(action=action)
        known.refresh_from_db()
    return known


@transaction.atomic
def set_aside(estimate: Estimate, *, why: str, under: Mandate) -> Estimate:
    """Let a figure count no more. It stays visible, struck, with the reason."""
    estimate = _locked(estimate)
    if estimate.set_aside_at is not None:
        return estimate
    if not why.strip():
        raise Refusal("reason-missing", _("Say why this number is set aside."))
    estimate.set_aside_at = timezone.now()
    estimate.set_aside_under, estimate.set_aside_why = under, why.strip()
    estimate.save()
    audit.record("estimate.set_aside", about=estimate, under=under)
    return estimate


@transaction.atomic
def put_back(estimate: Estimate, *, under: Mandate) -> Estimate:
    """Let it count again."""
    estimate = _locked(estimate)
    if estimate.set_aside_at is None:
        return estimate
    estimate.set_aside_at = estimate.set_aside_under = None
    estimate.set_aside_why = ""
    estimate.save()
    audit.record("estimate.put_back", about=estimate, under=under)
    return estimate


def _locked(estimate: Estimate) -> Estimate:
    rows = Estimate.objects.select_for_update(of=("self",)).select_related("claim__action")
    return rows.get(pk=estimate.pk)
