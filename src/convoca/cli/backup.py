"""`convoca backup`: everything but the keys in one file; the keys in another."""

import argparse
from pathlib import Path

from convoca.cli.screen import Screen
from convoca.core import backups
from convoca.core import config as configuration


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = """Examples:
  convoca backup /srv/backups/convoca.backup
  convoca backup --keys /media/stick/convoca.keys

The server may run meanwhile. FILE is replaced only by a whole new backup, so a crash or a full
disk leaves the last one. The keys are NOT in it: write them once, apart, to a safe place."""
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument(
        "--keys",
        action="store_true",
        help="write only the keys, and the settings with their passwords",
    )
    parser.add_argument("--json", action="store_true")


def run(options: argparse.Namespace, screen: Screen) -> int:
    """Write the file and say what is in it."""
    config = configuration.load()
    if options.keys:
        contents = backups.write_keys(config, options.file)
    else:
        with screen.progress("Backing up") as step:
            contents = backups.write_backup(config, options.file, progress=step)
    size = options.file.stat().st_size
    what = "keys" if options.keys else "database, media and settings"
    screen.say(f"{options.file}: {what}, {len(contents.files)} files, {size:,} bytes.")
    if not options.keys:
        screen.say("The keys are not in it: convoca backup --keys FILE writes them apart.")
    screen.result(
        {
            "file": str(options.file.absolute()),
            "kind": contents.kind,
            "made_at": contents.made_at.isoformat(),
            "files": len(contents.files),
            "bytes": size,
        }
    )
    return 0
