"""PDF and plain text: kept as they are, after a look for what acts when it is opened.

A PDF is refused when it can run something (scripts, launching programs, forms that send, films),
carries files, or is locked so that we cannot look. Compressed parts are looked into. What its
makers wrote into its properties (title, author) stays: they publish it.
"""

import re
import zlib
from pathlib import Path

from django.utils.translation import gettext as _

from convoca.core.errors import Refusal

MOST_UNPACKED = 200 * 1024 * 1024
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
    parts = [content, *_unpacked(content)]
    plain = [_ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), part) for part in parts]
    if any(_LOCKED.search(part) for part in plain):
        raise Refusal(
            "document-locked",
            _("This PDF is locked, so we cannot check it. Save it without a password."),
        )
    if any(_ACTS.search(part) for part in plain):
        raise Refusal(
            "document-acts",
            _(
                "This PDF does something when it is opened, or carries other files. "
                "Print it as a new PDF and try again."
            ),
        )


def _unpacked(content: bytes) -> list[bytes]:
    """What the compressed streams hold: objects may be written there, too."""
    parts: list[bytes] = []
    room = MOST_UNPACKED
    for found in _STREAM.finditer(content):
        reader = zlib.decompressobj()
        try:
            part = reader.decompress(content[found.end() :], room)
        except zlib.error:
            continue  # not compressed this way: it was read as it stands
        room -= len(part)
        if room <= 0:
            raise Refusal(
                "document-too-heavy",
                _("This PDF is too large to be checked. Save it smaller and try again."),
            )
        parts.append(part)
    return parts
