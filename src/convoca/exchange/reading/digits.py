"""Digits of every script as ours."""

import re
import unicodedata

_FOREIGN = re.compile(r"[^\x00-\x7f]")


def plain_digits(text: str) -> str:
    """The same text with ASCII digits and one kind of blank."""
    if text.isascii():
        return text
    return _FOREIGN.sub(_plain, text)


def _plain(sign: re.Match[str]) -> str:
    character = sign[0]
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    return " " if character in "\u00a0\u202f\u2009\u2007" else character
