"""Enqueue a task once, however many causes it has."""

from typing import Any

from django.db import transaction
from django_tasks_db.models import DBTaskResult


def wake(ours: Any, *args: Any) -> None:
    """Enqueue a task in the caller's transaction, unless one is waiting that will see its rows.

    The waiting one is locked until the caller commits, so that it cannot run too early; if
    another transaction holds it, a second one is enqueued, which does no harm.
    """
    waiting = DBTaskResult.objects.ready().filter(
        queue_name=ours.queue_name, task_path=ours.module_path
    )
    with transaction.atomic():
        if waiting.get_locked() is None:
            ours.enqueue(*args)
