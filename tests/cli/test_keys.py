"""The keys: written apart under a passphrase, brought back, and what stays closed without them."""

import json
import sqlite3

import pytest

from convoca.core import backups
from convoca.core.errors import Refusal
from convoca.core.passphrase import is_sealed, seal, unseal

PHRASE = "correct horse battery staple"
WRITE = """
from convoca.outbox import services as outbox
outbox.mail("outbox/plain", to="rosa@rivers.example", context={"subject": "Rio", "text": "x"})
"""
READ = """
from convoca.outbox.models import Message
print(*(m.subject for m in Message.objects.all()))
"""


@pytest.fixture
def phrase(tmp_path):
    file = tmp_path / "passphrase"
    file.write_text(PHRASE + "\n")
    return file


def test_what_is_sealed_by_a_passphrase_opens_with_it_alone():
    sealed = seal(b"keys", PHRASE)
    assert is_sealed(sealed)
    assert unseal(sealed, PHRASE) == b"keys"
    for content, phrase in ((sealed, "another passphrase"), (sealed[:-1], PHRASE)):
        with pytest.raises(Refusal) as refusal:
            unseal(content, phrase)
        assert refusal.value.code == "passphrase-wrong"
    with pytest.raises(Refusal) as refusal:
        seal(b"keys", "too short")
    assert refusal.value.code == "passphrase-short"


def test_keys_go_out_and_come_back_under_a_passphrase(installation, phrase, tmp_path):
    installation.python(WRITE)
    out = tmp_path / "k"
    ended = installation.run("keys", "export", out, "--passphrase-file", phrase)
    assert (ended.returncode, ended.stderr) == (0, "")
    for secret in ("secret.key", "instance.key"):
        assert (installation.home / "keys" / secret).read_bytes() not in out.read_bytes()
    assert out.stat().st_mode & 0o777 == 0o600
    assert backups.last_keys(installation.home).file == str(out)

    (installation.home / "keys" / "instance.key").write_text("ab" * 32)
    refused = installation.run("keys", "import", out, CONVOCA_PASSPHRASE_FILE=str(phrase))
    assert "there are keys" in refused.stderr
    wrong = tmp_path / "wrong"
    wrong.write_text("wrong but long enough")
    refused = installation.run("keys", "import", out, "--force", "--passphrase-file", wrong)
    assert refused.returncode == 1
    assert refused.stderr.startswith("convoca: The passphrase is not the right one")
    assert installation.python(READ) == "closed"

    back = installation.run(
        "keys", "import", out, "--force", "--json", CONVOCA_PASSPHRASE_FILE=str(phrase)
    )
    assert back.returncode == 0, back.stderr
    assert installation.python(READ) == "Rio"
    with sqlite3.connect(installation.home / "keys" / "vault.sqlite3") as vault:
        assert vault.execute("SELECT * FROM notes").fetchall() == []  # no heartbeat of then


def test_nobody_to_type_a_passphrase_is_a_sentence(installation, tmp_path):
    ended = installation.run("keys", "export", tmp_path / "k")
    assert ended.returncode == 1
    assert "--passphrase-file" in ended.stderr


def test_a_backup_says_that_it_holds_no_keys_and_how_old_the_last_export_is(
    installation, phrase, tmp_path
):
    installation.python(WRITE)
    said = installation.run("backup", tmp_path / "b").stdout
    assert "It holds no keys. They were never written apart." in said
    vault = (installation.home / "keys" / "vault.sqlite3").read_bytes()
    assert not [n for n in backups.read(tmp_path / "b").files if n.startswith("keys")]
    assert vault not in (tmp_path / "b").read_bytes()

    installation.run("keys", "export", tmp_path / "k", "--passphrase-file", phrase)
    said = installation.run("backup", tmp_path / "b").stdout
    assert f"They were last written apart today: {tmp_path / 'k'}." in said


def test_a_restore_names_what_stays_closed_and_with_the_keys_nothing_does(
    installation, bare, phrase, tmp_path
):
    installation.python(WRITE)
    installation.run("backup", tmp_path / "b")
    installation.run("keys", "export", tmp_path / "k", "--passphrase-file", phrase)

    ended = installation.run("restore", tmp_path / "b", "--drill", "--json")
    assert json.loads(ended.stdout)["closed"] == []
    ended = bare.run("restore", tmp_path / "b", "--drill", "--json")
    closed = [{"what": "outbox.message", "scope": "outbox", "rows": 1}]
    assert json.loads(ended.stdout)["closed"] == closed

    ended = bare.run("restore", tmp_path / "b", "--force")
    assert "outbox.message\toutbox\t1\n" in ended.stdout
    assert bare.python(READ) == "closed"

    words = ["--force", "--keys", tmp_path / "k", "--passphrase-file", phrase]
    ended = bare.run("restore", tmp_path / "b", *words)
    assert ended.returncode == 0, ended.stderr
    assert "Closed" not in ended.stdout
    assert bare.python(READ) == "Rio"


def test_keys_written_without_a_passphrase_hold_the_vault_too(installation, bare, tmp_path):
    installation.python(WRITE)
    assert installation.run("backup", "--keys", tmp_path / "k").returncode == 0
    installation.run("backup", tmp_path / "b")
    assert bare.run("restore", tmp_path / "b", "--force", "--keys", tmp_path / "k").returncode == 0
    assert bare.python(READ) == "Rio"
