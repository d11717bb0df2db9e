"""Commits that share a flush: nobody's mistake is another's; what was answered is stored."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.utils import translation

from convoca.core import flush
from convoca.pages.models import Tag

pytestmark = pytest.mark.django_db(transaction=True)
only_sqlite = pytest.mark.skipif(
    "postgres" in os.environ.get("CONVOCA_TEST_DATABASE_URL", ""), reason="a plain commit there"
)


def at_once(*works):
    """What each of the works came to, in threads that begin while another holds the disk."""
    ends, leading, go = {}, threading.Event(), threading.Event()

    def first():
        leading.set()
        go.wait(10)

    def run(number, work):
        try:
            ends[number] = flush.shared(work)
        except Exception as error:
            ends[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=["first", first])]
    threads[0].start()
    leading.wait(10)
    for number, work in enumerate(works):
        threads.append(threading.Thread(target=run, args=[number, work]))
        threads[-1].start()
    deadline = time.monotonic() + 60
    while connection.vendor == "sqlite" and len(flush._queue) < len(works):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    go.set()
    for thread in threads:
        thread.join(20)
    return [ends[number] for number in range(len(works))]


def note(name):
    return lambda: Tag.objects.create(name=name).name


def names():
    return sorted(Tag.objects.filter(name__startswith="flush").values_list("name", flat=True))


@only_sqlite
def test_those_who_wait_are_done_by_one_thread(db):
    threads = at_once(*[threading.get_ident] * 6)
    assert len(set(threads)) == 1


def test_the_mistake_of_one_hurts_no_other():
    def breaks():
        Tag.objects.create(name="flush broken")
        raise LookupError("mine")

    ends = at_once(note("flush a"), breaks, note("flush b"))

    assert (ends[0], type(ends[1]), ends[2]) == ("flush a", LookupError, "flush b")
    assert names() == ["flush a", "flush b"]


def test_a_commit_that_fails_is_done_anew_one_by_one():
    """Foreign keys are looked at when the transaction ends."""

    def dangles():
        with connection.cursor() as cursor:
            table = "actions_seats"
            cursor.execute(
                f"INSERT INTO {table} (action_id, people, sign_ups, waiting, arrived, walk_ins) "  # noqa: S608
                "VALUES (999999, 0, 0, 0, 0, 0)"
            )

    ends = at_once(note("flush a"), dangles, note("flush b"))

    assert [type(end) for end in ends] == [str, IntegrityError, str]
    assert names() == ["flush a", "flush b"]


def test_words_are_in_the_language_of_who_asked():
    ends = []

    def ask(tag):
        with translation.override(tag):
            ends.append((tag, flush.shared(translation.get_language)))
        connections.close_all()

    threads = [threading.Thread(target=ask, args=[tag]) for tag in ("es", "ar", "fr") * 5]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(ends) == 15
    assert [tag for tag, got in ends if tag != got] == []


def test_inside_a_transaction_it_is_a_part_of_that_one():
    def breaks():
        with transaction.atomic():
            flush.shared(note("flush a"))
            raise LookupError

    with pytest.raises(LookupError):
        breaks()
    assert names() == []


KILLED = """
import sys, threading
from django.conf import settings
settings.configure(DATABASES={"default": {
    "ENGINE": "django.db.backends.sqlite3", "NAME": sys.argv[1],
    "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"}}})
import django; django.setup()
from django.db import connection
from convoca.core import flush
def put(number):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO t VALUES (%s)", [number])
def run(start):
    for number in range(start, start + 1000000):
        flush.shared(lambda: put(number))
        sys.stdout.write(f"{number}\\n"); sys.stdout.flush()
for thread in range(6):
    threading.Thread(target=run, args=[thread * 1000000]).start()
"""


@only_sqlite
def test_what_was_answered_survives_a_kill(tmp_path):
    file = tmp_path / "t.sqlite3"
    made = sqlite3.connect(file)
    made.execute("CREATE TABLE t (n INTEGER PRIMARY KEY)")
    made.close()
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(file)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as running:
        assert running.stdout is not None
        lines = [running.stdout.readline() for _ in range(200)]
        running.send_signal(signal.SIGKILL)
        lines += running.stdout.read().splitlines(keepends=True)
    answered = {int(line) for line in lines if line.endswith("\n")}
    stored_in = sqlite3.connect(file)
    stored = {row[0] for row in stored_in.execute("SELECT n FROM t")}
    stored_in.close()
    assert len(answered) >= 200
    assert answered - stored == set()
