"""Sign-ups: many people at once at a running server, each form sent twice, against bare durable
one-row commits; and the same with `kill -9` in the middle.

`BENCH_SIGNUPS=1000` takes fewer people, `BENCH_AT_ONCE=4` fewer at once.
"""

import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlencode

PEOPLE = int(os.environ.get("BENCH_SIGNUPS", "10000"))
AT_ONCE = int(os.environ.get("BENCH_AT_ONCE", "200"))
SEATS = 100


def main() -> None:
    """Print sign-ups a second, the ratio to bare commits, and what is stored afterwards."""
    with tempfile.TemporaryDirectory(prefix="convoca-bench-") as folder, Demo(folder) as demo:
        os.environ.update(CONVOCA_HOME=str(demo.home), CONVOCA_DEMO="1")
        os.environ["DJANGO_SETTINGS_MODULE"] = "convoca.web.settings"
        import django  # noqa: PLC0415  slow

        django.setup()
        before = bare_commits(Path(folder) / "bare.sqlite3")
        rate = everybody_twice(demo, PEOPLE)
        after = bare_commits(Path(folder) / "bare.sqlite3")
        bare = (before + after) / 2
        print(f"bare durable commits: {bare:.0f}/s ({before:.0f} before, {after:.0f} after)")
        print(f"sign-ups against bare commits: {rate / bare:.2f} (aim 0.5, and beyond 1)")
        print("The same, and the whole server is killed (-9) and started anew in the middle:")
        everybody_twice(demo, max(PEOPLE // 5, 100), is_killed=True)
        last_seats()


def bare_commits(file: Path, count: int = 500) -> float:
    """One row a commit, as durable as ours, one after the other."""
    with sqlite3.connect(file, isolation_level=None) as bare:
        bare.execute("PRAGMA journal_mode=WAL")
        bare.execute("PRAGMA synchronous=FULL")
        bare.execute("CREATE TABLE IF NOT EXISTS rows (words TEXT)")
        started = time.perf_counter()
        for _number in range(count):
            bare.execute("INSERT INTO rows VALUES ('somebody comes')")
        spent = time.perf_counter() - started
    bare.close()
    return count / spent


def everybody_twice(demo: "Demo", people: int, *, is_killed: bool = False) -> float:
    """All sign up for one action, each form sent twice; answers people a second."""
    from convoca.actions.models import Seats, SignUp  # noqa: PLC0415  slow

    action = an_action(capacity=None)
    crowd = Crowd(demo.port, f"/en/actions/{action.code}/{action.slug()}/come/send/", AT_ONCE)
    started = time.perf_counter()
    crowd.come(people, halfway=demo.die_and_rise if is_killed else None)
    rate = people / (time.perf_counter() - started)
    rows = SignUp.objects.filter(action=action).count()
    counted = Seats.objects.get(action=action).people
    cuts = quantiles(crowd.spent, n=100)
    print(
        f"{people} people, {AT_ONCE} at once, each twice: {rows} stored, {counted} counted, "
        f"answers {dict(crowd.codes)}, {crowd.broken} connections broken and tried again"
    )
    print(
        f"{rate:.0f} sign-ups/s (and as many repeats); one form {cuts[49] * 1000:.0f} ms in the "
        f"middle, {cuts[98] * 1000:.0f} ms for the slowest in a hundred: {cuts[98] / cuts[49]:.1f}"
    )
    assert rows == counted == people, "lost or doubled"
    return rate


@dataclass
class Crowd:
    """People who sign up for one action at once. Each sends the form twice, as an impatient thumb
    does, from one of many addresses, and tries again until there is an answer.
    """

    port: int
    path: str
    at_once: int
    spent: list[float] = field(default_factory=list)
    codes: Counter[int] = field(default_factory=Counter)
    broken: int = 0
    _own: threading.local = field(default_factory=threading.local)

    def come(self, people: int, *, halfway: Callable[[], None] | None = None) -> None:
        """All of them; when half have been, `halfway` is called while the others go on."""
        with ThreadPoolExecutor(self.at_once + 1) as pool:
            first = [pool.submit(self._send_twice, number) for number in range(people)]
            if halfway is not None:
                while sum(self.codes.values()) < people:
                    time.sleep(0.01)
                halfway()
            for one in first:
                one.result()

    def _send_twice(self, number: int) -> None:
        for _thumb in range(2):
            started = time.perf_counter()
            self.codes[self._send(number)] += 1
            self.spent.append(time.perf_counter() - started)

    def _send(self, number: int) -> int:
        body = urlencode({"people": "1", "name": f"Person {number}", "email": ""})
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": f"http://localhost:{self.port}",
            "Sec-Fetch-Site": "same-origin",
            "Host": f"localhost:{self.port}",
        }
        give_up = time.monotonic() + 60
        address = f"127.{1 + number % 100}.{number // 100 % 250}.1"
        while True:
            # Each from an address of their own, on this machine.
            connection = HTTPConnection(
                "127.0.0.1", self.port, timeout=60, source_address=(address, 0)
            )
            try:
                connection.request("POST", self.path, body, headers)
                answer = connection.getresponse()
                answer.read()
            except (OSError, HTTPException):
                if time.monotonic() > give_up:
                    raise
                self.broken += 1
                time.sleep(random.uniform(0.1, 0.5))
            else:
                return answer.status
            finally:
                connection.close()


class Demo:
    """The sample network, served as `convoca demo` serves it."""

    def __init__(self, folder: str) -> None:
        self.home = Path(folder) / "demo"
        self._environ = {**os.environ, "CONVOCA_HOME": folder}
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def __enter__(self) -> "Demo":
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.kill()

    def start(self) -> None:
        words = [sys.executable, "-m", "convoca", "demo", "--port", str(self.port)]
        demo = subprocess.Popen(words, env=self._environ, stderr=subprocess.PIPE, text=True)
        for line in demo.stderr or ():
            if "Ctrl-C" in line:
                return
        raise RuntimeError("the demo did not start")

    def kill(self) -> None:
        """Every process of it, at once and without a word."""
        for pid in processes_of(self.home):
            os.kill(pid, signal.SIGKILL)

    def die_and_rise(self) -> None:
        """As after a power cut."""
        self.kill()
        self.start()


def processes_of(home: Path) -> list[int]:
    """Whose environment names this home: a server and all its children; never ourselves."""
    mark, found = f"CONVOCA_HOME={home}".encode(), []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        try:
            environ = (folder / "environ").read_bytes()
        except OSError:  # gone meanwhile
            continue
        if mark in environ.split(b"\0"):
            found.append(int(folder.name))
    return found


def last_seats() -> None:
    """Many more want to come than there is room for: the last seat is given once."""
    from django.db import connections  # noqa: PLC0415  slow

    from convoca.actions.models import Seats  # noqa: PLC0415  slow
    from convoca.actions.services import signups  # noqa: PLC0415  slow
    from convoca.core.errors import Refusal  # noqa: PLC0415  slow

    action = an_action(capacity=SEATS)
    rows = [
        signups.sign_up(action, sender="bench", email=f"p{number}@example.org")
        for number in range(2 * SEATS)
    ]

    def confirm(number: int) -> None:
        try:
            signups.confirm(rows[number])
        except Refusal:
            pass
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(confirm, range(len(rows))))
    people = Seats.objects.get(action=action).people
    print(f"{len(rows)} confirm at once for {SEATS} places: {people} given")
    assert people == SEATS, "the last seat was given twice, or never"


def an_action(capacity: int | None):
    """An action of the sample network that is still to come, with so many places."""
    from convoca.actions.models import Action  # noqa: PLC0415  slow

    found = Action.objects.to_come().filter(state="published", question={})
    action = found.filter(seats__people=0).order_by("-starts_at", "pk")[0]
    action.capacity, action.keeps_waiting_list = capacity, False
    action.save()
    return action
