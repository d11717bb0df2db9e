"""From SQLite to PostgreSQL: every row of every table, in one transaction, counted twice."""

from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, connections, models, transaction

from convoca.cli.main import Failed
from convoca.cli.ready import refuse_newer
from convoca.cli.screen import Step
from convoca.vault.fields import as_stored

OLD = "before"
_BATCH = 500


def cross(database: Path, step: Step) -> int:
    """Copy all rows of an SQLite file into the empty, migrated default database.

    Either everything arrives or nothing does. Returns the number of rows.
    """
    _open(database)
    try:
        refuse_newer(OLD)
        call_command("migrate", database=OLD, verbosity=0, interactive=False)
        with transaction.atomic(), as_stored():
            return _copy_all(step)
    finally:
        connections[OLD].close()
        del connections.databases[OLD]


def _open(database: Path) -> None:
    facts: dict[str, Any] = {**connections.databases["default"]}
    facts |= {"ENGINE": "django.db.backends.sqlite3", "NAME": database, "OPTIONS": {}}
    facts |= {"USER": "", "PASSWORD": "", "HOST": "", "PORT": "", "CONN_MAX_AGE": 0}
    connections.databases[OLD] = facts


def _copy_all(step: Step) -> int:
    kinds = [
        kind
        for kind in apps.get_models(include_auto_created=True)
        if kind._meta.managed and not kind._meta.proxy
    ]
    _empty(kinds)
    total = sum(kind._base_manager.using(OLD).count() for kind in kinds)
    done = 0
    for kind in kinds:
        done += _copy(kind)
        step(done, total)
        arrived = kind._base_manager.using("default").count()
        if arrived != kind._base_manager.using(OLD).count():
            raise Failed(f"not every row of {kind._meta.db_table} arrived; nothing was changed.")
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), kinds):
            cursor.execute(statement)
    return done


def _empty(kinds: list[type[models.Model]]) -> None:
    """Take away what migrating an empty database has put there."""
    tables = ", ".join(connection.ops.quote_name(kind._meta.db_table) for kind in kinds)
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {tables} CASCADE")


def _copy(kind: type[models.Model]) -> int:
    """Rows as they are: nothing that a save would do happens to them."""
    fields = [field for field in kind._meta.local_concrete_fields if not field.generated]
    rows = kind._base_manager.using(OLD).order_by("pk").iterator(_BATCH)
    done, batch = 0, []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            done += _insert(kind, fields, batch)
            batch = []
    return done + (_insert(kind, fields, batch) if batch else 0)


def _insert(kind: type[models.Model], fields: list[Any], batch: list[Any]) -> int:
    try:
        kind._base_manager._insert(batch, fields=fields, using="default", raw=True)  # type: ignore[attr-defined]
    except ValueError as error:  # a zero byte in a text, which PostgreSQL cannot keep
        words = f"{kind._meta.db_table}, rows {batch[0].pk} to {batch[-1].pk}: {error}"
        raise Failed(f"{words}; nothing was changed.") from error
    return len(batch)
