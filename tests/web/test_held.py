"""What do you hold on me? Asked by anybody, answered to the address alone."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from convoca.audit.models import Entry
from convoca.outbox import services as outbox
from convoca.vault import holdings
from convoca.vault import services as vault
from convoca.vault.holdings import Holding
from convoca.vault.keyring import keyring, today
from tests.cast import make_person
from tests.vault.guests.models import Guest

pytestmark = pytest.mark.django_db
ROSA, BO = "rosa@example.org", "bo@example.org"
OURS = {
    "host": "localhost:8000",
    "origin": "http://localhost:8000",
    "sec-fetch-site": "same-origin",
}
RIVERS, FORESTS = "campaign:k7mq02xd", "campaign:0000000a"


@pytest.fixture
def guests(network):
    """The tests' own rows, registered as an app registers its own."""
    holding = Holding(
        Guest,
        "address_index",
        "Guests",
        lambda guest: f"{guest.name}, {guest.places} places",
        url=lambda guest: f"/guests/{guest.pk}/",
        correct={"name": "Your name"},
        shows={"email": "Your mail address"},
        delete=lambda guest: guest.delete(),
    )
    holdings.register(holding)
    yield holding
    del holdings._holdings[holding.label]


def guest(scope=RIVERS, email=ROSA, **facts):
    facts = {"name": "Rosa", "delete_on": today() + timedelta(days=14)} | facts
    return Guest.objects.create(
        scope=scope, email=email, address_index=vault.index(scope, email), **facts
    )


def ask(client, email=ROSA, **headers):
    return client.post("/en/your-data/ask/", {"email": email}, headers=OURS | headers)


def link(client, email=ROSA):
    ask(client, email)
    mail = outbox.pending(to=email).last()
    return mail.body.split("http://localhost:8000", 1)[1].split()[0]


def row_path(path, row):
    return f"{path}guests.guest/{row.pk}/"


def post(client, path, **words):
    return client.post(path, words, headers=OURS)


def test_asking_answers_the_same_whether_something_is_held_or_not(client, guests):
    guest()
    answers = [ask(client, ROSA), ask(client, "nobody@example.org")]
    assert [(a.status_code, a["Location"], a.content) for a in answers] == [
        (302, "/en/your-data/asked/", b"")
    ] * 2
    assert outbox.pending(to="nobody@example.org").count() == 1
    assert client.get("/en/your-data/asked/").status_code == 200


def test_no_address_gets_more_than_three_mails_an_hour(client, guests):
    answers = {ask(client).status_code for _ in range(5)}
    assert answers == {302}
    assert outbox.pending(to=ROSA).count() == 3


def test_what_is_no_address_is_asked_for_again(client, network):
    answer = ask(client, "rosa at example")
    assert answer.status_code == 422
    assert 'value="rosa at example"' in answer.content.decode()


def test_a_foreign_page_cannot_ask(client, network):
    assert ask(client, origin="https://elsewhere.example").status_code == 403


def test_the_link_shows_what_is_held_over_all_campaigns_and_of_nobody_else(client, guests):
    guest(), guest(FORESTS, places=3), guest(email=BO, name="Bo")
    answer = client.get(link(client))
    page = answer.content.decode()
    assert [entry["words"] for group in answer.context["groups"] for entry in group["entries"]][
        -2:
    ] == ["Rosa, 3 places", "Rosa, 1 places"]
    assert "Bo, 1" not in page
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert "rosa@" not in answer.request["PATH_INFO"]


def test_a_link_works_for_an_hour(client, guests):
    path = link(client)
    assert client.get(path).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=61), tick=False):
        over = client.get(path)
    assert over.status_code == 404
    assert "This link is over" in over.content.decode()
    assert client.get("/en/your-data/made-up/").status_code == 404


def test_what_is_held_is_put_right(client, guests):
    row, path = guest(), link(client)
    page = client.get(row_path(path, row))
    assert 'value="Rosa"' in page.content.decode()
    facts = [("Your name", "Rosa"), ("Your mail address", ROSA)]
    assert page.context["entry"]["facts"] == facts

    done = post(client, row_path(path, row) + "save/", name="Rosa Pérez")
    assert "It is put right" in done.content.decode()
    assert Guest.objects.get().name == "Rosa Pérez"
    assert Entry.objects.filter(event="holding.corrected").count() == 1


def test_deleting_asks_once_and_deletes(client, guests):
    row, path = guest(), link(client)
    sure = client.get(row_path(path, row) + "sure/")
    assert "cannot be brought back" in sure.content.decode()
    assert Guest.objects.count() == 1

    done = post(client, row_path(path, row) + "delete/")
    assert "It is deleted" in done.content.decode()
    assert Guest.objects.count() == 0
    assert Entry.objects.filter(event="holding.deleted").count() == 1
    assert client.get(row_path(path, row)).status_code == 404


def test_nobody_reads_changes_or_deletes_what_is_about_another(client, guests):
    row, path = guest(), link(client, BO)
    assert client.get(row_path(path, row)).status_code == 404
    for last in ("save/", "delete/"):
        assert post(client, row_path(path, row) + last, name="x").status_code == 404
    assert Guest.objects.get().name == "Rosa"


def test_what_is_closed_is_said_to_be_and_can_be_deleted(client, guests):
    row = guest(delete_on=today())
    keyring().delete_ended(today())
    path = link(client)
    assert "nobody can open this any more" in client.get(path).content.decode()
    post(client, row_path(path, row) + "delete/")
    assert Guest.objects.count() == 0


def test_an_account_is_named_and_leads_to_signing_in(client, guests):
    person = make_person("Rosa")
    page = client.get(link(client, person.email)).content.decode()
    assert "There is an account with this address." in page
    assert f'href="{reverse("accounts:account")}"' in page


@pytest.mark.parametrize("count", [1, 3])
def test_what_is_held_costs_the_same_at_any_length(
    client, guests, count, django_assert_num_queries
):
    for _ in range(count):
        guest()
    path = link(client)
    client.get(path)
    # One for each kind of row, for the account, and for the network's name.
    with django_assert_num_queries(len(holdings.all_holdings()) + 2):
        client.get(path)
