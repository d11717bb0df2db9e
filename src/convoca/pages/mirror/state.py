"""What is remembered of a copy between two runs, in a file of the installation's, not in the copy.

It can be deleted at any time: then every page is drawn once more and compared with its file.
"""

import fcntl
import json
import os
import sqlite3
from array import array
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from convoca.core.errors import Refusal
from convoca.pages.mirror.manifest import Revoked

_SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS rows (
    id INTEGER PRIMARY KEY, address TEXT NOT NULL UNIQUE, path TEXT NOT NULL, sha256 BLOB NOT NULL,
    size INTEGER NOT NULL, changed INTEGER NOT NULL, tags TEXT NOT NULL, due_at REAL NOT NULL,
    links BLOB NOT NULL, dead BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS begun (path TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS revoked (
    path TEXT NOT NULL, sha256 TEXT NOT NULL, at REAL NOT NULL, PRIMARY KEY (path, sha256)
) WITHOUT ROWID;
"""
_PUT = "INSERT OR REPLACE INTO rows VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
NEVER = ""
"""The tags of a row that must be drawn, whatever they say."""


@dataclass(slots=True)
class Row:
    """An address of the copy. Without `sha256` there is no file: the site has no such page."""

    number: int
    address: str
    path: str
    sha256: bytes = b""
    size: int = 0
    changed: int = 0
    tags: str = NEVER
    """The versions it was drawn from, as JSON: the same words for thousands of pages."""
    due_at: float = 0.0
    links: "array[int]" = field(default_factory=lambda: array("I"))
    """Numbers of the rows that it leads to."""
    dead: "array[int]" = field(default_factory=lambda: array("I"))
    """Those of them which the site had not when this was written."""


class State:
    """The rows of one copy, in memory; `keep` writes what has changed."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base
        base.executescript(_SCHEMA)
        self.rows: dict[str, Row] = {}
        self.by_number: dict[int, Row] = {}
        for found in base.execute("SELECT * FROM rows"):
            row = Row(*found[:-2], *(array("I", numbers) for numbers in found[-2:]))
            self.rows[row.address] = self.by_number[row.number] = row
        self._next = max(self.by_number, default=0) + 1
        self._unwritten: dict[int, Row] = {}

    def row(self, address: str, path: str) -> Row:
        """The row of an address, which may be new."""
        found = self.rows.get(address)
        if found is None:
            found = Row(self._next, address, path)
            self._next += 1
            self.rows[address] = self.by_number[found.number] = found
            self._unwritten[found.number] = found
        return found

    def begin(self, paths: Iterable[str]) -> None:
        """Note what is about to be written: if this run is killed, the next one knows of it."""
        self._base.executemany("INSERT OR IGNORE INTO begun VALUES (?)", [(one,) for one in paths])
        self._base.commit()

    def begun(self) -> list[str]:
        """What a killed run may have left."""
        return [path for (path,) in self._base.execute("SELECT path FROM begun")]

    def keep(self, rows: Iterable[Row]) -> None:
        """Write rows down; once this returns, they are known to the next run. With them go those
        that are new: rows that lead to them name their numbers, which must never be another's.
        """
        written = self._unwritten | {row.number: row for row in rows}
        self._unwritten = {}
        self._base.executemany(
            _PUT,
            [
                (
                    *(row.number, row.address, row.path, row.sha256, row.size, row.changed),
                    *(row.tags, row.due_at, row.links.tobytes(), row.dead.tobytes()),
                )
                for row in written.values()
            ],
        )
        self._base.commit()

    def drop(self, rows: Iterable[Row]) -> None:
        """Forget rows whose files are gone."""
        gone = list(rows)
        self._base.executemany("DELETE FROM rows WHERE id = ?", [(row.number,) for row in gone])
        self._base.commit()
        for row in gone:
            del self.rows[row.address], self.by_number[row.number]
            self._unwritten.pop(row.number, None)

    def fact(self, name: str) -> str:
        row = self._base.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return row[0] if row else ""

    def note(self, **facts: str) -> None:
        self._base.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?)", facts.items())
        self._base.commit()

    def finish(self, **facts: str) -> None:
        """The copy is whole: note it, and that nothing is left over."""
        self._base.execute("DELETE FROM begun")
        self.note(**facts)

    def revoke(self, revoked: Iterable[Revoked]) -> None:
        self._base.executemany(
            "INSERT OR IGNORE INTO revoked VALUES (?, ?, ?)",
            [(one.path, one.sha256, one.at.timestamp()) for one in revoked],
        )
        self._base.commit()

    def revoked(self) -> list[Revoked]:
        found = self._base.execute("SELECT path, sha256, at FROM revoked ORDER BY at, path")
        return [Revoked(path, sha, datetime.fromtimestamp(at, UTC)) for path, sha, at in found]

    def allow(self, revoked: Iterable[Revoked]) -> None:
        """What was taken down is shown again, or was so long ago that nobody has it any more."""
        self._base.executemany(
            "DELETE FROM revoked WHERE path = ? AND sha256 = ?",
            [(one.path, one.sha256) for one in revoked],
        )
        self._base.commit()


@contextmanager
def opened(home: Path, folder: Path) -> Iterator[State]:
    """The state of the copy in this folder; one run at a time."""
    base = home / "mirrors"
    base.mkdir(exist_ok=True, mode=0o700)
    file = base / f"{sha256(str(folder).encode()).hexdigest()[:32]}.sqlite3"
    lock = os.open(file.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refusal("mirror-busy", f"Another run writes to {folder} now.") from None
        with closing(sqlite3.connect(file)) as open_file:
            file.chmod(0o600)
            open_file.execute("PRAGMA journal_mode=WAL")
            open_file.execute("PRAGMA synchronous=NORMAL")
            open_file.execute("PRAGMA secure_delete=ON")  # addresses hold words of titles
            yield State(open_file)
    finally:
        os.close(lock)


def words_of(tags: dict[str, int]) -> str:
    """Versions of tags as a row keeps them."""
    return json.dumps(tags, sort_keys=True, separators=(",", ":"))
