"""How long a task may go on: ten seconds, and not at all once the worker was asked to stop."""

from collections.abc import Callable
from time import monotonic

LONGEST = 10.0
_asked: list[str] = []  # a plain list: signal handlers must not touch locks


def stop() -> None:
    """Ask everything in this process to come to an end. May be called by a signal's handler."""
    _asked.append("stop")


def is_stopping() -> bool:
    """Whether this process was asked to end."""
    return bool(_asked)


def for_seconds(seconds: float = LONGEST) -> Callable[[], bool]:
    """A question that answers yes until the time is over or the worker is asked to stop."""
    until = monotonic() + seconds
    return lambda: monotonic() < until and not is_stopping()
