"""`convoca keys`: the keys in a file under a passphrase, and back again."""

import argparse
import getpass
import os
import sys
from pathlib import Path

from convoca.cli.key_files import put_keys
from convoca.cli.main import Failed
from convoca.cli.screen import Screen
from convoca.cli.serve import hold_lock
from convoca.core import backups
from convoca.core import config as configuration
from convoca.core.passphrase import SHORTEST

VARIABLE = "CONVOCA_PASSPHRASE_FILE"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = f"""Examples:
  convoca keys export /media/stick/convoca.keys
  convoca keys export /srv/keys/convoca.keys --passphrase-file /root/passphrase
  convoca keys import /media/stick/convoca.keys

The file holds the keys of what is sealed, the secret key, and the settings with their passwords.
The passphrase is asked for on a terminal, or read from a file (also: {VARIABLE}).
Keys are made for each week to come: export them at least once a month, and destroy old files,
because they open what has been deleted since."""
    actions = parser.add_subparsers(dest="action", metavar="export|import", required=True)
    out = actions.add_parser("export", help="write the keys to FILE, sealed by a passphrase")
    back = actions.add_parser("import", help="bring the keys back (stop the server first)")
    for part in (out, back):
        part.add_argument("file", metavar="FILE", type=Path)
        part.add_argument("--passphrase-file", metavar="FILE", type=Path)
        part.add_argument("--json", action="store_true")
    back.add_argument("--force", action="store_true", help="keep the keys that are here aside")


def run(options: argparse.Namespace, screen: Screen) -> int:
    """Write the file, or put the keys back."""
    return (_export if options.action == "export" else _import)(options, screen)


def _export(options: argparse.Namespace, screen: Screen) -> int:
    config = configuration.load()
    phrase = passphrase(options.passphrase_file, twice=True)
    contents = backups.write_keys(config, options.file, passphrase=phrase)
    screen.say(f"{options.file}: the keys, sealed. Without the passphrase nobody opens them.")
    screen.say("Keep it apart from the backups, and destroy the file that it replaces.")
    screen.result(
        {"file": str(options.file.absolute()), "made_at": contents.made_at, "kind": contents.kind}
    )
    return 0


def _import(options: argparse.Namespace, screen: Screen) -> int:
    config = configuration.load()
    lock = hold_lock(config.home, patience=0.5) if config.home.is_dir() else None
    try:
        kept = put_keys(
            config,
            options.file,
            force=options.force,
            ask=lambda: passphrase(options.passphrase_file),
        )
    finally:
        if lock is not None:
            os.close(lock)
    screen.say(f"The keys are back in {config.keys}.")
    if kept:
        screen.say(f"The keys that were here are kept: {kept}")
    screen.result({"restored": str(options.file), "kind": "keys", "kept": str(kept or "")})
    return 0


def passphrase(file: Path | None, *, twice: bool = False) -> str:
    """The passphrase from a file, or from a person at a terminal."""
    file = file or (Path(os.environ[VARIABLE]) if os.environ.get(VARIABLE) else None)
    if file is not None:
        return file.read_text(encoding="utf-8").strip()
    if not sys.stdin.isatty():
        raise Failed(f"nobody is there to type a passphrase. Set --passphrase-file or {VARIABLE}.")
    phrase = getpass.getpass(f"Passphrase (at least {SHORTEST} characters): ").strip()
    if twice and getpass.getpass("The same once more: ").strip() != phrase:
        raise Failed("the two were not the same; nothing was written.")
    return phrase
