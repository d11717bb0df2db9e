"""Whether a copy is what the site signed: every file, nothing else, and not too old.

Needs no installation and reads nothing but the folder.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from convoca.pages.mirror.manifest import Manifest, NoManifest, is_signed, read
from convoca.pages.mirror.names import MANIFEST, SIGNATURE

What = Literal[
    "no-manifest", "not-signed", "wrong-key", "too-old", "gone-back", "missing", "changed",
    "revoked", "not-listed",
]  # fmt: skip
Step = Callable[[float, float], None]


@dataclass(frozen=True)
class Problem:
    """What is wrong with a file. `what` is for programs and never changes."""

    path: str
    what: What
    words: str


@dataclass(frozen=True)
class Asked:
    """What a copy must be for whoever verifies it."""

    key: str = ""
    """The key of the site, where it is known; else the one in the manifest is believed."""
    oldest: timedelta | None = timedelta(days=7)
    after: int = 0
    """A sequence that was seen before: the copy may not be older."""


def read_manifest(folder: Path, asked: Asked) -> Manifest | Problem:
    """The manifest, if it is signed and young enough."""
    try:
        content, signature = ((folder / name).read_bytes() for name in (MANIFEST, SIGNATURE))
        manifest = read(content)
    except OSError as error:
        return Problem(Path(str(error.filename)).name, "no-manifest", "cannot be read")
    except NoManifest as error:
        return Problem(MANIFEST, "no-manifest", str(error))
    if asked.key and asked.key != manifest.key:
        return Problem(MANIFEST, "wrong-key", f"is signed by another key: {manifest.key}")
    if not is_signed(content, signature, manifest.key):
        return Problem(SIGNATURE, "not-signed", f"does not fit {MANIFEST}")
    made = f"was made on {manifest.made_at:%Y-%m-%d %H:%M} UTC"
    if asked.oldest is not None and datetime.now(UTC) - manifest.made_at > asked.oldest:
        return Problem(MANIFEST, "too-old", made)
    if manifest.sequence < asked.after:
        words = f"is number {manifest.sequence}, and number {asked.after} was seen before"
        return Problem(MANIFEST, "gone-back", words)
    return manifest


def problems(
    folder: Path, manifest: Manifest, step: Step = lambda done, of: None
) -> Iterator[Problem]:
    """What is wrong with its files, in the order of paths."""
    there = set(_files(folder))
    names = sorted(there.union(manifest.files) - {MANIFEST, SIGNATURE})
    for number, name in enumerate(names):
        listed = manifest.files.get(name)
        if name not in there:
            yield Problem(name, "missing", "is missing")
        elif listed is None:
            if any(one.covers(name) for one in manifest.revoked):
                yield Problem(name, "revoked", "was taken down")
            else:
                yield Problem(name, "not-listed", "is not in the manifest")
        elif (found := _digest(folder / name)) != (listed.sha256, listed.size):
            if any(one.sha256 == found[0] and one.covers(name) for one in manifest.revoked):
                yield Problem(name, "revoked", "is what was taken down")
            else:
                yield Problem(name, "changed", "is not as it was signed")
        step(number + 1, len(names))


def _files(folder: Path) -> Iterator[str]:
    """Whatever lies in it, by its path; a link counts as a file and is never followed."""
    waiting = [""]
    while waiting:
        inside = waiting.pop()
        with os.scandir(folder / inside) as rows:
            for row in rows:
                if row.is_dir(follow_symlinks=False):
                    waiting.append(f"{inside}{row.name}/")
                else:
                    yield f"{inside}{row.name}"


def _digest(path: Path) -> tuple[str, int]:
    """SHA-256 and size; of a link or what cannot be read, nothing that could be right."""
    total, size = hashlib.sha256(), 0
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(handle, "rb") as file:
            while chunk := file.read(1 << 18):
                total.update(chunk)
                size += len(chunk)
    except OSError:
        return "", -1
    return total.hexdigest(), size
