"""What many requests in a row read: kept in this process while nothing it shows has changed."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar
from weakref import WeakSet

from convoca.pages.services import versions
from convoca.pages.store import EVERYTHING

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)


class Kept(Generic[T]):
    """At most so many values, each with the versions of its tags; the longest unused one goes.

    All who ask are given one and the same object, so nobody may change it. What follows from the
    time of day must not be kept in it: no tag is touched when an hour passes.
    """

    def __init__(self, most: int = 64) -> None:
        self._most, self._lock = most, threading.Lock()
        self._rows: OrderedDict[object, tuple[T, dict[str, int]]] = OrderedDict()
        _everything.add(self)

    def clear(self) -> None:
        """Forget all values."""
        with self._lock:
            self._rows.clear()

    def get(
        self,
        key: object,
        *,
        tags: Callable[[], Iterable[str]],
        make: Callable[[], T | None],
        still: Callable[[T], bool] = lambda value: True,
    ) -> T | None:
        """The value of `key` as the database says it now: one small query where it is known.

        `tags` is asked before `make` reads, so that a change in between makes the value old.
        What `make` does not find is not kept. `still` may refuse a known value, for what an hour
        that passed has changed.
        """
        with self._lock:
            row = self._rows.get(key)
        if row is not None and still(row[0]) and versions(row[1]) == row[1]:
            return row[0]
        seen = versions({*tags(), EVERYTHING})
        value = make()
        self._put({} if value is None else {key: (value, seen)}, [key])
        return value

    def get_many(
        self,
        keys: Sequence[K],
        *,
        tags: Callable[[K], Iterable[str]],
        make: Callable[[list[K]], Mapping[K, T]],
        still: Callable[[T], bool] = lambda value: True,
    ) -> dict[K, T]:
        """The same for many at once: one query for all that are known, one call of `make` for all
        others.
        """
        tags_of = {key: frozenset((*tags(key), EVERYTHING)) for key in keys}
        now = versions(set().union(*tags_of.values())) if keys else {}
        seen = {key: {tag: now[tag] for tag in own} for key, own in tags_of.items()}
        with self._lock:
            known = {key: self._rows[key] for key in keys if key in self._rows}
        found = {
            key: value for key, (value, was) in known.items() if was == seen[key] and still(value)
        }
        missing = [key for key in keys if key not in found]
        made = dict(make(missing)) if missing else {}
        self._put({key: (value, seen[key]) for key, value in made.items()}, missing)
        return found | made

    def _put(
        self, rows: Mapping[Any, tuple[T, dict[str, int]]], instead_of: Sequence[object]
    ) -> None:
        with self._lock:
            for key in instead_of:
                self._rows.pop(key, None)
            self._rows.update(rows)
            while len(self._rows) > self._most:
                self._rows.popitem(last=False)


_everything: "WeakSet[Kept[Any]]" = WeakSet()


def forget_everything() -> None:
    """Forget what this process keeps: the database is another one now, or has gone back in time."""
    for kept in list(_everything):
        kept.clear()
