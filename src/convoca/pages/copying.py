"""A thread of Django's process: brings the store what was touched and not copied.

Each commit copies what it touched; this is for what a crash lost in between, and for what other
hosts have touched.
"""

import logging
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, close_old_connections

from convoca.pages.services import copy_recent, copy_versions, store, touch_everything

log = logging.getLogger(__name__)

EACH_SECOND, EACH_MINUTE = 1.0, 60.0
PACKAGE = Path(__file__).resolve().parent.parent


def start() -> None:
    """Copy everything now, and what is new from time to time, until the process ends.

    Pages that another version of the program drew are drawn again.
    """
    threading.Thread(target=_run, name="copy-versions", daemon=True).start()


def program() -> str:
    """What the installed program is known by: how many files it has and when the last was changed.
    It need not be right, only another one after an upgrade.
    """
    files = [path.stat() for path in PACKAGE.rglob("*") if path.suffix in (".py", ".html", ".mo")]
    return f"{len(files)} files, the last of {max(one.st_mtime_ns for one in files)}"


def _draw_again_after_an_upgrade() -> None:
    kept = store()
    if kept is not None and kept.fact("program") != (now := program()):
        touch_everything()
        kept.tell("program", now)


def _run() -> None:
    with suppress(DatabaseError, sqlite3.Error):
        _draw_again_after_an_upgrade()
    pause = EACH_SECOND if settings.CONFIG.database_url else EACH_MINUTE
    copy: Callable[[], object] = copy_versions
    while True:
        try:
            copy()
        except DatabaseError:  # it is busy or away, or not made yet
            log.warning("versions of pages could not be read")
        else:
            copy = copy_recent
        close_old_connections()
        time.sleep(pause)
