"""What people tell when they sign up stands nowhere but on their own page and their hosts' list."""

import logging
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from convoca.actions import urls
from convoca.actions.facts import Where
from convoca.actions.services import life, signups
from convoca.actions.services.letters import link_of, proof_of
from convoca.audit.models import Entry
from tests.actions.making import at_ten, make_action, make_link, town

pytestmark = pytest.mark.django_db
OURS = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}
POSTED_TO = ("near-here", "send-report")
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


def everything_public(action, moment, words):
    """Every address under which strangers read something of actions, or search for `words`;
    pictures and PDF apart: those are drawn from the same facts as the pages they stand on.
    """
    own = {"code": action.code, "slug": action.slug(), "typed": action.short_code}
    campaign = action.campaign
    theirs = {"code": campaign.code, "slug": campaign.slug(), "moment": moment.code}
    found = [
        campaign.get_absolute_url(),
        *(reverse("action-id", args=[action.code]), reverse("action-short", args=[own["typed"]])),
        *(reverse("home"), "/sitemap.xml", f"{reverse('search')}?q={words}"),
        f"{reverse('actions:list')}?q={words}",
        f"{reverse('actions:near')}?q=Asunci%C3%B3n",
    ]
    for one in [*urls.public, *urls.shared, *urls.files]:
        known = theirs if one.name.startswith(("campaign-", "moment-")) else own
        groups = one.pattern.regex.groupindex
        if {"stamp", "paper"} & set(groups) or one.name.endswith(POSTED_TO):
            continue
        parts = {name: known[name] for name in groups if name in known}
        found.append(reverse(f"actions:{one.name}", kwargs=parts))
        if "cc" in groups:
            found.append(reverse(f"actions:{one.name}", kwargs={**parts, "cc": "py"}))
    return found


def read_all(action, moment, words):
    """All that strangers are answered there, in every form that a program may ask for."""
    said = []
    for path in everything_public(action, moment, words):
        answer = Client().get(path, follow=True)
        assert answer.status_code == 200, path
        said.append(answer.getvalue().decode())
    for form in ("application/ld+json", "application/activity+json", "application/json"):
        answer = Client().get(reverse("action-id", args=[action.code]), headers={"Accept": form})
        said.append(answer.getvalue().decode())
    assert len(said) > 70
    return "".join(said)


def test_no_page_or_feed_that_strangers_read_holds_them(told, action, week):
    assert found_in(read_all(action, week, "canaria"), told) == []


@pytest.mark.parametrize(("visibility", "is_cancelled"), [("city", False), ("request", True)])
def test_a_hidden_street_is_in_nothing_that_strangers_read(
    network, campaign, union, week, caplog, capfd, visibility, is_cancelled
):
    caplog.set_level(logging.DEBUG)
    old, new = (
        Where(
            town(),
            venue=f"Canary hall {name}",
            venue_too=f"Canary too {name}",
            street=f"Canary street {name}",
            latitude=-25.123456,
            longitude=-57.654321,
        )
        for name in ("old", "new")
    )
    facts = {"visibility": visibility, "online_url": "https://canary.example/", "moment": week}
    action = make_action(campaign, union, places=[old], when=at_ten(12), **facts)
    life.move(action, when=at_ten(13), places=[new])
    if is_cancelled:
        life.cancel(action, reason="Storm")
    action.refresh_from_db()
    out, err = capfd.readouterr()
    said = read_all(action, week, "hall")
    for words in (said, caplog.text, out, err):
        assert re.findall(r"(?:canary|25\.12|57\.65)[^<]{0,40}", words, re.IGNORECASE) == []
    for row in Entry.objects.all():
        assert "anary" not in f"{row.about_words} {row.details}"


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
