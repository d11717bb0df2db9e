"""The supervisor: refuses what is unsafe, starts, restarts, ends everything, leaves nothing."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from convoca.pages.store import Page, Store
from tests.cli.conftest import SRC, wait_until


def answers(port):
    """The status of the server, or nothing while it is not there."""
    try:
        with urllib.request.urlopen(f"http://localhost:{port}/en/imprint/", timeout=30) as page:
            return page.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return None


def processes_of(home):
    """Process ids whose environment names this home: the server and all its children."""
    mark = f"CONVOCA_HOME={home}".encode()
    others = [folder for folder in Path("/proc").iterdir() if folder.name.isdigit()]
    return [int(folder.name) for folder in others if mark in _environ(folder)]


def _environ(folder):
    """What a process was started with; nothing for ourselves and for those just gone."""
    try:
        content = (folder / "environ").read_bytes()
    except OSError:
        return []
    return [] if int(folder.name) == os.getpid() else content.split(b"\0")


def all_processes_of(home):
    """Supervisor, front, Django once in memory, and of it the web with its worker and the two
    workers; nothing while they are not seven.
    """
    found = set(processes_of(home))
    return found if len(found) == 7 else None


@pytest.fixture
def server(installation, free_port):
    """A running server; whatever the test does, nothing is left."""
    process = installation.start("serve", "--port", free_port)
    process.port = free_port
    process.home = installation.home
    try:
        wait_until(lambda: answers(free_port), 60)
        yield process
    finally:
        for pid in processes_of(installation.home):
            os.kill(pid, signal.SIGKILL)
        process.communicate()


def test_an_unsafe_installation_is_not_served_and_the_setting_is_named(installation):
    (installation.home / "keys" / "secret.key").chmod(0o644)
    ended = installation.run("serve", CONVOCA_URL="http://rivers.example")
    assert ended.returncode == 1
    assert "keys: " in ended.stderr
    assert "chmod 600" in ended.stderr
    assert "url: url is http://rivers.example" in ended.stderr
    assert "mail_from: " in ended.stderr


def test_a_taken_port_is_a_sentence(installation, free_port):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", free_port))
        taken.listen()
        ended = installation.run("serve", "--port", free_port)
    assert (ended.returncode, ended.stderr) == (
        1,
        f"convoca: port {free_port} of 127.0.0.1 is in use. Set another: port = …\n",
    )


def test_a_database_of_a_newer_version_is_not_served(installation, free_port):
    installation.python(
        "from django.db.migrations.recorder import MigrationRecorder\n"
        "from django.db import connection\n"
        "MigrationRecorder(connection).record_applied('network', '0999_later')"
    )
    ended = installation.run("serve", "--port", free_port)
    assert ended.returncode == 1
    assert "a newer Convoca (it knows network.0999_later)" in ended.stderr


def test_a_database_that_is_behind_is_named_when_nobody_wants_to_migrate(installation, free_port):
    (installation.home / "db.sqlite3").unlink()
    ended = installation.run("serve", "--no-migrate", "--port", free_port)
    assert ended.returncode == 1
    assert "the database is not up to date" in ended.stderr
    assert "convoca serve --migrate" in ended.stderr


@pytest.mark.slow
def test_it_serves_and_ends_on_sigterm_with_all_its_children(server):
    assert answers(server.port) == 200
    wait_until(lambda: all_processes_of(server.home))

    server.send_signal(signal.SIGTERM)

    assert server.wait(timeout=60) == 0
    assert processes_of(server.home) == []


@pytest.mark.slow
def test_ctrl_c_ends_it_too(server):
    server.send_signal(signal.SIGINT)
    assert server.wait(timeout=60) == 0
    assert processes_of(server.home) == []


@pytest.mark.slow
def test_no_child_outlives_a_supervisor_that_gets_kill_9(server):
    wait_until(lambda: all_processes_of(server.home))
    server.kill()
    wait_until(lambda: processes_of(server.home) == [])
    assert answers(server.port) is None


@pytest.mark.slow
def test_a_part_that_gets_kill_9_is_started_again(server):
    children = wait_until(lambda: all_processes_of(server.home))
    for pid in children - {server.pid}:
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: answers(server.port) == 200, 60)
    wait_until(lambda: all_processes_of(server.home))
    assert children & set(processes_of(server.home)) == {server.pid}


@pytest.mark.slow
def test_a_home_is_served_once(server, installation, free_port):
    ended = installation.run("serve", "--port", free_port + 1)
    assert ended.returncode == 1
    assert "a server is already running on" in ended.stderr
    ended = installation.run("restore", "--force", installation.home / "none")
    assert ended.returncode == 1


@pytest.mark.slow
def test_the_log_has_every_request_and_no_address_query_or_token(server):
    urllib.request.urlopen(f"http://localhost:{server.port}/en/help/?q=secretword").close()
    try:
        urllib.request.urlopen(
            f"http://localhost:{server.port}/en/account/sign-in/link/sEcReTtOkEn/"
        ).close()
    except urllib.error.HTTPError as error:
        error.close()
    server.send_signal(signal.SIGTERM)
    _out, log = server.communicate(timeout=60)
    requests = [line for line in log.splitlines() if " request " in line]
    assert any("route=en/help/" in line for line in requests)
    assert any("route=en/account/sign-in/link/<str:token>/" in line for line in requests)
    assert "secretword" not in log
    assert "sEcReTtOkEn" not in log
    assert "127.0.0.1 " not in "".join(requests)


@pytest.mark.slow
def test_static_files_are_collected_anew_only_when_they_changed(installation):
    mark = installation.home / "static" / ".digest"
    before = mark.stat().st_mtime_ns
    installation.run("init")
    assert mark.stat().st_mtime_ns == before
    mark.write_text("old")
    installation.run("init")
    assert mark.read_text() != "old"


@pytest.mark.slow
def test_the_supervisor_itself_is_small(server):
    status = Path(f"/proc/{server.pid}/status").read_text()
    resident = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    assert int(resident.split()[1]) < 30_000


def test_help_needs_no_django():
    code = (
        "import sys; from convoca.cli.main import main; main(['serve', '--help'])\n"
        "sys.exit('django' in sys.modules)"
    )
    environ = {**os.environ, "PYTHONPATH": str(SRC)}
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, env=environ, check=False
    )
    assert ended.returncode == 0


@pytest.mark.slow
def test_public_pages_are_read_while_the_database_is_brought_up_to_date(bare, free_port):
    """A home without a database: the front answers at once, and Django when it is ready."""
    assert bare.run("init").returncode == 0
    (bare.home / "db.sqlite3").unlink()
    kept = Store(bare.home / "pages.sqlite3")
    key = f"http://localhost:{free_port}/en/kept/"
    kept.keep(Page(key, [("Content-Type", "text/html")], b"as it was", {}))
    kept.close()
    process = bare.start("serve", "--port", free_port, CONVOCA_URL=f"http://localhost:{free_port}")
    try:

        def read():
            where = f"http://localhost:{free_port}/en/kept/"
            with contextlib.suppress(OSError), urllib.request.urlopen(where) as page:
                return page.read()

        assert wait_until(read) == b"as it was"
        assert not (bare.home / "django.sock").exists()
        wait_until(lambda: answers(free_port) == 200, 90)
    finally:
        for pid in processes_of(bare.home):
            os.kill(pid, signal.SIGKILL)
        process.communicate()
