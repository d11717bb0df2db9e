"""On PostgreSQL: backup, drill, restore and moving there, with PostgreSQL's own programs."""

import json
import os
import shutil
import time
import uuid
from urllib.parse import urlsplit, urlunsplit

import pytest

from tests.cli.conftest import Installation, seed

psycopg = pytest.importorskip("psycopg")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("pg_dump") is None, reason="pg_dump is not installed"),
]
CANDIDATES = ("postgres://root@127.0.0.1:5432/postgres", "postgres:///postgres")


@pytest.fixture(scope="module")
def server():
    """The address of a PostgreSQL server, or none."""
    named = os.environ.get("CONVOCA_TEST_PG") or ""
    for url in [named] if named else CANDIDATES:
        try:
            psycopg.connect(url.replace("postgres://", "postgresql://"), connect_timeout=3).close()
        except psycopg.Error:
            continue
        return url
    pytest.skip("no PostgreSQL server answers on this machine")


@pytest.fixture
def database(server):
    """An empty database of its own for each test."""
    name = f"convoca_cli_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(server.replace("postgres://", "postgresql://"), autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def on_postgresql(database, made_home, tmp_path):
    seed(tmp_path / "pg", made_home)
    made = Installation(tmp_path / "pg", CONVOCA_DATABASE_URL=database)
    assert made.run("init", "--steward", "rosa@rivers.example").returncode == 0
    return made


def people(installation):
    return installation.python(
        "from convoca.accounts.models import Person\n"
        "print(*Person.objects.order_by('email').values_list('email', flat=True))"
    ).split()


def test_a_backup_is_restored_and_the_old_tables_are_kept(on_postgresql, tmp_path):
    file = tmp_path / "a.backup"
    assert on_postgresql.run("backup", file).returncode == 0
    on_postgresql.python(
        "from convoca.accounts.models import Person; Person.objects.create_person('b@x.example')"
    )

    refused = on_postgresql.run("restore", file)
    assert refused.returncode == 1
    assert "is in use: the database" in refused.stderr

    ended = on_postgresql.run("restore", file, "--force", "--json")
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout)["people"] == 1
    assert people(on_postgresql) == ["rosa@rivers.example"]
    said = on_postgresql.python(
        "from django.db import connection\n"
        "from convoca.outbox import services as outbox\n"
        "cursor = connection.cursor()\n"
        'cursor.execute("SELECT schema_name FROM information_schema.schemata'
        " WHERE schema_name LIKE 'before_restore%'\")\n"
        "(schema,) = cursor.fetchone()\n"
        "cursor.execute(f'SELECT count(*) FROM {schema}.accounts_person')\n"
        "print(cursor.fetchone()[0], outbox.is_held())"
    )
    assert said == "2 True"


def test_tables_that_were_kept_aside_are_in_no_later_backup(on_postgresql, tmp_path):
    """Else they would stand in the way of themselves when that one is restored."""
    for name in ("first", "second"):
        file = tmp_path / name
        assert on_postgresql.run("backup", file).returncode == 0
        ended = on_postgresql.run("restore", file, "--force", "--json")
        assert ended.returncode == 0, ended.stderr
        assert json.loads(ended.stdout)["people"] == 1
        time.sleep(1.1)  # what is kept is called by its second


def test_a_drill_happens_in_a_database_of_its_own(on_postgresql, tmp_path):
    file = tmp_path / "a.backup"
    assert on_postgresql.run("backup", file).returncode == 0
    ended = on_postgresql.run("restore", file, "--drill", "--json")
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout)["people"] == 1
    said = on_postgresql.python(
        "from django.db import connection\n"
        "from convoca.outbox import services as outbox\n"
        "cursor = connection.cursor()\n"
        "cursor.execute(\"SELECT count(*) FROM pg_database WHERE datname LIKE 'convoca_drill%'\")\n"
        "print(cursor.fetchone()[0], outbox.is_held())"
    )
    assert said == "0 False"


def test_a_restore_that_fails_leaves_the_tables_in_place(on_postgresql, tmp_path):
    file = tmp_path / "a.backup"
    assert on_postgresql.run("backup", file).returncode == 0
    # A restore that cannot finish: the programs are there, but pg_restore always fails.
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("psql", "pg_dump"):
        (programs / name).symlink_to(shutil.which(name))
    (programs / "pg_restore").write_text("#!/bin/sh\necho broken >&2\nexit 1\n")
    (programs / "pg_restore").chmod(0o755)

    ended = on_postgresql.run("restore", file, "--force", PATH=str(programs))

    assert ended.returncode == 1
    assert ended.stderr == "convoca: pg_restore could not: broken\n"
    assert people(on_postgresql) == ["rosa@rivers.example"]


def test_a_backup_of_postgresql_does_not_go_into_sqlite(on_postgresql, installation, tmp_path):
    assert on_postgresql.run("backup", tmp_path / "pg.backup").returncode == 0
    ended = installation.run("restore", tmp_path / "pg.backup", "--force")
    assert ended.returncode == 1
    assert "Set database_url = postgres://" in ended.stderr


PERSON = "from convoca.accounts.models import Person\n"
FILL = """
from convoca.accounts.models import Person
from convoca.audit import services as audit
from convoca.network import services as network
from convoca.network.models import Organisation
from convoca.outbox import services as outbox
ana = Person.objects.create_person('ana@union.example', further_languages=['qu', 'ht'])
network.grant(ana, 'translator', language_pairs=[['en', 'fr']])
for number in range(1200):
    audit.record('thing.done', by=ana, number=number)
    if number % 400 == 0:
        audit.seal()
outbox.mail('outbox/plain', to=ana, context={'subject': 'Ríos', 'text': 'مرحبا'})
"""
LOOK = """
from convoca.accounts.models import Person
from convoca.audit import services as audit
from convoca.network.models import Mandate
from convoca.outbox.models import Message
from django.db import connection
ana = Person.objects.get(email='ana@union.example')
print(ana.pk, ana.further_languages, ana.joined_at.isoformat())
print(*Mandate.objects.values_list('person_id', 'role', 'language_pairs', 'from_at'))
print(audit.verify())
print(*((m.subject, m.message_id) for m in Message.objects.order_by('pk')))
"""


def test_an_sqlite_network_moves_to_postgresql_row_by_row(installation, database, tmp_path):
    installation.python(FILL)
    before = installation.python(LOOK)
    file = tmp_path / "lite.backup"
    assert installation.run("backup", file).returncode == 0

    moved = Installation(tmp_path / "moved", CONVOCA_DATABASE_URL=database)
    assert installation.run("backup", "--keys", tmp_path / "keys").returncode == 0
    ended = moved.run("restore", file, "--json", "--keys", tmp_path / "keys")

    assert ended.returncode == 0, ended.stderr
    # The hold of the restore is one more row of the trail; all else is as it was.
    assert moved.python(LOOK).replace("rows=1202", "rows=1201") == before
    assert "rows=1201" in before
    moved.python(
        "from convoca.accounts.models import Person; Person.objects.create_person('n@x.org')"
    )
    assert moved.run("check", "--json").returncode == 0
