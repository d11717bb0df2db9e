"""Identifiers: short public codes, secrets for links, and UUIDs that sort by time."""

import hashlib
import os
import secrets
import threading
import time
import uuid
from collections.abc import Callable

CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"


def public_code() -> str:
    """Eight random characters of Crockford's base 32: what addresses of pages are made of.

    Never one that a spreadsheet takes for a number: `01234567` and `12e45678` would come back
    from it as something else.
    """
    while True:
        lot = secrets.randbits(40)  # five for each letter: lists need them by the thousand
        code = "".join([CROCKFORD[lot >> at & 31] for at in range(0, 40, 5)])
        if code.strip("0123456789e"):
            return code


def secret_token() -> str:
    """A secret of 160 bits for a link; store only its `token_digest`."""
    return secrets.token_urlsafe(20)


def spoken_code(groups: int = 2) -> str:
    """A code that can be read out over a telephone, such as `k7mq-02xd`; 20 bits a group."""
    return "-".join("".join(secrets.choice(CROCKFORD) for _ in range(4)) for _ in range(groups))


SPEAKABLE = "2346789CDFGHJKMNPQRTVWXY"
"""No vowels, so that no word comes of it in any language; no two that look or sound alike when
read from a wall: neither 0 and O, 1 and I, 5 and S, Z and 2, B and 8, nor E for 3 and L for 1."""


def fresh_short_code(is_taken: Callable[[str], bool]) -> str:
    """A code for an address on a wall or said aloud, such as `7KQ2`: four signs, five or six when
    many are taken.

    Never digits alone, which would read as a year or a price. The caller's unique constraint has
    the last word: between asking and storing another may take it.
    """
    for length in (4, 4, 4, 4, 5, 5, 5, 5):
        code = _short_code(length)
        if not is_taken(code):
            return code
    while is_taken(code := _short_code(6)):
        pass
    return code


def _short_code(length: int) -> str:
    while True:
        code = "".join(secrets.choice(SPEAKABLE) for _ in range(length))
        if not code.isdigit():
            return code


def tidy_short_code(typed: str) -> str:
    """What was meant by a typed short code: case, blanks, dashes, and signs that no code has."""
    upper = "".join(letter for letter in typed.upper() if letter.isalnum())
    return upper.translate(_MEANT)


_MEANT = str.maketrans("BZ", "82")


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


_BACK = 10_000
"""How far (ms) a clock may be put back before identifiers follow it back."""
_UNDER = (1 << 74) - 1
_last: tuple[int, int] = (0, 0)
_lock = threading.Lock()


def uuid7() -> uuid.UUID:
    """A UUID of version 7 (RFC 9562): sorts by the millisecond in which it was made.

    Within a process each is greater than the one before (section 6.2, method 2), also where the
    clock was put back by some seconds: order by it is the order of making.
    """
    global _last
    with _lock:
        now, (then, under) = time.time_ns() // 1_000_000, _last
        if then - _BACK < now <= then:
            under += 1 + int.from_bytes(os.urandom(4), "big")
            now, under = (then, under) if under <= _UNDER else (then + 1, _lower_half())
        else:
            under = _lower_half()
        _last = now, under
    value = now << 80 | 0x7 << 76 | (under >> 62) << 64 | 0x2 << 62 | under & (1 << 62) - 1
    return uuid.UUID(int=value)


def _lower_half() -> int:
    """74 bits by lot; the highest is left free, so that counting up has room."""
    return int.from_bytes(os.urandom(10), "big") >> 7


def _forget_last() -> None:
    """A forked process makes identifiers of its own."""
    global _last, _lock
    _last, _lock = (0, 0), threading.Lock()


os.register_at_fork(after_in_child=_forget_last)
