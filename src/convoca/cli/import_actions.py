"""`convoca import actions FILE --source NAME`: what a source says of actions."""

import argparse
from typing import TYPE_CHECKING, Any

from convoca.cli.main import Failed
from convoca.cli.ready import start_django
from convoca.cli.screen import Screen

if TYPE_CHECKING:
    from convoca.campaigns.models import Campaign
    from convoca.counting.models import Source
    from convoca.exchange.reading import Mapping, OpenedFile, Study
    from convoca.exchange.services import Report

SHOWN = 20
"""Refused rows that a person is shown; `--json` has all of them."""


def run(options: argparse.Namespace, screen: Screen) -> int:
    """Read the list, say what it was taken for, take it in, and say what became of it."""
    start_django()
    from convoca.core.errors import Refusal  # noqa: PLC0415  app ready
    from convoca.exchange import reading, services  # noqa: PLC0415  app ready
    from convoca.places.services import gazetteer  # noqa: PLC0415  app ready

    if not options.source:
        raise Failed("say whose list it is: --source NAME")
    campaign = _campaign(options.campaign)
    source = _source(options)
    try:
        file = reading.open_file(options.file)
        places = reading.Places(gazetteer())
        known = services.remembered(source, file) if source.pk else None
        mapping = (known or reading.suggest(file)).with_changes(options.map)
        study = reading.study_file(file, mapping)
    except Refusal as refusal:
        raise Failed(str(refusal)) from refusal
    except OSError as error:
        raise Failed(f"{options.file} cannot be read: {error.strerror}") from error
    _say_mapping(mapping, study, screen)
    if source.pk is None and not options.dry_run:
        source.save()
    try:
        with screen.progress("Importing") as step:
            report = services.import_list(
                file,
                source,
                campaign,
                mapping,
                study,
                places,
                name=options.file.name,
                is_whole=options.whole,
                dry_run=options.dry_run,
                step=step,
            )
    except Refusal as refusal:
        raise Failed(str(refusal)) from refusal
    _say(report, screen, options)
    screen.result(_told(report, file, mapping, study, options))
    return int(bool(report.refused))


def _source(options: argparse.Namespace) -> "Source":
    """The one of that name, or a new one as it is described. Fails where it is another already."""
    from convoca.counting.models import Source  # noqa: PLC0415  app ready

    source = Source.objects.filter(name=options.source).first()
    if source is None:
        kind = options.kind or Source.Kind.NETWORK
        return Source(name=options.source, kind=kind, licence=options.licence)
    if options.kind not in (None, source.kind):
        raise Failed(f"“{source.name}” is here already, as {source.kind}: leave --kind away")
    if options.licence not in ("", source.licence):
        raise Failed(f"“{source.name}” is here already; its licence is “{source.licence}”")
    return source


def _campaign(asked: str) -> "Campaign":
    """The one that is named by its code, or by its title in an address; else the only open one."""
    from convoca.campaigns.models import Campaign  # noqa: PLC0415  app ready

    open_ones = list(Campaign.objects.open().order_by("pk")[:50])
    if asked:
        for one in Campaign.objects.order_by("-pk"):
            if asked in (one.code, one.slug()):
                if not one.is_public:
                    raise Failed(f"“{asked}” is not public, and what comes in would be")
                return one
        raise Failed(f"there is no campaign “{asked}”: give its code, or its name in its address")
    if len(open_ones) != 1:
        names = ", ".join(one.slug() for one in open_ones) or "none is open"
        raise Failed(f"say to which campaign they belong: --campaign SLUG ({names})")
    return open_ones[0]


def _say_mapping(mapping: "Mapping", study: "Study", screen: Screen) -> None:
    from convoca.exchange.reading import in_words  # noqa: PLC0415  app ready

    screen.table(["column", "taken for"], sorted(mapping.columns.items()))
    for decision in study.decisions:
        screen.say(in_words(decision))


def _say(report: "Report", screen: Screen, options: argparse.Namespace) -> None:
    from convoca.exchange.reading import in_words  # noqa: PLC0415  app ready

    screen.table(
        ["row", "left out because"],
        [(row.number, " ".join(map(in_words, row.reasons))) for row in report.refused_rows[:SHOWN]],
    )
    if report.refused > SHOWN:
        screen.say(f"… and {report.refused - SHOWN} more")
    for sentence in sentences(report, is_dry_run=options.dry_run):
        screen.say(sentence)


def sentences(report: "Report", *, is_dry_run: bool) -> list[str]:
    """What became of a list, or would: each thing that there is any of."""
    rows = _counted(
        ("{} is new", "{} are new", report.new),
        ("{} says something else than before", "{} say something else than before", report.changed),
        ("{} was known already", "{} were known already", report.same),
        ("{} was left out", "{} were left out", report.refused),
        ("{} is blank", "{} are blank", report.blank),
    )
    open_ones = _counted(
        ("{} names no town that is known", "{} name no town that is known", report.unplaced),
        ("{} names no single day", "{} name no single day", report.undated),
    )
    links = _counted(
        ("{} is of an action that was known", "{} are of actions that were known", report.linked),
        (
            "{} may be of an action that is known, and waits for a person",
            "{} may be of actions that are known, and wait for a person",
            report.doubtful,
        ),
        ("{} made a new action", "{} made new actions", report.founded),
    )
    gone = _counted(
        (
            "{} report of before is no longer said",
            "{} reports of before are no longer said",
            report.vanished,
        )
    )
    total = "1 row" if report.rows == 1 else f"{report.rows} rows"
    said = [f"{total}: {rows}." if rows else f"{total}."]
    if open_ones:
        said.append(f"Of those that were read, {open_ones}: kept, without an action.")
    if is_dry_run:
        return [*said, "Nothing was written."]
    return said + [f"{one}." for one in (links and f"Reports: {links}", gone) if one]


def _counted(*things: tuple[str, str, int]) -> str:
    """Of each thing how many there are, in one breath; what there is none of is left away."""
    return ", ".join((one if n == 1 else many).format(n) for one, many, n in things if n)


def _told(
    report: "Report",
    file: "OpenedFile",
    mapping: "Mapping",
    study: "Study",
    options: argparse.Namespace,
) -> dict[str, Any]:
    from convoca.exchange.reading import in_words  # noqa: PLC0415  app ready

    return {
        "dry_run": options.dry_run,
        "format": file.format,
        **report.counts,
        "columns": mapping.columns,
        "settings": mapping.settings,
        "decisions": [in_words(one) for one in study.decisions],
        "refused_rows": [
            {
                "row": row.number,
                "codes": [one.code for one in row.reasons],
                "why": " ".join(map(in_words, row.reasons)),
            }
            for row in report.refused_rows
        ],
    }
