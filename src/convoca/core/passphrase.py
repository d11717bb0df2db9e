"""A few bytes under a passphrase: scrypt makes the key, AES-GCM seals."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from convoca.core.errors import Refusal

HEAD = b"convoca sealed 1\n"
SHORTEST = 12
_SALT, _NONCE = 16, 12
_COST = 1 << 16
"""64 MB and some tenths of a second for each try."""


def seal(content: bytes, passphrase: str) -> bytes:
    """Seal under a passphrase. Refuses one that is soon guessed."""
    if len(passphrase) < SHORTEST:
        words = f"A passphrase has at least {SHORTEST} characters; five words by lot are good."
        raise Refusal("passphrase-short", words)
    salt, nonce = os.urandom(_SALT), os.urandom(_NONCE)
    return HEAD + salt + nonce + AESGCM(_key(passphrase, salt)).encrypt(nonce, content, HEAD)


def is_sealed(content: bytes) -> bool:
    """Whether something begins as what `seal` makes."""
    return content.startswith(HEAD)


def unseal(content: bytes, passphrase: str) -> bytes:
    """What was sealed. Refuses a wrong passphrase, and what was changed since."""
    rest = content[len(HEAD) :]
    salt, nonce, sealed = rest[:_SALT], rest[_SALT : _SALT + _NONCE], rest[_SALT + _NONCE :]
    try:
        return AESGCM(_key(passphrase, salt)).decrypt(nonce, sealed, HEAD)
    except (InvalidTag, ValueError) as error:
        words = "The passphrase is not the right one, or the file is broken."
        raise Refusal("passphrase-wrong", words) from error


def _key(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=_COST, r=8, p=1).derive(passphrase.encode())
