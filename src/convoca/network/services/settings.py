"""The network itself: what it is called, how it speaks, who answers for it; its regions."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from convoca.audit import services as audit
from convoca.core.errors import Refusal
from convoca.core.languages import UnknownTag, tidy_tag
from convoca.core.names import Names
from convoca.network.models import Mandate, Network, Region
from convoca.network.models.organisation import COMES_BACK

SETTINGS = (
    "names",
    "ink",
    "languages",
    "fallbacks",
    "zone",
    "imprint_name",
    "imprint_address",
    "imprint_mail",
    "licence",
)


@transaction.atomic
def save_network(*, under: Mandate | None = None, **facts: Any) -> Network:
    """Change the network's settings. Refuses unknown languages and zones, and no language."""
    network = Network.load(for_update=True)
    if "languages" in facts:
        facts["languages"] = _languages(facts["languages"])
    if "zone" in facts:
        _check_zone(facts["zone"])
    changed = [n for n in SETTINGS if n in facts and getattr(network, n) != facts[n]]
    for name in changed:
        setattr(network, name, facts[name])
    if changed:
        network.save()
        audit.record("network.edited", about=network, under=under, changed=changed)
    return network


def _languages(typed: Sequence[str]) -> list[str]:
    try:
        tags = list(dict.fromkeys(tidy_tag(tag) for tag in typed))
    except UnknownTag as error:
        raise Refusal(
            "language-unknown", _("“%(tag)s” is not a language tag.") % {"tag": error}
        ) from error
    if not tags:
        raise Refusal("language-missing", _("A network speaks at least one language."))
    return tags


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Refusal(
            "zone-unknown", _("“%(zone)s” is not a time zone.") % {"zone": name}
        ) from error


@transaction.atomic
def finish_first_run(*, under: Mandate | None = None) -> Network:
    """Say that the network is set up. Repeating it changes nothing."""
    network = Network.load(for_update=True)
    if network.ready_at is None:
        network.ready_at = timezone.now()
        network.save(update_fields=["ready_at"])
        audit.record("network.ready", about=network, under=under)
    return network


@transaction.atomic
def save_region(
    names: Names,
    countries: Sequence[str],
    *,
    region: Region | None = None,
    under: Mandate | None = None,
) -> Region:
    """Add or change a named group of countries."""
    if not countries:
        raise Refusal("region-empty", _("A region has at least one country."))
    region = region or Region(position=Region.objects.count())
    region.names, region.countries = names, sorted({c.upper() for c in countries})
    region.save()
    audit.record("region.saved", about=region, under=under)
    return region


@transaction.atomic
def remove_region(region: Region, *, under: Mandate | None = None) -> None:
    """Remove a region; countries stay what they are. It can come back for 30 days. Repeatable."""
    if region.withdrawn_at is None:
        region.withdrawn_at = timezone.now()
        region.save(update_fields=["withdrawn_at"])
        audit.record("region.removed", about=region, under=under)


@transaction.atomic
def restore_region(region: Region, *, under: Mandate | None = None) -> None:
    """Undo `remove_region` within 30 days. Repeatable."""
    if region.withdrawn_at is None:
        return
    if timezone.now() > region.withdrawn_at + COMES_BACK:
        raise Refusal("region-gone", _("It was removed more than 30 days ago. Add it anew."))
    region.withdrawn_at = None
    region.save(update_fields=["withdrawn_at"])
    audit.record("region.restored", about=region, under=under)
