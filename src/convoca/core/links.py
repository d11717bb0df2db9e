"""Words inside a link that only this installation can read, for a time: nothing is stored."""

import base64
import os
import time
from datetime import timedelta

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.utils.crypto import salted_hmac

_NONCE, _TIME = 12, 8


def closed_words(words: str, *, purpose: str) -> str:
    """A token for an address of ours; who reads it in a log or a history learns nothing."""
    nonce, made_at = os.urandom(_NONCE), int(time.time()).to_bytes(_TIME, "big")
    sealed = _cipher(purpose).encrypt(nonce, made_at + words.encode(), purpose.encode())
    return base64.urlsafe_b64encode(nonce + sealed).decode().rstrip("=")


def opened_words(token: str, *, purpose: str, valid: timedelta) -> str | None:
    """The words; None for what is no such token, or an old one."""
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        content = _cipher(purpose).decrypt(raw[:_NONCE], raw[_NONCE:], purpose.encode())
    except (InvalidTag, ValueError):
        return None
    age = time.time() - int.from_bytes(content[:_TIME], "big")
    return content[_TIME:].decode() if -60 <= age <= valid.total_seconds() else None


def _cipher(purpose: str) -> AESGCM:
    return AESGCM(salted_hmac(f"convoca.core.links {purpose}", "", algorithm="sha256").digest())
