"""`convoca tally CAMPAIGN`: how many actions and people, each action counted once."""

import argparse
from typing import TYPE_CHECKING

from convoca.cli.main import Failed
from convoca.cli.ready import start_django
from convoca.cli.screen import Screen

if TYPE_CHECKING:
    from convoca.campaigns.models import Campaign
    from convoca.counting.tally import Tally


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = """Examples:
  convoca tally k7mq02xd
  convoca tally rivers-week --json

CAMPAIGN is the code in the campaign's address, or the words behind it. Each action counts once. Its
range goes from the lowest to the highest figure that anybody in force gives; the totals add up
these ends, which is an outer bound. Actions without a figure are in no total. Sign-ups are never
counted."""
    parser.add_argument("campaign", metavar="CAMPAIGN", help="its code or slug")
    parser.add_argument("--moment", metavar="CODE", default="", help="only one of its moments")
    parser.add_argument("--json", action="store_true")


def run(options: argparse.Namespace, screen: Screen) -> int:
    """Compute the totals from all claims as they are now, and print them."""
    start_django()
    from convoca.counting.tally import read, total, totals_by  # noqa: PLC0415  app ready

    campaign = _campaign(options.campaign)
    moment = None
    if options.moment:
        moment = campaign.moments.filter(code=options.moment).first()
        if moment is None:
            known = ", ".join(f"{one.code} ({one})" for one in campaign.moments.all()) or "none"
            raise Failed(f"“{campaign}” has no moment {options.moment}. It has: {known}.")
    ledger = read(campaign, moment)
    tally = total(ledger.actions)
    moments = {one.pk: one for one in campaign.moments.all()}
    countries = totals_by(ledger.actions, lambda one: [one.country])
    by_moment = totals_by(ledger.actions, lambda one: [one.moment])
    screen.say(f"{campaign}{f', {moment}' if moment else ''}: {_sentence(tally)}")
    screen.table(
        ["country", "actions", "reported", "unknown", "low", "high"],
        [
            (code or "online", one.actions, one.reported, one.unknown, *_ends(one))
            for code, one in countries.items()
        ],
    )
    for line in _notes(tally, sum(ledger.unplaced.values()), ledger.elsewhere):
        screen.say(line)
    screen.result(
        {
            "campaign": campaign.code,
            "name": str(campaign),
            "moment": moment.code if moment else None,
            "changed_at": ledger.changed_at,
            "total": tally.as_json,
            "unplaced": sum(ledger.unplaced.values()),
            "elsewhere": ledger.elsewhere,
            "countries": {code: one.as_json for code, one in countries.items()},
            "moments": {moments[pk].code: one.as_json for pk, one in by_moment.items() if pk},
        }
    )
    return 0


def _campaign(asked: str) -> "Campaign":
    from convoca.campaigns.models import Campaign  # noqa: PLC0415  app ready

    kept = Campaign.objects.kept()
    found = list(kept.filter(code=asked.lower())) or [
        one
        for one in kept
        if asked.lower() in {one.slug(), *(slug for slug in _slugs(one.names.values()))}
    ]
    if not found:
        raise Failed(f"There is no campaign “{asked}”. Its code stands in its address.")
    if len(found) > 1:
        raise Failed(f"“{asked}” are several: {', '.join(one.code for one in found)}.")
    return found[0]


def _slugs(names: "object") -> list[str]:
    from convoca.core.slugs import slug_of  # noqa: PLC0415  app ready

    return [slug_of(one, "campaign") for one in names]  # type: ignore[attr-defined]


def _ends(tally: "Tally") -> tuple[str, str]:
    """Both ends; a dash where nothing is known."""
    if not tally.with_figure:
        return "-", "-"
    low = "-" if tally.without_low == tally.with_figure else str(tally.low)
    return low, f"{tally.high}{'+' if tally.is_open else ''}"


def _sentence(tally: "Tally") -> str:
    low, high = _ends(tally)
    people = f"{low} to {high} people" if tally.with_figure else "nobody says how many people"
    return f"{people}, {tally.reported} of {tally.actions} actions reported"


def _notes(tally: "Tally", unplaced: int, elsewhere: int) -> list[str]:
    said = [
        (tally.unknown, "actions of which nobody says how many; they are in no total"),
        (tally.to_come, "still to come; not among the actions"),
        (tally.called_off, "called off; not among the actions"),
        (tally.unsaid, "of which no source speaks any more; not among the actions"),
        (tally.without_low, "actions without an at-least; they add nothing to the low total"),
        (tally.without_high, "actions without an at-most; there may have been more people (+)"),
        (tally.set_aside, "figures set aside; they do not count"),
        (unplaced, "reports that say no day or place; they are of no action"),
        (elsewhere, "reports of actions that do not stand with this campaign"),
        (tally.waiting, "pairs that may be one action and wait for a person"),
    ]
    lines = [f"{number} {words}" for number, words in said if number]
    if tally.claims:
        lines.append(
            f"{tally.claims} reports of {tally.reported} actions: added up they would come to "
            f"{tally.claims_low} at least ({tally.avoided_low} too many) and "
            f"{tally.claims_high} at most ({tally.avoided_high} too many)"
        )
    return lines
