"""The table of places: shipped as one compressed file, unpacked into one SQLite file.

The shipped file is text: a line of JSON that says which tables and columns follow, then each
column's values, one a line. `scripts/make_places.py` writes it.
"""

import errno
import fcntl
import gc
import hashlib
import json
import lzma
import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from itertools import chain, islice, repeat
from pathlib import Path

SHIPPED = Path(__file__).parent / "data" / "places.xz"
FULL = 28
"""How the process that unpacks ends when the disk is full."""
_LAYOUT = 2  # raise it when the tables below change, so that unpacked files are made anew

_FAST = """
PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA page_size=8192; PRAGMA temp_store=MEMORY;
"""
_TABLES = """
CREATE TEMP TABLE loose (key TEXT, ref INTEGER);
CREATE TABLE places (rank INTEGER PRIMARY KEY, id INTEGER NOT NULL, name TEXT NOT NULL,
  key TEXT NOT NULL, country TEXT NOT NULL, region TEXT NOT NULL, district TEXT NOT NULL,
  latitude REAL NOT NULL, longitude REAL NOT NULL, population INTEGER NOT NULL,
  zone TEXT NOT NULL, cell INTEGER NOT NULL);
CREATE TABLE names (key TEXT NOT NULL, ref INTEGER NOT NULL, PRIMARY KEY (key, ref)) WITHOUT ROWID;
CREATE TABLE regions (country TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL,
  PRIMARY KEY (country, region)) WITHOUT ROWID;
CREATE TABLE areas (key TEXT NOT NULL, country TEXT NOT NULL, region TEXT NOT NULL,
  PRIMARY KEY (key, country, region)) WITHOUT ROWID;
"""
_INSERT_PLACE = """
INSERT INTO places VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11,
  CAST(?8 + 90 AS INTEGER) * 360 + CAST(?9 + 180 AS INTEGER) % 360)
"""
_INDEXES = """
CREATE UNIQUE INDEX place_by_id ON places (id);
CREATE INDEX place_by_region ON places (country, region, key);
CREATE INDEX place_by_cell ON places (cell);
"""


def cell_of(latitude: float, longitude: float) -> int:
    """The one-degree square that a position lies in."""
    return int(latitude + 90) * 360 + int(longitude + 180) % 360


@cache
def shipped_digest() -> str:
    """Names the shipped table and how it is unpacked."""
    return f"{_LAYOUT}-{hashlib.sha256(SHIPPED.read_bytes()).hexdigest()}"


def is_current(file: Path) -> bool:
    """Whether `file` was unpacked, to its end, from the table that is shipped now."""
    if not file.exists():
        return False
    table = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)
    try:
        return bool(table.execute("SELECT digest FROM made").fetchone() == (shipped_digest(),))
    except sqlite3.DatabaseError:
        return False
    finally:
        table.close()


def unpack(file: Path) -> None:
    """Make `file` from the shipped table, unless it is there and current.

    It appears whole or not at all; processes that ask at the same time wait for the first. What
    an earlier, killed attempt left behind is removed.
    """
    if is_current(file):
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if is_current(file):
            return
        fresh = file.with_suffix(".part")
        fresh.unlink(missing_ok=True)
        try:
            _fill_elsewhere(fresh, lock.fileno())
            fresh.replace(file)
        finally:
            fresh.unlink(missing_ok=True)


def _fill_elsewhere(fresh: Path, lock: int) -> None:
    """In a process of its own, because a server would keep the memory that it takes.

    That process holds the lock too, in case that this one is killed first. A full disk is an
    `OSError` here, as it was there.
    """
    source = str(Path(__file__).parents[2])
    done = subprocess.run(  # noqa: S603 (ourselves, with a path of ours)
        [sys.executable, "-m", "convoca.places.unpacking", str(fresh)],
        check=False,
        env={**os.environ, "PYTHONPATH": source},
        pass_fds=[lock],
        stdin=subprocess.DEVNULL,
    )
    if done.returncode == FULL:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(fresh.parent))
    if done.returncode == -signal.SIGKILL:
        words = "unpacking the table of places was killed; it needs 450 MB of memory"
        raise OSError(errno.ENOMEM, words, str(fresh.parent))
    done.check_returncode()


def _columns() -> Iterator[tuple[str, dict[str, list[str]]]]:
    lines = iter(lzma.decompress(SHIPPED.read_bytes()).decode().split("\n"))
    for name, table in json.loads(next(lines))["tables"].items():
        yield name, {column: list(islice(lines, table["rows"])) for column in table["columns"]}


def _fill(file: Path) -> None:
    gc.disable()  # a million short strings are no garbage: looking for it takes two seconds
    shipped = dict(_columns())
    places = shipped["places"]
    # A place's rank is its row number: the larger the place, the lower, so that whatever is
    # sorted by rank is sorted by population.
    weight = [-int(population) for population in places["population"]]
    order = sorted(range(len(weight)), key=weight.__getitem__)
    ranked = {name: [column[i] for i in order] for name, column in places.items()}
    others = [keys.split() for keys in ranked.pop("alternates")]

    table = sqlite3.connect(file, isolation_level=None)
    try:
        table.executescript(_FAST + _TABLES)
        table.execute("BEGIN")
        # Columns have types, so that SQLite makes numbers of what is written as one.
        table.executemany(_INSERT_PLACE, zip(range(len(order)), *ranked.values(), strict=True))
        # A name's ref is twice the rank of its place, plus one where it is an alternate name.
        mains = zip(ranked["key"], range(0, 2 * len(order), 2), strict=True)
        table.executemany("INSERT INTO loose VALUES (?,?)", mains)
        keys = chain.from_iterable(others)
        refs = chain.from_iterable(repeat(2 * rank + 1, len(o)) for rank, o in enumerate(others))
        table.executemany("INSERT INTO loose VALUES (?,?)", zip(keys, refs, strict=True))
        table.execute("INSERT INTO names SELECT key, ref FROM loose ORDER BY key, ref")
        for name in ("regions", "areas"):
            rows = zip(*shipped[name].values(), strict=True)
            table.executemany(f"INSERT INTO {name} VALUES (?,?,?)", rows)  # noqa: S608 (ours)
        table.execute("COMMIT")
        table.executescript(_INDEXES + "CREATE TABLE made (digest TEXT NOT NULL);")
        table.execute("INSERT INTO made VALUES (?)", (shipped_digest(),))
    finally:
        table.close()
    with file.open("rb") as written:
        os.fsync(written.fileno())


def main(file: Path) -> int:
    """Fill the file; `FULL` where the disk has no room for it."""
    try:
        _fill(file)
    except (OSError, sqlite3.OperationalError) as error:
        is_full = getattr(error, "errno", 0) in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
        if not is_full and not re.search("is full|disk I/O", str(error)):
            raise
        return FULL
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
