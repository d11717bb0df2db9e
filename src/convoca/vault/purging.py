"""Deleting on the told day: the keys first, then the rows, then what the database kept of them."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import structlog
from django.apps import apps
from django.db import connection, models, transaction
from django.utils import timezone

from convoca.audit import services as audit
from convoca.core.tick import every_day, every_minute
from convoca.vault import clock
from convoca.vault.keyring import VaultUnreadable, keyring, today
from convoca.vault.models import Purge, SealedRow
from convoca.vault.signals import about_to_purge

BATCH = 500
LATE = timedelta(days=1)
"""What is this much older than its told day is late, and the report says so."""
TURN = 8.0
"""Seconds that a worker gives to it at a time."""
_LOG = "log-not-emptied"
log = structlog.get_logger(__name__)


@dataclass
class Tally:
    """Of one kind of rows: how many were due, are deleted, and were late."""

    due: int = 0
    deleted: int = 0
    late: int = 0


@dataclass
class Report:
    """What a purge did, or would do."""

    day: date
    keys: int = 0
    """Weeks whose key was deleted."""
    rows: dict[str, Tally] = field(default_factory=dict)
    log_is_empty: bool = True
    """Whether SQLite's log was emptied too; else that is tried again each minute."""

    def total(self, name: str) -> int:
        return sum(getattr(tally, name) for tally in self.rows.values())

    @property
    def left(self) -> int:
        return self.total("due") - self.total("deleted")


def sealed_models() -> list[type[SealedRow]]:
    """Every kind of sealed row there is."""
    kinds = [kind for kind in apps.get_models() if issubclass(kind, SealedRow)]
    return sorted(kinds, key=lambda kind: kind._meta.label_lower)


def purge(
    *,
    dry_run: bool = False,
    clock_is_right: bool = False,
    may_go_on: Callable[[], bool] = lambda: True,
    patience: float = 10.0,
) -> Report:
    """Delete the keys and rows whose told day has come. Repeating it changes nothing.

    Refuses (`clock-moved`) where the clock moved by more than a day since it was last looked at.
    Short transactions: people go on working meanwhile. `patience` is how many seconds it waits
    for readers, to empty SQLite's log of what was deleted.
    """
    if clock_is_right and not dry_run:
        clock.beat(in_any_case=True)
    elif not clock_is_right:
        clock.insist()
    report = Report(today())
    report.keys = keyring().delete_ended(report.day, dry_run=dry_run)
    for kind in sealed_models():
        rows = kind._base_manager.filter(delete_on__lte=report.day)
        late = rows.filter(delete_on__lt=report.day - LATE)
        tally = report.rows[kind._meta.label_lower] = Tally(due=rows.count(), late=late.count())
        if not dry_run and tally.due:
            tally.deleted = _delete(kind, report.day, may_go_on)
    if not dry_run:
        report.log_is_empty = empty_log(patience)
        keyring().note(_LOG, "" if report.log_is_empty else "yes")
        _keep(report)
    return report


def _delete(kind: type[SealedRow], day: date, may_go_on: Callable[[], bool]) -> int:
    deleted = 0
    # What is sealed stays where it is: a row may be a piece of a file.
    unread = kind._base_manager.defer(*(field.attname for field in kind.sealed_fields()))
    due = unread.filter(delete_on__lte=day).order_by("delete_on", "pk")
    while may_go_on():
        with transaction.atomic():
            rows = list(due.select_for_update()[:BATCH])
            if not rows:
                break
            about_to_purge.send(kind, rows=rows)
            try:
                with transaction.atomic():
                    unread.filter(pk__in=[row.pk for row in rows]).delete()
            except (models.ProtectedError, models.RestrictedError):
                log.exception("sealed rows are protected by others", kind=kind._meta.label_lower)
                transaction.set_rollback(True)
                break
        deleted += len(rows)
    return deleted


@transaction.atomic
def _keep(report: Report) -> None:
    counts: dict[str, Any] = {
        name: [tally.due, tally.deleted, tally.late]
        for name, tally in report.rows.items()
        if tally.due
    }
    numbers: dict[str, Any] = {name: report.total(name) for name in ("due", "deleted", "late")}
    Purge.objects.create(day=report.day, keys=report.keys, counts=counts, **numbers)
    Purge.objects.filter(at__lt=timezone.now() - audit.KEPT).delete()
    if report.keys or numbers["due"]:
        audit.record("vault.purged", keys=report.keys, **numbers)


def empty_log(patience: float) -> bool:
    """Write SQLite's log into its file and cut it to nothing, so that no deleted row is left in it.

    Readers may keep it from that; then it is tried for so many seconds. Nothing to do elsewhere.
    """
    if connection.vendor != "sqlite":
        return True
    if connection.in_atomic_block:
        return False
    until = time.monotonic() + patience
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        usual = int(cursor.fetchall()[0][0])
        cursor.execute("PRAGMA busy_timeout=100")
        try:
            while True:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                if not cursor.fetchall()[0][0]:
                    return True
                if time.monotonic() >= until:
                    return False
                time.sleep(0.05)
        finally:
            cursor.execute(f"PRAGMA busy_timeout={usual}")


class Unfinished(Exception):
    """Rows are left that should have been deleted by now: it is tried again in an hour."""


@every_day
def purge_due() -> None:
    """What ends today, by a worker. Raises where something is left, so that the duty comes back."""
    until = time.monotonic() + TURN
    try:
        report = purge(may_go_on=lambda: time.monotonic() < until, patience=1.0)
    except clock.ClockMoved as refusal:
        log.error("nothing was deleted", because=str(refusal))
        raise
    if report.left > 0:
        raise Unfinished(f"{report.left} rows are left")


@every_minute
def watch() -> None:
    """The heartbeat, and once more the log, where readers kept it from being emptied."""
    try:
        clock.beat()
        if keyring().noted(_LOG) and empty_log(0.2):
            keyring().note(_LOG, "")
    except VaultUnreadable as error:
        log.error("the vault cannot be read", error=error.why)
