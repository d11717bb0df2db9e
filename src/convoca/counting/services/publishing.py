"""Totals are published: kept as they are now, with what differs from the time before and why."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from convoca.audit import services as audit
from convoca.campaigns.models import Campaign, Moment
from convoca.core.errors import Refusal
from convoca.counting.models import Publication, Showing
from convoca.counting.tally import read, total, totals_by
from convoca.network.models import Mandate

TOLD = ("actions", "reported", "unknown", "to_come", "called_off", "low", "high", "set_aside")
"""What of a total is compared."""
OF_COUNTRIES = ("actions", "low", "high")


def figures_of(campaign: Campaign, moment: Moment | None) -> dict[str, Any]:
    """The totals as they are kept: plain words and numbers."""
    ledger = read(campaign, moment)
    countries = totals_by(ledger.actions, lambda one: [one.country])
    return {
        "total": total(ledger.actions).as_json,
        "countries": {code: one.as_json for code, one in countries.items()},
        "unplaced": sum(ledger.unplaced.values()),
        "elsewhere": ledger.elsewhere,
    }


def changes(before: dict[str, Any], now: dict[str, Any]) -> list[dict[str, Any]]:
    """What differs, the totals first, then country by country; a country that was not there yet,
    or is there no more, had or has nothing.
    """
    was, is_now = before["total"], now["total"]
    found = [
        {"country": "", "what": what, "was": was.get(what, 0), "now": is_now[what]}
        for what in TOLD
        if was.get(what, 0) != is_now[what]
    ]
    for code in sorted({*before["countries"], *now["countries"]}):
        was, is_now = before["countries"].get(code, {}), now["countries"].get(code, {})
        found += [
            {
                "country": code or "-",
                "what": what,
                "was": was.get(what, 0),
                "now": is_now.get(what, 0),
            }
            for what in OF_COUNTRIES
            if was.get(what, 0) != is_now.get(what, 0)
        ]
    return found


@transaction.atomic
def publish_totals(
    campaign: Campaign, *, moment: Moment | None = None, why: str = "", under: Mandate
) -> Publication:
    """Keep the totals as they are now, under an address of their own. Where they differ from what
    was published before, `why` must say the reason; where they do not, there is nothing to publish.
    """
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    figures = figures_of(campaign, moment)
    showing = Showing.objects.filter(campaign=campaign).first()
    if showing is None or not showing.lets_read(figures["total"]["with_figure"]):
        raise Refusal(
            "results-hidden", _("The public does not read these totals yet. Show them first.")
        )
    before = Publication.objects.of(campaign, moment).first()
    corrections = changes(before.figures, figures) if before else []
    if before is not None and not corrections:
        raise Refusal("results-unchanged", _("Nothing has changed since the last publication."))
    if corrections and not why.strip():
        raise Refusal(
            "correction-unexplained", _("The figures have changed. Say why, for everybody to read.")
        )
    row = Publication.objects.create(
        campaign=campaign,
        moment=moment,
        published_under=under,
        figures=figures,
        corrections=corrections,
        why=why.strip() if corrections else "",
    )
    audit.record("results.published", about=campaign, under=under, publication=row.code)
    return row
