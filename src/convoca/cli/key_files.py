"""A file of keys, open or sealed by a passphrase, put in its place."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from convoca.cli.main import Failed
from convoca.core import backups
from convoca.core.config import Config
from convoca.core.passphrase import HEAD, is_sealed, unseal


def is_of_keys(file: Path) -> bool:
    """Whether a file holds keys under a passphrase; an open one says so in its manifest."""
    with file.open("rb") as opened:
        return is_sealed(opened.read(len(HEAD)))


def unpack_keys(file: Path, into: Path, *, ask: Callable[[], str]) -> None:
    """Unpack a file of keys into an empty folder: `keys/`, and the settings."""
    if not is_of_keys(file):
        if backups.read(file).kind != "keys":
            raise Failed(f"{file} is no file of keys.")
        backups.unpack(file, into)
        return
    with tempfile.TemporaryDirectory(prefix=".keys-", dir=into) as folder:
        opened = Path(folder) / "keys"
        opened.touch(mode=0o600)
        opened.write_bytes(unseal(file.read_bytes(), ask()))
        backups.read(opened)
        backups.unpack(opened, into)


def put_keys(config: Config, file: Path, *, force: bool, ask: Callable[[], str]) -> Path | None:
    """Put keys back in their place. Keys that are here stay, unless they are to be replaced: then
    they are kept aside, and it says where."""
    refuse_to_replace(config, force=force)
    config.home.mkdir(parents=True, exist_ok=True)
    with staging(config.home) as folder:
        unpack_keys(file, folder, ask=ask)
        return move_keys(config, folder)


def refuse_to_replace(config: Config, *, force: bool) -> None:
    if config.keys.is_dir() and any(config.keys.iterdir()) and not force:
        raise Failed(f"there are keys in {config.keys} already. With --force they are kept aside.")


def move_keys(config: Config, folder: Path) -> Path | None:
    """Move unpacked keys, and the settings where there are none, to where they belong."""
    kept = None
    if config.keys.exists():
        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
        kept = config.keys.rename(config.home / f"keys-before-{stamp}")
    (folder / "keys").rename(config.keys)
    config.keys.chmod(0o700)
    for path in config.keys.iterdir():
        path.chmod(0o600)
    toml = config.home / "convoca.toml"
    if (folder / "convoca.toml").exists() and not toml.exists():
        (folder / "convoca.toml").rename(toml)
        toml.chmod(0o600)
    backups.flush(config.home)
    return kept


@contextmanager
def staging(home: Path) -> Iterator[Path]:
    """A folder on the same disk as the home; a killed restore leaves it, the next removes it."""
    for left in home.glob(".restoring-*"):
        shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=".restoring-", dir=home))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
