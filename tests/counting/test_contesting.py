"""Whoever is named in a figure contests it; the word stands beside it until it is answered."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.urls import reverse

from convoca.audit.models import Entry
from convoca.counting.models import Contest, ContestAsked
from convoca.counting.services import contesting
from convoca.counting.tally import read, total
from convoca.outbox import services as outbox
from tests.actions.conftest import mia  # noqa: F401  used as a fixture
from tests.counting.making import claim_of
from tests.counting.test_results import page, shown  # noqa: F401  used as a fixture
from tests.counting.test_tally import people

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("audited_pages")]
WORDS = {
    "name": "Police of Asunción",
    "reason": "The square holds 900.",
    "low": "800",
    "high": "900",
    "email": "press@example.org",
}


@pytest.fixture
def action(rivers, campaign, shown):  # noqa: F811  the fixture of that name
    return claim_of(rivers, campaign, how_many=[people(1200, 2000)]).action


def address(name, campaign, action):
    return reverse(f"counting:{name}", args=[campaign.code, campaign.slug(), action.code])


def send(client, campaign, action, **words):
    url = address("send-contest", campaign, action)
    return client.post(url, {**WORDS, **words}, headers={"origin": "http://testserver"})


def link_in_mail():
    body = outbox.pending(to="press@example.org").last().body
    return re.search(r"http://\S+?(/en/contests/\S+)", body)[1]


def test_it_is_contested_once_it_is_confirmed_and_changes_no_figure(client, campaign, action):
    assert client.get(address("contest", campaign, action)).status_code == 200
    assert send(client, campaign, action).status_code == 302
    words = page(client, campaign, "counted-action", action.code)[1]
    assert ("contested" in words.replace("Contest it", ""), Contest.objects.count()) == (False, 0)
    link = link_in_mail()
    assert client.get(link).status_code == 200
    assert Contest.objects.count() == 0
    answer = client.post(f"{link}confirmed/", headers={"origin": "http://testserver"})
    assert answer.status_code == 302
    words = page(client, campaign, "counted-action", action.code)[1]
    assert "contested" in words
    assert "The square holds 900." not in words  # nobody has looked at it yet
    assert "1 figure is contested" in page(client, campaign)[1]
    assert "contested" in page(client, campaign, "counted-actions")[1]
    assert total(read(campaign).actions).high == 2000


def test_a_moderator_answers_in_public(client, campaign, action, mia):  # noqa: F811
    asked = contesting.contest(action, **{**WORDS, "low": 800, "high": 900})
    contest = contesting.confirm(asked)
    client.force_login(mia)
    assert "1 figure is contested" in client.get(reverse("today")).content.decode()
    assert "Police of Asunción" in client.get(reverse("counting:contests")).content.decode()
    url = reverse("counting:answer-contest", args=[contest.code])
    assert client.post(url, {"outcome": "stands"}).status_code == 422
    answer = {"outcome": "stands", "answer": "We counted by photo."}
    assert client.post(url, answer).status_code == 302
    client.logout()
    words = page(client, campaign, "counted-action", action.code)[1]
    for said in ("The square holds 900.", "The figure stands.", "We counted by photo.", "at most"):
        assert said in words
    assert "is contested" not in page(client, campaign)[1]
    assert "We counted by photo." in outbox.pending(to="press@example.org").last().body
    trail = Entry.objects.filter(event__startswith="contest.").order_by("pk")
    assert [one.event for one in trail] == ["contest.opened", "contest.answered"]


def test_what_is_sent_is_sealed_and_dated(campaign, action):
    asked = contesting.contest(action, **{**WORDS, "low": None, "high": None})
    again = contesting.contest(action, **{**WORDS, "low": None, "high": None})
    assert (asked.pk, ContestAsked.objects.count()) == (again.pk, 1)
    until = asked.delete_on
    contest = contesting.confirm(asked)
    assert contesting.confirm(asked) == contest
    asked.refresh_from_db()
    assert (asked.name, asked.reason, asked.email) == ("", "", "press@example.org")
    assert asked.delete_on > until + timedelta(days=50)
    asked.delete()
    contest.refresh_from_db()
    with pytest.raises(ObjectDoesNotExist):
        _gone = contest.asked


def test_what_is_wrong_is_said_and_kept(client, campaign, action):
    answer = send(client, campaign, action, high="7", email="nobody")
    words = answer.content.decode()
    assert answer.status_code == 422
    assert "This is less than at least." in words
    assert "The square holds 900." in words
    send(client, campaign, action, fax_number="1")  # a program filled the trap: asked once more
    url = address("send-contest", campaign, action)
    foreign = client.post(url, WORDS, headers={"origin": "https://else.example"})
    assert foreign.status_code == 403
    assert ContestAsked.objects.count() == 0
