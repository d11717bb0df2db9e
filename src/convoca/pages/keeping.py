"""What many requests in a row read: kept in this process while nothing it shows has changed."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from convoca.pages.services import versions

T = TypeVar("T")


class Kept(Generic[T]):
    """At most so many values, each with the versions of its tags; the longest unused one goes.

    All who ask are given one and the same object, so nobody may change it. What follows from the
    time of day must not be kept in it: no tag is touched when an hour passes.
    """

    def __init__(self, most: int = 64) -> None:
        self._most, self._lock = most, threading.Lock()
        self._rows: OrderedDict[object, tuple[T, dict[str, int]]] = OrderedDict()

    def get(
        self, key: object, *, tags: Callable[[], Iterable[str]], make: Callable[[], T | None]
    ) -> T | None:
        """The value of `key` as the database says it now: one small query where it is known.

        `tags` is asked before `make` reads, so that a change in between makes the value old.
        What `make` does not find is not kept.
        """
        with self._lock:
            row = self._rows.get(key)
        if row is not None and versions(row[1]) == row[1]:
            return row[0]
        seen = versions(tags())
        value = make()
        with self._lock:
            self._rows.pop(key, None)
            if value is not None:
                self._rows[key] = (value, seen)
            while len(self._rows) > self._most:
                self._rows.popitem(last=False)
        return value
