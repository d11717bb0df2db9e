"""The folder of kept files. A name is a hash of the content: writing it again is harmless."""

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from convoca.core.errors import Refusal

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
OFF, DOWN = ".off", ".down"
"""What follows the name of a file that is kept and given to nobody: `OFF` while what shows it is
withdrawn, `DOWN` where a steward has taken it down.
"""
_NAME = re.compile(r"[0-9a-f]{40}\.(" + "|".join(KINDS) + r")")


def is_name(name: str) -> bool:
    """Whether this could be a file of ours; everything else does not exist."""
    return bool(_NAME.fullmatch(name))


def root() -> Path:
    return Path(settings.MEDIA_ROOT)


def path(name: str) -> Path:
    """Where the file lies, also a withheld one. Raises `FileNotFoundError` for what is no name of
    ours.
    """
    if not is_name(name.removesuffix(OFF).removesuffix(DOWN)):
        raise FileNotFoundError(name)
    return root() / name[:2] / name


def read(name: str) -> bytes:
    """What is in a file, also while its page is withdrawn."""
    shown = path(name)
    return (shown if shown.exists() else path(name + OFF)).read_bytes()


def digest(content: bytes) -> str:
    """SHA-256, whole."""
    return hashlib.sha256(content).hexdigest()


def put(content: bytes, ending: str) -> str:
    """Keep content and say its name. There is a whole file or none: `OSError` leaves nothing.
    What was taken down is refused.
    """
    name = f"{digest(content)[:40]}.{ending}"
    target = path(name)
    if is_taken_down(name):
        raise Refusal("file-taken-down", _("This file was taken down here. Use another one."))
    give_back(name)
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
    for ending in ("", OFF, DOWN):
        path(name + ending).unlink(missing_ok=True)


def withhold(name: str, ending: str = OFF) -> None:
    """Give this file to nobody from now on. What was taken down stays so."""
    for had in ("", OFF):
        if had != ending:
            with suppress(FileNotFoundError):
                path(name + had).rename(path(name + ending))


def give_back(name: str, ending: str = OFF) -> None:
    """Give a file that was withheld in this way to everybody again."""
    with suppress(FileNotFoundError):
        path(name + ending).rename(path(name))


def is_withheld(name: str) -> bool:
    return any(path(name + ending).exists() for ending in (OFF, DOWN))


def is_taken_down(name: str) -> bool:
    return path(name + DOWN).exists()


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
