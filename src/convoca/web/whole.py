"""What stands between the front and Django: who asks is told, and forms come whole.

A form whose connection was cut is no form: half of a text is never taken for the whole.
"""

from collections.abc import Callable, Iterable
from typing import Any, Protocol

from django.core.exceptions import SuspiciousOperation

Environ = dict[str, Any]
Application = Callable[[Environ, Any], Iterable[bytes]]


class CutOff(SuspiciousOperation):
    """Fewer bytes came than were announced; answered with 400, where anybody still listens."""


class Body(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...
    def readline(self, size: int = -1, /) -> bytes: ...


class WholeBody:
    """A request's body that ends where it was said to end, or raises `CutOff`."""

    def __init__(self, body: Body, length: int) -> None:
        self._body, self._left = body, length

    def read(self, size: int = -1, /) -> bytes:
        """As many bytes as asked for, however they arrive."""
        wanted = self._left if size is None or size < 0 else min(size, self._left)
        parts = []
        while wanted > 0:
            part = self._taken(self._body.read(wanted))
            parts.append(part)
            wanted -= len(part)
        return b"".join(parts)

    def readline(self, size: int = -1, /) -> bytes:
        wanted = self._left if size is None or size < 0 else min(size, self._left)
        return self._taken(self._body.readline(wanted)) if wanted > 0 else b""

    def _taken(self, part: bytes) -> bytes:
        if not part:
            raise CutOff("the connection was cut before all was sent")
        self._left -= len(part)
        return part


def whole_bodies(application: Application) -> Application:
    """The application, given whole bodies only."""

    def guarded(environ: Environ, start_response: Any) -> Iterable[bytes]:
        length = str(environ.get("CONTENT_LENGTH") or "")
        if length.isdecimal():
            environ["wsgi.input"] = WholeBody(environ["wsgi.input"], int(length))
        return application(environ, start_response)

    return guarded


def told_by_the_front(application: Application) -> Application:
    """The application, with the client's address and scheme as the front tells them.

    Only the front can reach it: it listens on a socket file of this user's own.
    """

    def told(environ: Environ, start_response: Any) -> Iterable[bytes]:
        environ["REMOTE_ADDR"] = environ.pop("HTTP_CONVOCA_CLIENT", "")
        environ["wsgi.url_scheme"] = environ.pop("HTTP_CONVOCA_SCHEME", "http")
        return application(environ, start_response)

    return told
