"""The minute's tick: what comes round each minute and each day, once, however many workers run."""

from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db.models import QuerySet
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from convoca.audit import services as audit
from convoca.core.tick import DAILY, MINUTELY, every_day, every_minute
from convoca.outbox import services, tasks
from convoca.outbox.models import CLOCKS_DIFFER, Duty

__all__ = ["every_day", "every_minute", "run"]

TASK_LIMIT = timedelta(minutes=5)
"""A task works at most ten seconds; one that is still running after this lost its worker."""
MOST_STARTS = 3
log = structlog.get_logger(__name__)


def run() -> bool:
    """Do what is due. Answers whether this worker was the one to do this minute's round."""
    now = timezone.now()
    minute = now.replace(second=0, microsecond=0) + timedelta(minutes=1)
    if not Duty.take("minute", next_at=minute, every=timedelta(minutes=1)):
        return False
    for name, function in MINUTELY.items():
        try:
            function()
        except Exception:  # one that fails must not keep the others from their turn
            log.exception("a minutely duty failed", duty=name)
    for name in DAILY:
        if Duty.take(name, next_at=now + timedelta(hours=1), every=timedelta(days=1)):
            tasks.run_daily.enqueue(name)
    return True


every_minute(services.wake_for_due)
every_minute(services.send_digests)
every_minute(audit.seal)
every_day(audit.prune)
every_day(services.forget_old)


@every_minute
def free_stale_tasks() -> int:
    """Let tasks whose worker died run again; one that has killed three workers has failed."""
    now = timezone.now()
    sane = (now - TASK_LIMIT, now + CLOCKS_DIFFER)
    lost = DBTaskResult.objects.running().exclude(started_at__range=sane)
    freed = 0
    for row in lost[:100]:
        still = DBTaskResult.objects.running().filter(pk=row.pk, started_at=row.started_at)
        if len(row.worker_ids) < MOST_STARTS:
            freed += still.update(status="READY", started_at=None)
        else:
            still.update(status="FAILED", finished_at=timezone.now())
            log.error("a task was given up", task=row.task_path)
    return freed


@every_minute
def prune_tasks() -> None:
    """Delete finished tasks: done ones after an hour, failed ones after two weeks."""
    now = timezone.now()
    _older(DBTaskResult.objects.successful(), now - timedelta(hours=1))
    _older(DBTaskResult.objects.failed(), now - timedelta(days=14))


def _older(finished: "QuerySet[DBTaskResult[Any, Any]]", limit: datetime) -> None:
    finished.order_by().filter(finished_at__lt=limit).delete()
