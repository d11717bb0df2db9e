"""The list of all files of a copy, when it was made, and the signature over it.

Knows neither Django nor an installation: whoever has a copy can read and verify it.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)

FORMAT, VERSION = "convoca-mirror", 1


class NoManifest(Exception):
    """What was read is no manifest of ours; the sentence says why."""


@dataclass(frozen=True)
class File:
    """What a file must be."""

    sha256: str
    size: int


@dataclass(frozen=True)
class Revoked:
    """What stood at a path and must not be shown any more, since when."""

    path: str
    """Of a file, or with `/` at its end of a folder: words of a title are not told again."""
    sha256: str
    at: datetime

    def covers(self, path: str) -> bool:
        return path == self.path or (self.path.endswith("/") and path.startswith(self.path))


@dataclass(frozen=True)
class Manifest:
    """Everything that is signed."""

    origin: str
    base: str
    made_at: datetime
    sequence: int
    """Grows with each manifest of a site's copy, so that an old one cannot pass for a new one."""
    key: str
    files: Mapping[str, File]
    revoked: Sequence[Revoked] = ()

    def written(self) -> bytes:
        """The bytes that are signed: JSON, a file to a line, in the order of paths."""
        head = {
            "format": FORMAT,
            "format_version": VERSION,
            "origin": self.origin,
            "base": self.base,
            "made_at": _stamp(self.made_at),
            "sequence": self.sequence,
            "key": self.key,
        }
        files = (
            f'{json.dumps(path)}:{{"sha256":"{one.sha256}","size":{one.size}}}'
            for path, one in sorted(self.files.items())
        )
        revoked = (
            json.dumps({"path": one.path, "sha256": one.sha256, "at": _stamp(one.at)})
            for one in self.revoked
        )
        return (
            f'{json.dumps(head)[:-1]},\n"revoked":[{_lines(revoked)}],\n"files":{{{_lines(files)}}}}}\n'
        ).encode("ascii")


def read(content: bytes) -> Manifest:
    """A manifest from its bytes. Raises `NoManifest` for anything else."""
    try:
        found = json.loads(content)
        if found["format"] != FORMAT:
            raise NoManifest("it is no list of a copy of a Convoca site")
        if found["format_version"] != VERSION:
            raise NoManifest("it was made by a newer Convoca")
        return Manifest(
            origin=str(found["origin"]),
            base=str(found["base"]),
            made_at=_moment(found["made_at"]),
            sequence=int(found["sequence"]),
            key=str(found["key"]),
            files={path: _file(facts) for path, facts in found["files"].items()},
            revoked=[
                Revoked(str(one["path"]), str(one["sha256"]), _moment(one["at"]))
                for one in found["revoked"]
            ],
        )
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise NoManifest("it cannot be read") from error


def _file(facts: Any) -> File:
    return File(str(facts["sha256"]), int(facts["size"]))


def _lines(rows: Any) -> str:
    return "\n" + ",\n".join(rows) + "\n"


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _moment(written: str) -> datetime:
    return datetime.strptime(written, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def private_key(seed: bytes) -> Ed25519PrivateKey:
    """The key that signs, from its 32 secret bytes."""
    return Ed25519PrivateKey.from_private_bytes(seed)


def public_words(key: Ed25519PrivateKey) -> str:
    """The public key on one line, as it stands in a PEM file."""
    return base64.b64encode(
        key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    ).decode("ascii")


def is_signed(content: bytes, signature: bytes, words: str) -> bool:
    """Whether the holder of this key signed these bytes."""
    try:
        key = load_der_public_key(base64.b64decode(words, validate=True))
        if not isinstance(key, Ed25519PublicKey):
            return False
        key.verify(signature, content)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True
