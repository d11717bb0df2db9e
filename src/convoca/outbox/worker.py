"""The worker: `run("urgent")` or `run("long")` is the whole life of its process.

`python -m convoca.outbox.worker QUEUE` starts one by hand.
"""

import os
import signal
import sys
from types import FrameType
from typing import Any

import structlog

GRACE = 8
"""Seconds that a task has to end after SIGTERM; then the process ends whatever it does."""
IDLE = {"urgent": 0.5, "long": 1.0}
log = structlog.get_logger(__name__)


def run(queue: str) -> None:
    """Run the queue's tasks until SIGTERM or SIGINT; the urgent worker also does the tick.

    Ends within ten seconds of a signal, and by itself when its parent process is gone.
    """
    import django  # noqa: PLC0415  slow: the supervisor imports this module without Django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "convoca.web.settings")
    django.setup()
    _prepare_connections()

    from convoca.outbox.loop import Loop  # noqa: PLC0415  app ready

    loop = Loop(queue, idle=IDLE.get(queue, 1.0))
    parent = os.getppid()

    def stop(signum: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGALRM, _end_now)
        signal.alarm(GRACE)
        loop.stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    log.info("worker started", queue=queue)
    while loop.is_running and os.getppid() == parent:
        loop.turn()
    log.info("worker ended", queue=queue)


def _end_now(signum: int, frame: FrameType | None) -> None:
    os._exit(1)  # like a crash: the mail in hand may be repeated, nothing is lost


def _prepare_connections() -> None:
    """A worker's rows survive its own death either way, so it need not wait for the disk."""
    from django.db import connection  # noqa: PLC0415  app ready
    from django.db.backends.signals import connection_created  # noqa: PLC0415  app ready

    connection.settings_dict["CONN_MAX_AGE"] = 300

    def relax(sender: object, connection: Any, **kwargs: Any) -> None:
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA synchronous=NORMAL")

    connection_created.connect(relax, weak=False)


if __name__ == "__main__":
    run(sys.argv[1] if len(sys.argv) > 1 else "urgent")
