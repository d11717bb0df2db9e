"""Which letters the bytes of a file are."""

import codecs

from django.utils.translation import gettext as _

from convoca.core.errors import Refusal

_MARKS = [
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]
MENDING = "windows-1252-for-what-is-not-utf-8"
_WINDOWS = bytes(range(256)).decode("cp1252", errors="replace")


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    """Bytes that are no UTF-8 are letters of Windows-1252: one by one, so mixed files come well."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(_WINDOWS[byte] for byte in error.object[error.start : error.end]), error.end


codecs.register_error(MENDING, _as_windows)


def errors_for(encoding: str) -> str:
    return MENDING if encoding.startswith("utf-8") else "replace"


def encoding_of(start: bytes) -> str:
    """The encoding of a text by its first bytes. Refuses what is no text."""
    for mark, name in _MARKS:
        if start.startswith(mark):
            return name
    if b"\0" in start:
        even, odd = start[0:4096:2].count(0), start[1:4096:2].count(0)
        half = min(len(start), 4096) / 2
        if odd > 0.4 * half and even < 0.1 * half:
            return "utf-16-le"
        if even > 0.4 * half and odd < 0.1 * half:
            return "utf-16-be"
        raise Refusal("file-not-text", _("This is not a list: it is no text."))
    controls = sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in start)
    if controls > len(start) / 50:
        raise Refusal("file-not-text", _("This is not a list: it is no text."))
    return "utf-8"


def is_mended(start: bytes, encoding: str) -> bool:
    """Whether some bytes were no UTF-8; the end may be cut within a letter."""
    if not encoding.startswith("utf-8"):
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return True
    return False
