"""Sign-ups: many people at once, each form sent twice, against bare durable one-row commits.

Django's views are called in as many threads as there are people at once; the network and the
server's own work are not part of it. `BENCH_SIGNUPS=1000` takes fewer people,
`BENCH_AT_ONCE=4` fewer at once (the server draws with four threads).
"""

import logging
import os
import sqlite3
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import quantiles

PEOPLE = int(os.environ.get("BENCH_SIGNUPS", "10000"))
AT_ONCE = int(os.environ.get("BENCH_AT_ONCE", "200"))
SEATS = 100


def main() -> None:
    """Print sign-ups a second, the ratio to bare commits, and what is stored afterwards."""
    home = tempfile.mkdtemp(prefix="convoca-bench-")
    os.environ.update(CONVOCA_HOME=home, CONVOCA_DEMO="1", CONVOCA_SECRET_KEY="b" * 60)
    os.environ.update(CONVOCA_TRUSTED_PROXIES="1", DJANGO_SETTINGS_MODULE="convoca.web.settings")
    import django  # noqa: PLC0415  slow
    from django.core.management import call_command  # noqa: PLC0415  slow

    django.setup()
    logging.disable(logging.INFO)
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    from convoca.web import sample  # noqa: PLC0415  slow

    sample.load()
    before = bare_commits(Path(home) / "bare.sqlite3")
    rate = everybody_twice()
    after = bare_commits(Path(home) / "bare.sqlite3")
    bare = (before + after) / 2
    print(f"bare durable one-row commits: {bare:.0f}/s ({before:.0f} before, {after:.0f} after)")
    print(f"sign-ups against bare commits: {rate / bare:.2f} (aim 0.5, and beyond 1)")
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


def everybody_twice() -> float:
    """All sign up for one action, each form sent twice; answers people a second."""
    from convoca.actions.models import Seats, SignUp  # noqa: PLC0415  slow

    action = an_action(capacity=None)
    spent: list[float] = []
    codes: Counter[int] = Counter()

    def send(number: int) -> None:
        started = time.perf_counter()
        for _thumb in range(2):
            codes[post(action, number, name=f"Person {number}")] += 1
        spent.append((time.perf_counter() - started) / 2)

    started = time.perf_counter()
    together(send, PEOPLE)
    rate = PEOPLE / (time.perf_counter() - started)
    rows = SignUp.objects.filter(action=action).count()
    seats = Seats.objects.get(action=action)
    cuts = quantiles(spent, n=100)
    print(
        f"{PEOPLE} people, {AT_ONCE} at once, each twice: {rows} stored, {seats.people} counted, "
        f"answers {dict(codes)}"
    )
    print(
        f"{rate:.0f} sign-ups/s (and as many repeats); one form {cuts[49] * 1000:.0f} ms in the "
        f"middle, {cuts[98] * 1000:.0f} ms for the slowest in a hundred: {cuts[98] / cuts[49]:.1f}"
    )
    assert rows == seats.people == PEOPLE, "lost or doubled"
    return rate


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

    together(confirm, len(rows))
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


_own = threading.local()


def post(action, number: int, **typed: str) -> int:
    """One form, from a connection that some people share."""
    from django.test import Client  # noqa: PLC0415  slow
    from django.urls import reverse  # noqa: PLC0415  slow

    if not hasattr(_own, "client"):  # a server loads its middleware once, too
        own = {"origin": "http://localhost", "sec-fetch-site": "same-origin"}
        _own.client = Client(headers={"host": "localhost", **own})
    address = f"198.51.{number % 250}.{number // 250 % 250}"
    path = reverse("actions:sign-up", args=[action.code, action.slug()])
    typed = {"people": "1", **typed}
    return _own.client.post(path, typed, headers={"x-forwarded-for": address}).status_code


def together(step, count: int) -> None:
    """Take the step for each number, as many at once as there are people at once."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(step, range(count)))
