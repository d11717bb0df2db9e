"""The file of kept pages, `pages.sqlite3`: what the front answers from and Django fills.

An SQLite file of its own, so that filling it never waits for whoever writes to the database. It
can be deleted at any time: pages are drawn again. Nothing here knows Django, as the front does
not. A page keeps the versions that its tags had before it was drawn; `tags` holds the present
ones; reading compares them in the SELECT that fetches the page.
"""

import gzip
import json
import sqlite3
import threading
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256
from pathlib import Path

import brotli

EVERYTHING = "everything"
"""The tag that every page has; touching it makes all of them be drawn again."""
OLDEST = 600.0
"""Seconds after which a page is drawn again, whatever its tags say."""
MOST_QUERIED = 20_000
"""Pages with a query that are kept; of more, those drawn longest ago go."""
LARGEST = 2_000_000
"""Bytes of the largest page that is kept."""
PLAIN, GZIP, BROTLI = 0, 1, 2
"""The forms of a body. What can be packed is kept packed, and unpacked for who cannot."""
ENCODINGS = {PLAIN: "", GZIP: "gzip", BROTLI: "br"}

SCHEMA = 1
"""Of this version; a file of another one is thrown away and made anew."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS pages (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, headers TEXT NOT NULL, etag TEXT NOT NULL,
    is_packed INTEGER NOT NULL, has_query INTEGER NOT NULL, drawn_at REAL NOT NULL,
    due_at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS queried ON pages (drawn_at) WHERE has_query;
CREATE TABLE IF NOT EXISTS bodies (id INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS shown (
    page INTEGER NOT NULL, tag TEXT NOT NULL, version INTEGER NOT NULL, PRIMARY KEY (page, tag)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS shown_by_tag ON shown (tag);
CREATE TABLE IF NOT EXISTS tags (
    name TEXT PRIMARY KEY, version INTEGER NOT NULL, down INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS reads (path TEXT PRIMARY KEY, names TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS waiting (key TEXT PRIMARY KEY, since REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS failures (
    key TEXT PRIMARY KEY, failed_at REAL NOT NULL, words TEXT NOT NULL
) WITHOUT ROWID;
"""
_BODY = "pages.id * 4 + CASE WHEN is_packed THEN ? ELSE 0 END"
_STATE = """(
    SELECT max(CASE WHEN tags.down > shown.version THEN 2 WHEN tags.version > shown.version THEN 1
        ELSE 0 END)
    FROM shown JOIN tags ON tags.name = shown.tag WHERE shown.page = pages.id
)"""
_LOOK = f"""
SELECT headers, etag, is_packed, drawn_at, due_at, body, {_STATE}
FROM pages JOIN bodies ON bodies.id = {_BODY} WHERE key = ?
"""  # noqa: S608  our own words
_KEYS = f"""
SELECT key FROM pages WHERE ? OR (due_at > ? AND coalesce({_STATE}, 0) = 0) ORDER BY key
"""  # noqa: S608  our own words
_COPY = """
INSERT INTO tags (name, version, down) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET
    version = max(version, excluded.version), down = max(down, excluded.down)
"""
_BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
Tags = Mapping[str, int]
Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Page:
    """A page as Django drew it: what `keep` takes."""

    key: str
    headers: Headers
    body: bytes
    tags: Tags
    """The versions of what it shows, read before it was drawn."""
    due_at: float = 0.0
    """The instant from which it must be drawn again; 0 is none but that of `OLDEST`."""
    is_packed: bool = True


class Outcome(Enum):
    """What became of a page that was to be kept."""

    KEPT = "kept"
    NEWER = "a newer drawing of it is kept already"
    TAKEN_DOWN = "something that it shows was taken down while it was drawn"
    TOO_LARGE = "too large"


@dataclass(frozen=True)
class Found:
    """A kept page in the form that was asked for."""

    headers: str
    """As JSON: a list of pairs. Most pages have the same, so who reads many need not parse each."""
    etag: str
    is_packed: bool
    drawn_at: float
    body: bytes
    fresh_until: float
    """The instant from which it is old; 0 where something that it shows has changed."""

    @property
    def is_fresh(self) -> bool:
        return time.time() < self.fresh_until


def etag_of(body: bytes) -> str:
    """The name of these bytes, without the quotes; each packed form adds its own ending."""
    return sha256(body).hexdigest()[:24]


class Store:
    """One process's hold on the file. All methods may be called from several threads."""

    def __init__(self, path: Path, *, patience: float = 5.0) -> None:
        """`patience`: seconds that a call waits for another process that writes."""
        self.path = path
        self._patience = patience
        self._lock = threading.RLock()
        self._base: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None
        self._looked_at = 0.0
        self._opened = 0

    # -- the file itself

    def _identity(self) -> tuple[int, int] | None:
        try:
            facts = self.path.stat()
        except OSError:
            return None
        return facts.st_dev, facts.st_ino

    def _connection(self) -> sqlite3.Connection:
        """The open file; another one than before where the old one was deleted meanwhile."""
        now = time.monotonic()
        if self._base is not None and now - self._looked_at < 0.2:
            return self._base
        self._looked_at = now
        if self._base is not None and self._identity() == self._file:
            return self._base
        self.close()
        base = sqlite3.connect(
            self.path, timeout=self._patience, isolation_level=None, check_same_thread=False
        )
        try:
            self.path.chmod(0o600)
            self._keep_a_log(base)
            for words in ("synchronous=NORMAL", "secure_delete=ON", "cache_size=-4000"):
                base.execute(f"PRAGMA {words}")
            if base.execute("PRAGMA user_version").fetchone()[0] not in (0, SCHEMA):
                base.close()
                self.throw_away()
                return self._connection()
            base.executescript(f"{_SCHEMA}PRAGMA user_version={SCHEMA};")
        except sqlite3.DatabaseError:
            base.close()
            raise
        self._base, self._file = base, self._identity()
        self._opened += 1
        return base

    def _keep_a_log(self, base: sqlite3.Connection) -> None:
        """Write ahead. SQLite does not wait for those who open a new file in the same moment, but
        refuses at once: where several make the switch, all but one ask again.
        """
        until = time.monotonic() + self._patience
        while True:
            try:
                base.execute("PRAGMA journal_mode=WAL")
            except sqlite3.OperationalError as error:
                is_busy = getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
                if not is_busy or time.monotonic() > until:
                    raise
                time.sleep(0.01)
            else:
                return

    def close(self) -> None:
        """Let the file go; the next call opens it again."""
        with self._lock:
            if self._base is not None:
                with suppress(sqlite3.Error):
                    self._base.close()
                self._base = None

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """The connection; a file that is broken is thrown away, and the error goes on."""
        with self._lock:
            try:
                yield self._connection()
            except sqlite3.DatabaseError as error:
                if getattr(error, "sqlite_errorcode", 0) & 0xFF in _BROKEN:
                    self.throw_away()
                raise

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._open() as base:
            base.execute("BEGIN IMMEDIATE")
            try:
                yield base
            except BaseException:
                with suppress(sqlite3.Error):
                    base.execute("ROLLBACK")
                raise
            base.execute("COMMIT")

    def throw_away(self) -> None:
        """Delete the file. Who still holds it notices within a fifth of a second."""
        with self._lock:
            self.close()
            for ending in ("", "-wal", "-shm"):
                with suppress(OSError):
                    self.path.with_name(self.path.name + ending).unlink()
            self._looked_at = 0.0

    # -- reading

    def look(self, key: str, form: int) -> Found | None:
        """The page as it is kept, in this form; None where there is none that may be shown."""
        with self._open() as base:
            row = base.execute(_LOOK, (form or GZIP, key)).fetchone()
        if row is None or row[6] == 2:
            return None
        headers, etag, is_packed, drawn_at, due_at, body, state = row
        if form == PLAIN and is_packed:
            body = zlib.decompress(body, 31)
        fresh_until = 0.0 if state else due_at
        return Found(headers, etag, bool(is_packed), drawn_at, body, fresh_until)

    def generation(self) -> tuple[int, int]:
        """A value that is another one as soon as anybody else has written to the file."""
        with self._lock:
            base = self._connection()
            return self._opened, base.execute("PRAGMA data_version").fetchone()[0]

    def names_read(self, path: str) -> tuple[str, str] | None:
        """Which names of a query the page under this key without query reads: those that make a
        page of their own, and those that make it one for its reader alone.
        """
        with self._open() as base:
            row = base.execute("SELECT names FROM reads WHERE path = ?", (path,)).fetchone()
        return None if row is None else tuple(row[0].split("|"))

    def keys(self, *, fresh_only: bool = False) -> list[str]:
        """The keys of all pages, or of those that count as fresh."""
        with self._open() as base:
            return [row[0] for row in base.execute(_KEYS, (not fresh_only, time.time()))]

    def fact(self, name: str) -> str:
        """A word that Django told the front; empty where it told none."""
        with self._open() as base:
            row = base.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return row[0] if row else ""

    # -- writing

    def keep(self, page: Page) -> Outcome:
        """Keep a page in all its forms, in place of what was kept under its key."""
        if len(page.body) > LARGEST:
            return Outcome.TOO_LARGE
        now, etag = time.time(), etag_of(page.body)
        due_at = min(page.due_at or now + OLDEST, now + OLDEST)
        forms = _forms(page)
        head = json.dumps(list(page.headers), separators=(",", ":"))
        has_query = "?" in page.key
        with self._writing() as base:
            versions = [(tag, version) for tag, version in page.tags.items()]
            if _any_is_down(base, page.tags):
                return Outcome.TAKEN_DOWN
            kept = base.execute("SELECT id FROM pages WHERE key = ?", (page.key,)).fetchone()
            if kept and _is_newer(base, kept[0], page.tags):
                return Outcome.NEWER
            (number,) = base.execute(
                "INSERT INTO pages (key, headers, etag, is_packed, has_query, drawn_at, due_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET"
                " headers = excluded.headers, etag = excluded.etag, is_packed = excluded.is_packed,"
                " drawn_at = excluded.drawn_at, due_at = excluded.due_at RETURNING id",
                (page.key, head, etag, page.is_packed, has_query, now, due_at),
            ).fetchone()
            if kept:
                base.execute("DELETE FROM bodies WHERE id BETWEEN ? AND ?", _span(number))
                base.execute("DELETE FROM shown WHERE page = ?", (number,))
            base.executemany(
                "INSERT INTO bodies (id, body) VALUES (?, ?)",
                [(number * 4 + form, body) for form, body in forms.items()],
            )
            base.executemany(
                "INSERT INTO shown (page, tag, version) VALUES (?, ?, ?)",
                [(number, tag, version) for tag, version in versions],
            )
            base.execute("DELETE FROM failures WHERE key = ?", (page.key,))
            if has_query and not kept and number % 64 == 0:
                _drop(base, _SURPLUS, (MOST_QUERIED,))
        return Outcome.KEPT

    def is_down(self, tags: Tags) -> bool:
        """Whether something of these versions was taken down since."""
        with self._open() as base:
            return _any_is_down(base, tags)

    def tell_names(self, path: str, names: tuple[str, str]) -> None:
        """Say which names of a query the page under this key reads."""
        words = "|".join(names)
        with self._open() as base:
            known = base.execute("SELECT 1 FROM reads WHERE path = ? AND names = ?", (path, words))
            if known.fetchone() is None:
                base.execute("INSERT OR REPLACE INTO reads VALUES (?, ?)", (path, words))

    def tell(self, name: str, value: str) -> None:
        """Tell the front a word, such as which languages the network speaks."""
        if self.fact(name) != value:
            with self._writing() as base:
                base.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))

    def forget(self, *keys: str) -> None:
        """Let pages go: they are not there any more, or not for everyone."""
        with self._writing() as base:
            for key in keys:
                _drop(base, "SELECT id FROM pages WHERE key = ?", (key,))
                base.execute("DELETE FROM failures WHERE key = ?", (key,))

    def forget_unread(self, days: float) -> int:
        """Let go of what nobody has asked for in so many days; answers how many pages."""
        with self._writing() as base:
            words = "SELECT id FROM pages WHERE drawn_at < ? LIMIT 5000"
            return _drop(base, words, (time.time() - days * 86_400,))

    def copy(self, tags: Iterable[tuple[str, int, int]]) -> None:
        """Take over versions of tags from the database: name, version, version when taken down.

        Pages that show what was taken down leave the file before this returns.
        """
        rows = list(tags)
        if not rows:
            return
        with self._writing() as base:
            downs = [row for row in rows if row[2]]
            fresh = [name for name, _v, down in downs if _is_down(base, name, down - 1, less=True)]
            base.executemany(_COPY, rows)
            for name in fresh:
                _drop(
                    base,
                    "SELECT page FROM shown JOIN tags ON tags.name = shown.tag"
                    " WHERE shown.tag = ? AND shown.version < tags.down",
                    (name,),
                )
        if fresh:
            self.empty_log()

    def empty_log(self) -> bool:
        """Move what SQLite keeps in its log (`-wal`) to the file, and empty it: until then words
        of pages that have left stand in it. Answers False where somebody reads for too long.
        """
        with self._open() as base, suppress(sqlite3.OperationalError):
            return not base.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        return False

    # -- what stewards are told

    def note_failure(self, key: str, words: str) -> None:
        """A page could not be drawn; who asks for it gets the old one."""
        with self._writing() as base:
            base.execute(
                "INSERT OR REPLACE INTO failures VALUES (?, ?, ?)", (key, time.time(), words)
            )
            base.execute(
                "DELETE FROM failures WHERE key NOT IN"
                " (SELECT key FROM failures ORDER BY failed_at DESC LIMIT 200)"
            )

    def failures(self) -> list[tuple[str, float, str]]:
        """Keys that could not be drawn when they were last asked for, the latest first."""
        with self._open() as base:
            return base.execute("SELECT * FROM failures ORDER BY failed_at DESC").fetchall()

    def note_waiting(self, key: str, *, since: float | None) -> None:
        """A drawing takes longer than readers wait; None says that it has ended."""
        with self._writing() as base:
            if since is None:
                base.execute("DELETE FROM waiting WHERE key = ?", (key,))
            else:
                base.execute("INSERT OR IGNORE INTO waiting VALUES (?, ?)", (key, since))

    def waiting(self) -> list[tuple[str, float]]:
        """Drawings that readers have waited for in vain, the oldest first."""
        with self._open() as base:
            return base.execute("SELECT * FROM waiting ORDER BY since").fetchall()

    def stop_waiting(self) -> None:
        """A front that starts anew waits for nothing yet."""
        with self._writing() as base:
            base.execute("DELETE FROM waiting")

    def check(self) -> None:
        """Write a word into it, as keeping a page does; raises where it cannot."""
        with self._writing() as base:
            base.execute("INSERT OR REPLACE INTO facts VALUES ('checked', ?)", (time.time(),))

    def size(self) -> tuple[int, int]:
        """How many pages are kept, and the bytes of the file."""
        with self._open() as base:
            (count,) = base.execute("SELECT count(*) FROM pages").fetchone()
        return count, self.path.stat().st_size


_SURPLUS = "SELECT id FROM pages WHERE has_query ORDER BY drawn_at DESC LIMIT -1 OFFSET ?"


def _forms(page: Page) -> dict[int, bytes]:
    if not page.is_packed:
        return {PLAIN: page.body}
    return {
        GZIP: gzip.compress(page.body, 6, mtime=0),
        BROTLI: brotli.compress(page.body, mode=brotli.MODE_TEXT, quality=5),
    }


def _span(number: int) -> tuple[int, int]:
    return number * 4, number * 4 + 3


def _is_down(base: sqlite3.Connection, name: str, version: int, *, less: bool = False) -> bool:
    """Whether this was taken down after that version; with `less`, whether it was not yet."""
    row = base.execute("SELECT down FROM tags WHERE name = ?", (name,)).fetchone()
    down = row[0] if row else 0
    return bool(down <= version if less else down > version)


def _any_is_down(base: sqlite3.Connection, tags: Tags) -> bool:
    return any(_is_down(base, tag, version) for tag, version in tags.items())


def _is_newer(base: sqlite3.Connection, number: int, tags: Tags) -> bool:
    rows = base.execute("SELECT tag, version FROM shown WHERE page = ?", (number,))
    return any(version > tags.get(tag, version) for tag, version in rows)


def _drop(base: sqlite3.Connection, which: str, values: Sequence[object]) -> int:
    """Let pages go with all that is known of them: their addresses hold words of their titles."""
    numbers = [row[0] for row in base.execute(which, values)]
    for number in numbers:
        base.execute("DELETE FROM bodies WHERE id BETWEEN ? AND ?", _span(number))
        base.execute("DELETE FROM shown WHERE page = ?", (number,))
        gone = base.execute("DELETE FROM pages WHERE id = ? RETURNING key", (number,)).fetchall()
        base.executemany("DELETE FROM reads WHERE path = ?", gone)
        base.executemany("DELETE FROM failures WHERE key = ?", gone)
        base.executemany("DELETE FROM waiting WHERE key = ?", gone)
    return len(numbers)
