"""Whatever a stranger may read is a public page, and reads of a query what it says it reads."""

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.db import transaction
from django.http import QueryDict
from django.test import Client

from tests import matrix, world

ROWS = matrix.rows()
ADDRESSES = {one.name: one for one in matrix.addresses()}
PLAIN = {
    "media:file": "its name is a hash of what is in it; read in parts, from the disk",
    "account_login": "says where one was going, and leads on who is signed in",
    "account_logout": "a button with the token of one's session",
}
"""What answers 200 to a stranger without a secret, and is no public page."""
PUBLIC = [row for row in ROWS if ADDRESSES[row.name].is_public_page and row.get[0] == "200"]


def test_every_view_that_strangers_read_is_a_public_page_or_says_why_not():
    read = {row.name for row in ROWS if row.get[0] == "200" and not row.secret}
    assert {name for name in read if not ADDRESSES[name].is_public_page} == set(PLAIN)


class Asked(QueryDict):
    """A query that notes by which names it is asked."""

    names: set[str] = set()

    def get(self, key, default=None):
        self.names.add(key)
        return super().get(key, default)

    def getlist(self, key, default=None):
        self.names.add(key)
        return super().getlist(key, default)

    def __getitem__(self, key):
        self.names.add(key)
        return super().__getitem__(key)

    def __contains__(self, key):
        self.names.add(key)
        return super().__contains__(key)


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield world.build()
        transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted({row.name for row in PUBLIC}))
def test_a_view_reads_of_a_query_what_it_declares_and_declares_what_it_reads(
    built, monkeypatch, name
):
    """Of what is not declared nothing reaches a view: what it looked for would never be there."""
    facts = ADDRESSES[name].view.public_page
    declared = {*facts.query, *facts.personal}
    monkeypatch.setattr(Asked, "names", set())
    asked = property(lambda request: Asked(request.META.get("QUERY_STRING", "")))
    monkeypatch.setattr(WSGIRequest, "GET", asked)
    row = next(row for row in PUBLIC if row.name == name)
    for words in ({}, dict.fromkeys(declared, "1")):
        Client().get(row.path(built), words)
    assert declared == Asked.names
