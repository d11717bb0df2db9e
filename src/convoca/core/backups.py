"""Backups: one whole file with the database, the media and the settings, made while people work.

A file under its final name is always whole: it is written beside it under another name, read back,
flushed to the disk and then renamed. Keys are never in it; `write_keys` writes them apart.
"""

import errno
import fcntl
import hashlib
import io
import json
import os
import shutil
import sqlite3
import stat
import struct
import subprocess
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import IO, Any

from convoca import __version__
from convoca.core.config import (
    DATABASE_OPTIONS,
    VAULT,
    Config,
    database_facts,
    without_secrets,
)
from convoca.core.errors import Refusal
from convoca.core.passphrase import seal

Progress = Callable[[float, float], None]
SQLITE, POSTGRESQL = "database.sqlite3", "database.pgdump"
MANIFEST = "manifest.json"
ASIDE = "before_restore_"
"""How schemas of PostgreSQL begin in which a restore keeps the tables that were there before."""
OLD_BACKUP, OLD_DRILL, OLD_KEYS = timedelta(days=2), timedelta(days=90), timedelta(days=30)
"""From when on `convoca check` and the stewards' page Today speak of it."""
_CHUNK = 1 << 20
_FORMAT = 1
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,  # a way of packing that does not exist
    RuntimeError,  # a flag that says it is locked by a password
    ValueError,
)
"""What the standard library raises for an archive with wrong bytes in it."""


@dataclass(frozen=True)
class Contents:
    """What the manifest of a backup says about it."""

    kind: str
    made_at: datetime
    version: str
    files: dict[str, dict[str, Any]]

    @property
    def database(self) -> str:
        """The name of the database's file within the backup; empty for a file of keys."""
        return next((name for name in (SQLITE, POSTGRESQL) if name in self.files), "")

    @property
    def size(self) -> int:
        """Bytes that it takes when unpacked."""
        return sum(int(facts["size"]) for facts in self.files.values())


@dataclass(frozen=True)
class Done:
    """The last time that something was done: when, with which file."""

    at: datetime
    file: str
    made_at: datetime
    """When the backup in that file was made."""


def last_backup(home: Path) -> Done | None:
    """The last finished backup of this home; None when there was none."""
    return _noted(home, "backup")


def last_keys(home: Path) -> Done | None:
    """The last time that the keys of this home were written to a file; None when never."""
    return _noted(home, "keys")


def last_drill(home: Path) -> Done | None:
    """The last time that a backup was tried out and held; None when never."""
    return _noted(home, "drill")


def write_backup(config: Config, file: Path, *, progress: Progress | None = None) -> Contents:
    """Write database, media and settings (without secrets) to `file`, replacing it at the end.

    Safe at any moment: whoever reads `file` finds the last finished backup, and a writer that was
    killed leaves only an unfinished file with another name, which the next run removes.
    """
    with _unfinished(file) as (unfinished, snapshot):
        name = _copy_database(config, snapshot, progress or _silent)
        sources = [(name, snapshot), *_media(config.home / "media"), *_names(config.home)]
        contents = _write_zip(unfinished, "installation", sources, _settings(config), progress)
        snapshot.unlink()
        read(unfinished)
        _put_in_place(unfinished, file)
    _note(config.home, "backup", file, contents.made_at)
    return contents


def write_keys(config: Config, file: Path, *, passphrase: str = "") -> Contents:
    """Write the keys and the settings with their secrets to `file`, for another safe place; with a
    passphrase, sealed by it. The vault's heartbeat stays here: it is of this machine."""
    if not config.keys.is_dir():
        raise Refusal("keys-missing", f"There are no keys in {config.keys}.")
    parts = {f"keys/{name}": content for name, content in _keys(config.keys)}
    toml = config.home / "convoca.toml"
    if toml.exists():
        parts["convoca.toml"] = toml.read_bytes()
    with _unfinished(file) as (unfinished, _snapshot):
        packed = io.BytesIO()
        contents = _write_zip(packed, "keys", [], parts, None)
        content = packed.getvalue()
        unfinished.touch(mode=0o600)
        unfinished.write_bytes(seal(content, passphrase) if passphrase else content)
        if not passphrase:
            read(unfinished)
        _put_in_place(unfinished, file)
    _note(config.home, "keys", file, contents.made_at)
    return contents


def _keys(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Each key; of the vault one moment, without what is of this machine alone."""
    for path in sorted(folder.iterdir()):
        if path.name == VAULT:
            yield path.name, _vault(path)
        elif path.suffix == ".key" and path.is_file() and not path.name.startswith("."):
            yield path.name, path.read_bytes()


def _vault(path: Path) -> bytes:
    try:
        with (
            closing(sqlite3.connect(path, timeout=20)) as live,
            closing(sqlite3.connect(":memory:")) as copy,
        ):
            live.backup(copy)
            copy.execute("PRAGMA secure_delete=ON")
            with copy:
                copy.execute("DELETE FROM notes")
            return copy.serialize()
    except sqlite3.Error as error:
        raise Refusal("vault-unreadable", f"{path} cannot be read: {error}.") from error


def read(file: Path, *, progress: Progress | None = None) -> Contents:
    """Read every byte of a backup and compare it with the manifest.

    Raises `Refusal` with a sentence where it is not whole or not ours.
    """
    with _opened(file) as (archive, contents):
        done = 0
        for name in contents.files:
            with archive.open(name) as source:
                done += _checked(source, contents, name, file=file)
            (progress or _silent)(done, contents.size)
    return contents


def unpack(file: Path, into: Path, *, progress: Progress | None = None) -> Contents:
    """Unpack a backup into the empty folder `into`, checking each file as it is written."""
    with _opened(file) as (archive, contents):
        if shutil.disk_usage(into).free < contents.size:
            raise Refusal("disk-full", f"{into} has no room for the {contents.size:,} bytes in it.")
        done = 0
        for name in contents.files:
            path = into / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(name) as source, path.open("xb") as target:
                done += _checked(source, contents, name, file=file, target=target)
            (progress or _silent)(done, contents.size)
    return contents


def check_sqlite(path: Path) -> str:
    """What SQLite finds wrong in a database file; empty when it is whole."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            said = [str(row[0]) for row in database.execute("PRAGMA integrity_check(3)")]
            loose = database.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.Error as error:
        return str(error)
    if said != ["ok"]:
        return "; ".join(said)
    return f"a row of {loose[0]} points to nothing in {loose[2]}" if loose else ""


def postgresql_environment(config: Config) -> dict[str, str]:
    """What PostgreSQL's own programs need to reach the database; no password on a command line."""
    database = database_facts(config)
    assert database is not None  # noqa: S101  asked only where the database is PostgreSQL
    facts = {
        "PGHOST": database.host,
        "PGPORT": database.port,
        "PGUSER": database.user,
        "PGPASSWORD": database.password,
        "PGDATABASE": database.name,
        **{DATABASE_OPTIONS[name]: value for name, value in database.options.items()},
    }
    return {**os.environ, **{name: value for name, value in facts.items() if value}}


def run_postgresql(words: list[str], config: Config) -> str:
    """Run one of PostgreSQL's programs; raises `Refusal` with what it said where it could not."""
    program = shutil.which(words[0])
    if program is None:
        raise Refusal(
            "pg-tools-missing",
            f"{words[0]} is not installed. On Debian: apt install postgresql-client",
        )
    done = subprocess.run(  # noqa: S603  a fixed program, no shell
        [program, *words[1:]],
        env=postgresql_environment(config),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line[:1].strip()]
        said = lines[-1] if lines else "no reason given"  # what is indented only explains
        raise Refusal("pg-tools-failed", f"{words[0]} could not: {said}")
    return done.stdout


def note_drill(home: Path, file: Path, contents: Contents) -> None:
    """Remember that this backup was tried out and held."""
    _note(home, "drill", file, contents.made_at)


def _silent(_done: float, _of: float) -> None:
    return


def _copy_database(config: Config, snapshot: Path, progress: Progress) -> str:
    if config.database_url:
        fixed = ["pg_dump", "--format=custom", "--no-owner", "--no-privileges"]
        aside = f"--exclude-schema={ASIDE}*"  # what an earlier restore kept is not ours any more
        run_postgresql([*fixed, aside, f"--file={snapshot}"], config)
        return POSTGRESQL
    _copy_sqlite(config.home / "db.sqlite3", snapshot, progress)
    wrong = check_sqlite(snapshot)
    if wrong:
        raise Refusal("database-broken", f"The database is damaged, no backup was made: {wrong}.")
    return SQLITE


def _copy_sqlite(source: Path, snapshot: Path, progress: Progress) -> None:
    """Copy one moment of a database that is being written to, without stopping its writers."""
    if not source.exists():
        raise Refusal("database-missing", f"There is no database at {source}. Run: convoca init")
    try:
        _copy_one_moment(source, snapshot, progress)
    except sqlite3.Error as error:
        words = f"The database could not be copied to {snapshot.parent.parent}: {error}."
        raise Refusal("database-not-copied", words) from error


def _copy_one_moment(source: Path, snapshot: Path, progress: Progress) -> None:
    with (
        closing(sqlite3.connect(source, timeout=20, isolation_level=None)) as live,
        closing(sqlite3.connect(snapshot)) as copy,
    ):
        live.execute("BEGIN")
        live.execute("SELECT count(*) FROM sqlite_master").fetchone()  # one moment, held to the end
        live.backup(
            copy, pages=2000, sleep=0, progress=lambda _s, left, of: progress(of - left, of)
        )
        live.execute("ROLLBACK")
        copy.execute("PRAGMA journal_mode=DELETE")


def _media(folder: Path) -> Iterator[tuple[str, Path]]:
    """What is kept; not uploads that are being looked at, whose names begin with a dot."""
    for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
        name = path.relative_to(folder)
        is_work = any(part.startswith(".") for part in name.parts)
        if path.is_file() and not path.is_symlink() and not is_work:
            yield f"media/{name.as_posix()}", path


def _names(home: Path) -> Iterator[tuple[str, Path]]:
    """The operator's own file of how places are named."""
    if (home / "places.toml").exists():
        yield "places.toml", home / "places.toml"


def _settings(config: Config) -> dict[str, bytes]:
    path = config.home / "convoca.toml"
    if not path.exists():
        return {}
    return {"convoca.toml": without_secrets(path.read_text(encoding="utf-8")).encode()}


def _write_zip(
    target: "Path | io.BytesIO",
    kind: str,
    sources: list[tuple[str, Path]],
    texts: dict[str, bytes],
    progress: Progress | None,
) -> Contents:
    made_at = datetime.now(UTC).replace(microsecond=0)
    total = sum(path.stat().st_size for _, path in sources if path.exists())
    files: dict[str, dict[str, Any]] = {}
    done = 0
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, path in sources:
            try:
                source = path.open("rb")
            except FileNotFoundError:
                continue  # taken away since it was listed
            packed = zipfile.ZipInfo(name, made_at.timetuple()[:6])
            packed.compress_type = _method(name)
            packed.external_attr = (stat.S_IFREG | 0o600) << 16
            with source, archive.open(packed, "w", force_zip64=True) as into:
                digest, size = _digest(source, into)
            files[name] = {"sha256": digest, "size": size}
            done += size
            (progress or _silent)(done, total)
        for name, content in texts.items():
            archive.writestr(name, content, compress_type=zipfile.ZIP_DEFLATED)
            files[name] = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
        manifest = {
            "format": "convoca-backup",
            "format_version": _FORMAT,
            "kind": kind,
            "made_at": made_at.isoformat(),
            "convoca": __version__,
            "files": files,
        }
        archive.writestr(MANIFEST, json.dumps(manifest, indent=1, ensure_ascii=False))
    return Contents(kind, made_at, __version__, files)


def _method(name: str) -> int:
    """Pictures, recordings and dumps are compressed already."""
    packed = name.startswith("media/") or name == POSTGRESQL
    return zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED


def _checked(
    source: IO[bytes],
    contents: Contents,
    name: str,
    *,
    file: Path,
    target: IO[bytes] | None = None,
) -> int:
    """Read a part, copied where there is a target; its length, or a `Refusal` if it is changed."""
    digest, size = _digest(source, target)
    facts = contents.files[name]
    if (digest, size) != (facts["sha256"], facts["size"]):
        raise Refusal("backup-broken", f"{file} is broken: {name} is not as it was written.")
    return size


def _digest(source: IO[bytes], target: IO[bytes] | None = None) -> tuple[str, int]:
    """SHA-256 and length of a stream, copied on the way where there is a target."""
    total, size = hashlib.sha256(), 0
    while chunk := source.read(_CHUNK):
        total.update(chunk)
        size += len(chunk)
        if target is not None:
            target.write(chunk)
    return total.hexdigest(), size


@contextmanager
def _opened(file: Path) -> Iterator[tuple[zipfile.ZipFile, Contents]]:
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive, _contents(file, archive)
    except _BROKEN as error:
        raise Refusal("backup-broken", f"{file} is not a whole backup: {error}.") from error
    except OSError as error:
        if error.errno != errno.EINVAL:  # what comes of looking at a place before the beginning
            raise
        raise Refusal("backup-broken", f"{file} is not a whole backup.") from error


def _contents(file: Path, archive: zipfile.ZipFile) -> Contents:
    try:
        written = json.loads(archive.read(MANIFEST))
        if written["format"] != "convoca-backup":
            raise KeyError("format")
        made_at = datetime.fromisoformat(written["made_at"])
        contents = Contents(written["kind"], made_at, written["convoca"], dict(written["files"]))
        newer = int(written["format_version"]) > _FORMAT
    except (KeyError, TypeError, ValueError) as error:
        raise Refusal("backup-foreign", f"{file} is not a backup made by Convoca.") from error
    if newer:
        raise Refusal("backup-newer", f"{file} was made by a newer Convoca ({contents.version}).")
    missing = sorted(set(contents.files) - set(archive.namelist()))
    if missing:
        raise Refusal("backup-broken", f"{file} is broken: {missing[0]} is missing.")
    strange = [name for name in contents.files if not _is_ours(name)]
    if strange:
        raise Refusal("backup-foreign", f"{file} holds what no backup holds: {strange[0]}.")
    return contents


def _is_ours(name: str) -> bool:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name:
        return False
    return name in {SQLITE, POSTGRESQL, "convoca.toml", "places.toml"} or path.parts[0] in {
        "media",
        "keys",
    }


@contextmanager
def _unfinished(file: Path) -> Iterator[tuple[Path, Path]]:
    """Two names beside `file` for what is not finished; leftovers of killed runs go first."""
    folder = file.absolute().parent
    if not folder.is_dir():
        raise FileNotFoundError(2, "No such folder", str(folder))
    if file.is_dir():
        raise IsADirectoryError(21, "This is a folder; name a file", str(file))
    if file.exists() and not file.is_file():
        raise OSError(errno.EINVAL, "This is a device; name a file", str(file))
    start = f".{file.name}.unfinished-"
    for left in folder.glob(f"{start}*"):
        _remove_if_nobodys(left)
    work = Path(tempfile.mkdtemp(prefix=start, dir=folder))
    lock = os.open(work, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield work / "backup", work / "database"
    finally:
        shutil.rmtree(work, ignore_errors=True)
        os.close(lock)


def _remove_if_nobodys(left: Path) -> None:
    with suppress(OSError):
        lock = os.open(left, os.O_RDONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(left)
        finally:
            os.close(lock)


def _put_in_place(unfinished: Path, file: Path) -> None:
    unfinished.chmod(0o600)
    flush(unfinished)
    unfinished.replace(file)
    flush(file.absolute().parent)


def flush(path: Path) -> None:
    """Bring a file's bytes, or a folder's names, to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _note(home: Path, what: str, file: Path, made_at: datetime) -> None:
    """Notes stand in a file of the home's, not in the database: a restored one must not lie."""
    path = home / "backups.json"
    notes = _notes(path)
    notes[what] = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "file": str(file.absolute()),
        "made_at": made_at.isoformat(),
    }
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.write_text(json.dumps(notes, indent=1), encoding="utf-8")
    fresh.replace(path)


def _notes(path: Path) -> dict[str, dict[str, str]]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _noted(home: Path, what: str) -> Done | None:
    try:
        note = _notes(home / "backups.json")[what]
        at, made_at = (datetime.fromisoformat(note[name]) for name in ("at", "made_at"))
        return Done(at, note["file"], made_at)
    except (KeyError, TypeError, ValueError):
        return None
