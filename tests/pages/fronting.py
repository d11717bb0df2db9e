"""A front in a process of its own, and behind it a Django of the test's making."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingMixIn, UnixStreamServer

from convoca.pages.asking import socket_address
from convoca.pages.store import Page, Store

SRC = Path(__file__).resolve().parents[2] / "src"


@dataclass
class Said:
    """What the other Django was told of one request."""

    method: str
    target: str
    headers: dict
    body: bytes


@dataclass
class Reply:
    """What it answers; with `kept`, what it puts into the store first."""

    status: int = 200
    body: bytes = b"from Django"
    headers: dict = field(default_factory=dict)
    kept: dict | None = None
    """The versions of the tags that it shows."""
    wait: float = 0.0
    breaks: bool = False


class OtherDjango(ThreadingMixIn, UnixStreamServer):
    """Answers on the socket by a table of paths; knows what it was asked."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 1024

    def __init__(self, home: Path, store: Store, base: str) -> None:
        self.store, self.base = store, base
        self.replies: dict[str, Reply] = {}
        self.said: list[Said] = []
        self.counts: Counter = Counter()
        self.lock = threading.Lock()
        self.address = socket_address(home)
        Path(self.address).unlink(missing_ok=True)
        super().__init__(self.address, _Handler)
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def handle_error(self, request, client_address) -> None:
        """A front that was killed is no error of ours."""

    def stop(self) -> None:
        self.shutdown()
        self.server_close()
        Path(self.address).unlink(missing_ok=True)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        server: OtherDjango = self.server
        length = int(self.headers.get("content-length") or 0)
        said = Said(self.command, self.path, dict(self.headers.items()), self.rfile.read(length))
        with server.lock:
            server.said.append(said)
            server.counts[said.target] += 1
        reply = server.replies.get(self.path, Reply())
        time.sleep(reply.wait)
        if reply.breaks:
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response(reply.status)
        headers = {"Content-Type": "text/html; charset=utf-8", **reply.headers}
        if reply.kept is not None:
            key = f"{server.base}{reply.headers.get('As') or self.path}"
            kept = [("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "public")]
            server.store.keep(Page(key, kept, reply.body, reply.kept))
            headers["Convoca-Kept-As"] = key
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)

    do_GET = do_HEAD = do_POST = answer  # noqa: N815  as the library names them

    def log_message(self, *words) -> None:
        """It is quiet."""


@dataclass
class Got:
    """An answer as a reader gets it."""

    status: int
    headers: dict
    body: bytes


class RunningFront:
    """`convoca.cli.part front` on a port of its own, for one home."""

    def __init__(self, home: Path, **settings: str) -> None:
        self.home = home
        self.listener = socket.socket()
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(1024)
        self.port = self.listener.getsockname()[1]
        self.host = f"localhost:{self.port}"
        self.base = f"http://{self.host}"
        self.store = Store(home / "pages.sqlite3")
        self.django = OtherDjango(home, self.store, self.base)
        clean = {name: v for name, v in os.environ.items() if not name.startswith("CONVOCA_")}
        own = {"CONVOCA_HOME": str(home), "CONVOCA_URL": self.base, "PYTHONPATH": str(SRC)}
        self.environ = {**clean, **own, "PYTHONWARNINGS": "ignore", **settings}
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "convoca.cli.part", "front", str(self.listener.fileno())],
            env=self.environ,
            pass_fds=(self.listener.fileno(),),
            stderr=subprocess.DEVNULL,
        )

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def end(self) -> None:
        self.kill()
        self.django.stop()
        self.listener.close()
        self.store.close()

    def ask(self, path: str, method: str = "GET", body=None, timeout: float = 20, **headers) -> Got:
        """One request on a connection of its own; `accept_encoding="gzip"` is a header."""
        talk = HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            talk.request(method, path, body, {"Host": self.host, **named})
            answer = talk.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Got(answer.status, found, answer.read())
        finally:
            talk.close()

    def raw(self, sent: bytes, *, timeout: float = 5) -> bytes:
        """What comes back to these bytes until the connection is closed or nothing more comes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout) as talk:
            talk.sendall(sent)
            got = b""
            try:
                while part := talk.recv(65536):
                    got += part
            except TimeoutError:
                pass
            return got

    def keep(self, path: str, body: bytes, **tags: int) -> None:
        """Put a page into the store, with the versions of what it shows."""
        head = [("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "public")]
        self.store.keep(Page(f"{self.base}{path}", head, body, tags))
        self.store.tell_names(f"{self.base}{path.partition('?')[0]}", ("page,country", "q"))

    def change(self, tag: str, version: int, down: int = 0) -> None:
        """What the tag stands for has changed, or was taken down."""
        self.store.copy([(tag, version, down)])
