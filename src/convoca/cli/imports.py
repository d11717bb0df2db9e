"""`convoca import organisations FILE`, members from a spreadsheet; `… actions FILE`, claims."""

import argparse
from pathlib import Path

from convoca.cli import import_actions
from convoca.cli.main import Failed
from convoca.cli.ready import start_django
from convoca.cli.screen import Screen


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = """Examples:
  convoca import organisations members.csv --dry-run
  convoca import organisations members.csv --json

  convoca import actions marches.csv --source "Rivers Alliance" --map Ort=city --map @country=DE
  convoca import actions gazette.csv --source "The Gazette" --kind press --licence "CC BY 4.0"

Organisations: only the name is needed; docs/use/steward-network.md lists the other columns, and
headings of several languages are known.
Actions: CSV, calendar, GeoJSON or JSON; columns are recognised by their headings (of this source's
last list, else by what they are called), and --map says otherwise; docs/develop/importing.md.
Importing twice is importing once. Wrong rows are left out and named; then it ends with 1."""
    parser.add_argument("what", choices=["organisations", "actions"])
    parser.add_argument("file", metavar="FILE", type=Path)
    actions = parser.add_argument_group("actions")
    actions.add_argument("--source", metavar="NAME", default="", help="whose list it is")
    actions.add_argument(
        "--kind",
        choices=["network", "press", "authority", "research", "other"],
        help="what a new source is (network, where nothing is said)",
    )
    actions.add_argument(
        "--licence", metavar="WORDS", default="", help="of a new source’s list: “CC BY 4.0”"
    )
    actions.add_argument(
        "--campaign", metavar="SLUG", default="", help="its code or name; else the only open one"
    )
    actions.add_argument(
        "--whole",
        action="store_true",
        help="it is all that the source says: mark what it no longer has",
    )
    parser.add_argument(
        "--map", metavar="column=field", action="append", default=[], help="may be repeated"
    )
    parser.add_argument("--dry-run", action="store_true", help="report, change nothing")
    parser.add_argument("--json", action="store_true")


def run(options: argparse.Namespace, screen: Screen) -> int:
    """Import, and say what became of each row that is not as before."""
    if options.what == "actions":
        return import_actions.run(options, screen)
    start_django()
    from convoca.exchange import reading  # noqa: PLC0415  app ready
    from convoca.exchange.services.members import import_members  # noqa: PLC0415  app ready
    from convoca.network.services import Row  # noqa: PLC0415  app ready

    try:
        file = reading.open_file(options.file, kind="members")
    except OSError as error:
        raise Failed(f"{options.file} cannot be read: {error.strerror}") from error
    mapping = reading.suggest(file, "members").with_changes(options.map)
    with screen.progress("Importing"):
        tally, unread = import_members(file, mapping, by=None, dry_run=options.dry_run)
    told = [row for row in tally.rows if row.state != "same"]
    told += [
        Row(row.number, "", "wrong", [reading.in_words(one) for one in row.reasons])
        for row in unread
    ]
    screen.table(
        ["row", "", "name", "notes"],
        [(row.number, row.state, row.words, " ".join(map(str, row.notes))) for row in told],
    )
    wrong = tally.wrong + len(unread)
    unused = [column for column, meant in mapping.columns.items() if meant == "other"]
    if unused:
        screen.say(f"Columns not used: {', '.join(unused)}")
    screen.say(
        f"{tally.added} added, {tally.changed} changed, {tally.same} unchanged, {wrong} "
        f"wrong; {tally.committees} committees, {tally.invitations} invitations"
        + (" (nothing was written)" if options.dry_run else "")
    )
    screen.result(
        {
            "dry_run": options.dry_run,
            "added": tally.added,
            "changed": tally.changed,
            "same": tally.same,
            "wrong": wrong,
            "committees": tally.committees,
            "invitations": tally.invitations,
            "unknown_columns": unused,
            "rows": [vars(row) for row in told],
        }
    )
    return int(bool(tally.wrong or unread))
