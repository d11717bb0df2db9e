"""The demo's mail, on a page: nobody outside gets any. There is no such page elsewhere."""

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from convoca.core.languages import direction
from convoca.outbox.transport import read_mail_url

MOST = 200
_NAME = re.compile(r"^[\w-]+$")


@dataclass(frozen=True)
class Letter:
    """One mail, decoded; everything in it is text, and is escaped where it is shown."""

    name: str
    subject: str
    to: str
    sender: str
    at: datetime | None
    language: str
    body: str

    @property
    def dir(self) -> str:
        return direction(self.language)


@never_cache
@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    """The newest mails of the demo."""
    files = sorted(_folder().glob("*.eml"), reverse=True)
    letters = [_read(file) for file in files[:MOST]]
    return render(request, "web/demo_mails.html", {"letters": letters, "count": len(files)})


@never_cache
@require_safe
def mail(request: HttpRequest, name: str) -> HttpResponse:
    """One mail of the demo."""
    file = _folder() / f"{name}.eml"
    if not _NAME.match(name) or not file.is_file():
        raise Http404
    return render(request, "web/demo_mail.html", {"letter": _read(file)})


def _folder() -> Path:
    if not settings.DEMO:
        raise Http404
    return read_mail_url(settings.CONFIG).folder


def _read(file: Path) -> Letter:
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    text = mail.get_body(("plain",))
    body = str(text.get_content()) if text is not None else ""
    return Letter(
        name=file.stem,
        subject=str(mail["Subject"] or ""),
        to=str(mail["To"] or ""),
        sender=str(mail["From"] or ""),
        at=_date(str(mail["Date"] or "")),
        language=re.sub(r"[^A-Za-z-]", "", str(mail["Content-Language"] or "en")),
        body=_unflowed(body),
    )


def _date(header: str) -> datetime | None:
    try:
        return parsedate_to_datetime(header)
    except ValueError:
        return None


def _unflowed(body: str) -> str:
    """Join the lines that `format=flowed` parted (RFC 3676), as a mail reader does."""
    lines: list[str] = []
    joins = False
    for line in body.replace("\r\n", "\n").split("\n"):
        words = line[1:] if line.startswith(" ") else line
        if joins:
            lines[-1] += words
        else:
            lines.append(words)
        joins = line.endswith(" ") and line != "-- "
    return "\n".join(lines)
