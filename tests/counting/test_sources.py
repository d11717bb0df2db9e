"""Stewards say who sources are; what they say stands beside each figure."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from convoca.audit.models import Entry
from convoca.counting.models import Source
from convoca.exchange.models import Import
from tests.actions.conftest import mia  # noqa: F401  used as a fixture
from tests.counting.making import claim_of

pytestmark = pytest.mark.django_db

SOURCES = "/en/work/act/sources/"


def facts(**more):
    return {"name": "Rivers Alliance", "kind": "network", "site": "", "licence": "", **more}


def test_only_stewards_keep_them(client, rivers, mia, ana):  # noqa: F811
    for page in (SOURCES, f"{SOURCES}new/", f"{SOURCES}{rivers.code}/"):
        assert client.get(page).status_code == 302
        for person in (mia, ana):
            client.force_login(person)
            assert client.get(page).status_code == 403
        client.logout()


def test_each_says_how_much_it_said_and_when_last(client, rivers, campaign, bo):
    claim_of(rivers, campaign)
    for ended_at in (timezone.now(), None):
        Import.objects.create(source=rivers, campaign=campaign, name="a.csv", ended_at=ended_at)
    client.force_login(bo)
    ((source, lists),) = client.get(SOURCES).context["rows"]
    assert (source, source.said, lists.lists) == (rivers, 1, 1)
    assert "not known" in client.get(SOURCES).text
    assert "Nothing here bears these words" in client.get(SOURCES, {"q": "herald"}).text


def test_a_new_one_is_noted_and_changed(client, bo):
    client.force_login(bo)
    client.post(f"{SOURCES}new/", facts(licence="CC BY 4.0", note="Ask Lee."))
    source = Source.objects.get()
    assert (str(source), source.licence, source.note) == (
        "Rivers Alliance",
        "CC BY 4.0",
        "Ask Lee.",
    )
    client.post(f"{SOURCES}{source.code}/", facts(kind="research"))
    source.refresh_from_db()
    assert (source.kind, source.licence) == ("research", "")
    events = Entry.objects.filter(event__startswith="source.").order_by("pk")
    assert [one.event for one in events] == ["source.added", "source.edited"]


def test_a_name_is_known_once(client, rivers, bo):
    client.force_login(bo)
    refused = client.post(f"{SOURCES}new/", facts(note="Ask Lee."))
    assert refused.status_code == 422
    assert "There is a source of this name already." in refused.text
    assert "Ask Lee." in refused.text


def test_the_hosts_themselves_are_not_edited(client, bo):
    hosts = Source.objects.hosts()
    client.force_login(bo)
    assert f"{SOURCES}{hosts.code}/" not in client.get(SOURCES).text
    assert client.get(f"{SOURCES}{hosts.code}/").status_code == 403


def test_one_row_and_three_cost_the_same(client, rivers, bo):
    client.force_login(bo)
    client.get(SOURCES)
    with CaptureQueriesContext(connection) as with_one:
        client.get(SOURCES)
    for name in ("One", "Two"):
        Source.objects.create(name=name)
    with CaptureQueriesContext(connection) as with_three:
        assert len(client.get(SOURCES).context["rows"]) == 3
    assert len(with_three) == len(with_one)
