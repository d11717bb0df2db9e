"""Whole requests to Django and whole answers back, over a Unix socket; one connection for each.

The front is the only one who talks to Django. What it says of a request in `Convoca-…` headers
(who asks, by which scheme) Django believes, so nothing of that name is ever passed on.
"""

import asyncio
import os
import tempfile
import time
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from weakref import finalize

import h11

IN_MEMORY = 1_000_000
"""Bytes of a request or an answer that are held in memory; more of it waits on the disk."""
PATIENCE = 15.0
"""Seconds for which Django is redialled while it starts again."""
LONGEST_ANSWER = 300.0
"""Seconds that Django has for an answer."""
_CHUNK = 65_536
_HOP_BY_HOP = {
    *("connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection"),
    *("te", "trailer", "transfer-encoding", "upgrade", "expect", "content-length", "host"),
}
_SAID_BY_OTHERS = (
    *("convoca-", "x-forwarded-", "x-real-ip", "x-http-method", "x-method-override"),
    *("x-original-", "x-rewrite-", "x-host", "forwarded", "x-client-ip", "true-client-ip"),
)
"""Headers by which other servers are told who asks for what; ours is told by the front alone."""

Headers = list[tuple[str, str]]


class Away(Exception):
    """Django could not be reached; nothing of the request has been sent."""


class Cut(Exception):
    """The connection broke after the request was sent: it may or may not have been carried out."""


class TooLarge(Exception):
    """More came than the server takes."""


@dataclass
class Answer:
    """What Django answered. A large body stands in a file, which goes when this goes."""

    status: int
    headers: Headers
    body: bytes = b""
    file: Path | None = None

    def header(self, name: str) -> str:
        """The value of a header, or nothing."""
        return next((value for key, value in self.headers if key == name), "")


@dataclass
class Body:
    """A request's body, taken to its end before Django hears of it."""

    file: IO[bytes] = field(
        default_factory=lambda: tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
    )
    length: int = 0

    @classmethod
    async def taken(cls, chunks: AsyncIterator[bytes], *, most: int) -> "Body":
        """All of it; raises `TooLarge` as soon as it is more than `most` bytes."""
        body = cls()
        async for chunk in chunks:
            body.length += len(chunk)
            if body.length > most:
                body.close()
                raise TooLarge
            body.file.write(chunk)
        return body

    def chunks(self) -> Iterable[bytes]:
        self.file.seek(0)
        while chunk := self.file.read(_CHUNK):
            yield chunk

    def close(self) -> None:
        self.file.close()


def passed_on(headers: Iterable[tuple[str, str]], *, without: frozenset[str]) -> Headers:
    """Of a visitor's headers those that Django may see, names in small letters.

    Names with `_` are dropped, as WSGI cannot tell them from those with `-`.
    """
    return [
        (name, value)
        for name, value in headers
        if name not in _HOP_BY_HOP
        and name not in without
        and "_" not in name
        and not name.startswith(_SAID_BY_OTHERS)
    ]


class Django:
    """Django's end of the socket."""

    def __init__(self, address: str) -> None:
        self._address = address

    async def ask(
        self,
        method: str,
        target: str,
        headers: Headers,
        body: Body | None = None,
        *,
        patience: float = PATIENCE,
    ) -> Answer:
        """Send a request, wait for its answer. Raises `Away` or `Cut`.

        What can be repeated without harm (there is no body) is, for as long as patience lasts.
        """
        until = time.monotonic() + patience
        while True:
            try:
                reader, writer = await self._dialled(until)
                return await self._exchange(reader, writer, method, target, headers, body)
            except (ConnectionError, h11.RemoteProtocolError, EOFError) as error:
                if body is not None or time.monotonic() > until:
                    raise Cut from error
                await asyncio.sleep(0.05)

    async def _dialled(self, until: float) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        pause = 0.02
        while True:
            try:
                return await asyncio.open_unix_connection(self._address, limit=2**18)
            except (OSError, ValueError) as error:
                if time.monotonic() > until:
                    raise Away from error
            await asyncio.sleep(pause)
            pause = min(0.25, pause * 1.5)

    async def _exchange(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        method: str,
        target: str,
        headers: Headers,
        body: Body | None,
    ) -> Answer:
        talk = h11.Connection(h11.CLIENT)
        length = [("content-length", str(body.length))] if body is not None else []
        close = [("connection", "close")]
        request = h11.Request(method=method, target=target, headers=[*headers, *length, *close])
        try:
            writer.write(talk.send(request) or b"")
            if body is not None:
                for chunk in body.chunks():
                    writer.write(talk.send(h11.Data(data=chunk)) or b"")
                    await writer.drain()
            writer.write(talk.send(h11.EndOfMessage()) or b"")
            async with asyncio.timeout(LONGEST_ANSWER):
                return await _answer(talk, reader)
        except TimeoutError as error:
            raise Cut from error
        finally:
            writer.close()


async def _answer(talk: h11.Connection, reader: asyncio.StreamReader) -> Answer:
    answer = Answer(0, [])
    parts: list[bytes] = []
    size = 0
    spool: IO[bytes] | None = None
    try:
        while True:
            event = talk.next_event()
            if event is h11.NEED_DATA:
                talk.receive_data(await reader.read(_CHUNK))
            elif isinstance(event, h11.Response):
                answer.status = event.status_code
                answer.headers = _own(event.headers)
            elif isinstance(event, h11.Data):
                size += len(event.data)
                if spool is None and size > IN_MEMORY:
                    spool = tempfile.NamedTemporaryFile(prefix="convoca-", delete=False)  # noqa: SIM115
                    answer.file = Path(spool.name)
                    finalize(answer, answer.file.unlink, missing_ok=True)
                    spool.writelines(parts)
                if spool is not None:
                    spool.write(event.data)
                else:
                    parts.append(bytes(event.data))
            elif isinstance(event, h11.EndOfMessage):
                answer.body = b"" if spool is not None else b"".join(parts)
                return answer
            elif isinstance(event, h11.ConnectionClosed):
                raise EOFError
    finally:
        if spool is not None:
            spool.close()


def _own(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    """An answer's headers without those that belong to the connection between us."""
    drop = {b"connection", b"keep-alive", b"transfer-encoding", b"date", b"server"}
    return [(k.decode("latin-1"), v.decode("latin-1")) for k, v in headers if k not in drop]


def socket_address(home: Path) -> str:
    """Where Django listens: in the home, or, as such an address cannot be long, in a folder of
    this user's own named after the home.
    """
    near = home / "django.sock"
    if len(os.fsencode(near)) < 100:
        return str(near)
    from hashlib import sha256  # noqa: PLC0415  slow

    folder = Path(tempfile.gettempdir()) / f"convoca-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise PermissionError(f"{folder} belongs to somebody else")
    return str(folder / f"{sha256(os.fsencode(home)).hexdigest()[:16]}.sock")
