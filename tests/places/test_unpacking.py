import gc
import os
import signal
import sqlite3
import subprocess
import sys
import time

import pytest
from django.conf import settings

from convoca.places import unpacking
from convoca.places.gazetteer import Gazetteer
from convoca.places.keys import key


def test_the_shipped_keys_are_those_that_names_fold_to_today(gazetteer):
    """Whoever changes the fold makes the table anew: `scripts/make_places.py`."""
    table = sqlite3.connect(settings.PLACES_TABLE)
    wrong = [
        (name, stored)
        for name, stored in table.execute("SELECT name, key FROM places WHERE rank % 50 = 0")
        if key(name) != stored
    ]
    table.close()
    assert wrong == []


def test_the_shipped_file_is_small():
    assert unpacking.SHIPPED.stat().st_size < 12_000_000


def test_unpacking_again_does_nothing(gazetteer):
    before = settings.PLACES_TABLE.stat()
    unpacking.unpack(settings.PLACES_TABLE)
    assert settings.PLACES_TABLE.stat() == before


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\x00" + b"\x00" * 99])
def test_a_file_that_is_no_table_is_not_current(tmp_path, content):
    file = tmp_path / "places.sqlite3"
    file.write_bytes(content)
    assert not unpacking.is_current(file)


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A shipped table of one place, so that unpacking takes no time."""
    whole = unpacking._columns

    def first_rows():
        for name, columns in whole():
            yield name, {column: values[:1] for column, values in columns.items()}

    monkeypatch.setattr(unpacking, "_columns", first_rows)
    monkeypatch.setattr(unpacking, "_fill_elsewhere", lambda fresh, lock: unpacking._fill(fresh))
    yield tmp_path / "home" / "places.sqlite3"
    gc.enable()


def test_another_shipped_table_is_unpacked_over_the_old_one(small, monkeypatch):
    unpacking.unpack(small)
    old = small.stat().st_ino
    monkeypatch.setattr(unpacking, "shipped_digest", lambda: "another")

    unpacking.unpack(small)

    assert small.stat().st_ino != old
    assert unpacking.is_current(small)


def test_a_file_that_is_none_makes_way(small):
    small.parent.mkdir()
    small.write_bytes(b"half a file")

    Gazetteer(small)

    assert unpacking.is_current(small)


def test_what_fails_half_way_leaves_nothing(small, monkeypatch):
    def full_disk(fresh, lock):
        fresh.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(unpacking, "_fill_elsewhere", full_disk)
    with pytest.raises(OSError, match="No space left"):
        unpacking.unpack(small)

    assert [path.name for path in small.parent.iterdir()] == ["places.lock"]


def test_a_full_disk_is_said_as_one(tmp_path, monkeypatch):
    """The process that unpacks can write 2 MB, then no more."""
    limited = (
        f"{sys.executable} -c 'import resource, sys; from convoca.places.unpacking import main;"
        "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000));"
        'sys.exit(main(__import__("pathlib").Path(sys.argv[1])))\' "$3"'
    )
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\nexec {limited}\n")
    python.chmod(0o700)
    monkeypatch.setattr(unpacking.sys, "executable", str(python))

    with pytest.raises(OSError, match="No space left"):
        unpacking.unpack(tmp_path / "places.sqlite3")

    assert sorted(path.name for path in tmp_path.iterdir()) == ["places.lock", "python"]


def test_killed_half_way_it_leaves_no_broken_file_and_the_next_one_mends_it(tmp_path):
    """The real table, by processes of their own, as a server would."""
    file, part = tmp_path / "places.sqlite3", tmp_path / "places.part"
    unpacker = "import sys, pathlib; from convoca.places.unpacking import unpack;" + (
        "unpack(pathlib.Path(sys.argv[1]))"
    )
    first = subprocess.Popen(
        [sys.executable, "-c", unpacker, str(file)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        start_new_session=True,
    )
    while not (part.exists() and part.stat().st_size > 1_000_000):
        assert first.poll() is None
        time.sleep(0.01)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()

    assert (file.exists(), part.exists()) == (False, True)

    unpacking.unpack(file)

    assert unpacking.is_current(file)
    assert not part.exists()
    assert Gazetteer(file).find("Asunción").place.country == "PY"
