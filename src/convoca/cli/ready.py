"""Start Django for a command, with the installation's settings."""

import gc
import os
from pathlib import Path
from typing import TYPE_CHECKING

from convoca.cli.main import Failed
from convoca.cli.static import collect
from convoca.core import config as configuration
from convoca.core.config import Config

if TYPE_CHECKING:
    from convoca.cli.screen import Screen


def start_django() -> Config:
    """Read the settings, load the apps, and log only what is worth a person's time."""
    config = configuration.load()
    if not config.home.is_dir():
        raise Failed(
            f"there is no installation in {config.home}. "
            "Run convoca init, or set CONVOCA_HOME to where it is."
        )
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "convoca.web.settings")
    import django  # noqa: PLC0415  slow

    django.setup()
    # Rows are no garbage: looking for it among some thousand of them, again and again, takes a
    # quarter of the time of a list.
    gc.set_threshold(50_000, 20, 50)
    return config


def prepare_database(screen: "Screen") -> list[str]:
    """Migrate, and make the table of counters. Repeating it changes nothing.

    Returns the migrations that were applied.
    """
    from django.core.management import call_command  # noqa: PLC0415  slow

    pending = pending_migrations()
    if pending:
        with screen.progress("Bringing the database up to date"):
            call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    return pending


def prepare_files(screen: "Screen") -> None:
    """The table of places, unpacked, and the static files, collected; each only if it changed."""
    from django.conf import settings  # noqa: PLC0415  slow

    from convoca.places.unpacking import unpack  # noqa: PLC0415  app ready

    with screen.progress("Unpacking the table of places"):
        unpack(Path(settings.PLACES_TABLE))
    with screen.progress("Preparing the pages' files"):
        collect(Path(settings.STATIC_ROOT))


def pending_migrations() -> list[str]:
    """Migrations that the database has not seen, such as `network.0002_regions`."""
    from django.db import connection  # noqa: PLC0415  slow
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415  slow

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def refuse_newer(using: str = "default") -> None:
    """Fail when the database has seen migrations that this version of Convoca does not know."""
    newer = unknown_migrations(using)
    if newer:
        raise Failed(
            f"the database belongs to a newer Convoca (it knows {newer[-1]}). "
            "Install that version, or restore a backup made with this one."
        )


def unknown_migrations(using: str = "default") -> list[str]:
    """Migrations that the database has seen and this version of Convoca does not know."""
    from django.db import connections  # noqa: PLC0415  slow
    from django.db.migrations.loader import MigrationLoader  # noqa: PLC0415  slow

    loader = MigrationLoader(connections[using])
    known = set(loader.disk_migrations or {})
    ours = {app for app, _ in known}
    applied = set(loader.applied_migrations or {}) - known
    return sorted(f"{app}.{name}" for app, name in applied if app in ours)
