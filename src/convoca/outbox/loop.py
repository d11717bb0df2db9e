"""One turn of a worker: the tick if it is due, then one task, else a short rest."""

import os
import socket
import time
from typing import Any

import structlog
from django.db import DatabaseError, close_old_connections, connection
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult
from django_tasks_db.utils import exclusive_transaction

from convoca.core.codes import public_code
from convoca.outbox import pace, services, tick

log = structlog.get_logger(__name__)
TROUBLED_REST = 2.0


class Loop:
    """Takes tasks of one queue, one at a time, and runs them as django-tasks-db's worker does."""

    def __init__(self, queue: str, *, idle: float) -> None:
        self.queue, self.idle = queue, idle
        self.name = f"{socket.gethostname()[:30]}:{os.getpid()}:{public_code()}"
        self._runner = Worker(
            queue_names=[queue],
            interval=idle,
            batch=False,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=self.name,
            excluded_queue_names=[],
        )
        self._next_tick = 0.0
        self._is_new = True

    @property
    def is_running(self) -> bool:
        return not pace.is_stopping()

    def stop(self) -> None:
        """Take no more tasks; the one that runs ends soon."""
        pace.stop()

    def turn(self) -> None:
        """Do one thing. Trouble with the database is logged and waited out, never fatal."""
        try:
            close_old_connections()
            if self._is_new:  # the worker before may have died in the middle of a drain
                services.wake_for_due()
                self._is_new = False
            if self.queue == "urgent" and time.monotonic() >= self._next_tick:
                self._next_tick = time.monotonic() + 5
                tick.run()
            row = self._take()
            if row is not None:
                self._runner.run_task(row)
            else:
                time.sleep(self.idle)
        except DatabaseError as error:
            log.warning("the database does not answer", error=str(error).strip())
            connection.close()
            time.sleep(TROUBLED_REST)

    def _take(self) -> "DBTaskResult[Any, Any] | None":
        """Claim the first waiting task; the look before it takes no lock."""
        waiting = DBTaskResult.objects.ready().filter(queue_name=self.queue, backend_name="default")
        if not waiting.exists():
            return None
        with exclusive_transaction(waiting.db):
            row: DBTaskResult[Any, Any] | None = waiting.get_locked()
            if row is not None:
                row.claim(self.name)
        return row
