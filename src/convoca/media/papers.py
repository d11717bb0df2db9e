"""PDF and plain text: kept as they are, after a look for what acts when it is opened.

A PDF is refused when it can run something (scripts, launching programs, forms that send, films),
carries files, or is locked so that we cannot look. Compressed parts are looked into. What its
makers wrote into its properties (title, author, program) stays, and the form says so: to take it
out, a PDF would have to be written anew, which breaks signed ones.
"""

import re
import zlib
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from convoca.core.errors import Refusal

MOST_UNPACKED = 200 * 1024 * 1024
_PIECE = 64 * 1024
_ACTS = re.compile(
    rb"/(?:JavaScript|Launch|SubmitForm|ImportData|RichMedia|EmbeddedFiles?|XFA|GoToE|Movie"
    rb"|Rendition)(?=[\s/<>\[\](){}%\0]|$)"
)
_LOCKED = re.compile(rb"/Encrypt(?=[\s/<>\[\](){}%\0])")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"stream\r?\n")


def kind_of(name: str, content: bytes) -> str:
    """`pdf` or `txt`, checked; everything else is refused with what to do about it."""
    ending = Path(name).suffix.lower().lstrip(".")
    if content.startswith(b"%PDF-"):
        if ending and ending != "pdf":
            raise _mislabelled(ending, "PDF")
        _refuse_acting(content)
        return "pdf"
    if ending == "pdf":
        raise _mislabelled(ending, _("no PDF"))
    if ending not in {"txt", "text", "md", ""} or not _is_text(content):
        raise Refusal(
            "document-unknown",
            _("This is neither a PDF nor a plain text. Save or print it as PDF and try again."),
        )
    return "txt"


def _mislabelled(ending: str, found: str) -> Refusal:
    words = _("This file is called “.%(ending)s” but holds something else (%(found)s).")
    return Refusal("document-mislabelled", words % {"ending": ending[:10], "found": found})


def _is_text(content: bytes) -> bool:
    try:
        words = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not any(c < " " and c not in "\n\r\t\f" for c in words)


def _refuse_acting(content: bytes) -> None:
    if b"%%EOF" not in content[-2048:]:
        raise Refusal(
            "document-broken",
            _("This PDF is damaged or was not sent whole. Save it again and try once more."),
        )
    _refuse_part(content)
    room = MOST_UNPACKED
    for part in _unpacked(content):
        room -= len(part)
        if room <= 0:
            raise _too_heavy()
        _refuse_part(part)


def _refuse_part(part: bytes) -> None:
    plain = _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), part)
    if _LOCKED.search(plain):
        raise Refusal(
            "document-locked",
            _("This PDF is locked, so we cannot check it. Save it without a password."),
        )
    if _ACTS.search(plain):
        raise Refusal(
            "document-acts",
            _(
                "This PDF does something when it is opened, or carries other files. "
                "Print it as a new PDF and try again."
            ),
        )


def _too_heavy() -> Refusal:
    return Refusal(
        "document-too-heavy",
        _("This PDF is too large to be checked. Save it smaller and try again."),
    )


def _unpacked(content: bytes) -> Iterator[bytes]:
    """What each compressed stream holds, one at a time: objects may be written there, too."""
    view = memoryview(content)
    for found in _STREAM.finditer(content):
        at = found.end()
        if _is_zlib(content[at : at + 2]):
            yield _inflated(view[at:])


def _is_zlib(head: bytes) -> bool:
    """Two bytes as RFC 1950 has them. What begins otherwise was read as it stands."""
    return len(head) == 2 and head[0] & 15 == 8 and int.from_bytes(head, "big") % 31 == 0


def _inflated(view: memoryview) -> bytes:
    """One stream, fed in pieces: what follows it is neither copied nor read."""
    reader, out, size = zlib.decompressobj(), [], 0
    for start in range(0, len(view), _PIECE):
        piece: bytes | memoryview = view[start : start + _PIECE]
        try:
            while piece and not reader.eof:
                out.append(reader.decompress(piece, _PIECE * 16))
                size += len(out[-1])
                if size > MOST_UNPACKED:
                    raise _too_heavy()
                piece = reader.unconsumed_tail
        except zlib.error:
            break  # damaged from here on; readers show what came before
        if reader.eof:
            break
    return b"".join(out)
