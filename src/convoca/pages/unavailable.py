"""What readers are told while Django is away: not now, and what was typed is given back."""

import asyncio
from collections.abc import Iterator
from email.parser import BytesParser
from email.policy import HTTP
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from convoca.core import spare
from convoca.pages.asking import Body, Cut

MOST_READ = 4_000_000
"""Bytes of a form that are read to give its words back; files are not given back."""
RETRY_AFTER = "30"
_HEADERS = [
    ("content-type", "text/html; charset=utf-8"),
    ("cache-control", "no-store"),
    ("retry-after", RETRY_AFTER),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("x-frame-options", "DENY"),
    (
        "content-security-policy",
        "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self';"
        " frame-ancestors 'none'; base-uri 'none'",
    ),
]


class Unavailable:
    """Answers in Django's place, from pages that need nothing but themselves."""

    def __init__(self, templates: Path) -> None:
        self._templates = templates

    async def answer(
        self,
        protocol: Any,
        target: str,
        error: BaseException | None,
        *,
        body: Body | None = None,
        kind: str = "",
        in_short: bool = False,
    ) -> None:
        """503 with Retry-After. `error` says whether the form may have been taken all the same."""
        is_cut = isinstance(error, Cut) and body is not None
        if in_short:
            words = _CUT if is_cut else _AWAY
            headers = [("content-type", "text/plain; charset=utf-8"), *_HEADERS[1:]]
            protocol.response_str(503, headers, words)
            return
        name = "cut.html" if is_cut else "away.html" if body else "unread.html"
        path = self._templates / "web" / name
        answers = await asyncio.to_thread(lambda: list(_typed(body, kind))) if body else []
        page = spare.with_what_was_typed(path, target[1:3], answers)
        protocol.response_bytes(503, _HEADERS, page.encode())


_AWAY = "Not now. Nothing was changed. Send it again in a minute."
_CUT = "The connection broke. It may have been taken, or not: look before you send it again."


def _typed(body: Body, kind: str) -> Iterator[tuple[str, str]]:
    """The words of a form, by the name of their field; what cannot be read is passed over."""
    content = b"".join(body.chunks())[:MOST_READ]
    what = kind.partition(";")[0].strip().lower()
    if what == "application/x-www-form-urlencoded":
        words = content.decode(errors="replace")
        try:
            yield from parse_qsl(words, max_num_fields=2000, errors="replace")
        except ValueError:
            return
    elif what == "multipart/form-data":
        head = f"Content-Type: {kind}\r\n\r\n".encode("latin-1", "replace")
        parsed = BytesParser(policy=HTTP).parsebytes(head + content)
        for part in parsed.iter_parts() if parsed.is_multipart() else ():
            name = part.get_param("name", header="content-disposition")
            if name and part.get_filename() is None:
                value = part.get_payload(decode=True)
                yield str(name), value.decode(errors="replace") if isinstance(value, bytes) else ""
