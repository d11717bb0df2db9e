"""A thread of Django's process that looks after this host's store of kept pages.

Each commit copies what it touched; this is for what a crash lost in between and for what other
hosts have touched, for what an upgrade changes, and for what nobody reads any more.
"""

import logging
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, close_old_connections

from convoca.pages.services import copy_recent, copy_versions, store, touch_everything

log = logging.getLogger(__name__)

EACH_SECOND, EACH_MINUTE, EACH_HOUR = 1.0, 60.0, 3600.0
KEPT_UNREAD = 30
"""Days after which a page that nobody has asked for leaves the file."""
PACKAGE = Path(__file__).resolve().parent.parent


def start() -> None:
    """Copy everything now, and what is new from time to time, until the process ends.

    Pages that another version of the program drew are drawn again.
    """
    threading.Thread(target=_run, name="upkeep-of-pages", daemon=True).start()


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


def keep_up() -> None:
    """Copy what a crash or another host left behind, and empty the log of what has left."""
    copy_recent()
    kept = store()
    if kept is not None:
        kept.empty_log()


def forget_unread() -> int:
    """Let go of pages that nobody asks for any more. Says how many."""
    kept, gone = store(), 0
    while kept is not None and (some := kept.forget_unread(KEPT_UNREAD)):
        gone += some
    return gone


def _run() -> None:
    _tried(_draw_again_after_an_upgrade)
    _tried(copy_versions)
    pause = EACH_SECOND if settings.CONFIG.database_url else EACH_MINUTE / 4
    due = {keep_up: (EACH_MINUTE, 0.0), forget_unread: (EACH_HOUR, 0.0)}
    while True:
        _tried(copy_recent)
        now = time.monotonic()
        for deed, (every, last) in due.items():
            if now - last >= every:
                _tried(deed)
                due[deed] = every, now
        close_old_connections()
        time.sleep(pause)


def _tried(deed: Callable[[], object]) -> None:
    try:
        deed()
    except (DatabaseError, sqlite3.Error):  # it is busy or away, or not made yet
        log.warning("kept pages could not be looked after")
