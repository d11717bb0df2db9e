"""Identifiers: short public codes, secrets for links, and UUIDs that sort by time."""

import hashlib
import os
import secrets
import time
import uuid

CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"


def public_code() -> str:
    """Eight random characters of Crockford's base 32: what addresses of pages are made of.

    Never one that a spreadsheet takes for a number: `01234567` and `12e45678` would come back
    from it as something else.
    """
    while True:
        code = "".join(secrets.choice(CROCKFORD) for _ in range(8))
        if code.strip("0123456789e"):
            return code


def secret_token() -> str:
    """A secret of 160 bits for a link; store only its `token_digest`."""
    return secrets.token_urlsafe(20)


def spoken_code(groups: int = 2) -> str:
    """A code that can be read out over a telephone, such as `k7mq-02xd`; 20 bits a group."""
    return "-".join("".join(secrets.choice(CROCKFORD) for _ in range(4)) for _ in range(groups))


def tidy_code(typed: str) -> str:
    """What was meant by a typed code: case, blanks, and Crockford's look-alikes put right."""
    return (
        "".join(typed.lower().split())
        .replace("o", "0")
        .replace("i", "1")
        .replace("l", "1")
        .replace("u", "v")
    )


def token_digest(token: str) -> str:
    """What is stored of a secret, so that reading the database opens no link."""
    return hashlib.sha256(token.encode()).hexdigest()


def uuid7() -> uuid.UUID:
    """A UUID of version 7 (RFC 9562): sorts by the millisecond in which it was made."""
    milliseconds = time.time_ns() // 1_000_000
    value = milliseconds << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=value)
