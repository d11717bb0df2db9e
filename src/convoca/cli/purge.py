"""`convoca purge`: delete what was told to end by today. The server does it each day by itself."""

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING

from convoca.cli.main import COULD_NOT
from convoca.cli.ready import start_django
from convoca.cli.screen import Screen

if TYPE_CHECKING:
    from convoca.vault.purging import Report


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = """Examples:
  convoca purge --dry-run
  convoca purge
  convoca purge --clock-is-right

The running server does this each day by itself. Where the clock moved by more than a day since it
was last looked at, nothing is deleted: a wrong clock would end everything at once. Set it right,
or say --clock-is-right, for example when the machine was off for some days."""
    parser.add_argument("--dry-run", action="store_true", help="report, delete nothing")
    parser.add_argument(
        "--clock-is-right", action="store_true", help="the clock moved, and is right now"
    )
    parser.add_argument("--json", action="store_true")


def run(options: argparse.Namespace, screen: Screen) -> int:
    """Delete, and say of each kind of rows what was due, deleted and late."""
    start_django()
    from convoca.vault.purging import purge  # noqa: PLC0415  app ready

    with screen.progress("Deleting"):
        report = purge(dry_run=options.dry_run, clock_is_right=options.clock_is_right)
    _say(report, screen, dry_run=options.dry_run)
    screen.result(
        {
            "day": report.day,
            "dry_run": options.dry_run,
            "keys": report.keys,
            "log_is_empty": report.log_is_empty,
            "rows": {name: asdict(tally) for name, tally in report.rows.items()},
        }
    )
    return COULD_NOT if report.left > 0 and not options.dry_run else 0


def _say(report: "Report", screen: Screen, *, dry_run: bool) -> None:
    rows = [
        [name, tally.due, tally.deleted, tally.late]
        for name, tally in report.rows.items()
        if tally.due
    ]
    if rows:
        screen.table(["what", "due", "deleted", "late"], rows)
    else:
        screen.say(f"No row was told to end by {report.day}.")
    verb = "would be deleted" if dry_run else "deleted"
    screen.say(f"Weeks whose key {verb}: {report.keys}.")
    if not report.log_is_empty:
        screen.say("SQLite's log is in use, and is emptied as soon as its readers are done.")
    if report.left > 0 and not dry_run:
        screen.say(f"{report.left} rows are left; the server's log says why.")
