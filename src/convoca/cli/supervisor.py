"""The small process above the parts of a server: starts them, restarts them, ends them together.

It imports nothing heavy, holds nothing open but a lock, and answers SIGTERM, SIGINT and SIGHUP by
ending every part within ten seconds. A part notices by itself when the supervisor is gone.
"""

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, NoReturn

GRACE = 8.0
"""Seconds that a part has to end by itself."""
ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
SETTLED = 60.0
"""A part that ran this long has earned a quick restart again."""
LONGEST_PAUSE = 30.0


@dataclass
class Part:
    """One child process: what it is called and how it is started."""

    name: str
    argv: Sequence[str]
    descriptors: Sequence[int] = ()
    process: "subprocess.Popen[bytes] | Forked | None" = None
    failures: int = 0
    started_at: float = 0.0
    due_at: float = field(default=0.0)

    def start(self, keep_open: Sequence[int], log: "IO[bytes] | None") -> None:
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603  our own interpreter, fixed words
            self.argv,
            start_new_session=True,
            pass_fds=(*keep_open, *self.descriptors),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )

    def signal(self, number: int) -> None:
        """Send a signal to the part and whatever it has started."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, number)
            except (ProcessLookupError, PermissionError):
                return

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None


class Forked:
    """A child that is a copy of this process, for `Part.process`."""

    def __init__(self, life: Callable[[], None]) -> None:
        self.returncode: int | None = None
        self.pid = os.fork()
        if self.pid == 0:
            self._live(life)

    @staticmethod
    def _live(life: Callable[[], None]) -> NoReturn:
        status = 1
        try:
            os.setsid()
            for number in ENDING:
                signal.signal(number, signal.SIG_DFL)
            life()
            status = 0
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 1
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)

    def poll(self) -> int | None:
        """The status with which it ended; None while it runs."""
        if self.returncode is None:
            with suppress(ChildProcessError):
                pid, status = os.waitpid(self.pid, os.WNOHANG)
                if pid:
                    self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self, timeout: float) -> None:
        """Wait for its end, but not for ever."""
        until = time.monotonic() + timeout
        while self.poll() is None and time.monotonic() < until:
            time.sleep(0.02)


@dataclass
class Fork(Part):
    """A part that is not another program but a copy of this process: what this one has imported
    they share, and starting it again takes no time.
    """

    argv: Sequence[str] = ()
    life: Callable[[], None] = lambda: None

    def start(self, keep_open: Sequence[int], log: "IO[bytes] | None") -> None:
        self.started_at = time.monotonic()
        self.process = Forked(self.life)


class Supervisor:
    """Keeps its parts running until it is told to stop."""

    def __init__(
        self,
        parts: Sequence[Part],
        *,
        ready: str = "",
        greeting: str = "",
        keep_open: Sequence[int] = (),
        json_log: bool = False,
        log_file: Path | None = None,
        is_part: bool = False,
    ) -> None:
        self.parts = parts
        self.ready = ready
        self.greeting = greeting
        self.keep_open = keep_open
        self.json_log = json_log
        self.is_part = is_part
        self.log_file = log_file.open("ab", buffering=0) if log_file else None
        self.stopping = threading.Event()

    def run(self) -> int:
        """Run until SIGTERM, SIGINT or SIGHUP; then end all parts and return 0.

        The same where the process that started this one is gone.
        """
        parent = os.getppid()
        for number in ENDING:
            signal.signal(number, lambda *_: self.stopping.set())
        for part in self.parts:
            self._start(part)
        while not self.stopping.wait(0.1 if self.greeting else 0.3):
            if self.is_part and os.getppid() != parent:
                break
            self._greet()
            for part in self.parts:
                self._look_after(part)
        return self._end()

    def _greet(self) -> None:
        """Say where the server is, once, as soon as it answers there."""
        if not self.greeting:
            return
        with socket.socket(socket.AF_UNIX) as probe:
            if probe.connect_ex(self.ready) == 0:
                self._write(self.greeting)
                self.greeting = ""

    def _start(self, part: Part) -> None:
        part.start(self.keep_open, self.log_file)
        self._log("part started", part=part.name, pid=part.process.pid if part.process else 0)

    def _look_after(self, part: Part) -> None:
        now = time.monotonic()
        if part.is_running:
            return
        if part.process is not None:
            part.signal(signal.SIGKILL)  # what it may have left behind
            lived = now - part.started_at
            part.failures = 1 if lived > SETTLED else part.failures + 1
            pause = min(LONGEST_PAUSE, 0.25 * 2**part.failures)
            part.due_at = now + pause
            self._log("part ended", part=part.name, status=part.process.returncode, pause=pause)
            part.process = None
        elif now >= part.due_at:
            self._start(part)

    def _end(self) -> int:
        self._log("ending")
        for part in self.parts:
            part.signal(signal.SIGTERM)
        until = time.monotonic() + GRACE
        while time.monotonic() < until and any(part.is_running for part in self.parts):
            time.sleep(0.05)
        for part in self.parts:
            if part.is_running:
                self._log("part killed", part=part.name)
            part.signal(signal.SIGKILL)
        for part in self.parts:
            if part.process is not None:
                part.process.wait(timeout=2)
        self._log("ended")
        return 0

    def _log(self, event: str, **facts: object) -> None:
        at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        if self.json_log:
            line = json.dumps({"event": event, **facts, "level": "info", "timestamp": at})
        else:
            pairs = " ".join(f"{name}={value}" for name, value in facts.items())
            line = f"{at} [info     ] {event:<30} {pairs}".rstrip()
        if self.log_file is None:
            self._write(line)
        else:
            self.log_file.write(line.encode() + b"\n")

    def _write(self, words: str) -> None:
        try:
            sys.stderr.write(words + "\n")
            sys.stderr.flush()
        except (OSError, ValueError):  # nobody reads any more
            return


def server_parts(listener: int, *words: str) -> list[Part]:
    """What makes a server: the front, which owns the public port, and Django behind it."""
    part = [sys.executable, "-m", "convoca.cli.part"]
    return [
        Part("front", [*part, "front", str(listener)], descriptors=[listener]),
        Part("django", [*part, "django", *words]),
    ]


def main() -> int:
    """Entered by `convoca serve` through exec, so that no prepared memory stays behind."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--lock", type=int, required=True)
    parser.add_argument("--listener", type=int, required=True)
    parser.add_argument("--django", required=True, help="the path of Django's socket")
    parser.add_argument("--greeting", default="")
    parser.add_argument("--json-log", action="store_true")
    parser.add_argument("--migrate", action="store_true")
    parser.add_argument("--log-file", type=Path)
    options = parser.parse_args()
    words = [f"--{one}" for one in ("json-log", "migrate") if vars(options)[one.replace("-", "_")]]
    return Supervisor(
        server_parts(options.listener, *words),
        ready=options.django,
        greeting=options.greeting,
        keep_open=[options.lock],
        json_log=options.json_log,
        log_file=options.log_file,
    ).run()


if __name__ == "__main__":
    sys.exit(main())
