"""The folder of kept files. A name is a hash of the content: writing it again is harmless."""

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

KINDS = {
    "webp": "image/webp",
    "ogg": "audio/ogg",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "wav": "audio/wav",
    "webm": "audio/webm",
    "pdf": "application/pdf",
    "txt": "text/plain; charset=utf-8",
}
"""What each ending is served as. An upload's own word for its type is never believed."""
_NAME = re.compile(r"[0-9a-f]{40}\.(" + "|".join(KINDS) + r")")


def is_name(name: str) -> bool:
    """Whether this could be a file of ours; everything else does not exist."""
    return bool(_NAME.fullmatch(name))


def root() -> Path:
    return Path(settings.MEDIA_ROOT)


def path(name: str) -> Path:
    """Where the file lies. Raises `FileNotFoundError` for what is no name of ours."""
    if not is_name(name):
        raise FileNotFoundError(name)
    return root() / name[:2] / name


def read(name: str) -> bytes:
    return path(name).read_bytes()


def digest(content: bytes) -> str:
    """SHA-256, whole."""
    return hashlib.sha256(content).hexdigest()


def put(content: bytes, ending: str) -> str:
    """Keep content and say its name. There is a whole file or none: `OSError` leaves nothing."""
    name = f"{digest(content)[:40]}.{ending}"
    target = path(name)
    if target.exists():
        target.touch()  # it is wanted again, so the sweep lets it be
        return name
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, unfinished = tempfile.mkstemp(prefix=".new-", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(unfinished).chmod(0o644)
        Path(unfinished).replace(target)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise
    return name


def delete(name: str) -> None:
    path(name).unlink(missing_ok=True)


def names() -> Iterator[Path]:
    """Every file in the folder, and what an interrupted writing left behind."""
    for folder in sorted(root().glob("[0-9a-f][0-9a-f]")):
        yield from sorted(folder.iterdir())


@contextmanager
def workshop() -> Iterator[Path]:
    """A folder for work in progress, on the same disk; gone afterwards, whatever happens."""
    root().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".work-", dir=root()) as folder:
        yield Path(folder)


def clear_workshops(*, before: float) -> None:
    """Remove the work in progress of processes that were killed before that time."""
    for folder in root().glob(".work-*"):
        if folder.stat().st_mtime < before:
            shutil.rmtree(folder, ignore_errors=True)
