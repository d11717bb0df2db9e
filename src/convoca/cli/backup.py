"""`convoca backup`: everything but the keys in one file; the keys in another."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from convoca.cli.screen import Screen
from convoca.core import backups
from convoca.core import config as configuration


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = """Examples:
  convoca backup /srv/backups/convoca.backup
  convoca backup --keys /media/stick/convoca.keys

The server may run meanwhile. FILE is replaced only by a whole new backup, so a crash or a full
disk leaves the last one. The keys are NOT in it, and without them what people gave us stays
closed: write them apart, with convoca keys export (sealed by a passphrase), once a month."""
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument(
        "--keys",
        action="store_true",
        help="write only the keys, and the settings with their passwords, without a passphrase",
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
    exported = backups.last_keys(config.home)
    if not options.keys:
        screen.say("It holds no keys. " + _keys_words(exported))
    screen.result(
        {
            "file": str(options.file.absolute()),
            "kind": contents.kind,
            "made_at": contents.made_at.isoformat(),
            "files": len(contents.files),
            "bytes": size,
            "keys_exported_at": exported.at.isoformat() if exported else None,
        }
    )
    return 0


def _keys_words(exported: backups.Done | None) -> str:
    if exported is None:
        return "They were never written apart. Run: convoca keys export FILE"
    age = (datetime.now(UTC) - exported.at).days
    days = "today" if age < 1 else "a day ago" if age == 1 else f"{age} days ago"
    again = " Run again: convoca keys export FILE" if age >= backups.OLD_KEYS.days else ""
    return f"They were last written apart {days}: {exported.file}.{again}"
