"""The door to the first run: one link, printed on the machine, that opens once.

Only the digest of its secret is kept, beside the keys; making a new link closes the one before.
"""

import hmac
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from convoca.core.codes import secret_token, token_digest
from convoca.core.config import Config

OPEN_FOR = timedelta(days=3)


def make_link(config: Config, *, language: str = "en") -> str:
    """The address of the first-run page, good for one use within three days."""
    token = secret_token()
    note = {"digest": token_digest(token), "until": (datetime.now(UTC) + OPEN_FOR).isoformat()}
    path = _path(config)
    path.unlink(missing_ok=True)
    fresh = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(fresh, "w", encoding="ascii") as file:
        json.dump(note, file)
    return f"{config.url.rstrip('/')}/{language}/first-run/{token}/"


def is_open_to(config: Config, token: str) -> bool:
    """Whether this secret is the one of the last link, unused and not too old."""
    try:
        note = json.loads(_path(config).read_text(encoding="ascii"))
        until = datetime.fromisoformat(note["until"])
        digest = str(note["digest"])
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return hmac.compare_digest(token_digest(token), digest) and datetime.now(UTC) < until


def close_door(config: Config) -> None:
    """The link was used: it opens nothing any more. Harmless to repeat."""
    _path(config).unlink(missing_ok=True)


def _path(config: Config) -> Path:
    return config.keys / "first-run"
