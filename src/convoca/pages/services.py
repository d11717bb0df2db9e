"""`touch` says that something has changed, `take_down` that it must be gone at once; both raise
versions of tags in the caller's transaction, and what they raised is copied to the file of kept
pages after the commit."""

import logging
import sqlite3
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from convoca.pages.models import Tag
from convoca.pages.store import EVERYTHING, Store

log = logging.getLogger(__name__)

LOOK_BACK = timedelta(minutes=5)
"""How far back versions are copied again: a crash, or clocks of hosts that differ, lose none."""
ELSEWHERE = 1.5
"""Seconds after which every host has seen a tag that was taken down (they look each second)."""
NOTICED = 0.3
"""Seconds after which every process has noticed that the file of kept pages is another one."""

_FACTS: dict[str, Callable[[], str]] = {}


def touch(*tags: str) -> None:
    """Say, in the caller's transaction, that what these tags stand for has changed."""
    _raise(tags, "")


def touch_everything() -> None:
    """Have every page drawn again by whoever next asks for it."""
    touch(EVERYTHING)


def take_down(*tags: str) -> None:
    """Say, in the caller's transaction, that pages with these tags must be shown to nobody.

    They are out of the store before the commit returns, so before the answer to whoever asked for
    it; what is being drawn meanwhile is neither kept nor answered. Readers wait for a new drawing.
    """
    _raise(tags, f", down = {_table()}.version + 1")
    _touched().is_down = True


def _table() -> str:
    return connection.ops.quote_name(Tag._meta.db_table)


def _raise(tags: Iterable[str], also: str) -> None:
    names = sorted(set(tags))  # in one order, so that two transactions cannot wait crosswise
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:  # every save comes by here: one statement, not three
        cursor.executemany(
            f"INSERT INTO {_table()} (name, version, down, touched_at)"  # noqa: S608  ours
            f" VALUES (%s, 1, {1 if also else 0}, %s) ON CONFLICT (name) DO UPDATE SET"
            f" version = {_table()}.version + 1, touched_at = excluded.touched_at{also}",
            [[name, now] for name in names],
        )
    if settings.PAGES_STORE is not None:
        _touched().names.update(names)
        transaction.on_commit(_copy_touched)


@dataclass
class _Touched:
    """What this thread has touched and not copied. What a rollback leaves in it does no harm."""

    names: set[str] = field(default_factory=set)
    is_down: bool = False


def _touched() -> _Touched:
    found: _Touched = connection.__dict__.setdefault("convoca_touched", _Touched())
    return found


def _copy_touched() -> None:
    touched = _touched()
    if not touched.names:  # the first of the many that one transaction registers did it for all
        return
    connection.__dict__["convoca_touched"] = _Touched()
    is_copied = copy_versions(Tag.objects.filter(pk__in=list(touched.names)))
    if touched.is_down:
        _see_to_it(is_copied)


def _see_to_it(is_copied: bool) -> None:
    """What was taken down is shown by nobody: not by a file that takes no changes, which is
    deleted instead, and not by other hosts, which have files of their own.
    """
    kept = store()
    if kept is not None and not is_copied:
        kept.throw_away()
        copy_versions()
        time.sleep(NOTICED)
    if connection.vendor == "postgresql":
        time.sleep(ELSEWHERE)


def versions(tags: Iterable[str]) -> dict[str, int]:
    """The present version of each tag; 0 where nothing has touched it yet."""
    wanted = list(set(tags))
    if not wanted:
        return {}
    marks = ", ".join(["%s"] * len(wanted))
    with connection.cursor() as cursor:  # asked several times for each drawing: SQL, at a tenth
        cursor.execute(f"SELECT name, version FROM {_table()} WHERE name IN ({marks})", wanted)  # noqa: S608  ours
        return dict.fromkeys(wanted, 0) | dict(cursor.fetchall())


@cache
def _store_at(path: Any) -> Store:
    return Store(path)


def store() -> Store | None:
    """The file of kept pages; None where pages are not kept, as in most tests."""
    return _store_at(settings.PAGES_STORE) if settings.PAGES_STORE is not None else None


def copy_versions(rows: Any = None) -> bool:
    """Copy versions of tags to the store: of these rows, else of all. Answers whether it could.

    What cannot be copied is copied within a minute: a page may be old for so long, but a change
    never fails for it.
    """
    kept = store()
    if kept is None:
        return True
    found = Tag.objects.all() if rows is None else rows
    copied = list(found.values_list("name", "version", "down"))
    try:
        kept.copy(copied)
        if rows is None or any(name in ("site", EVERYTHING) for name, _v, _d in copied):
            _tell_facts(kept)
    except sqlite3.Error:
        log.exception("versions of tags were not copied")
        return False
    return True


def copy_recent() -> None:
    """Copy what was touched lately, by whichever process on whichever host."""
    copy_versions(Tag.objects.filter(touched_at__gt=timezone.now() - LOOK_BACK))


def fact(name: str) -> Callable[[Callable[[], str]], Callable[[], str]]:
    """Register a word that the front needs to know; asked for again when `site` is touched."""

    def register(ask: Callable[[], str]) -> Callable[[], str]:
        _FACTS[name] = ask
        return ask

    return register


def _tell_facts(kept: Store) -> None:
    for name, ask in _FACTS.items():
        kept.tell(name, ask())
