"""`convoca link A B`: which rows of two lists are of the same action."""

import argparse
import csv
import errno
import io
import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from convoca.cli.main import Failed
from convoca.cli.screen import Screen
from convoca.cli.where import gazetteer

if TYPE_CHECKING:
    from convoca.counting.linking.files import Listed
    from convoca.counting.linking.linker import Link
    from convoca.places.gazetteer import Gazetteer

SHOWN = 20
"""Links, and refused rows of each file, that a person is shown; the rest is in the file."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = """Example:
  convoca link ours.csv theirs.csv --out pairs.csv

A and B are lists as convoca import actions reads them (CSV, calendars, JSON; .gz too), with a
column of ids, one of days and where: city, state and country, or location. Used if they are there:
venue, actors, claims, category, tags, event_type, size_low, size_high, attendees, lat, lon; under
headings of several languages, in any order.
Each row is in one pair at most; the score is how probable it is that both are of one action.
With --clear only pairs that need no second look are written. No installation is needed.

Rows without id or date are left out and named; then it ends with 1."""
    parser.add_argument("a", metavar="A", type=Path, help="one source's list")
    parser.add_argument("b", metavar="B", type=Path, help="the other's")
    parser.add_argument(
        "--out", metavar="PAIRS.csv", type=Path, required=True, help="where to; a file is replaced"
    )
    parser.add_argument("--clear", action="store_true", help="leave out what is doubtful")
    parser.add_argument("--json", action="store_true")


def run(options: argparse.Namespace, screen: Screen) -> int:
    """Read both lists, link them, write the pairs whole or not at all."""
    from convoca.counting.linking.linker import Linker, Verdict  # noqa: PLC0415  slow

    finder = gazetteer(screen)
    ours, theirs = (_listed(path, finder) for path in (options.a, options.b))
    with screen.progress("Linking") as step:
        found = Linker.shipped().link(ours.reports, theirs.reports, step=step)
    if options.clear:
        found = [link for link in found if link.verdict is Verdict.CLEAR]
    _write(options.out, found)
    count = Counter(link.verdict.value for link in found)
    screen.table(
        [str(options.a.name), str(options.b.name), "score", ""],
        [(x.one.id, x.other.id, f"{x.score:.3f}", x.verdict.value) for x in found[:SHOWN]],
    )
    if len(found) > SHOWN:
        screen.say(f"… and {len(found) - SHOWN} more in {options.out}")
    screen.say(
        f"{len(ours.reports)} and {len(theirs.reports)} reports: {len(found)} links in "
        f"{options.out}, {count['clear']} clear, {count['doubtful']} doubtful"
    )
    files = {str(options.a): ours, str(options.b): theirs}
    for name, listed in files.items():
        _say_refused(name, listed, screen)
    screen.result(
        {
            "out": str(options.out),
            "reports": {name: len(listed.reports) for name, listed in files.items()},
            "links": len(found),
            "clear": count["clear"],
            "doubtful": count["doubtful"],
            "refused": {
                name: [{"row": row, "why": why} for row, why in listed.refused]
                for name, listed in files.items()
            },
            "unknown_columns": {name: listed.unused for name, listed in files.items()},
        }
    )
    return int(bool(ours.refused or theirs.refused))


def _listed(path: Path, finder: "Gazetteer") -> "Listed":
    from django.conf import settings  # noqa: PLC0415  slow

    if not settings.configured:
        settings.configure(USE_I18N=False)  # the reader's sentences, as they stand in the code
    from convoca.core.errors import Refusal  # noqa: PLC0415  slow
    from convoca.exchange.reading import open_file  # noqa: PLC0415  slow
    from convoca.exchange.reports import reports_of  # noqa: PLC0415  slow

    if not path.is_file():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
    try:
        return reports_of(open_file(path), finder)
    except Refusal as refusal:
        raise Failed(f"{path}: {str(refusal).rstrip('.')}.") from refusal


def _write(path: Path, found: "list[Link]") -> None:
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet, lineterminator="\n")
    writer.writerow(["id_a", "id_b", "score"])
    writer.writerows((link.one.id, link.other.id, f"{link.score:.4f}") for link in found)
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(sheet.getvalue(), encoding="utf-8")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _say_refused(name: str, listed: "Listed", screen: Screen) -> None:
    for row, why in listed.refused[:SHOWN]:
        screen.note(f"{name}: row {row} is left out: {why}.")
    if len(listed.refused) > SHOWN:
        screen.note(f"{name}: and {len(listed.refused) - SHOWN} rows more.")
