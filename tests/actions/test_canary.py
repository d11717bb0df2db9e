"""What people tell when they sign up stands nowhere but on their own page and their hosts' list."""

import logging
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from convoca.actions.services import signups
from convoca.actions.services.letters import link_of, proof_of
from convoca.audit.models import Entry
from tests.actions.making import make_link

pytestmark = pytest.mark.django_db
OURS = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}
NAME, MAIL, ANSWER = "Canaria Canary", "canary.bird@example.org", "I bring a canary cage"


@pytest.fixture
def told(network, action, caplog):
    """Somebody has signed up with all that can be told, and confirmed."""
    action.question = {"en": "What do you bring?"}
    action.shows_count = True
    action.save()
    caplog.set_level(logging.DEBUG)
    send = reverse("actions:sign-up", args=[action.code, action.slug()])
    typed = {"name": NAME, "email": MAIL, "answer": ANSWER, "people": "6", "tell_me": "on"}
    answer = Client(headers=OURS).post(send, typed)
    assert answer.status_code == 302
    row = signups.confirm(action.sign_ups.get())
    Client().get(reverse("actions:own", args=[link_of(row)]))
    return row


def canaries(row):
    return [NAME, "canary.bird", "canary cage", link_of(row), proof_of(row)]


def found_in(words, row):
    return [one for one in canaries(row) if one.casefold() in words.casefold()]


def test_no_log_line_holds_them(told, caplog, capfd):
    out, err = capfd.readouterr()
    assert found_in(caplog.text + out + err, told) == []


def test_no_column_of_the_database_holds_them(told):
    cells = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608  ours
            for row in cursor.fetchall():
                cells += [
                    bytes(cell).decode("latin-1") if isinstance(cell, bytes | memoryview) else cell
                    for cell in row
                ]
    assert found_in(" ".join(str(cell) for cell in cells), told) == []


def test_no_file_of_the_installation_holds_them(told):
    home = Path(settings.CONFIG.home)
    read = "".join(
        path.read_bytes().decode("latin-1")
        for path in home.rglob("*")
        if path.is_file() and path.stat().st_size < 20_000_000
    )
    assert found_in(read, told) == []


def test_no_page_or_feed_that_strangers_read_holds_them(told, action):
    pages = [
        action.get_absolute_url(),
        reverse("actions:come", args=[action.code, action.slug()]),
        reverse("actions:calendar", args=[action.code]),
        reverse("search") + "?q=canary",
    ]
    said = "".join(Client().get(path, follow=True).content.decode() for path in pages)
    assert found_in(said, told) == []


def test_the_trail_does_not_know_of_them(told):
    said = " ".join(f"{one.about_words} {one.details}" for one in Entry.objects.all())
    assert found_in(said, told) == []


def test_the_search_would_have_found_them(told, action):
    """Its hosts read the name and the answer, never the address; the person reads all."""
    token = make_link(action)[1]
    hosts = Client().get(reverse("actions:host-people", args=[token])).content.decode()
    own = Client().get(reverse("actions:own", args=[link_of(told)])).content.decode()
    assert found_in(hosts, told) == [NAME, "canary cage"]
    assert found_in(own, told) == [NAME, "canary.bird", "canary cage", link_of(told)]
