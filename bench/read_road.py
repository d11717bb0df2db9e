"""The read road: stored pages through `convoca serve` against nginx, under siege, while Django is
busy, while processes die; and what all of it weighs.

`BENCH_SECONDS=1` makes each round shorter, `BENCH_PAGES=5000` keeps fewer pages, and
`BENCH_PARTS=siege,kill` takes only some of: nginx, siege, busy, memory, kill.
"""

import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, IncompleteRead
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlencode

from bench._served import Crowded, Nginx, Served, begin, called, cpu_seconds, get, pss_megabytes

SECONDS = float(os.environ.get("BENCH_SECONDS", "3"))
ROUNDS = 5
ACTIONS = 1_000
PAGES = int(os.environ.get("BENCH_PAGES", "50000"))
PARTS = os.environ.get("BENCH_PARTS", "nginx,siege,busy,memory,kill").split(",")
PAGE = "/en/actions/"


def main() -> None:
    """Print a line for each figure, with what it should be."""
    with tempfile.TemporaryDirectory(prefix="convoca-bench-") as folder:
        home = Path(folder) / "home"
        begin(home)
        Crowded().grow(ACTIONS)
        with Served(home) as server:
            status, headers, page = get(server.port, PAGE, Accept_Encoding="gzip")
            if (status, headers.get("content-encoding")) != (200, "gzip"):
                raise SystemExit(f"{PAGE} answers {status}, {headers}: there is no read road here")
            print(f"the page: a list of 50 actions, {len(page):,} bytes compressed (gzip)")
            parts: dict[str, Callable[[Served], None]] = {
                "nginx": against_nginx,
                "siege": under_siege,
                "busy": while_django_draws,
                "kill": while_processes_die,
                "memory": weight,
            }
            for name in PARTS:
                parts[name](server)


def say(what: str, seen: float, least: float, aim: float, unit: str = "", *, up: bool) -> None:
    """A figure beside what it must be and what it should be."""
    reached, enough = (seen >= aim, seen >= least) if up else (seen <= aim, seen <= least)
    judged = "" if reached else ": short of the aim" if enough else ": FALLS SHORT"
    sign = "≥" if up else "≤"
    print(
        f"{what}: {seen:.3g}{unit} ({sign} {least:g}{unit}, aim {aim:g}{unit}){judged}", flush=True
    )


# --- against nginx


@dataclass
class Runs:
    """What several rounds of wrk have shown of one server."""

    rates: list[float] = field(default_factory=list)
    requests: int = 0
    cpu: float = 0.0
    of_front: float = 0.0
    odd: int = 0

    def add(self, port: int, path: str, pids: list[int], headers: dict[str, str]) -> None:
        """One more round."""
        front = [pid for pid in pids if called(pid).endswith("front")]
        before, before_of_front = cpu_seconds(pids), cpu_seconds(front)
        shown = wrk(port, path, headers)
        self.cpu += cpu_seconds(pids) - before
        self.of_front += cpu_seconds(front) - before_of_front
        self.requests += shown.requests
        self.rates.append(shown.rate)
        self.odd += shown.odd

    @property
    def microseconds(self) -> float:
        """Of a processor, for one request."""
        return self.cpu / self.requests * 1e6


@dataclass
class Shown:
    """What one run of wrk printed."""

    rate: float
    requests: int
    odd: int


def wrk(port: int, path: str, headers: dict[str, str], *, at_once: int = 16) -> Shown:
    """One client process with so many connections that are kept."""
    words = ["wrk", "-t1", f"-c{at_once}", f"-d{SECONDS:g}s", f"http://localhost:{port}{path}"]
    for name, value in headers.items():
        words += ["-H", f"{name}: {value}"]
    said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    rate = float(_found(r"Requests/sec:\s+([\d.]+)", said))
    requests = int(_found(r"(\d+) requests in", said))
    errors = re.search(
        r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", said
    )
    odd = sum(map(int, errors.groups())) if errors else 0
    not_found = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    return Shown(rate, requests, odd + (int(not_found[1]) if not_found else 0))


def _found(pattern: str, words: str) -> str:
    found = re.search(pattern, words)
    if found is None:
        raise SystemExit(f"wrk said: {words}")
    return found[1]


def against_nginx(server: Served) -> None:
    """Throughput and processor time for the same compressed bytes, in rounds by turns."""
    missing = [name for name in ("nginx", "wrk") if shutil.which(name) is None]
    if missing:
        print(f"against nginx: not measured, there is no {' and no '.join(missing)} here")
        return
    _status, ours_said, page = get(server.port, PAGE, Accept_Encoding="gzip")
    with (
        tempfile.TemporaryDirectory(prefix="convoca-nginx-") as folder,
        Nginx(Path(folder), page) as nginx,
    ):
        status, theirs_said, body = get(nginx.port, "/list.html", Accept_Encoding="gzip")
        assert (status, body) == (200, page), "nginx does not answer the same bytes"
        print("nginx with one process, keep-alive; wrk with one thread and 16 connections")
        _by_turns(server, nginx, "stored page, gzip", {}, {}, judged=True)
        ours = {"If-None-Match": ours_said["etag"]}
        theirs = {"If-None-Match": theirs_said["etag"]}
        for port, path, headers in ((server.port, PAGE, ours), (nginx.port, "/list.html", theirs)):
            status, _h, body = get(port, path, Accept_Encoding="gzip", **headers)
            assert (status, body) == (304, b""), f"{path}: {status} for If-None-Match"
        _by_turns(server, nginx, "304", ours, theirs)


def _by_turns(
    server: Served,
    nginx: Nginx,
    what: str,
    ours_too: dict[str, str],
    theirs_too: dict[str, str],
    *,
    judged: bool = False,
) -> None:
    ours, theirs = Runs(), Runs()
    accept = {"Accept-Encoding": "gzip"}
    for _round in range(ROUNDS):
        ours.add(server.port, PAGE, server.processes(), accept | ours_too)
        theirs.add(nginx.port, "/list.html", nginx.processes(), accept | theirs_too)
    rate, cost = median(ours.rates) / median(theirs.rates), ours.microseconds / theirs.microseconds
    print(
        f"{what}: {median(ours.rates):,.0f} a second against {median(theirs.rates):,.0f}; "
        f"{ours.microseconds:.1f} µs of a processor for each ({ours.of_front / ours.cpu:.0%} of it "
        f"the front's) against {theirs.microseconds:.1f}; "
        f"{ours.odd} and {theirs.odd} errors"
    )
    if judged:
        say("  throughput, ours to nginx's", rate, 0.35, 0.5, up=True)
        say("  processor time for each, ours to nginx's", cost, 3.0, 2.2, up=False)
    else:
        print(f"  throughput {rate:.2f}, processor time {cost:.2f}")


# --- under siege


def under_siege(server: Served) -> None:
    """How long a stored page takes while others hang, send slowly and read slowly."""
    alone = _latencies(server.port)
    with ExitStack() as siege:
        hanging = siege.enter_context(_hanging(server, 12))
        uploads = siege.enter_context(_slow_uploads(server.port, 40))
        readers = siege.enter_context(_slow_readers(server.port, 40))
        time.sleep(2)
        besieged = _latencies(server.port)
        print(
            f"under siege: {hanging()} of 12 requests hang in Django, {uploads()} of 40 slow "
            f"uploads and {readers()} of 40 slow readers are still connected at the end"
        )
    print(
        f"alone: p50 {alone[49]:.1f} ms, p99 {alone[98]:.1f} ms; "
        f"besieged: p50 {besieged[49]:.1f} ms"
    )
    say("  p99 of a stored page under siege", besieged[98], 50, 10, " ms", up=False)


def _latencies(port: int) -> list[float]:
    """Percentiles in ms of a stored page, asked for about two hundred times a second, by turns
    over a connection that is kept and over a new one.
    """
    spent, until = [], time.monotonic() + 3 * SECONDS
    kept = HTTPConnection("localhost", port, timeout=30)
    while time.monotonic() < until:
        for connection in (kept, HTTPConnection("localhost", port, timeout=30)):
            started = time.perf_counter()
            connection.request("GET", PAGE, headers={"Accept-Encoding": "gzip"})
            answer = connection.getresponse()
            answer.read()
            spent.append((time.perf_counter() - started) * 1000)
            assert answer.status == 200
            if connection is not kept:
                connection.close()
            time.sleep(0.004)
    kept.close()
    return quantiles(spent, n=100)


@contextmanager
def _hanging(server: Served, count: int) -> Iterator[Callable[[], int]]:
    """So many people who send a form while nobody can write to the database."""
    lock = sqlite3.connect(server.home / "db.sqlite3", isolation_level=None, timeout=30)
    lock.execute("BEGIN IMMEDIATE")
    over, hang = threading.Event(), [0]
    guard = threading.Lock()

    def send(number: int) -> None:
        form = urlencode({"message": f"Nothing works here, says number {number}.", "email": ""})
        while not over.is_set():
            connection = HTTPConnection(
                "127.0.0.1", server.port, timeout=40, source_address=(f"127.0.7.{number + 1}", 0)
            )
            headers = {
                "Content-Type": "application/x-www-form-urlencoded",
                "Host": f"localhost:{server.port}",
                "Origin": server.url,
                "Sec-Fetch-Site": "same-origin",
            }
            with guard:
                hang[0] += 1
            try:
                connection.request("POST", "/en/problem/send/", form, headers)
                connection.getresponse().read()
            except (OSError, HTTPException):
                time.sleep(0.1)
            finally:
                with guard:
                    hang[0] -= 1
                connection.close()

    threads = [threading.Thread(target=send, args=[number]) for number in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield lambda: hang[0]
    finally:
        over.set()
        lock.execute("ROLLBACK")
        lock.close()
        for thread in threads:
            thread.join()


@contextmanager
def _slow_uploads(port: int, count: int) -> Iterator[Callable[[], int]]:
    """So many phones that send a form at one byte a second."""
    head = (
        f"POST /en/problem/send/ HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Length: 100000\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nOrigin: http://localhost:{port}\r\n"
        "Sec-Fetch-Site: same-origin\r\n\r\n"
    )
    phones = [socket.create_connection(("localhost", port)) for _number in range(count)]
    for phone in phones:
        phone.sendall(head.encode())
    with _each_second(phones, lambda phone: phone.send(b"a")) as alive:
        yield alive


@contextmanager
def _slow_readers(port: int, count: int) -> Iterator[Callable[[], int]]:
    """So many who ask for more than fits on the way, and read some bytes a second of it."""
    asked = f"GET {PAGE} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n".encode() * 60
    phones = []
    for _number in range(count):
        phone = socket.socket()
        phone.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        phone.connect(("127.0.0.1", port))
        phone.sendall(asked)
        phones.append(phone)

    def read(phone: socket.socket) -> None:
        if not phone.recv(50):
            raise ConnectionResetError

    with _each_second(phones, read) as alive:
        yield alive


@contextmanager
def _each_second(
    phones: list[socket.socket], act: Callable[[socket.socket], object]
) -> Iterator[Callable[[], int]]:
    """Each of these does this once a second, until it is cut off; who is left is counted."""
    left, over = set(phones), threading.Event()

    def go_on() -> None:
        while not over.wait(1):
            for phone in list(left):
                phone.settimeout(0.05)
                try:
                    act(phone)
                except TimeoutError:
                    continue
                except OSError:
                    left.discard(phone)

    thread = threading.Thread(target=go_on)
    thread.start()
    try:
        yield lambda: len(left)
    finally:
        over.set()
        thread.join()
        for phone in phones:
            phone.close()


# --- while Django draws


def while_django_draws(server: Served) -> None:
    """Stored pages a second, alone and while four people ask without pause for what is not kept."""
    alone, busy, drawn = [], [], 0
    accept = {"Accept-Encoding": "gzip"}
    for _round in range(ROUNDS):
        alone.append(wrk(server.port, PAGE, accept).rate)
        with _asking(server.port, 4) as answers:
            before = answers()
            busy.append(wrk(server.port, PAGE, accept).rate)
            drawn += answers() - before
    print(
        f"stored pages: {median(alone):,.0f} a second alone, {median(busy):,.0f} while Django "
        f"draws {drawn / ROUNDS / SECONDS:.0f} others a second, on {os.cpu_count()} processors"
    )
    say("  while Django draws, to alone", median(busy) / median(alone), 0.5, 0.75, up=True)


@contextmanager
def _asking(port: int, people: int) -> Iterator[Callable[[], int]]:
    """People who search without pause: each answer is drawn for them alone."""
    over, answers = threading.Event(), Counter[int]()

    def ask(who: int) -> None:
        connection = HTTPConnection("localhost", port, timeout=60)
        number = 0
        while not over.is_set():
            number += 1
            connection.request("GET", f"/en/search/?q=march+{who}+{number}")
            answer = connection.getresponse()
            answer.read()
            answers[answer.status] += 1
        connection.close()

    threads = [threading.Thread(target=ask, args=[who]) for who in range(people)]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    try:
        yield lambda: answers[200]
    finally:
        over.set()
        for thread in threads:
            thread.join()
        assert set(answers) == {200}, f"Django answered {dict(answers)}"


# --- while processes die


@dataclass
class Readers:
    """People who read the same page again and again, half of them over a connection that is kept.

    Where a connection breaks before an answer has begun, they ask once more, as browsers do.
    """

    port: int
    page: bytes
    seen: Counter[str] = field(default_factory=Counter)
    over: threading.Event = field(default_factory=threading.Event)

    def read(self, *, is_kept: bool) -> None:
        """Until it is over."""
        connection = HTTPConnection("localhost", self.port, timeout=20)
        while not self.over.is_set():
            seen = self._once(connection)
            if seen == "asked once more":
                connection.close()
                self.seen[seen] += 1
                seen = self._once(connection)
                seen = "error" if seen == "asked once more" else seen
            self.seen[seen] += 1
            if seen != "whole" or not is_kept:
                connection.close()
            time.sleep(0.002)
        connection.close()

    def _once(self, connection: HTTPConnection) -> str:
        try:
            connection.request("GET", PAGE, headers={"Accept-Encoding": "gzip"})
            answer = connection.getresponse()
        except (OSError, HTTPException):
            return "asked once more"
        try:
            body = answer.read()
        except (OSError, IncompleteRead):
            return "half a page"
        if answer.status != 200:
            return "error"
        return "whole" if body == self.page else "other bytes"


def while_processes_die(server: Served) -> None:
    """What readers of a stored page see while each process is killed, and while each part is told
    to end as at a restart. The supervisor itself is left alone: nobody would start it again here.
    """
    page = get(server.port, PAGE, Accept_Encoding="gzip")[2]
    everything: Counter[str] = Counter()
    names = sorted({called(pid) for pid in server.processes() if _is_part(pid)})
    for number, how in ((signal.SIGKILL, "killed (-9)"), (signal.SIGTERM, "told to end")):
        for name in names:
            victims = [pid for pid in server.processes() if called(pid) == name]
            for index in range(len(victims)):
                seen = _while(server, page, name, index, number)
                everything += seen
                more = f" {index + 1} of {len(victims)}" if len(victims) > 1 else ""
                print(f"  {name}{more} {how}: {_told(seen)}", flush=True)
    bad = everything["half a page"] + everything["error"] + everything["other bytes"]
    say("  errors or half pages seen by readers", bad, 0, 0, up=False)


def _is_part(pid: int) -> bool:
    return "supervisor" not in called(pid) and called(pid) != "gone"


def _told(seen: Counter[str]) -> str:
    return ", ".join(f"{count:,} {words}" for words, count in sorted(seen.items(), reverse=True))


def _while(server: Served, page: bytes, name: str, index: int, number: int) -> Counter[str]:
    """Eight people read while one process goes, and until there are as many as before."""
    victims = [pid for pid in server.processes() if called(pid) == name]
    count = len(server.processes())
    readers = Readers(server.port, page)
    threads = [
        threading.Thread(target=readers.read, kwargs={"is_kept": n % 2 == 0}) for n in range(8)
    ]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    os.kill(victims[min(index, len(victims) - 1)], number)
    until = time.monotonic() + 30
    time.sleep(1)
    while len(server.processes()) < count and time.monotonic() < until:
        time.sleep(0.1)
    time.sleep(3)
    readers.over.set()
    for thread in threads:
        thread.join()
    return readers.seen


# --- memory


def weight(server: Served) -> None:
    """The memory of all processes, idle, with many pages kept."""
    from convoca.pages.services import store  # noqa: PLC0415  slow
    from convoca.pages.store import Page  # noqa: PLC0415  slow

    before = sum(pss_megabytes(server.processes()).values())
    kept = store()
    assert kept is not None
    status, headers, body = get(server.port, PAGE)
    assert status == 200
    plain = [(name, value) for name, value in headers.items() if name not in _OF_ONE_ANSWER]
    for number in range(PAGES):
        kept.keep(Page(f"{server.url}/en/bench/{number}/", plain, body, {"site": 0}))
    for number in range(0, PAGES, max(1, PAGES // 2000)):  # some of them are read, too
        get(server.port, f"/en/bench/{number}/")
    time.sleep(15)
    after = pss_megabytes(server.processes())
    count, size = kept.size()
    print(
        f"the store: {count:,} pages, {size / 1e6:,.0f} MB, {size / count / 1000:.1f} kB for each"
    )
    for pid, megabytes in sorted(after.items(), key=lambda row: -row[1]):
        print(f"    {megabytes:6.0f} MB  {called(pid)}")
    print(f"  before, with one page kept: {before:.0f} MB")
    say(f"  memory, idle with {count:,} pages", sum(after.values()), 260, 200, " MB", up=False)


_OF_ONE_ANSWER = {
    "content-length",
    "date",
    "server",
    "vary",
    "etag",
    "content-encoding",
    "connection",
}
