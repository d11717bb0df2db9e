"""Who waits to write on SQLite asks often, and no longer than it was told to."""

import sqlite3
import threading
import time

import pytest
from django.conf import settings
from django.db import OperationalError, connections

from convoca.core.sqlite.base import BRIEFLY, DatabaseWrapper

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def held(tmp_path):
    """A file that somebody else has open."""
    holder = sqlite3.connect(tmp_path / "t.sqlite3", isolation_level=None, check_same_thread=False)
    holder.execute("PRAGMA journal_mode=WAL")
    holder.execute("CREATE TABLE t (n)")
    yield holder
    holder.close()


@pytest.fixture
def ours(held, tmp_path):
    """Our connection to it, which waits for half a second."""
    facts = {
        **connections["default"].settings_dict,
        "ENGINE": "convoca.core.sqlite",
        "NAME": tmp_path / "t.sqlite3",
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 0.5},
    }
    database = DatabaseWrapper(facts, alias="other")
    database.connect()
    yield database
    database.close()


def write(database):
    database.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    with database.cursor() as cursor:
        cursor.execute("INSERT INTO t VALUES (1)")
    database.commit()
    database.set_autocommit(True)


def patience(database):
    return database.connection.execute("PRAGMA busy_timeout").fetchone()[0]


def test_the_project_has_this_backend():
    name = settings.DATABASES["default"]["ENGINE"]
    assert name in {"convoca.core.sqlite", "django.db.backends.postgresql"}
    if name == "convoca.core.sqlite":
        assert isinstance(connections["default"], DatabaseWrapper)


def test_it_waits_until_the_file_is_free(held, ours):
    held.execute("BEGIN IMMEDIATE")
    leaving = threading.Timer(4 * BRIEFLY / 1000, held.execute, ["COMMIT"])
    leaving.start()
    write(ours)
    leaving.join()
    assert held.execute("SELECT count(*) FROM t").fetchone() == (1,)


def test_it_waits_no_longer_than_it_was_told(held, ours):
    assert patience(ours) == 500
    held.execute("BEGIN IMMEDIATE")
    began = time.monotonic()
    with pytest.raises(OperationalError, match="locked"):
        write(ours)
    assert time.monotonic() - began >= 0.5
    held.execute("COMMIT")
    assert patience(ours) == 500
    ours.set_autocommit(True)
    write(ours)
    assert held.execute("SELECT count(*) FROM t").fetchone() == (1,)


def test_what_is_wrong_otherwise_is_told(ours):
    ours._start_transaction_under_autocommit()
    with pytest.raises(OperationalError, match="within a transaction"):
        ours._start_transaction_under_autocommit()
    assert patience(ours) == 500
