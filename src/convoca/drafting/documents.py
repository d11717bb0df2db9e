"""The words of a document that somebody uploads, taken out by another process (`unpack`)."""

import importlib.util
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from convoca.core.errors import Refusal
from convoca.drafting import unpack

MOST_SECONDS = 15
MOST_FILE = 10 * 1024 * 1024
ENDINGS = (".txt", ".md", ".html", ".htm", ".docx", ".odt", ".pdf")


@dataclass(frozen=True)
class Words:
    """A document's text; `notes` are codes of what its reader should know (`macros`)."""

    text: str
    notes: list[str]


def reads_pdf() -> bool:
    """Whether the extra `documents` is installed."""
    return importlib.util.find_spec("pypdf") is not None


def words_of(name: str, content: bytes) -> Words:
    """The text of a document; what cannot be read is a Refusal that says what to do."""
    if len(content) > MOST_FILE:
        raise Refusal(
            "document-large",
            _("This file is larger than 10 MB. Copy its text and paste it instead."),
        )
    command = [sys.executable, "-I", str(Path(unpack.__file__)), Path(name).name[-100:] or "-"]
    environment = {"PATH": os.environ.get("PATH", ""), "PYTHONUTF8": "1"}
    try:
        done = subprocess.run(  # noqa: S603  our own program; what was sent is its input only
            command,
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a hostile document could make a parser say much
            timeout=MOST_SECONDS,
            env=environment,
            check=False,
        )
        answer: dict[str, Any] = json.loads(done.stdout) if done.returncode == 0 else {}
    except (subprocess.TimeoutExpired, ValueError):
        answer = {}
    if "text" not in answer:
        raise _refusal(str(answer.get("refused", "bomb")))
    return Words(answer["text"], answer["notes"])


def _refusal(code: str) -> Refusal:
    return Refusal(f"document-{code}", _sentence(code))


def _sentence(code: str) -> str:
    if code == "empty":
        return _("There is nothing in this file.")
    if code == "binary":
        return _("This file is no text. Save it as .docx, .pdf or .txt, or paste its text.")
    if code == "old-format":
        return _("This is an old format of a word processor. Save it as .docx and try again.")
    if code == "mislabelled":
        return _("This file holds something else than its name says. Save it again and try again.")
    if code == "unknown":
        return _("This is an archive, but no text document. Unpack it and choose the text.")
    if code == "locked":
        return _("This document is locked by a password. Save it without one, or paste its text.")
    if code == "too-long":
        return _("This document is too long to be read. Paste the part that is the call.")
    if code == "scan":
        return _(
            "This PDF holds pictures of pages and no text. Have its text recognised first, "
            "or type it."
        )
    if code == "needs-documents":
        return _(
            "This server cannot read PDF: its operator can add that with: make program-documents. "
            "Until then copy the text out of the PDF and paste it."
        )
    if code == "bomb":
        return _("This document is too much work to open safely. Paste its text instead.")
    return _("This document is damaged or was not sent whole. Save it again, or paste its text.")
