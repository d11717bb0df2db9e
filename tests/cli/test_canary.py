"""Who has signed up is readable in no file of an installation, and in no backup of it."""

import zipfile

import pytest

NAMES = (b"Canaria Canary", b"canary.bird", b"canary cage")
SIGN_UP = """
from django.utils import timezone
from convoca.actions.models import Action
from convoca.actions.services import signups
from convoca.web import sample
sample.load()
action = Action.objects.public().filter(capacity=None, starts_at__gt=timezone.now()).first()
action.question = {"en": "What do you bring?"}
action.save()
row = signups.confirm(
    signups.sign_up(
        action, name="Canaria Canary", email="canary.bird@example.org", people=2,
        answer="I bring a canary cage", sender="s" * 64, language="en",
    )
)
print(row.name, row.email, row.answer, sep="|")
"""


@pytest.mark.slow
def test_a_backup_holds_nobody_by_name(installation, tmp_path):
    told = installation.python(SIGN_UP).splitlines()[-1].encode()
    assert all(name in told for name in NAMES)
    file = tmp_path / "a.backup"
    made = installation.run("backup", file)
    assert made.returncode == 0, made.stderr

    with zipfile.ZipFile(file) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    assert parts["database.sqlite3"].startswith(b"SQLite format 3")
    assert [name for name, read in parts.items() if any(one in read for one in NAMES)] == []
    assert [name for name in parts if "keys/" in name or name.endswith(".key")] == []
    kept = [path for path in installation.home.rglob("*") if path.is_file()]
    assert [path for path in kept if any(one in path.read_bytes() for one in NAMES)] == []
    assert not any(one in (made.stdout + made.stderr).encode() for one in NAMES)
