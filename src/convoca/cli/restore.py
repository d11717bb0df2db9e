"""`convoca restore`: bring back a backup, in HOLD; or try one out and throw it away again."""

import argparse
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

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
  convoca restore /srv/backups/convoca.backup
  convoca restore /media/stick/convoca.keys

Stop the server first. A restored network is in HOLD: it can be read and worked on, but no mail
leaves until a steward releases it on "Today". A file of keys is recognised by itself."""
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
    parser.add_argument("--json", action="store_true")


def run(options: argparse.Namespace, screen: Screen) -> int:
    """Read the file to its last byte first; then restore, or drill."""
    config = configuration.load()
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
        return _drill(config, options.file, contents, screen)
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
    configuration.make_keys(config)
    with _staging(config.home) as staging:
        with screen.progress("Unpacking") as step:
            backups.unpack(options.file, staging, progress=step)
        with room_in_database(config, aside) as schema:
            facts = bring_to_life(config, staging, screen)
        kept = _keep_aside(config, aside, schema)
        took_settings = _move_in(config, staging)
    screen.say(f"Restored the network as it was at {contents.made_at:%Y-%m-%d %H:%M} UTC.")
    if kept:
        screen.say(f"What was here before is kept: {kept}")
    screen.say("It is in HOLD: no mail leaves until a steward releases it on Today.")
    if took_settings:
        screen.say("Passwords are not in a backup: put them into convoca.toml, then: convoca check")
    screen.result({"restored": str(options.file), "kept": str(kept or ""), "hold": True, **facts})
    return 0


def _drill(config: Config, file: Path, contents: backups.Contents, screen: Screen) -> int:
    """The whole restore, in a place that is thrown away; what is in use is not touched."""
    with tempfile.TemporaryDirectory(prefix="convoca-drill-") as folder:
        staging = Path(folder)
        with screen.progress("Unpacking") as step:
            backups.unpack(file, staging, progress=step)
        with drill_database(config) as database_url:
            facts = bring_to_life(config, staging, screen, database_url=database_url)
    if config.home.is_dir():  # a drill may be on another machine
        backups.note_drill(config.home, file, contents)
    screen.say(f"The drill held: {file} of {contents.made_at:%Y-%m-%d %H:%M} UTC can be restored.")
    screen.table(["what", "how many"], facts.items())
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


def _move_in(config: Config, staging: Path) -> bool:
    """Put the restored state in its place; says whether the settings came along, too."""
    for name in ("media", "db.sqlite3"):
        if (staging / name).exists():
            (staging / name).rename(config.home / name)
    if (staging / "places.toml").exists() and not (config.home / "places.toml").exists():
        (staging / "places.toml").rename(config.home / "places.toml")
    toml = config.home / "convoca.toml"
    takes_settings = (staging / SETTINGS).exists() and not toml.exists()
    if takes_settings:
        (staging / SETTINGS).rename(toml)
        toml.chmod(0o600)
    backups.flush(config.home)
    return takes_settings


@contextmanager
def _staging(home: Path) -> Iterator[Path]:
    """A folder on the same disk as the home; a killed restore leaves it, the next removes it."""
    for left in home.glob(".restoring-*"):
        shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=".restoring-", dir=home))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _restore_keys(config: Config, options: argparse.Namespace, screen: Screen) -> int:
    """Put the keys back; keys that are here stay, unless they are to be replaced."""
    if config.keys.is_dir() and any(config.keys.iterdir()) and not options.force:
        raise Failed(f"there are keys in {config.keys} already. With --force they are kept aside.")
    if options.drill:
        screen.say("The file of keys is whole.")
        return 0
    config.home.mkdir(parents=True, exist_ok=True)
    with _staging(config.home) as staging:
        backups.unpack(options.file, staging)
        if config.keys.exists():
            stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
            config.keys.rename(config.home / f"keys-before-{stamp}")
        (staging / "keys").rename(config.keys)
        config.keys.chmod(0o700)
        for path in config.keys.iterdir():
            path.chmod(0o600)
        toml = config.home / "convoca.toml"
        if (staging / "convoca.toml").exists() and not toml.exists():
            (staging / "convoca.toml").rename(toml)
            toml.chmod(0o600)
    backups.flush(config.home)
    screen.say(f"The keys are back in {config.keys}.")
    screen.result({"restored": str(options.file), "kind": "keys"})
    return 0
