"""What was purged is nowhere on the disk, and a kill between key and row leaves nothing open."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAD = """
import os, sys
from datetime import timedelta
from convoca.cli.ready import start_django
start_django()
from convoca.vault.keyring import keyring, today
from convoca.vault import services as vault
from tests.vault.guests.models import Guest
from convoca.outbox import services as outbox
from convoca.outbox.models import Message
"""
FILL = """
for number in range(40):
    day = today() + timedelta(days=number % 3)
    Guest.objects.create(
        scope="campaign:k7mq02xd", delete_on=day, name="Canary Quetzal",
        email="canary@quetzal.example", answers={"why": "Canary answers"},
        address_index=vault.index("campaign:k7mq02xd", "canary@quetzal.example"),
    )
    words = {"subject": "Dear Canary Quetzal", "text": "For canary@quetzal.example"}
    outbox.mail("outbox/plain", to="canary@quetzal.example", context=words, until=day)
print(vault.index("campaign:k7mq02xd", "canary@quetzal.example"), outbox.index_of("canary@quetzal.example"))
"""  # noqa: E501
KILLED = """
keyring().key_for_sealing("campaign:k7mq02xd", today())
os._exit(9)
"""


class Home:
    """A home with the tests' own rows in it, and code run on it in processes of their own."""

    def __init__(self, home):
        self.home = home
        self.environ = {
            **{name: value for name, value in os.environ.items() if name[:8] != "CONVOCA_"},
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
            "PYTHONWARNINGS": "ignore",
            "CONVOCA_HOME": str(home),
            "CONVOCA_SECRET_KEY": "only-for-tests-" + "x" * 40,
            "DJANGO_SETTINGS_MODULE": "tests.vault.disk_settings",
        }

    def run(self, *words):
        return subprocess.run(
            [sys.executable, *words],
            env=self.environ,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def python(self, code):
        return self.run("-c", HEAD + code)

    def convoca(self, *words):
        return self.run("-m", "convoca", *words)

    def holding(self, *needles):
        """The files in which one of the words stands."""
        found = []
        for path in sorted(self.home.rglob("*")):
            if path.is_file():
                content = path.read_bytes()
                found += [(path.name, needle) for needle in needles if needle.encode() in content]
        return found


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    made = Home(tmp_path_factory.mktemp("disk") / "home")
    made.home.mkdir()
    done = made.run("-m", "django", "migrate", "-v0", "--run-syncdb")
    assert done.returncode == 0, done.stderr
    return made


def test_a_purged_address_and_its_weeks_key_are_nowhere_on_the_disk(home):
    filled = home.python(FILL)
    assert filled.returncode == 0, filled.stderr
    indexes = filled.stdout.split()
    words = ("Canary", "Quetzal", "quetzal.example")
    assert home.holding(*words) == []  # not even while it is there
    assert home.holding(*indexes) != []

    with sqlite3.connect(home.home / "keys" / "vault.sqlite3") as vault:
        keys = [wrapped for (wrapped,) in vault.execute("SELECT wrapped FROM keys")]
    with sqlite3.connect(home.home / "db.sqlite3") as database:
        rows = [name for (name,) in database.execute("SELECT name FROM guests_guest")]
        rows += [body for (body,) in database.execute("SELECT body FROM outbox_message")]
    assert home.python("print(today())").returncode == 0

    # The told days come: every row's, so that no index may be left either.
    home.python(
        "for row in [*Guest.objects.all(), *Message.objects.all()]:\n"
        "    row.delete_on = today(); row.save()\n"
        "with __import__('sqlite3').connect(keyring().file) as v:\n"
        "    v.execute('UPDATE keys SET last_day = ?', [today().isoformat()])\n"
    )
    ended = home.convoca("purge", "--json")
    assert ended.returncode == 0, ended.stderr
    report = json.loads(ended.stdout)
    assert report["rows"]["guests.guest"] == {"due": 40, "deleted": 40, "late": 0}
    assert report["rows"]["outbox.message"] == {"due": 40, "deleted": 40, "late": 0}
    assert report["log_is_empty"] is True

    assert home.holding(*words, *indexes) == []
    for path in home.home.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not [one for one in keys + rows if one in content], path


def test_a_kill_between_key_and_row_leaves_a_key_that_the_next_row_uses(home):
    assert home.python(KILLED).returncode == 9
    said = home.python(
        "Guest.objects.create(scope='campaign:k7mq02xd', delete_on=today(), name='Bo')\n"
        "keyring().forget()\n"
        "print(Guest.objects.get().name, len(keyring().weeks()))"
    )
    assert said.stdout == "Bo 1\n", said.stderr
    assert home.convoca("purge").returncode == 0


def test_purge_says_what_is_due_and_refuses_a_clock_that_moved(home):
    assert home.convoca("purge").returncode == 0
    home.python("Guest.objects.create(scope='campaign:k7mq02xd', delete_on=today(), name='Bo')")
    ended = home.convoca("purge", "--dry-run")
    assert ended.stdout.startswith("guests.guest\t1\t0\t0\n")

    home.python(
        "import json; from convoca.vault.clock import Beat\n"
        "b = Beat.now(); keyring().note('heartbeat', json.dumps("
        "{'wall': b.wall - 9e5, 'up': b.up - 60, 'boot': b.boot}))"
    )
    ended = home.convoca("purge")
    assert ended.returncode == 1
    assert ended.stderr.startswith("convoca: Nothing is deleted: the clock says")
    assert home.convoca("purge", "--clock-is-right").returncode == 0
    assert home.convoca("purge").stdout.startswith("No row was told to end by")
