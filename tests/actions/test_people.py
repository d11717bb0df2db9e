"""The list behind the hosts' link: who reads it, what they tick, what they write."""

import csv
import io
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from convoca.actions.models import Seats, SignUp, Telling
from convoca.actions.services import life, people, signups, telling
from convoca.audit.models import Entry
from convoca.core.errors import Refusal
from convoca.outbox import services as outbox
from tests.actions.making import make_action, make_link

pytestmark = pytest.mark.django_db
OURS = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}


def add(action, name="", **facts):
    return signups.sign_up(action, sender="s", name=name, **facts)


def mailed(action, email, **facts):
    return signups.confirm(add(action, email=email, tell_me=True, **facts))


def page(link, name="host-people", **query):
    return Client().get(reverse(f"actions:{name}", args=[link]), query)


def press(link, name, **typed):
    return Client(headers=OURS).post(reverse(f"actions:{name}", args=[link]), typed)


def words(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def seats(action):
    return Seats.objects.values_list("people", "arrived", "walk_ins").get(action=action)


@pytest.fixture
def link(network, action):
    return make_link(action)[1]


def test_hosts_read_names_answers_and_counts_but_no_address(action, link):
    add(action, "Nima Okonkwo", people=3, answer="I bring drums")
    mailed(action, "zoe@example.org", name="Zoë")
    add(action, "Not confirmed", email="not@example.org")
    said = words(page(link))
    for part in ("Nima Okonkwo", "4 people", "Zoë"):
        assert part in said
    for part in ("zoe@example.org", "Not confirmed", "not@example.org"):
        assert part not in said


def test_the_list_is_searched_in_any_spelling_and_ordered(action):
    for name, number in (("Zoë", 1), ("Ana", 4), ("", 2)):
        add(action, name, people=number)
    assert [row.name for row in people.listed(action, asked="zoe")] == ["Zoë"]
    assert [row.name for row in people.listed(action)] == ["Ana", "Zoë", ""]
    assert [row.people for row in people.listed(action, order="people")] == [4, 2, 1]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_at_any_length(action, link, count, django_assert_num_queries):
    for number in range(count):
        add(action, f"Person {number}")
    page(link)
    with django_assert_num_queries(5):
        assert len(page(link).context["page"].object_list) == count


def test_only_a_confirmed_link_opens_the_list(network, action):
    ended = make_link(action, "b@example.org", revoked_at=timezone.now())[1]
    fresh = make_link(action, "c@example.org", confirmed_at=None)[1]
    add(action, "Nima")
    assert [page(one).status_code for one in (ended, fresh, "no-such")] == [302, 302, 404]
    assert page(ended).url == reverse("actions:host-confirm", args=[ended])


def test_a_link_opens_the_list_of_its_own_action_only(action, link, campaign, union):
    other = make_action(campaign, union, title="Another")
    row = add(other, "Nima")
    assert "Nima" not in words(page(link))
    press(link, "host-tick", who=str(row.pk), arrived="1")
    assert seats(other) == (1, 0, 0)


def test_who_took_over_reads_the_list_after_those_on_it_were_told(network, action):
    mailed(action, "nima@example.org", name="Nima")
    said = telling.tell(action, Telling.Kind.NEW_HOST)
    later = make_link(action, "b@example.org", after_telling=said)[1]
    assert page(later).status_code == 403
    while telling.tell_next():
        pass
    assert "Nima" in words(page(later))


def test_a_cell_of_the_spreadsheet_is_no_formula_and_the_trail_knows_of_it(action, link):
    add(action, "=1+1", people=2)
    body = press(link, "host-people-file").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(body)))
    assert [row[:2] for row in rows] == [["Name", "People"], ["'=1+1", "2"]]
    assert Entry.objects.filter(event="action.list_taken").count() == 1


def test_ticks_are_numbers_and_change_nothing_when_sent_again(action, link):
    row = add(action, "Nima", people=3)
    for arrived in ("1", "3", "3", "9"):
        assert press(link, "host-tick", who=str(row.pk), arrived=arrived).status_code == 302
    assert seats(action) == (3, 3, 0)
    press(link, "host-tick", who=str(row.pk), arrived="0")
    press(link, "host-tick", walk_ins="12")
    assert seats(action) == (3, 0, 12)


def test_who_cancels_after_being_ticked_is_not_counted_as_here(action):
    row = add(action, "Nima", people=3)
    people.tick(action, str(row.pk), 2)
    signups.cancel(SignUp.objects.get(pk=row.pk))
    assert seats(action) == (0, 0, 0)


def test_a_message_is_shown_before_it_is_sent(action, link):
    mailed(action, "nima@example.org")
    shown = words(press(link, "host-message-send", words="Bring water"))
    assert "This mails 1 person and cannot be undone." in shown
    assert Telling.objects.count() == 0
    press(link, "host-message-send", words="Bring water", sure="yes")
    while telling.tell_next():
        pass
    assert "Bring water" in outbox.pending(to="nima@example.org").last().body
    assert Entry.objects.filter(event="action.written_to_all").count() == 1


def test_three_messages_a_day_are_enough(action):
    mailed(action, "nima@example.org")
    link = make_link(action)[0]
    for number in range(3):
        people.write_to_all(link, f"Message {number}")
    with pytest.raises(Refusal) as refused:
        people.write_to_all(link, "One more")
    assert refused.value.code == "too-many-messages"


def test_nobody_writes_for_a_hidden_action_or_to_nobody(action):
    link = make_link(action)[0]
    with pytest.raises(Refusal) as refused:
        people.write_to_all(link, "Hello")
    assert refused.value.code == "nobody-to-tell"
    mailed(action, "nima@example.org")
    life.hide(action, why="reported")
    with pytest.raises(Refusal) as refused:
        people.write_to_all(link, "Hello")
    assert refused.value.code == "action-not-public"


def test_pages_of_the_list_are_kept_by_nobody(link):
    for name in ("host-people", "host-arrivals", "host-message"):
        answer = page(link, name)
        assert (answer.status_code, "no-store" in answer["Cache-Control"]) == (200, True)
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
