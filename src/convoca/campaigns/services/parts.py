"""Demands and materials."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from convoca.audit import services as audit
from convoca.campaigns.models import Campaign, Demand, Material
from convoca.campaigns.models.campaign import KEPT_WITHDRAWN
from convoca.campaigns.models.parts import MOST_DEMANDS
from convoca.campaigns.services.campaigns import editable
from convoca.core.errors import Refusal
from convoca.core.names import Names
from convoca.media import services as media
from convoca.media.models import Document, Picture, Recording
from convoca.network.models import Mandate
from convoca.pages import services as pages


@transaction.atomic
def set_demands(campaign: Campaign, wanted: Sequence[Names], *, under: Mandate) -> list[Demand]:
    """Make these the campaign's demands, in this order. The same again changes nothing.

    Those that are left out are withdrawn with their translations; they can come back for 30 days.
    """
    campaign = editable(campaign)
    kept = [names for names in wanted if any(words.strip() for words in names.values())]
    _check_how_many(len(kept))
    present = list(campaign.demands.kept())
    if [dict(demand.names) for demand in present] == [dict(names) for names in kept]:
        return present
    rows = _rows_for(kept, present)
    for position, (names, row) in enumerate(zip(kept, rows, strict=True)):
        row = row or Demand(campaign=campaign)
        row.position, row.names = position, names
        row.save()
    for demand in present:
        if demand not in rows:
            demand.withdrawn_at = timezone.now()
            demand.save(update_fields=["withdrawn_at"])
    audit.record("campaign.demands_set", about=campaign, under=under, count=len(kept))
    return list(campaign.demands.kept())


def _rows_for(wanted: Sequence[Names], present: Sequence[Demand]) -> list[Demand | None]:
    """The row of each demand: one with the same words, else one that shares a language's words."""
    left = list(present)
    found: list[Demand | None] = [None] * len(wanted)
    for fits in (_is_same, _shares_words):
        for number, names in enumerate(wanted):
            row = next((one for one in left if fits(names, one)), None)
            if found[number] is None and row is not None:
                found[number] = row
                left.remove(row)
    return found


def _is_same(names: Names, row: Demand) -> bool:
    return dict(names) == dict(row.names)


def _shares_words(names: Names, row: Demand) -> bool:
    return bool(set(names.items()) & set(row.names.items()))


@transaction.atomic
def bring_back_demand(demand: Demand, *, under: Mandate) -> Demand:
    """Put a demand that was taken away at the end of the list, within 30 days. Repeatable."""
    campaign = editable(demand.campaign)
    demand.refresh_from_db()
    if demand.withdrawn_at is None:
        return demand
    if timezone.now() > demand.withdrawn_at + KEPT_WITHDRAWN:
        raise Refusal("demand-gone", _("It was taken away more than 30 days ago."))
    kept = list(campaign.demands.kept())
    _check_how_many(len(kept) + 1)
    demand.withdrawn_at, demand.position = None, kept[-1].position + 1 if kept else 0
    demand.save(update_fields=["withdrawn_at", "position"])
    audit.record("campaign.demands_set", about=campaign, under=under, count=len(kept) + 1)
    return demand


def _check_how_many(count: int) -> None:
    if count > MOST_DEMANDS:
        raise Refusal(
            "demands-many",
            _("A campaign has at most %(most)d demands.") % {"most": MOST_DEMANDS},
        )


@transaction.atomic
def add_material(
    campaign: Campaign,
    file: Document | Picture | Recording,
    *,
    names: Names,
    language: str = "",
    under: Mandate,
) -> Material:
    """Offer a file with a campaign."""
    campaign = editable(campaign)
    material = Material(campaign=campaign, names=names, language=language)
    if isinstance(file, Document):
        material.document = file
    elif isinstance(file, Recording):
        material.recording = file
    else:
        material.picture = file
    material.save()
    audit.record("material.added", about=material, under=under, campaign=campaign.code)
    return material


@transaction.atomic
def withdraw_material(material: Material, *, under: Mandate) -> Material:
    """Take a file off the campaign's page, and let nobody fetch it whom nothing else leads to it;
    it can come back for 30 days. Repeatable.
    """
    editable(material.campaign)
    material = Material.objects.select_for_update(of=("self",)).get(pk=material.pk)
    if material.withdrawn_at is None:
        material.withdrawn_at = timezone.now()
        material.save()
        pages.take_down(*material.page_tags())
        if not any(map(_shows, media.holders(material.file))):
            media.withhold(material.file)
        audit.record("material.withdrawn", about=material, under=under)
    return material


def _shows(holder: tuple[Model, str]) -> bool:
    """Whether readers find a file there: not in a material that is withdrawn."""
    return not isinstance(holder[0], Material) or holder[0].withdrawn_at is None


def forget_materials() -> int:
    """Delete what was withdrawn more than 30 days ago; its file goes when nothing else needs it.
    Says how many. Called each day."""
    limit = timezone.now() - KEPT_WITHDRAWN
    return Material.objects.filter(withdrawn_at__lt=limit).delete()[0]


@transaction.atomic
def bring_back_material(material: Material, *, under: Mandate) -> Material:
    """Undo `withdraw_material` within 30 days. Repeatable."""
    editable(material.campaign)
    material = Material.objects.select_for_update(of=("self",)).get(pk=material.pk)
    if material.withdrawn_at is None:
        return material
    if timezone.now() > material.withdrawn_at + KEPT_WITHDRAWN:
        raise Refusal("material-gone", _("It was withdrawn more than 30 days ago."))
    media.give_back(material.file)
    material.withdrawn_at = None
    material.save()
    audit.record("material.brought_back", about=material, under=under)
    return material
