"""Django's backend for SQLite, whose transactions get in between those of somebody who writes much.

SQLite tells nobody who waits that the file is free. They ask again after 1, 2, 5 ms, and soon only
ten times a second: beside an import, that commits one portion after the other, they would rarely
meet the moment between two. Here they go on asking a hundred times a second.
"""

import sqlite3
from time import monotonic

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

BRIEFLY = 25
"""Milliseconds in which SQLite by itself asks again, at most ten milliseconds apart."""
PATIENCE = 5.0
"""Seconds that SQLite waits where nothing else is set, as Django and Python have it."""


class DatabaseWrapper(base.DatabaseWrapper):
    """Waits to begin as long as `timeout` in the options says, and for all else as Django does."""

    def _start_transaction_under_autocommit(self) -> None:
        patience = float(self.settings_dict["OPTIONS"].get("timeout", PATIENCE))
        until = monotonic() + patience
        try:
            self.connection.execute(f"PRAGMA busy_timeout={BRIEFLY}")
            while True:
                try:
                    super()._start_transaction_under_autocommit()  # type: ignore[misc]  # not stubbed
                    return
                except OperationalError as error:
                    if not _is_busy(error) or monotonic() > until:
                        raise
        finally:
            self.connection.execute(f"PRAGMA busy_timeout={int(patience * 1000)}")


def _is_busy(error: OperationalError) -> bool:
    code = getattr(error.__cause__, "sqlite_errorcode", 0)
    return code & 0xFF == sqlite3.SQLITE_BUSY
