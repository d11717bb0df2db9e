"""The plain spelling of a text, sign for sign as long as the text."""

import unicodedata
from functools import lru_cache

from convoca.core.fold import fold


@lru_cache(maxsize=8192)
def _plain(sign: str) -> str:
    if sign in "’‘ʼ`´":
        return "'"
    if sign.isspace() and sign != "\n":
        return " "
    if sign.isdecimal():
        return str(unicodedata.decimal(sign))
    if not sign.isalpha():
        return sign
    folded = fold(sign)
    return folded[0] if folded else sign


def plain(text: str) -> str:
    """The text without accents and capitals, and of the same length."""
    return "".join(map(_plain, text))
