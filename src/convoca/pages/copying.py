"""A thread of Django's process: brings the store what was touched and not copied.

Each commit copies what it touched; this is for what a crash lost in between, and for what other
hosts have touched.
"""

import logging
import threading
import time
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, close_old_connections

from convoca.pages.services import copy_recent, copy_versions

log = logging.getLogger(__name__)

EACH_SECOND, EACH_MINUTE = 1.0, 60.0


def start() -> None:
    """Copy everything now, and what is new from time to time, until the process ends."""
    threading.Thread(target=_run, name="copy-versions", daemon=True).start()


def _run() -> None:
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
