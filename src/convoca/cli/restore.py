"""`convoca restore`: bring back a backup, in HOLD; or try one out and throw it away again."""

import argparse
import os
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from convoca.cli.key_files import is_of_keys, move_keys, put_keys, staging, unpack_keys
from convoca.cli.keys import passphrase
from convoca.cli.main import Failed
from convoca.cli.revival import SETTINGS, bring_to_life, drill_database, room_in_database, run_sql
from convoca.cli.screen import Screen
from convoca.cli.serve import hold_lock
from convoca.core import backups
from convoca.core import config as configuration
from convoca.core.config import Config

STATE = ("db.sqlite3", "db.sqlite3-wal", "db.sqlite3-shm", "media")
"""What makes room for a backup. A journal without its database would be played into the new one."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = """Examples:
  convoca restore /srv/backups/convoca.backup --drill
  convoca restore /srv/backups/convoca.backup --keys /media/stick/convoca.keys
  convoca restore /media/stick/convoca.keys

Stop the server first. A restored network is in HOLD: it can be read and worked on, but no mail
leaves until a steward releases it on "Today". Without the keys that belong to a backup, what
people gave us stays closed; it says how much. A file of keys is recognised by itself."""
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument(
        "--force",
        action="store_true",
        help="replace what is here; the old state is kept aside, and the place is told",
    )
    parser.add_argument(
        "--drill",
        action="store_true",
        help="restore into a temporary place, check everything, note the day, change nothing",
    )
    parser.add_argument(
        "--keys",
        metavar="FILE",
        type=Path,
        help="the file of keys that opens what is sealed (convoca keys export)",
    )
    parser.add_argument("--passphrase-file", metavar="FILE", type=Path)
    parser.add_argument("--json", action="store_true")


def run(options: argparse.Namespace, screen: Screen) -> int:
    """Read the file to its last byte first; then restore, or drill."""
    config = configuration.load()
    if is_of_keys(options.file):
        return _restore_keys(config, options, screen)
    with screen.progress("Reading the backup") as step:
        contents = backups.read(options.file, progress=step)
    if contents.kind == "keys":
        return _restore_keys(config, options, screen)
    if contents.database == backups.POSTGRESQL and not config.database_url:
        raise Failed(
            "this backup is of a PostgreSQL database, and the settings speak of SQLite. "
            "Set database_url = postgres://… to an empty database."
        )
    if options.drill:
        return _drill(config, options, contents, screen)
    lock = hold_lock(config.home, patience=0.5)
    try:
        return _restore(config, options, contents, screen)
    finally:
        os.close(lock)


def _restore(
    config: Config, options: argparse.Namespace, contents: backups.Contents, screen: Screen
) -> int:
    aside = _occupied(config)
    if aside and not options.force:
        raise Failed(
            f"{config.home} is in use: {', '.join(aside)}. "
            "With --force the old state is kept aside and the backup takes its place."
        )
    with staging(config.home) as folder:
        keys = _keys_for(config, options, folder)
        with screen.progress("Unpacking") as step:
            backups.unpack(options.file, folder, progress=step)
        with room_in_database(config, aside) as schema:
            facts = bring_to_life(config, folder, screen, keys=keys)
        kept = _keep_aside(config, aside, schema)
        if options.keys is not None:
            move_keys(config, keys.parent)
        took_settings = _move_in(config, folder)
    configuration.make_keys(config)
    screen.say(f"Restored the network as it was at {contents.made_at:%Y-%m-%d %H:%M} UTC.")
    if kept:
        screen.say(f"What was here before is kept: {kept}")
    screen.say("It is in HOLD: no mail leaves until a steward releases it on Today.")
    _say_closed(facts, screen)
    if took_settings:
        screen.say("Passwords are not in a backup: put them into convoca.toml, then: convoca check")
    screen.result({"restored": str(options.file), "kept": str(kept or ""), "hold": True, **facts})
    return 0


def _drill(
    config: Config, options: argparse.Namespace, contents: backups.Contents, screen: Screen
) -> int:
    """The whole restore, in a place that is thrown away; what is in use is not touched."""
    file = options.file
    with tempfile.TemporaryDirectory(prefix="convoca-drill-") as name:
        folder = Path(name)
        keys = _keys_for(config, options, folder)
        with screen.progress("Unpacking") as step:
            backups.unpack(file, folder, progress=step)
        with drill_database(config) as url:
            facts = bring_to_life(config, folder, screen, keys=keys, database_url=url)
    if config.home.is_dir():  # a drill may be on another machine
        backups.note_drill(config.home, file, contents)
    screen.say(f"The drill held: {file} of {contents.made_at:%Y-%m-%d %H:%M} UTC can be restored.")
    screen.table(["what", "how many"], [row for row in facts.items() if row[0] != "closed"])
    _say_closed(facts, screen)
    screen.result({"drill": str(file), **facts})
    return 0


def _occupied(config: Config) -> list[str]:
    """What stands where the backup would go."""
    found = [name for name in STATE if _is_something(config.home / name)]
    return [*found, "the database"] if config.database_url and _tables(config) else found


def _is_something(path: Path) -> bool:
    return path.is_file() or (path.is_dir() and any(path.iterdir()))


def _tables(config: Config) -> bool:
    said = run_sql(config, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
    return said.strip() != "0"


def _keep_aside(config: Config, aside: list[str], schema: str) -> Path | None:
    """Move the old state out of the way, within the home."""
    if not aside:
        return None
    kept = config.home / f"before-restore-{datetime.now(UTC):%Y%m%d-%H%M%S}"
    kept.mkdir(mode=0o700)
    for name in STATE:
        if (config.home / name).exists():
            (config.home / name).rename(kept / name)
    if schema:
        words = f"The old tables are in the schema {schema} of the database.\n"
        (kept / "README").write_text(words, encoding="utf-8")
    backups.flush(config.home)
    return kept


def _move_in(config: Config, restored: Path) -> bool:
    """Put the restored state in its place; says whether the settings came along, too."""
    for name in ("media", "db.sqlite3"):
        if (restored / name).exists():
            (restored / name).rename(config.home / name)
    if (restored / "places.toml").exists() and not (config.home / "places.toml").exists():
        (restored / "places.toml").rename(config.home / "places.toml")
    toml = config.home / "convoca.toml"
    takes_settings = (restored / SETTINGS).exists() and not toml.exists()
    if takes_settings:
        (restored / SETTINGS).rename(toml)
        toml.chmod(0o600)
    backups.flush(config.home)
    return takes_settings


def _restore_keys(config: Config, options: argparse.Namespace, screen: Screen) -> int:
    """Put the keys back; keys that are here stay, unless they are to be replaced."""
    if options.drill:
        with tempfile.TemporaryDirectory(prefix="convoca-drill-") as folder:
            unpack_keys(options.file, Path(folder), ask=_ask(options))
        screen.say("The file of keys is whole.")
        return 0
    put_keys(config, options.file, force=options.force, ask=_ask(options))
    screen.say(f"The keys are back in {config.keys}.")
    screen.result({"restored": str(options.file), "kind": "keys"})
    return 0


def _ask(options: argparse.Namespace) -> Callable[[], str]:
    return lambda: passphrase(options.passphrase_file)


def _keys_for(config: Config, options: argparse.Namespace, within: Path) -> Path:
    """The folder of keys that open the backup: those given with it, or those that are here."""
    if options.keys is None:
        return config.keys
    folder = within / "given"
    folder.mkdir()
    unpack_keys(options.keys, folder, ask=_ask(options))
    return folder / "keys"


def _say_closed(facts: dict[str, Any], screen: Screen) -> None:
    """Name what stays closed without its key."""
    closed = facts.get("closed", [])
    if closed:
        screen.say("Closed, because their keys are not here (convoca keys import FILE):")
        screen.table(["what", "of", "rows"], [[c["what"], c["scope"], c["rows"]] for c in closed])
