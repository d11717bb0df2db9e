"""Backups are whole or not there, hold no keys, and say so when they are broken."""

import json
import os
import sqlite3
import stat
import zipfile

import pytest

from convoca.core import backups
from convoca.core.config import Config, make_keys, without_secrets
from convoca.core.errors import Refusal


@pytest.fixture
def home(tmp_path):
    """A home with a small database in WAL mode, media, settings and keys."""
    folder = tmp_path / "home"
    (folder / "media" / "ab").mkdir(parents=True)
    (folder / "media" / "ab" / "picture.webp").write_bytes(os.urandom(3000))
    (folder / "convoca.toml").write_text(
        'secret_key = "s3cret"\nmail_url = "smtp://post:pa:ss@w@mail.example:587"\nport = 8001\n'
    )
    (folder / "places.toml").write_text("[countries.XK]\n")
    with sqlite3.connect(folder / "db.sqlite3") as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE words (word TEXT)")
        database.executemany("INSERT INTO words VALUES (?)", [("river",), ("water",)])
    database.close()
    make_keys(Config(home=folder))
    return folder


@pytest.fixture
def config(home):
    return Config(home=home)


def test_a_backup_unpacks_to_what_was_there(config, home, tmp_path):
    file, into = tmp_path / "a.backup", tmp_path / "into"
    into.mkdir()
    backups.write_backup(config, file)
    contents = backups.unpack(file, into)

    assert sorted(contents.files) == [
        "convoca.toml",
        "database.sqlite3",
        "media/ab/picture.webp",
        "places.toml",
    ]
    picture = "media/ab/picture.webp"
    assert (into / picture).read_bytes() == (home / picture).read_bytes()
    with sqlite3.connect(into / "database.sqlite3") as database:
        assert database.execute("SELECT word FROM words").fetchall() == [("river",), ("water",)]
    database.close()
    assert backups.check_sqlite(into / "database.sqlite3") == ""
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_an_upload_that_is_being_looked_at_is_not_in_it(config, home, tmp_path):
    """It may still say where a photo was taken."""
    (home / "media" / ".work-1").mkdir()
    for name in (".work-1/upload", "ab/.new-1"):
        (home / "media" / name).write_bytes(b"52.52 N 13.40 E")
    contents = backups.write_backup(config, tmp_path / "a.backup")
    assert [n for n in contents.files if n.startswith("media/")] == ["media/ab/picture.webp"]


def test_neither_keys_nor_passwords_are_in_it(config, home, tmp_path):
    file = tmp_path / "a.backup"
    backups.write_backup(config, file)
    with zipfile.ZipFile(file) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    for secret in (b"s3cret", b"pa:ss", b"ss@w", (home / "keys" / "secret.key").read_bytes()):
        assert secret not in everything
    assert b"smtp://post:@mail.example:587" in everything


def test_keys_are_written_apart(config, home, tmp_path):
    contents = backups.write_keys(config, tmp_path / "keys")
    assert contents.kind == "keys"
    assert sorted(contents.files) == ["convoca.toml", "keys/instance.key", "keys/secret.key"]


def test_rows_that_are_being_written_are_either_in_it_or_not(config, home, tmp_path):
    writer = sqlite3.connect(home / "db.sqlite3", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("INSERT INTO words VALUES ('half')")
    backups.write_backup(config, tmp_path / "a.backup")
    writer.execute("COMMIT")
    writer.close()
    into = tmp_path / "into"
    into.mkdir()
    backups.unpack(tmp_path / "a.backup", into)
    with sqlite3.connect(into / "database.sqlite3") as database:
        assert database.execute("SELECT count(*) FROM words").fetchone() == (2,)
    database.close()


def verdict(file, into):
    """`refused`, or the files that come out of it."""
    into.mkdir()
    try:
        backups.unpack(file, into)
    except Refusal:
        return "refused"
    return {
        str(path.relative_to(into)): path.read_bytes() for path in into.rglob("*") if path.is_file()
    }


def test_a_changed_byte_anywhere_is_refused_or_means_nothing(config, tmp_path):
    """Some bytes mean nothing (a date within the archive): then the right files come out."""
    file = tmp_path / "a.backup"
    backups.write_backup(config, file)
    right = verdict(file, tmp_path / "right")
    whole = file.read_bytes()
    verdicts = []
    for number, place in enumerate(range(0, len(whole), len(whole) // 150)):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        verdicts.append(verdict(file, tmp_path / f"{number}"))

    assert [said for said in verdicts if said not in ("refused", right)] == []
    assert verdicts.count("refused") > 100


@pytest.mark.parametrize("share", [0.0, 0.4, 0.99])
def test_a_file_that_was_cut_off_is_refused(config, tmp_path, share):
    file = tmp_path / "a.backup"
    backups.write_backup(config, file)
    content = file.read_bytes()
    file.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(Refusal) as refused:
        backups.read(file)
    assert refused.value.code == "backup-broken"


@pytest.mark.parametrize("name", ["../evil", "/etc/passwd", "media/../../evil", "bin/sh"])
def test_a_file_with_foreign_names_is_refused(tmp_path, name):
    file = tmp_path / "a.backup"
    manifest = {
        "format": "convoca-backup",
        "format_version": 1,
        "kind": "installation",
        "made_at": "2026-11-22T10:00:00+00:00",
        "convoca": "0.1.0",
        "files": {name: {"sha256": "", "size": 0}},
    }
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, "")
        archive.writestr(backups.MANIFEST, json.dumps(manifest))
    with pytest.raises(Refusal) as refused:
        backups.read(file)
    assert refused.value.code == "backup-foreign"


def test_a_file_of_a_newer_convoca_is_refused(config, tmp_path):
    file, newer = tmp_path / "a.backup", tmp_path / "b.backup"
    backups.write_backup(config, file)
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(newer, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == backups.MANIFEST:
                content = content.replace(b'"format_version": 1', b'"format_version": 2')
            new.writestr(name, content)
    with pytest.raises(Refusal) as refused:
        backups.read(newer)
    assert refused.value.code == "backup-newer"


def test_a_damaged_database_is_not_backed_up_over_a_good_backup(config, home, tmp_path):
    file = tmp_path / "a.backup"
    with sqlite3.connect(home / "db.sqlite3") as database:
        database.executemany("INSERT INTO words VALUES (?)", [("w" * 500,)] * 200)
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    backups.write_backup(config, file)
    before = file.read_bytes()
    content = bytearray((home / "db.sqlite3").read_bytes())
    content[8192:12288] = b"\xff" * 4096
    (home / "db.sqlite3").write_bytes(content)
    with pytest.raises(Refusal):
        backups.write_backup(config, file)
    assert file.read_bytes() == before


def test_the_last_backup_and_drill_are_remembered_in_the_home(config, home, tmp_path):
    assert (backups.last_backup(home), backups.last_drill(home)) == (None, None)
    contents = backups.write_backup(config, tmp_path / "a.backup")
    backups.note_drill(home, tmp_path / "a.backup", contents)

    last, drill = backups.last_backup(home), backups.last_drill(home)

    assert last.file == drill.file == str(tmp_path / "a.backup")
    assert last.made_at == drill.made_at == contents.made_at


def test_a_note_that_cannot_be_read_is_no_note(home):
    (home / "backups.json").write_text('{"backup": {"at": "yesterday"}')
    assert backups.last_backup(home) is None


def test_leftovers_of_a_killed_run_go_with_the_next_one(config, tmp_path):
    left = tmp_path / ".a.backup.unfinished-dead"
    left.mkdir()
    (left / "database").write_text("half")
    backups.write_backup(config, tmp_path / "a.backup")
    assert not left.exists()


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ('port = 1\nsecret_key = "x"\n', "port = 1\n# secret_key = (not in the backup)\n"),
        ('cache_url = "redis://:pw@h/0"\n', 'cache_url = "redis://:@h/0"\n'),
        ('# mail_url = "smtp://a:b@c"\n', '# mail_url = "smtp://a:@c"\n'),
    ],
)
def test_secrets_are_struck_out_of_settings(written, kept):
    assert without_secrets(written) == kept


def test_settings_with_secrets_in_odd_spellings_are_left_out():
    assert "odd" not in without_secrets('"secret_key" = "odd"\n')
    assert "odd" not in without_secrets('mail_url = "smtp:\\u002f/u:odd@h"\n')
