"""Commits that share a flush: on SQLite, work of several threads goes to the disk together.

Each commit waits for the disk. Where many threads want one at the same time, the first that comes
leads: it does its own work and that of all who wait, each in a savepoint of its own, and commits
once. Nobody gets an answer before that commit is on the disk.
"""

import threading
from collections import deque
from collections.abc import Callable
from typing import Any, Generic, TypeVar, cast

from django.db import DatabaseError, connection, transaction
from django.utils import translation

T = TypeVar("T")
MOST = 200
"""Pieces in one transaction: other writers wait for so many at most."""


class _Piece(Generic[T]):
    """Somebody's work, its end, and whether it is its thread's turn to lead."""

    def __init__(self, work: Callable[[], T]) -> None:
        self.work, self.language = work, translation.get_language()
        self.awake = threading.Event()
        self.leads = False
        self.result: T | None = None
        self.error: BaseException | None = None

    def do(self) -> None:
        """Do it in a transaction or savepoint of its own; what goes wrong is its own affair."""
        self.result = self.error = None
        try:
            with translation.override(self.language), transaction.atomic():
                self.result = self.work()
        except Exception as error:
            self.error = error

    def end(self) -> T:
        if self.error is not None:
            raise self.error
        return cast("T", self.result)


_queue: deque[_Piece[Any]] = deque()
_lock = threading.Lock()
_state = {"somebody leads": False}


def shared(work: Callable[[], T]) -> T:
    """Do `work` in a transaction, on SQLite perhaps one that is shared; durable when this returns.

    It must only use the database, and be harmless to begin anew: where a shared commit fails, each
    piece is done once more alone. Another thread may run it. Inside a transaction it is a
    savepoint of that one.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        with transaction.atomic():
            return work()
    piece = _Piece(work)
    with _lock:
        _queue.append(piece)
        piece.leads = not _state["somebody leads"]
        _state["somebody leads"] = True
    if not piece.leads:
        piece.awake.wait()
    if piece.leads:
        _lead()
    return piece.end()


def _lead() -> None:
    """Do what waits, and then let the next of those who came meanwhile lead."""
    with _lock:
        batch = [_queue.popleft() for _ in range(min(len(_queue), MOST))]
    try:
        _do_together(batch)
    except BaseException as error:
        for piece in batch:
            piece.error = piece.error or error
        raise
    finally:
        with _lock:
            follows = _queue[0] if _queue else None
            _state["somebody leads"] = follows is not None
            if follows is not None:
                follows.leads = True
                follows.awake.set()
        for piece in batch:
            piece.leads = False
            piece.awake.set()


def _do_together(batch: list[_Piece[Any]]) -> None:
    try:
        with transaction.atomic():
            for piece in batch:
                piece.do()
    except DatabaseError:  # the commit itself, or its beginning: nothing of it holds
        for piece in batch:
            piece.do()
