"""`convoca import organisations FILE`."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from convoca.core.errors import Refusal
from convoca.network import services, spreadsheets


class Command(BaseCommand):
    help = (
        "Import member organisations, their committees and contacts from a CSV file. "
        "Only the column name is needed; docs/use/steward-network.md lists the others. "
        "Importing twice is importing once. Example: import_organisations members.csv --dry-run"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="report, change nothing")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *, file: Path, dry_run: bool, json: bool, **options: object) -> None:
        try:
            rows = spreadsheets.read(spreadsheets.decode(file.read_bytes()))
            tally = services.import_organisations(rows, dry_run=dry_run)
        except (OSError, Refusal) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_as_json(tally) if json else _as_words(tally))
        if tally.wrong:
            raise CommandError(f"{tally.wrong} rows are wrong and were left out.")


def _as_words(tally: services.Tally) -> str:
    lines = [
        f"row {row.number}: {row.state}: {row.words}"
        + "".join(f"\n    {note}" for note in row.notes)
        for row in tally.rows
        if row.state != "same"
    ]
    if tally.unknown_columns:
        lines.append(f"columns not used: {', '.join(tally.unknown_columns)}")
    lines.append(
        f"{tally.added} added, {tally.changed} changed, {tally.same} unchanged, "
        f"{tally.wrong} wrong; {tally.committees} committees, {tally.invitations} invitations"
    )
    return "\n".join(lines)


def _as_json(tally: services.Tally) -> str:
    return json.dumps(
        {
            "added": tally.added,
            "changed": tally.changed,
            "same": tally.same,
            "wrong": tally.wrong,
            "committees": tally.committees,
            "invitations": tally.invitations,
            "unknown_columns": tally.unknown_columns,
            "rows": [vars(row) for row in tally.rows if row.state != "same"],
        },
        ensure_ascii=False,
        indent=2,
    )
