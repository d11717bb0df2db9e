"""Writes into the folder of a copy, and never outside it: no link is followed on the way."""

import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from convoca.core.errors import Refusal

PART = ".part~"
"""How the name of a file ends that is not whole yet; no page's file ends so."""
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
Stamp = tuple[int, int]
"""Size, and nanoseconds of the last change: what a file has as long as nobody touches it."""


class Folder:
    """The folder that holds a copy. Every path is one of `names.file_of`."""

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()

    def make(self) -> None:
        """Have it; readable for every web server of this machine."""
        try:
            self.root.mkdir(parents=True, exist_ok=True, mode=0o755)
        except FileExistsError:
            raise Refusal("mirror-folder", f"{self.root} is a file; name a folder.") from None
        self.root = self.root.resolve()
        self.root.chmod(0o755)

    def is_empty(self) -> bool:
        return not any(self.root.iterdir())

    def stamp(self, path: str) -> Stamp | None:
        """Of a plain file; None where there is none."""
        try:
            facts = os.lstat(f"{self.root}/{path}")
        except OSError:
            return None
        is_plain = (facts.st_mode & 0o170000) == 0o100000
        return (facts.st_size, facts.st_mtime_ns) if is_plain else None

    def sha256(self, path: str) -> bytes:
        """Of what lies there; empty where no plain file does."""
        try:
            with self._inside(path) as (folder, name):
                handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
                with os.fdopen(handle, "rb") as file:
                    return hashlib.file_digest(file, "sha256").digest()
        except OSError:
            return b""

    def write(self, path: str, content: bytes) -> Stamp:
        """The whole file or, as long as it is not whole, what was there before."""
        with self._inside(path, make=True) as (folder, name):
            part = f"{name}{PART}"
            with suppress(FileNotFoundError):
                os.unlink(part, dir_fd=folder)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
            handle = os.open(part, flags, 0o644, dir_fd=folder)
            with os.fdopen(handle, "wb") as file:
                os.fchmod(handle, 0o644)
                file.write(content)
            os.rename(part, name, src_dir_fd=folder, dst_dir_fd=folder)
            facts = os.stat(name, dir_fd=folder, follow_symlinks=False)
        return facts.st_size, facts.st_mtime_ns

    def remove(self, path: str) -> None:
        """Take a file away, what is left of its writing, and the folders that are empty then."""
        try:
            with self._inside(path) as (folder, name):
                for one in (name, f"{name}{PART}"):
                    with suppress(FileNotFoundError):
                        os.unlink(one, dir_fd=folder)
        except OSError as error:
            if error.errno not in {errno.ENOENT, errno.ENOTDIR, errno.ELOOP}:
                raise
        for parent in list(Path(path).parents)[:-1]:
            with suppress(OSError):
                (self.root / parent).rmdir()

    def remove_part(self, path: str) -> None:
        """Take away what is left of a writing that did not end."""
        with suppress(OSError), self._inside(path) as (folder, name):
            os.unlink(f"{name}{PART}", dir_fd=folder)

    @contextmanager
    def _inside(self, path: str, *, make: bool = False) -> Iterator[tuple[int, str]]:
        """The open folder in which the file lies, and its name there."""
        *folders, name = path.split("/")
        if not name or any(part in {"", ".", ".."} or "\0" in part for part in [*folders, name]):
            raise Refusal("mirror-path", f"{path!r} is no path within the copy.")
        here = os.open(self.root, _FOLDER)
        try:
            for part in folders:
                there = self._step(here, part, make=make)
                os.close(here)
                here = there
            yield here, name
        finally:
            os.close(here)

    def _step(self, here: int, part: str, *, make: bool) -> int:
        try:
            return os.open(part, _FOLDER, dir_fd=here)
        except FileNotFoundError:
            if not make:
                raise
        with suppress(FileExistsError):
            os.mkdir(part, 0o755, dir_fd=here)
        there = os.open(part, _FOLDER, dir_fd=here)
        os.fchmod(there, 0o755)
        return there
