"""From a text as it came to the words of a call, in Markdown."""

import re

from convoca.core.fold import fold

_BULLET = re.compile(r"^(\s*)[•●▪·◦‣]\s+", re.MULTILINE)
_INDENT = re.compile(r"^[ \t\u00a0]{4,}", re.MULTILINE)
_HEADING = re.compile(r"^#{1,6}\s+")


def call_of(text: str, *, title: str = "") -> str:
    """The call: bullets as Markdown has them, nothing taken for code because it was indented, and
    without its heading where that is the campaign's title already."""
    words = _INDENT.sub("   ", _BULLET.sub(r"\1- ", text)).strip("\n")
    first, _end, rest = words.partition("\n")
    if title and fold(_HEADING.sub("", first).strip(" :")) == fold(title.strip(" :")):
        words = rest.strip("\n")
    return words
