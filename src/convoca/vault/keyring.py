"""The keys of what is sealed: `keys/vault.sqlite3`, wrapped by `keys/instance.key`.

One random key for each scope and ISO week of deletion, and one for each scope's index. A key is on
the disk before the first row that needs it; deleting it closes its rows for ever, wherever copies
of them may be.
"""

import os
import sqlite3
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from convoca.core.config import INSTANCE_KEY, VAULT, make_key
from convoca.core.errors import Refusal

NONCE = 12
INDEX_RESTS = timedelta(days=7)
"""How long an index's key stays after its scope has no other key: somebody may be writing."""
_KEPT, _MISSED = 60.0, 2.0
"""Seconds for which a key, or that there is none, is remembered in a process."""
_MOST_KEPT = 512
_SCHEMA = """
CREATE TABLE IF NOT EXISTS keys (
    scope TEXT NOT NULL, week TEXT NOT NULL, wrapped BLOB NOT NULL, last_day TEXT NOT NULL,
    PRIMARY KEY (scope, week)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS indexes (
    scope TEXT NOT NULL PRIMARY KEY, wrapped BLOB NOT NULL, used_on TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS notes (
    name TEXT NOT NULL PRIMARY KEY, words TEXT NOT NULL
) WITHOUT ROWID;
"""


class VaultUnreadable(Refusal):
    """The vault cannot be opened: nothing can be sealed, and nothing sealed can be read.

    Its message is for anybody; `why` is for who runs the server.
    """

    def __init__(self, why: str) -> None:
        words = _("This server's vault cannot be opened, so nothing about people can be kept now.")
        super().__init__("vault-unreadable", words)
        self.why = why


@dataclass(frozen=True)
class Key:
    """A week's key, and the last day that rows under it were told; its end."""

    secret: bytes
    last_day: str


def week_of(day: date) -> str:
    """The ISO week of a day, such as `2026-W07`: rows deleted in one week share a key."""
    year, week, _weekday = day.isocalendar()
    return f"{year}-W{week:02}"


def today() -> date:
    """The day by which rows and keys end: UTC."""
    return datetime.now(UTC).date()


class Keyring:
    """The vault of one folder. Safe for several threads and processes: each call opens the file
    anew, and a small cache, bounded in number and time, spares most calls."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.file = folder, folder / VAULT
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, str], tuple[float, Key | None]] = OrderedDict()

    # Keys

    def key_for_sealing(self, scope: str, day: date) -> bytes:
        """The key for rows that end on `day`; made, and on the disk, when this returns."""
        name, last_day = (scope, week_of(day)), day.isoformat()
        kept = self._remembered(name)
        if kept and kept[0] and kept[0].last_day >= last_day:
            return kept[0].secret
        with self._opened() as vault:
            found = self._read_key(vault, name)
            if found is None or found.last_day < last_day:
                found = self._write_key(vault, name, last_day)
        return self._remember(name, found).secret

    def key_for_reading(self, scope: str, week: str) -> bytes | None:
        """The key of a scope and week; None when it is gone, and its rows are closed for ever."""
        name = (scope, week)
        kept = self._remembered(name)
        if kept is None:
            with self._opened() as vault:
                found = self._read_key(vault, name)
            kept = (found,)
            if found is None:
                self._miss(name)
            else:
                self._remember(name, found)
        return kept[0].secret if kept[0] else None

    def index_key(self, scope: str) -> bytes:
        """The key of a scope's index; made when there is none."""
        name = (scope, "")
        kept = self._remembered(name)
        if kept and kept[0]:
            return kept[0].secret
        with self._opened() as vault:
            return self._remember(name, self._index(vault, scope)).secret

    def index_keys(self) -> dict[str, bytes]:
        """The key of every scope's index, for looking only: none is made or noted as used."""
        with self._opened() as vault:
            rows = vault.execute("SELECT scope, wrapped FROM indexes").fetchall()
        return {scope: self._unwrap((scope, ""), wrapped) for scope, wrapped in rows}

    def delete_ended(self, day: date, *, dry_run: bool = False) -> int:
        """Delete the keys whose last told day has come. Says how many weeks were closed."""
        with self._opened() as vault, _transaction(vault):
            ended = "FROM keys WHERE last_day <= ?"
            count = int(vault.execute(f"SELECT count(*) {ended}", [day.isoformat()]).fetchone()[0])
            if not dry_run:
                vault.execute(f"DELETE {ended}", [day.isoformat()])
                idle = (day - INDEX_RESTS).isoformat()
                vault.execute(
                    "DELETE FROM indexes WHERE used_on < ? AND scope NOT IN "
                    "(SELECT scope FROM keys)",
                    [idle],
                )
        if count and not dry_run:
            self.forget()
        return count

    def weeks(self) -> set[tuple[str, str]]:
        """Each scope and week that has a key."""
        with self._opened() as vault:
            return {(row[0], row[1]) for row in vault.execute("SELECT scope, week FROM keys")}

    # Notes

    def note(self, name: str, words: str) -> None:
        """Keep a small fact about this machine beside the keys, where no backup carries it off."""
        with self._opened() as vault:
            vault.execute("INSERT OR REPLACE INTO notes VALUES (?, ?)", [name, words])

    def noted(self, name: str) -> str:
        """A fact that was noted; empty when there is none."""
        with self._opened() as vault:
            row = vault.execute("SELECT words FROM notes WHERE name = ?", [name]).fetchone()
        return str(row[0]) if row else ""

    def check(self) -> None:
        """Open one key of each kind. Raises `VaultUnreadable` with a sentence when that fails."""
        with self._opened() as vault:
            for scope, week, wrapped in vault.execute("SELECT scope, week, wrapped FROM keys"):
                self._unwrap((scope, week), wrapped)
            for scope, wrapped in vault.execute("SELECT scope, wrapped FROM indexes"):
                self._unwrap((scope, ""), wrapped)

    def forget(self) -> None:
        """Empty the cache of this process."""
        with self._lock:
            self._kept.clear()

    # The file

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        try:
            self._make()
            with closing(sqlite3.connect(self.file, timeout=20, isolation_level=None)) as vault:
                # A rollback journal, its folder flushed too: nothing of a key stays in a log.
                vault.execute("PRAGMA synchronous=EXTRA")
                vault.execute("PRAGMA secure_delete=ON")
                if not vault.execute("PRAGMA user_version").fetchone()[0]:
                    vault.executescript(f"BEGIN IMMEDIATE;{_SCHEMA}PRAGMA user_version=1;COMMIT;")
                yield vault
        except (OSError, sqlite3.Error) as error:
            raise VaultUnreadable(f"The vault {self.file} cannot be opened: {error}.") from error

    def _make(self) -> None:
        """A new vault and its key. A key that was lost is not replaced: it would open nothing."""
        if self.file.exists():
            return
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        make_key(self.folder / INSTANCE_KEY, 32)
        os.close(os.open(self.file, os.O_WRONLY | os.O_CREAT, 0o600))

    def _instance_key(self) -> bytes:
        path = self.folder / INSTANCE_KEY
        try:
            key = bytes.fromhex(path.read_text(encoding="ascii").strip())
        except (OSError, ValueError) as error:
            raise self._without_key(path) from error
        if len(key) != 32:
            raise self._without_key(path)
        return key

    def _without_key(self, path: Path) -> VaultUnreadable:
        words = "is missing or is not the right one, so nothing sealed can be opened"
        return VaultUnreadable(f"{path} {words}.")

    def _read_key(self, vault: sqlite3.Connection, name: tuple[str, str]) -> Key | None:
        row = vault.execute(
            "SELECT wrapped, last_day FROM keys WHERE scope = ? AND week = ?", name
        ).fetchone()
        return Key(self._unwrap(name, row[0]), row[1]) if row else None

    def _write_key(self, vault: sqlite3.Connection, name: tuple[str, str], last_day: str) -> Key:
        """Make the key, or let the one that is there live to `last_day`."""
        with _transaction(vault):
            fresh = self._wrap(name, os.urandom(32))
            vault.execute(
                "INSERT INTO keys VALUES (?, ?, ?, ?) ON CONFLICT (scope, week) "
                "DO UPDATE SET last_day = max(last_day, excluded.last_day)",
                [*name, fresh, last_day],
            )
            found = self._read_key(vault, name)
        assert found is not None  # noqa: S101  it was written in this transaction
        return found

    def _index(self, vault: sqlite3.Connection, scope: str) -> Key:
        """The index's key; that it was used today is noted, so that `delete_ended` leaves it."""
        used_on = today().isoformat()
        ask = "SELECT wrapped, used_on FROM indexes WHERE scope = ?"
        row = vault.execute(ask, [scope]).fetchone()
        if row is None or row[1] < used_on:
            with _transaction(vault):
                vault.execute(
                    "INSERT INTO indexes VALUES (?, ?, ?) ON CONFLICT (scope) "
                    "DO UPDATE SET used_on = excluded.used_on",
                    [scope, self._wrap((scope, ""), os.urandom(32)), used_on],
                )
                row = vault.execute(ask, [scope]).fetchone()
        return Key(self._unwrap((scope, ""), row[0]), row[1])

    def _wrap(self, name: tuple[str, str], secret: bytes) -> bytes:
        nonce = os.urandom(NONCE)
        return nonce + AESGCM(self._instance_key()).encrypt(nonce, secret, _bound(name))

    def _unwrap(self, name: tuple[str, str], wrapped: bytes) -> bytes:
        cipher = AESGCM(self._instance_key())
        try:
            return cipher.decrypt(wrapped[:NONCE], wrapped[NONCE:], _bound(name))
        except InvalidTag as error:
            raise self._without_key(self.folder / INSTANCE_KEY) from error

    # The cache

    def _remembered(self, name: tuple[str, str]) -> tuple[Key | None] | None:
        with self._lock:
            until, key = self._kept.get(name, (0.0, None))
            return (key,) if time.monotonic() < until else None

    def _remember(self, name: tuple[str, str], key: Key) -> Key:
        self._put(name, key, _KEPT)
        return key

    def _miss(self, name: tuple[str, str]) -> None:
        self._put(name, None, _MISSED)

    def _put(self, name: tuple[str, str], key: Key | None, seconds: float) -> None:
        with self._lock:
            self._kept[name] = (time.monotonic() + seconds, key)
            self._kept.move_to_end(name)
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)


def _bound(name: tuple[str, str]) -> bytes:
    return "\0".join(("convoca-vault", *name)).encode()


@contextmanager
def _transaction(vault: sqlite3.Connection) -> Iterator[None]:
    vault.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        vault.execute("ROLLBACK")
        raise
    vault.execute("COMMIT")


_keyrings: dict[Path, Keyring] = {}


def keyring() -> Keyring:
    """The vault of this installation."""
    folder: Path = settings.CONFIG.keys
    return _keyrings.setdefault(folder, Keyring(folder))
