"""`convoca export actions`: what is public, as a file for other programs."""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from convoca.cli.main import Failed
from convoca.cli.ready import start_django
from convoca.cli.screen import Screen, Step

if TYPE_CHECKING:
    from convoca.actions.feeds.shown import Shown

FORMATS = ("csv", "ics", "geojson", "json")
AT_ONCE = 500


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = """Examples:
  convoca export actions --format csv --out actions.csv
  convoca export actions --format geojson --language es > actions.geojson

All public actions, past ones too, with what everybody may read of them: no sign-ups, and no
address that is hidden. Without --out it is written to the standard output."""
    parser.add_argument("what", choices=["actions"])
    parser.add_argument("--format", choices=FORMATS, default="csv", help="csv if not given")
    parser.add_argument("--language", default="", help="whose words; else the network's first")
    parser.add_argument("--out", metavar="FILE", type=Path, help="where to; a file is replaced")


def run(options: argparse.Namespace, screen: Screen) -> int:
    """Write the file whole or not at all."""
    start_django()
    from django.utils import translation  # noqa: PLC0415  app ready

    from convoca.actions.feeds import files  # noqa: PLC0415  app ready
    from convoca.campaigns.front import reader  # noqa: PLC0415  app ready
    from convoca.core.languages import UI_LANGUAGES  # noqa: PLC0415  app ready
    from convoca.network.models import Network  # noqa: PLC0415  app ready

    network = Network.load()
    language = options.language or network.main_language
    if options.language and language not in UI_LANGUAGES:
        raise Failed(f"There is no language “{language}”: {', '.join(UI_LANGUAGES)}.")
    with translation.override(language), screen.progress("Reading actions") as step:
        rows = _all(files.every(reader(network), AT_ONCE), files.count(), step)
        body = files.written(options.format, rows, reader(network))
    if options.out is None:
        sys.stdout.buffer.write(body)
        sys.stdout.flush()
    else:
        part = options.out.with_name(f".{options.out.name}.part")
        try:
            part.write_bytes(body)
            part.replace(options.out)
        finally:
            part.unlink(missing_ok=True)
        screen.note(f"{len(rows)} actions in {options.out}")
    return 0


def _all(parts: "Iterable[list[Shown]]", total: int, step: Step) -> "list[Shown]":
    found: list[Shown] = []
    for part in parts:
        found += part
        step(len(found), total)
    return found
