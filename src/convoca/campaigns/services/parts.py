"""Demands and materials."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from convoca.audit import services as audit
from convoca.campaigns.models import Campaign, Demand, Material
from convoca.campaigns.models.campaign import KEPT_WITHDRAWN
from convoca.campaigns.models.parts import MOST_DEMANDS
from convoca.campaigns.services.campaigns import editable
from convoca.core.errors import Refusal
from convoca.core.names import Names
from convoca.media.models import Document, Picture, Recording
from convoca.network.models import Mandate


@transaction.atomic
def set_demands(campaign: Campaign, wanted: Sequence[Names], *, under: Mandate) -> list[Demand]:
    """Make these the campaign's demands, in this order. The same again changes nothing."""
    campaign = editable(campaign)
    kept = [names for names in wanted if any(words.strip() for words in names.values())]
    if len(kept) > MOST_DEMANDS:
        raise Refusal(
            "demands-many",
            _("A campaign has at most %(most)d demands.") % {"most": MOST_DEMANDS},
        )
    present = list(campaign.demands.all())
    if [dict(demand.names) for demand in present] == [dict(names) for names in kept]:
        return present
    campaign.demands.all().delete()
    for position, names in enumerate(kept):
        Demand.objects.create(campaign=campaign, position=position, names=names)
    audit.record("campaign.demands_set", about=campaign, under=under, count=len(kept))
    return list(campaign.demands.all())


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
    """Take a file off the campaign's page; it can come back for 30 days. Repeatable."""
    editable(material.campaign)
    material = Material.objects.select_for_update(of=("self",)).get(pk=material.pk)
    if material.withdrawn_at is None:
        material.withdrawn_at = timezone.now()
        material.save()
        audit.record("material.withdrawn", about=material, under=under)
    return material


@transaction.atomic
def bring_back_material(material: Material, *, under: Mandate) -> Material:
    """Undo `withdraw_material` within 30 days. Repeatable."""
    editable(material.campaign)
    material = Material.objects.select_for_update(of=("self",)).get(pk=material.pk)
    if material.withdrawn_at is None:
        return material
    if timezone.now() > material.withdrawn_at + KEPT_WITHDRAWN:
        raise Refusal("material-gone", _("It was withdrawn more than 30 days ago."))
    material.withdrawn_at = None
    material.save()
    audit.record("material.brought_back", about=material, under=under)
    return material
