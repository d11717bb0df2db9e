"""What hosts print behind their link: a sheet with names for who may see them."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from convoca.actions.models import Telling
from convoca.actions.printing import papers
from convoca.actions.services import life, signups
from convoca.actions.services.sheets import sheet_of
from convoca.actions.sharing_facts import poster_facts
from convoca.campaigns.front import reader
from tests.actions.making import make_link, write_action

PDF = pytest.mark.skipif(not papers.is_possible(), reason="without the extra `pdf`")


@pytest.fixture
def token(action):
    return make_link(action)[1]


@pytest.fixture
def expected(action):
    """Three sign-ups, one of them without a name."""
    for number, (name, people) in enumerate([("Zora", 1), ("", 4), ("Ámbar", 2)]):
        signups.sign_up(action, name=name, people=people, sender=str(number) * 64)


def sheet(client, token, ask="", name="host-sheet"):
    return client.get(reverse(f"actions:{name}", args=[token]) + ask)


def names(answer):
    return [one for one in re.findall(r"<td><bdi>(.*?)</bdi></td>", answer.content.decode()) if one]


def test_the_sheet_has_who_comes_by_name_then_blank_lines(client, expected, token):
    answer = sheet(client, token)
    body = answer.content.decode()

    assert answer.status_code == 200
    assert names(answer) == ["Ámbar", "Zora"]
    assert body.count('<span class="tick">') == 20
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert "Phone or email" not in body


def test_who_may_be_written_to_is_asked_on_paper_where_the_host_wants_it(client, token, union):
    body = sheet(client, token, "?contact=yes").content.decode()

    assert "Phone or email" in body
    assert f"lets {union} write to them again" in body


def test_who_cancelled_stands_on_no_sheet(client, action, token):
    gone = signups.sign_up(action, name="Zora", sender="s" * 64)
    signups.cancel(gone)
    assert names(sheet(client, token)) == []


def test_a_successor_sees_names_when_those_on_the_list_have_been_told(client, action, expected):
    telling = Telling.objects.create(action=action, kind=Telling.Kind.NEW_HOST)
    token = make_link(action, "next@example.org", after_telling=telling)[1]

    before = sheet(client, token)
    assert names(before) == []
    assert "The names follow" in before.content.decode()

    telling.finished_at = timezone.now()
    telling.save()
    assert names(sheet(client, token)) == ["Ámbar", "Zora"]


@pytest.mark.parametrize("name", ["host-sheet", "host-sheet-pdf", "host-poster"])
def test_a_link_that_has_ended_or_is_not_confirmed_opens_nothing(client, action, expected, name):
    ended = make_link(action, "a@example.org", revoked_at=timezone.now())[1]
    fresh = make_link(action, "b@example.org", confirmed_at=None)[1]

    assert sheet(client, "nobodys", name=name).status_code == 404
    for token in (ended, fresh):
        answer = sheet(client, token, name=name)
        assert answer["Location"] == reverse("actions:host-confirm", args=[token])


@PDF
@pytest.mark.parametrize("ask", ["", "?paper=letter", "?paper=letter&contact=yes"])
def test_the_sheet_is_a_pdf_that_nobody_keeps(client, expected, token, ask):
    answer = sheet(client, token, ask, name="host-sheet-pdf")

    assert answer.content[:5] == b"%PDF-"
    assert "no-store" in answer["Cache-Control"]


@PDF
def test_a_name_that_no_face_holds_gets_the_page_to_print(client, action, token):
    signups.sign_up(action, name="山田", sender="s" * 64)
    answer = sheet(client, token, name="host-sheet-pdf")

    assert answer.status_code == 404
    assert names(answer) == ["山田"]
    assert "sheet.pdf" not in answer.content.decode()


def test_the_sheet_is_destroyed_when_the_sign_ups_are_deleted(action):
    facts = poster_facts(action, reader())
    made = sheet_of(action, facts, with_names=True, asks_contact=False)

    assert made.destroy_by == action.day + timedelta(days=14)
    assert made.names == ()


def test_the_sheet_of_an_action_without_a_day_is_destroyed_after_today(action):
    undated = life.postpone(action)
    made = sheet_of(undated, poster_facts(undated, reader()), with_names=True, asks_contact=False)
    assert made.destroy_by == made.printed_on + timedelta(days=14)


def test_posters_are_where_everybody_finds_them_once_it_is_public(client, action, campaign, union):
    token = make_link(action)[1]
    waits = make_link(write_action(campaign, union, state="waiting"), "w@example.org")[1]

    assert sheet(client, token, name="host-poster")["Location"] == reverse(
        "actions:share", args=[action.code]
    )
    assert sheet(client, waits, name="host-poster")["Location"] == reverse(
        "actions:host-page", args=[waits]
    )


@pytest.mark.parametrize("count", [1, 3])
def test_a_sheet_costs_the_same_at_any_length(
    client, action, token, count, django_assert_num_queries
):
    for number in range(count):
        signups.sign_up(action, name=f"Nima {number}", sender=str(number) * 64)
    with django_assert_num_queries(8):
        assert len(names(sheet(client, token))) == count
