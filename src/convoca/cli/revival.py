"""Bringing a backup to life: loaded, migrated, held and verified before it takes any place."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from convoca.cli.main import Failed
from convoca.cli.ready import prepare_database, refuse_newer, start_django
from convoca.cli.screen import Screen
from convoca.core import backups
from convoca.core import config as configuration
from convoca.core.config import Config

HOLD_REASON = "Restored from a backup: what had been sent since then must not go out twice."
SETTINGS = "settings-of-the-backup.toml"


def bring_to_life(
    config: Config, staging: Path, screen: Screen, *, keys: Path, database_url: str = ""
) -> dict[str, Any]:
    """Load, migrate, hold and verify a restored database before it takes anybody's place.

    Says among other facts what stays closed with the keys of that folder.
    """
    written = staging / "convoca.toml"
    if written.exists():
        written.rename(staging / SETTINGS)  # they are for later, not for starting here and now
    if config.database_url:
        os.environ["CONVOCA_DATABASE_URL"] = database_url or config.database_url
    lite = staging / backups.SQLITE
    if not lite.exists():
        _load_dump(staging / backups.POSTGRESQL, configuration.load())
    elif wrong := backups.check_sqlite(lite):
        raise Failed(f"the database in this backup is damaged: {wrong}")
    elif not config.database_url:
        lite.rename(staging / "db.sqlite3")
    return _start_on(staging, screen, keys)


def _load_dump(dump: Path, target: Config) -> None:
    backups.run_postgresql(["pg_restore", "--list", str(dump)], target)
    database = configuration.database_facts(target)
    assert database is not None  # noqa: S101  a dump is loaded only where PostgreSQL is set
    fixed = ["pg_restore", "--no-owner", "--no-privileges", "--single-transaction"]
    backups.run_postgresql([*fixed, f"--dbname={database.name}", str(dump)], target)
    dump.unlink()


def _start_on(staging: Path, screen: Screen, keys: Path) -> dict[str, Any]:
    """Start Django on the restored state; the settings of this machine, its keys aside."""
    os.environ["CONVOCA_SECRET_KEY"] = os.urandom(32).hex()
    os.environ["CONVOCA_HOME"] = str(staging)
    os.environ.pop("CONVOCA_SECRET_KEY_FILE", None)
    start_django()
    from django.db import connection  # noqa: PLC0415  slow

    from convoca.accounts.models import Person  # noqa: PLC0415  app ready
    from convoca.audit import services as audit  # noqa: PLC0415  app ready
    from convoca.network.models import Organisation  # noqa: PLC0415  app ready
    from convoca.outbox import services as outbox  # noqa: PLC0415  app ready
    from convoca.outbox.models import Message  # noqa: PLC0415  app ready
    from convoca.vault.holdings import closed_rows  # noqa: PLC0415  app ready

    refuse_newer()
    prepare_database(screen)
    lite = staging / backups.SQLITE
    if lite.exists():
        from convoca.cli.crossing import cross  # noqa: PLC0415  app ready

        with screen.progress("Moving to PostgreSQL") as step:
            cross(lite, step)
        lite.unlink()
    outbox.hold(HOLD_REASON)
    verdict = audit.verify()
    if verdict.broken:
        screen.note(f"Mind: the audit trail in this backup is broken at {verdict.broken}.")
    facts = {
        "people": Person.objects.count(),
        "organisations": Organisation.objects.count(),
        "audit rows": verdict.rows,
        "mails waiting": Message.objects.waiting().count(),
        "closed": [asdict(closed) for closed in closed_rows(keys)],
    }
    connection.close()
    return facts


@contextmanager
def room_in_database(config: Config, aside: list[str]) -> Iterator[str]:
    """On PostgreSQL: the old tables in a schema of their own; back in place if it fails."""
    if "the database" not in aside:
        yield ""
        return
    schema = f"{backups.ASIDE}{datetime.now(UTC):%Y%m%d_%H%M%S}"
    run_sql(config, f"ALTER SCHEMA public RENAME TO {schema}", "CREATE SCHEMA public")
    try:
        yield schema
    except BaseException:
        _disconnect()
        run_sql(config, "DROP SCHEMA public CASCADE", f"ALTER SCHEMA {schema} RENAME TO public")
        raise


def run_sql(config: Config, *statements: str) -> str:
    words = [word for statement in statements for word in ("-c", statement)]
    fixed = ["psql", "-qAt", "--no-psqlrc", "--single-transaction", "--set=ON_ERROR_STOP=1"]
    return backups.run_postgresql([*fixed, *words], config)


def _disconnect() -> None:
    if "django.db" in sys.modules:
        from django.conf import settings  # noqa: PLC0415  slow
        from django.db import connection  # noqa: PLC0415  slow

        if settings.configured:
            connection.close()


@contextmanager
def drill_database(config: Config) -> Iterator[str]:
    """An empty PostgreSQL database for the drill, dropped at its end; nothing for SQLite."""
    if not config.database_url:
        yield ""
        return
    name = f"convoca_drill_{os.getpid()}"
    try:
        backups.run_postgresql(["createdb", name], config)
    except Exception as error:
        raise Failed(
            f"the drill needs a database of its own ({error}). Allow it once: ALTER ROLE … CREATEDB"
        ) from error
    try:
        yield urlunsplit(urlsplit(config.database_url)._replace(path=f"/{name}"))
    finally:
        backups.run_postgresql(["dropdb", "--force", name], config)
