"""Limits are exact under parallel threads, keep no addresses, and forget."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connections
from django.test import RequestFactory, override_settings
from django.utils import timezone

from convoca.accounts import limits
from convoca.accounts.models import Window

HOUR = timedelta(hours=1)


@pytest.fixture
def real_database(transactional_db, tmp_path):
    """A database that threads share as they do at work: on SQLite a file, not the tests' memory.

    The name is put back before anything closes this thread's connection: closing the last one
    to a database in memory would be its end.
    """
    default = connections["default"]
    with pytest.MonkeyPatch.context() as patch:
        if default.vendor == "sqlite":
            patch.setitem(default.settings_dict, "NAME", str(tmp_path / "db.sqlite3"))
            in_thread(make_table)
        yield


def make_table():
    with connections["default"].schema_editor() as editor:
        editor.create_model(Window)


def in_thread(function):
    """What a function answers in a thread with a connection of its own."""

    def run():
        try:
            return function()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(run).result()


def test_parallel_threads_get_exactly_the_limit_between_them(real_database):
    with ThreadPoolExecutor(8) as threads:
        tries = [
            threads.submit(in_thread, lambda: limits.hit("sign-up", 25, HOUR)) for _ in range(60)
        ]
        answers = [one.result() for one in tries]

    assert answers.count(True) == 25
    assert in_thread(lambda: [row.count for row in Window.objects.all()]) == [60]


def test_each_key_counts_for_itself(db):
    assert [limits.hit(key, 1, HOUR) for key in ("a", "b", "a", "b")] == [True, True, False, False]


def test_a_new_window_begins_anew(db):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        first = limits.hit("a", 1, HOUR)
        clock.shift(HOUR)
        second = limits.hit("a", 1, HOUR)

    assert (first, second) == (True, True)


def test_no_key_is_kept_readably(db):
    limits.hit("codes for rosa@example.org", 1, HOUR)

    assert "rosa" not in Window.objects.get().key


def test_windows_that_are_over_are_swept(db):
    limits.hit("old", 1, HOUR)
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        limits.hit("new", 1, HOUR)
        swept = limits.sweep()

    assert (swept, Window.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("told", "address"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("203.0.113.9:4711", "203.0.113.9"),
        ("[2001:db8:1:2:3:4:5:6]:4711", "2001:db8:1:2::"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("", "unknown"),
        ("not an address", "unknown"),
    ],
)
def test_a_client_is_known_by_its_address_or_its_network(told, address):
    request = RequestFactory(REMOTE_ADDR=told).get("/", headers={"X-Forwarded-For": "6.6.6.6"})

    assert limits.client_address(request) == address


def test_the_key_of_a_client_changes_with_the_secret():
    request = RequestFactory().get("/")
    before = limits.client_key(request)
    with override_settings(SECRET_KEY="another" * 10):
        after = limits.client_key(request)

    assert before != after
    assert "127.0.0.1" not in before
