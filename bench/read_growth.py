"""What grows with the number of actions, and what must not: drawing a page that is not kept, from
an edit to the new page, the file of kept pages, the mirror.

`BENCH_GROWTH=1000,10000` takes fewer actions than 100,000; `BENCH_EDITS=10` fewer edits;
`BENCH_MIRROR=1000` writes mirrors at up to so many actions (0: none).
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from statistics import median, quantiles

from bench._served import Crowded, Served, begin, cpu_seconds, get
from bench.read_road import say

COUNTS = [int(n) for n in os.environ.get("BENCH_GROWTH", "1000,10000,100000").split(",")]
EDITS = int(os.environ.get("BENCH_EDITS", "40"))
MIRRORED = int(os.environ.get("BENCH_MIRROR", "1000"))
TIMES = 60
ROUNDS = 5
SAMPLE = 200
LIST = "/en/actions/"


def main() -> None:
    """Print a line for each figure, with what it should be."""
    with tempfile.TemporaryDirectory(prefix="convoca-bench-") as folder:
        home = Path(folder) / "home"
        begin(home)
        crowded = Crowded()
        misses: dict[int, float] = {}
        for count in COUNTS:
            started = time.perf_counter()
            crowded.grow(count)
            print(
                f"# {count:,} actions, written in {time.perf_counter() - started:.0f} s", flush=True
            )
            misses[count] = miss(home, count)
            if count <= 10_000:
                edits(home, count)
            kept(home, count)
            if count <= MIRRORED:
                mirror(home, Path(folder) / "mirror", count)
        few, many = misses[COUNTS[0]], misses[COUNTS[-1]]
        what = f"a miss at {COUNTS[-1]:,} actions, to the same at {COUNTS[0]:,}"
        say(what, many / few, 1.2, 1.05, up=False)


# --- a miss


def miss(home: Path, count: int) -> float:
    """Processor time of the whole server for a list that has become old because one of its actions
    was changed: asked by the front, drawn, packed, kept, answered; in multiples of what it spends
    on handing on as many bytes that Django has ready. What the change itself costs is not in it.
    """
    from convoca.actions.models import Action  # noqa: PLC0415  slow

    ready = home / "ready.bin"
    ready.write_bytes(b"")
    with Served(home, DJANGO_SETTINGS_MODULE="bench._ready_settings", BENCH_READY=str(ready)) as (
        server
    ):
        page = get(server.port, LIST)[2]
        ready.write_bytes(page)
        action = Action.objects.get(code=_first(page)[1])
        asked = HTTPConnection("localhost", server.port, timeout=60)
        edit, ask = action.save, lambda: _read(asked, LIST)
        as_ready, drawn, edited = [], [], []
        for _round in range(ROUNDS):
            as_ready.append(_spent(server, 10 * TIMES, lambda: _read(asked, "/ready/")))
            edited.append(_spent(server, TIMES, edit))
            drawn.append(_spent(server, TIMES, edit, ask))
        asked.close()
    per_ready, per_miss = median(as_ready), median(drawn) - median(edited)
    print(
        f"a list of 50 of which one action was changed, drawn, packed and kept: "
        f"{per_miss * 1000:.1f} ms of a processor; as many bytes ({len(page):,}) that are ready: "
        f"{per_ready * 1000:.2f} ms"
    )
    if count == 10_000:
        say("  a miss, in multiples of ready bytes", per_miss / per_ready, 12, 6, up=False)
    else:
        print(f"  in multiples of ready bytes: {per_miss / per_ready:.1f}")
    return per_miss


def _spent(server: Served, times: int, *acts: Callable[[], object]) -> float:
    """Seconds of a processor that the server's processes spend when all of this is done once."""
    processes = server.processes()
    before = cpu_seconds(processes)
    for _time in range(times):
        for act in acts:
            act()
    return (cpu_seconds(processes) - before) / times


def _first(page: bytes) -> tuple[str, str]:
    """Address and code of the first action of a list."""
    found = re.search(r'href="(/en/actions/([0-9a-z]{8})/march-[^"]+)"', page.decode())
    assert found is not None, "the list is empty"
    return found[1], found[2]


# --- from an edit to the new page


def edits(home: Path, count: int) -> None:
    """An action is changed as its host changes it, and a reader asks for its page, or for the list
    that it stands on, again and again; measured from when the change is acknowledged.
    """
    from convoca.actions.models import Action  # noqa: PLC0415  slow

    with Served(home) as server:
        own, code = _first(get(server.port, LIST)[2])
        action = Action.objects.get(code=code)

        def contact(words: str) -> None:
            action.contact = words

        def title(words: str) -> None:
            action.names = type(action.names)({**action.names, "en": words})

        for what, path, change in (("its own page", own, contact), ("the list", LIST, title)):
            cuts, old = _edited(server, path, lambda words, c=change: (c(words), action.save()))
            print(
                f"from an edit to {what}: p50 {cuts[49] * 1000:.0f} ms; {old} of {EDITS} next "
                f"readers were shown the old page first"
            )
            say(f"  p95 at {count:,} actions", cuts[94], 1.5, 0.3, " s", up=False)


def _edited(server: Served, path: str, edit: Callable[[str], object]) -> tuple[list[float], int]:
    """Percentiles in seconds, and how often the next reader had to ask again."""
    spent, old = [], 0
    reader = HTTPConnection("localhost", server.port, timeout=60)
    _read(reader, path)
    for number in range(EDITS):
        words = f"Edit number {number} of {path.count('/')}"
        edit(words)
        started = time.perf_counter()
        is_new = _read(reader, path, words)
        old += not is_new
        while not (is_new or _read(reader, path, words)):
            if time.perf_counter() - started > 30:
                raise SystemExit(f"{path}: the edit is not seen")
        spent.append(time.perf_counter() - started)
        time.sleep(0.05)
    reader.close()
    return quantiles(spent, n=100), old


def _read(reader: HTTPConnection, path: str, title: str = "") -> bool:
    reader.request("GET", path)
    answer = reader.getresponse()
    body = answer.read().decode()
    assert answer.status == 200, f"{path} answers {answer.status}"
    return title in body


# --- the file of kept pages


def kept(home: Path, count: int) -> None:
    """Pages of actions as they are, kept in a file of their own; what one more costs there."""
    from django.conf import settings  # noqa: PLC0415  slow
    from django.utils import translation  # noqa: PLC0415  slow

    from convoca.actions.models import Action  # noqa: PLC0415  slow
    from convoca.pages.audit import draw  # noqa: PLC0415  slow
    from convoca.pages.store import GZIP, Page, Store  # noqa: PLC0415  slow

    with translation.override("en"):
        found = Action.objects.public().order_by("pk")[:SAMPLE]
        paths = [action.get_absolute_url() for action in found]
    bodies = [draw(f"http://localhost:8000{path}").content for path in paths]
    own = Store(home / f"bench-{count}.sqlite3")
    headers = [("Content-Type", "text/html; charset=utf-8")]
    for number in range(count):
        key = f"http://localhost:8000/en/bench/{number}/"
        body = bodies[number % len(bodies)]
        own.keep(Page(key, headers, body, {f"action:{number}": 0, "site": 0}))
    started = time.process_time()
    for number in range(0, count, max(1, count // 1000)):
        assert own.look(f"http://localhost:8000/en/bench/{number}/", GZIP) is not None
    looked = (time.process_time() - started) / len(range(0, count, max(1, count // 1000)))
    pages, size = own.size()
    own.throw_away()
    languages = len(settings.LANGUAGES)
    print(
        f"the file with a page for each action: {size / 1e6:,.0f} MB, {size / pages / 1000:.1f} kB "
        f"each, so {size * languages / 1e6:,.0f} MB in {languages} languages; a look "
        f"{looked * 1e6:.0f} µs of a processor",
        flush=True,
    )


# --- the mirror


def mirror(home: Path, folder: Path, count: int) -> None:
    """A copy of the whole public site, written, and written again where nothing has changed."""
    words = [sys.executable, "-W", "ignore", "-m", "convoca", "mirror", str(folder)]
    spent = []
    for _run in range(2):
        started = time.perf_counter()
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        spent.append(time.perf_counter() - started)
        if done.returncode:
            print(f"the mirror: not measured: {done.stderr.strip()[-300:]}")
            return
    files = sum(1 for one in folder.rglob("*") if one.is_file())
    print(f"the mirror: {files:,} files in {spent[0]:.0f} s", flush=True)
    what = f"  an unchanged second run, {count:,} actions"
    if count == 10_000:
        say(what, spent[1], 20, 5, " s", up=False)
    else:
        print(f"{what}: {spent[1]:.1f} s")
