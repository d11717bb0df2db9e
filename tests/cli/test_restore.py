"""Restoring: nothing is touched before the file has proved whole, nothing leaves afterwards."""

import json
import shutil
import sqlite3
import subprocess
import threading
import time
from pathlib import Path

import pytest

from convoca.core import backups
from convoca.core.errors import Refusal

PERSON = "from convoca.accounts.models import Person\n"


def people(installation):
    return installation.python(
        PERSON + "print(*Person.objects.order_by('email').values_list('email', flat=True))"
    ).split()


@pytest.fixture
def backup(installation, tmp_path):
    """A backup in which there is Rosa and a mail waits for her."""
    installation.python(
        PERSON + "from convoca.outbox import services as outbox\n"
        "rosa = Person.objects.create_person('rosa@rivers.example')\n"
        "outbox.mail('outbox/plain', to=rosa, context={'subject': 'Hello', 'text': 'Rosa'})"
    )
    (installation.home / "media" / "ab").mkdir(parents=True)
    (installation.home / "media" / "ab" / "c.webp").write_bytes(b"picture")
    file = tmp_path / "a.backup"
    ended = installation.run("backup", file)
    assert ended.returncode == 0, ended.stderr
    return file


def test_on_a_new_machine_everything_is_back_and_mail_is_held(backup, empty):
    ended = empty.run("restore", backup, "--json")

    done = json.loads(ended.stdout)
    assert (done["people"], done["mails waiting"], done["hold"]) == (1, 1, True)
    assert people(empty) == ["rosa@rivers.example"]
    assert (empty.home / "media" / "ab" / "c.webp").read_bytes() == b"picture"
    assert (empty.home / "keys" / "secret.key").exists()
    said = empty.python(
        "from convoca.outbox import services as outbox\n"
        "from convoca.outbox.models import Message\n"
        "print(outbox.is_held(), Message.objects.claim('urgent'))"
    )
    assert said == "True []"
    assert [path.name for path in empty.home.iterdir() if path.name.startswith(".rest")] == []


def test_a_home_in_use_is_refused_and_kept_aside_with_force(backup, installation):
    installation.python(PERSON + "Person.objects.create_person('late@rivers.example')")

    refused = installation.run("restore", backup)
    assert refused.returncode == 1
    assert "is in use: db.sqlite3, media" in refused.stderr
    assert len(people(installation)) == 2

    done = json.loads(installation.run("restore", backup, "--force", "--json").stdout)
    assert people(installation) == ["rosa@rivers.example"]
    with sqlite3.connect(f"{done['kept']}/db.sqlite3") as old:
        assert old.execute("SELECT count(*) FROM accounts_person").fetchone() == (2,)
    old.close()


def test_a_journal_without_its_database_is_put_aside_too(backup, installation):
    """SQLite would play it into the restored database."""
    (installation.home / "db.sqlite3").unlink()
    shutil.rmtree(installation.home / "media", ignore_errors=True)
    (installation.home / "db.sqlite3-wal").write_bytes(b"of another database")

    assert installation.run("restore", backup).returncode == 1
    done = json.loads(installation.run("restore", backup, "--force", "--json").stdout)
    assert Path(done["kept"], "db.sqlite3-wal").read_bytes() == b"of another database"
    assert people(installation) == ["rosa@rivers.example"]


def test_a_drill_on_a_machine_without_an_installation_says_that_it_held(backup, empty):
    ended = empty.run("restore", backup, "--drill")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "The drill held" in ended.stdout


def test_a_drill_changes_nothing_and_is_remembered(backup, installation):
    installation.python(PERSON + "Person.objects.create_person('late@rivers.example')")

    ended = installation.run("restore", backup, "--drill")

    assert ended.returncode == 0, ended.stderr
    assert "people\t1" in ended.stdout
    assert len(people(installation)) == 2
    assert (
        installation.python(
            "from convoca.outbox import services as outbox; print(outbox.is_held())"
        )
        == "False"
    )
    assert backups.last_drill(installation.home).file == str(backup)


def test_a_broken_backup_is_refused_before_anything_is_touched(backup, installation):
    backup.write_bytes(backup.read_bytes()[:-500])
    ended = installation.run("restore", backup, "--force")
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"convoca: {backup} is not a whole backup")
    assert people(installation) == ["rosa@rivers.example"]


def test_a_file_that_is_no_backup_is_a_sentence(installation, tmp_path):
    (tmp_path / "a.backup").write_text("Dear all")
    for words in (["restore", tmp_path / "a.backup"], ["restore", tmp_path / "none"]):
        ended = installation.run(*words)
        assert ended.returncode == 1
        assert "Traceback" not in ended.stderr


def test_keys_come_back_apart_and_the_old_ones_are_kept(installation, tmp_path):
    key = (installation.home / "keys" / "secret.key").read_text()
    assert installation.run("backup", "--keys", tmp_path / "k").returncode == 0
    (installation.home / "keys" / "secret.key").write_text("other")

    refused = installation.run("restore", tmp_path / "k")
    assert refused.returncode == 1
    assert "there are keys" in refused.stderr
    assert installation.run("restore", tmp_path / "k", "--force").returncode == 0

    assert (installation.home / "keys" / "secret.key").read_text() == key
    (kept,) = installation.home.glob("keys-before-*")
    assert (kept / "secret.key").read_text() == "other"


def test_a_backup_of_a_newer_convoca_is_refused(backup, installation, tmp_path):
    into = tmp_path / "newer"
    shutil.copytree(installation.home, into)
    with sqlite3.connect(into / "db.sqlite3") as database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('network', '0999_x', 0)"
        )
    database.close()
    environ = {"CONVOCA_HOME": str(into)}
    assert installation.run("backup", tmp_path / "n.backup", **environ).returncode == 0
    ended = installation.run("restore", tmp_path / "n.backup", "--force")
    assert ended.returncode == 1
    assert "a newer Convoca (it knows network.0999_x)" in ended.stderr
    assert people(installation) == ["rosa@rivers.example"]


@pytest.mark.slow
def test_kill_9_at_any_moment_leaves_the_last_finished_backup_whole(installation, tmp_path):
    """While a writer writes, backups are killed at every moment of their life."""
    database = installation.home / "db.sqlite3"
    with sqlite3.connect(database) as filled:
        filled.execute("CREATE TABLE ballast (n INTEGER PRIMARY KEY, words TEXT)")
        filled.executemany(
            "INSERT INTO ballast (words) VALUES (hex(randomblob(?)))", [(2000,)] * 3000
        )
    filled.close()
    file, stop = tmp_path / "a.backup", threading.Event()
    writer = threading.Thread(target=_keep_writing, args=(database, stop))
    writer.start()
    try:
        begun = time.monotonic()
        assert installation.run("backup", file).returncode == 0
        whole = time.monotonic() - begun
        seen = {file.stat().st_mtime_ns}
        killed = 0
        for step in range(1, 17):
            process = installation.start("backup", file)
            time.sleep(whole * step / 12)
            process.kill()
            killed += process.wait() < 0
            process.communicate()
            _opens_and_holds(file, tmp_path)
            seen.add(file.stat().st_mtime_ns)
    finally:
        stop.set()
        writer.join()
    assert killed > 5  # some were killed half-way
    assert len(seen) > 1  # and some had finished before
    assert installation.run("backup", file).returncode == 0
    assert list(tmp_path.glob(".a.backup*")) == []


def _keep_writing(database, stop):
    with sqlite3.connect(database, timeout=30, isolation_level=None) as writer:
        while not stop.is_set():
            writer.execute(
                "UPDATE ballast SET words = hex(randomblob(2000)) WHERE n = abs(random()) % 3000"
            )
            time.sleep(0.002)
    writer.close()


def _opens_and_holds(file, tmp_path):
    into = tmp_path / "into"
    into.mkdir()
    backups.unpack(file, into)
    assert backups.check_sqlite(into / backups.SQLITE) == ""
    shutil.rmtree(into)


@pytest.mark.slow
def test_a_full_disk_leaves_the_last_backup(installation, tmp_path):
    """The file may not grow beyond 100 kB, as on a disk without room."""
    file = tmp_path / "a.backup"
    assert installation.run("backup", file).returncode == 0
    before = file.read_bytes()
    script = f"ulimit -f 100; exec {' '.join(installation.words('backup', file))}"
    ended = subprocess.run(
        ["bash", "-c", script],
        env=installation.environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert file.read_bytes() == before
    assert list(tmp_path.glob(".a.backup*")) == []


def test_unpacking_without_room_is_refused(backup, tmp_path, monkeypatch):
    usage = shutil.disk_usage(tmp_path)._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    with pytest.raises(Refusal) as refused:
        backups.unpack(backup, tmp_path)
    assert refused.value.code == "disk-full"
