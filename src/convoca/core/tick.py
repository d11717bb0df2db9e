"""What comes round each minute and each day: apps register functions, a worker runs them.

The registry stands on the lowest floor, because every app may have something that comes round.
"""

from collections.abc import Callable
from typing import TypeVar

F = TypeVar("F", bound=Callable[[], object])

MINUTELY: dict[str, Callable[[], object]] = {}
DAILY: dict[str, Callable[[], object]] = {}


def every_minute(function: F) -> F:
    """Run the function about once a minute, in one worker only. It must be quick and repeatable.

    A minute in which no worker runs is not made up for: look at the rows, not at the clock.
    """
    MINUTELY[_name(function)] = function
    return function


def every_day(function: F) -> F:
    """Run the function once a day (UTC). One that fails or is killed is tried again in an hour."""
    DAILY[_name(function)] = function
    return function


def _name(function: Callable[[], object]) -> str:
    return f"{function.__module__}.{function.__qualname__}"  # type: ignore[attr-defined, unused-ignore]
