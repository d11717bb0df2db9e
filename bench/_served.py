"""A home with so many actions, served as `convoca serve` does; what its processes cost."""

import logging
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable
from http.client import HTTPConnection
from pathlib import Path
from typing import IO

from bench.signups import processes_of

TICKS = os.sysconf("SC_CLK_TCK")


def begin(home: Path) -> None:
    """Start Django in this process on a new, empty home that a server can be started on."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ.update(
        CONVOCA_HOME=str(home),
        CONVOCA_DEMO="1",
        CONVOCA_SECRET_KEY=secrets.token_urlsafe(50),
        DJANGO_SETTINGS_MODULE="convoca.web.settings",
    )
    from convoca.cli.ready import start_django  # noqa: PLC0415  slow

    start_django()
    from django.core.management import call_command  # noqa: PLC0415  slow

    logging.disable(logging.INFO)
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


class Crowded:
    """The small world of the tests, in which ever more actions take place."""

    def __init__(self) -> None:
        from tests.world import build  # noqa: PLC0415  slow

        self.world = build()
        self.count = 0

    def grow(self, count: int) -> None:
        """So many actions, with those that are there."""
        from convoca.pages.services import touch_everything  # noqa: PLC0415  slow
        from tests.actions.crowd import crowd  # noqa: PLC0415  slow

        crowd(self.world.campaign, self.world.union, count - self.count, in_towns=10_000)
        self.count = count
        touch_everything()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Served:
    """`convoca serve` on a home that is ready. Its processes are known by their environment."""

    def __init__(self, home: Path, **environ: str) -> None:
        self.home, self.port, self.environ = home, free_port(), environ
        self.url = f"http://localhost:{self.port}"
        self.log = (home / "bench-serve.log").open("ab")

    def __enter__(self) -> "Served":
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.kill()
        self.log.close()

    def start(self) -> None:
        """Until a page is answered."""
        words = [sys.executable, "-m", "convoca", "serve", "--port", str(self.port)]
        environ = {**os.environ, "CONVOCA_URL": self.url, "PYTHONWARNINGS": "ignore"}
        environ.pop("DJANGO_SETTINGS_MODULE", None)
        environ |= self.environ
        begun = subprocess.Popen(words, env=environ, stdout=self.log, stderr=self.log)
        until = time.monotonic() + 120
        while not self._answers():
            if begun.poll() is not None or time.monotonic() > until:
                raise SystemExit(Path(self.log.name).read_text(errors="replace")[-2000:])
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            return get(self.port, "/en/imprint/")[0] == 200
        except OSError:
            return False

    def kill(self) -> None:
        """Every process of it, at once."""
        for pid in self.processes():
            os.kill(pid, signal.SIGKILL)

    def processes(self) -> list[int]:
        """All of its processes."""
        return processes_of(self.home)


def get(port: int, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers (names in lower case) and the whole body, as it was sent."""
    connection = HTTPConnection("localhost", port, timeout=60)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", path, headers=named)
        answer = connection.getresponse()
        body = answer.read()
    finally:
        connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body


def cpu_seconds(pids: Iterable[int]) -> float:
    """What these processes have had of a processor so far."""
    spent = 0
    for pid in pids:
        try:
            facts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:  # gone meanwhile
            continue
        spent += int(facts[11]) + int(facts[12])
    return spent / TICKS


def pss_megabytes(pids: Iterable[int]) -> dict[int, float]:
    """The memory of each process; what several share is shared out among them."""
    found = {}
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        found[pid] = sum(int(x.split()[1]) for x in lines if x.startswith("Pss:")) / 1024
    return found


def called(pid: int) -> str:
    """What a process is, in a few words of its command line."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
    except OSError:
        return "gone"
    named = [word for word in words[1:] if re.fullmatch(r"[a-z][a-z.]+", word)]
    return " ".join(named[:3]) or " ".join(words[:3])


class Nginx:
    """Debian's nginx with one process, answering one file that is compressed already."""

    def __init__(self, folder: Path, body: bytes) -> None:
        self.port, self.folder = free_port(), folder
        (folder / "list.html.gz").write_bytes(body)
        (folder / "nginx.conf").write_text(
            f"""worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;
{"user root;" if os.geteuid() == 0 else ""}
events {{ worker_connections 1024; }}
http {{
  access_log off; keepalive_timeout 60; keepalive_requests 100000000; sendfile on; tcp_nopush on;
  types {{ text/html html; }}
  server {{ listen 127.0.0.1:{self.port}; root {folder}; gzip_static always; }}
}}
"""
        )
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Nginx":
        words = ["nginx", "-p", str(self.folder), "-c", "nginx.conf", "-g", "daemon off;"]
        nothing: IO[bytes] | int = subprocess.DEVNULL
        self._process = subprocess.Popen(words, stderr=nothing)
        until = time.monotonic() + 10
        while True:
            try:
                get(self.port, "/list.html")
            except OSError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)
            else:
                return self

    def __exit__(self, *_error: object) -> None:
        assert self._process is not None
        self._process.terminate()
        self._process.wait(10)

    def processes(self) -> list[int]:
        """The master and its one worker."""
        assert self._process is not None
        master = self._process.pid
        children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
        return [master, *map(int, children)]
