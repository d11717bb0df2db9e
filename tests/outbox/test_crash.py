"""kill -9 the worker in the middle of a fan-out: nothing is lost, one mail a kill may repeat.

Everything is real: processes, signals, a database of their own and an SMTP server. The same
harness is run with two workers that are broken on purpose, so we know that it would see both
failures.
"""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import defaultdict
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from tests.outbox.sink import Sink
from tests.ports import free_port

ROOT = Path(__file__).parents[2]
SERVER = os.environ.get("CONVOCA_DATABASE_URL", "")
FILL = """
import django; django.setup()
from django.db import transaction
from convoca.outbox import services
with transaction.atomic():
    for number in range({count}):
        services.mail("outbox/plain", to=f"person-{{number}}@union.example",
                      context={{"subject": "The call", "text": "Words."}})
"""


class Installation:
    """A home and a database of its own, and the processes that work on it."""

    def __init__(self, home, database_url):
        self.database_url = database_url
        self.home = home
        self.port = free_port()
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("CONVOCA_")},
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
            "DJANGO_SETTINGS_MODULE": "tests.outbox.crash_settings",
            "CONVOCA_HOME": str(home),
            "CONVOCA_SECRET_KEY": "only-for-tests-" + "x" * 40,
            "CONVOCA_MAIL_URL": f"smtp://127.0.0.1:{self.port}",
            "CONVOCA_DATABASE_URL": database_url,
        }

    def run(self, *words):
        command = [sys.executable, *words]
        done = subprocess.run(
            command, env=self.environment, cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr

    def start(self, variant="right"):
        command = [sys.executable, "-m", "tests.outbox.crash_worker", variant]
        quiet = (self.home / "worker.log").open("ab")
        with quiet:
            return subprocess.Popen(command, env=self.environment, cwd=ROOT, stderr=quiet)

    def states(self):
        words = "SELECT state, count(*) FROM outbox_message GROUP BY state"
        if not self.database_url:
            with sqlite3.connect(self.home / "db.sqlite3", timeout=20) as database:
                return dict(database.execute(words).fetchall())
        import psycopg  # noqa: PLC0415  optional

        with psycopg.connect(self.database_url) as database:
            return dict(database.execute(words).fetchall())


@contextmanager
def own_database():
    """A database of this test's own on the server that the tests use."""
    import psycopg  # noqa: PLC0415  optional

    name = f"convoca_crash_{os.getpid()}"
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield urlunsplit(urlsplit(SERVER)._replace(path=f"/{name}"))
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def migrated(tmp_path_factory):
    """A database file with its tables, to be copied."""
    made = Installation(tmp_path_factory.mktemp("migrated"), "")
    made.run("-m", "django", "migrate", "-v0")
    return made.home / "db.sqlite3"


@pytest.fixture(params=["sqlite", "postgresql"])
def installation(request, tmp_path):
    if request.param == "sqlite":
        if SERVER:
            pytest.skip("this run is for PostgreSQL")
        made = Installation(tmp_path, "")
        shutil.copy2(request.getfixturevalue("migrated"), made.home / "db.sqlite3")
        yield made
        return
    if not SERVER:
        pytest.skip("CONVOCA_TEST_DATABASE_URL names no PostgreSQL server")
    with own_database() as url:
        made = Installation(tmp_path, url)
        made.run("-m", "django", "migrate", "-v0")
        yield made


def until(holds, seconds=60.0):
    """Wait until something holds; the test fails if it never does."""
    limit = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < limit, "waited too long"
        time.sleep(0.002)


def fan_out(installation, sink, *, variant, mails, kills):
    """Send that many mails while killing the worker that often; says how many mails each got."""
    chance = random.Random(7)
    installation.run("-c", FILL.format(count=mails))
    step = mails // (kills + 2)
    for _ in range(kills):
        worker = installation.start(variant)
        goal = len(sink.mails) + chance.randint(step // 3, step)
        until(lambda goal=goal, worker=worker: len(sink.mails) >= goal or worker.poll() is not None)
        time.sleep(chance.uniform(0, 0.02))
        assert worker.poll() is None, (installation.home / "worker.log").read_text()
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    for _ in range(20):
        if installation.states().get("waiting", 0) == 0:
            break
        worker = installation.start(variant)
        time.sleep(6)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=60) == 0
    assert installation.states() == {"sent": mails}

    got = defaultdict(list)
    for mail in sink.parsed:
        got[str(mail["To"])].append(str(mail["Message-ID"]))
    lost = mails - len(got)
    repeats = sum(len(ids) - 1 for ids in got.values())
    strangers = [ids for ids in got.values() if len(set(ids)) > 1]
    return lost, repeats, strangers


@pytest.mark.slow
def test_twenty_kills_in_a_thousand_mails_lose_none_and_repeat_at_most_one_each(installation):
    with Sink(installation.port) as sink:
        lost, repeats, strangers = fan_out(
            installation, sink, variant="right", mails=1000, kills=20
        )
    assert lost == 0
    assert repeats <= 20
    assert strangers == []


@pytest.mark.slow
def test_the_same_kills_show_a_worker_that_loses(installation):
    with Sink(installation.port) as sink:
        lost, _repeats, _ = fan_out(installation, sink, variant="forgetful", mails=300, kills=4)
    assert lost > 0


@pytest.mark.slow
def test_the_same_kills_show_a_worker_that_repeats(installation):
    with Sink(installation.port) as sink:
        _lost, repeats, _ = fan_out(installation, sink, variant="repeating", mails=300, kills=4)
    assert repeats > 4


@pytest.mark.slow
def test_a_worker_that_is_asked_to_end_finishes_the_mail_in_hand_and_gives_back_the_rest(
    installation,
):
    installation.run("-c", FILL.format(count=20))
    with Sink(installation.port) as sink:
        sink.wait = 0.3
        worker = installation.start()
        until(lambda: len(sink.mails) >= 2)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=60) == 0
        assert installation.states() == {"sent": len(sink.mails), "waiting": 20 - len(sink.mails)}


@pytest.mark.slow
def test_a_worker_that_hangs_in_a_mail_ends_within_ten_seconds_all_the_same(installation):
    installation.run("-c", FILL.format(count=2))
    with Sink(installation.port) as sink:
        sink.wait = 15
        worker = installation.start()
        until(lambda: len(sink.mails) >= 1)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=60) == 1
