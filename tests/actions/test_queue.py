"""The moderators' screens: the queue, lots, one action, what was refused."""

import random
import re
from datetime import time, timedelta
from zlib import crc32

import pytest
from django.test import Client
from django.utils import timezone

from convoca.actions import queue
from convoca.actions.facts import Where
from convoca.actions.models import Action, Arrival, Door, Hosting
from convoca.actions.models.action import State
from convoca.actions.services import arriving, moderation
from convoca.outbox.models import Message
from tests.actions.making import LISBON, in_days, make_link, town, write_action
from tests.actions.test_similar import fakes, real_ones
from tests.cast import mandate_of

pytestmark = pytest.mark.django_db
REFUSED = "/en/work/act/moderation/refused/"


@pytest.fixture
def desk(client, mia) -> Client:
    client.force_login(mia)
    return client


def wait(campaign, name="Friends of the Weir", **facts) -> Action:
    facts.setdefault("title", f"Vigil of {name}")
    action = write_action(campaign, name, **facts)
    link = make_link(action, f"{name.replace(' ', '-')}@example.org")[0]
    return arriving.arrive(action, link=link)


def flood(campaign) -> tuple[set[int], set[int]]:
    """The fakes and the real ones of `test_similar`, as rows; answers the keys of both."""
    traces = fakes(random.Random(3)) + real_ones()
    places = {name: town(name) for name in {row.where for row in traces}}
    keys: tuple[set[int], set[int]] = set(), set()
    made = [
        Action(
            campaign=campaign,
            kind="march",
            names={"en": row.title},
            zone="America/Asuncion",
            place=places[row.where],
            country="PY",
            day=in_days(20 + crc32(repr(row.when).encode()) % 60),
            clock=time(crc32(repr(row.when).encode()) % 24),
            state=State.WAITING,
            waiting_since=row.at,
        )
        for row in traces
    ]
    for one in made:
        one.derive_times()
    Action.objects.bulk_create(made)
    Hosting.objects.bulk_create(
        Hosting(action=one, proposed=f"Group {one.pk}", is_first=True, state="accepted")
        for one in made
    )
    Arrival.objects.bulk_create(
        Arrival(
            action=one,
            campaign=campaign,
            at=row.at,
            is_newcomer=True,
            sender=row.sender,
            email_index=row.address,
            text_digest=row.text,
        )
        for one, row in zip(made, traces, strict=True)
    )
    for one, row in zip(made, traces, strict=True):
        keys[0 if row.pk >= 1000 else 1].add(one.pk)
    return keys


def links(page, name: str) -> list[str]:
    return re.findall(rf'<a href="(/en/work/act/moderation/\w+/{name})"', page.content.decode())


def test_one_tired_person_clears_a_flood_in_few_steps_and_loses_no_real_one(desk, campaign):
    bad, good = flood(campaign)
    steps = 0
    for _page in range(20):
        lots = [
            one
            for n in (1, 2, 3, 4, 5)
            for one in links(desk.get(f"/en/work/act/moderation/?page={n}"), "similar/")
        ]
        if not lots:
            break
        screen = desk.get(lots[0])
        chosen = [one["action"].code for one in screen.context["rows"]]
        answer = desk.post(lots[0], {"do": "refuse", "reason": "fake", "chosen": chosen})
        assert answer.status_code == 302
        steps += 1

    refused = set(Action.objects.filter(state=State.REFUSED).values_list("pk", flat=True))
    left = set(Action.objects.waiting().values_list("pk", flat=True))
    assert steps <= 6
    assert (refused, left) == (bad, good)


def test_a_full_queue_costs_as_many_queries_as_a_short_one(
    desk, campaign, django_assert_max_num_queries
):
    wait(campaign)
    desk.get("/en/work/act/moderation/")
    with django_assert_max_num_queries(100) as short:
        desk.get("/en/work/act/moderation/")
    flood(campaign)
    with django_assert_max_num_queries(len(short)) as long:
        page = desk.get("/en/work/act/moderation/")
    assert page.context["count"] == 341
    assert len(page.context["rows"]) == queue.ROWS
    assert len(long) <= len(short)


def test_a_moderator_sees_the_actions_of_their_countries(desk, campaign, mia):
    here = wait(campaign)
    wait(campaign, "Elsewhere", places=[_lisbon()])
    assert list(queue.to_look_at(mia)) == [here]


def _lisbon() -> Where:
    return Where(town("Lisbon", **LISBON))


def test_an_action_elsewhere_does_not_exist_for_a_moderator(desk, campaign):
    other = wait(campaign, "Elsewhere", places=[_lisbon()])
    assert desk.get(f"/en/work/act/moderation/{other.code}/").status_code == 404
    assert desk.post(f"/en/work/act/moderation/{other.code}/let-in/").status_code == 404


def test_all_of_an_action_is_seen_also_a_hidden_address(desk, campaign):
    action = wait(
        campaign,
        places=[Where(town(), venue="The back room", street="Palma 3")],
        visibility="city",
    )
    page = desk.get(f"/en/work/act/moderation/{action.code}/").content.decode()
    assert "The back room" in page
    assert "Palma 3" in page
    assert "@example.org" not in page


def test_answers_lead_to_the_next_that_waits(desk, campaign):
    first, second = wait(campaign), wait(campaign, "Others of the Quay", title="Concert")
    answer = desk.post(f"/en/work/act/moderation/{first.code}/let-in/")
    assert answer["Location"] == f"/en/work/act/moderation/{second.code}/"
    first.refresh_from_db()
    assert first.state == State.PUBLISHED


def test_a_refusal_is_undone_from_the_line_at_the_top(desk, campaign):
    action = wait(campaign)
    page = desk.post(
        f"/en/work/act/moderation/{action.code}/refuse/", {"reason": "fake"}, follow=True
    )
    undo = re.search(r'action="(/en/work/act/moderation/refused/\d+/back/)"', page.content.decode())
    desk.post(undo.group(1))
    action.refresh_from_db()
    assert action.state == State.WAITING


def test_only_what_stays_ticked_is_refused(desk, campaign):
    one, two = (wait(campaign, f"Group {word}", title="The same vigil") for word in ("a", "b"))
    page = f"/en/work/act/moderation/{one.code}/similar/"
    assert len(desk.get(page).context["rows"]) == 2
    desk.post(page, {"do": "refuse", "reason": "fake", "chosen": [two.code]})
    assert [row.state for row in Action.objects.order_by("pk")] == [State.WAITING, State.REFUSED]
    assert Message.objects.filter(template="actions/refused").count() == 0


def test_nothing_ticked_is_said(desk, campaign):
    one, _two = (wait(campaign, f"Group {word}", title="The same vigil") for word in ("a", "b"))
    answer = desk.post(
        f"/en/work/act/moderation/{one.code}/similar/", {"do": "refuse", "reason": "fake"}
    )
    assert answer.status_code == 422
    assert "Tick at least one." in answer.content.decode()


def test_a_lot_is_let_in_together(desk, campaign):
    one, two = (wait(campaign, f"Group {word}", title="The same vigil") for word in ("a", "b"))
    desk.post(
        f"/en/work/act/moderation/{one.code}/similar/",
        {"do": "let-in", "reason": "fake", "chosen": [one.code, two.code]},
    )
    assert {row.state for row in Action.objects.all()} == {State.PUBLISHED}


def test_what_went_in_unseen_before_a_flood_was_noticed_is_looked_at(desk, campaign, mia):
    Door.objects.create(campaign=campaign, mode="open", flood_at=1)
    actions = [wait(campaign, f"Group {word}", title=f"Vigil {word}") for word in "abc"]
    assert [one.state for one in actions] == ["published", "waiting", "waiting"]
    assert queue.to_look_at(mia).count() == 3
    moderation.refuse(actions[0], reason="fake", under=mandate_of(mia))
    actions[0].refresh_from_db()
    assert (actions[0].state, queue.to_look_at(mia).count()) == (State.REFUSED, 2)


def test_what_was_refused_stands_in_a_list(desk, campaign, mia):
    moderation.refuse(wait(campaign), reason="fake", under=mandate_of(mia))
    page = desk.get("/en/work/act/moderation/refused/").content.decode()
    assert "Vigil of Friends of the Weir" in page
    assert "Take back" in page


def test_people_without_a_mandate_are_not_let_at_the_queue(client, ana):
    client.force_login(ana)
    assert client.get("/en/work/act/moderation/").status_code == 403
    assert client.get("/en/work/act/").status_code == 200


def test_today_says_how_long_the_oldest_has_waited(desk, campaign):
    action = wait(campaign)
    Action.objects.filter(pk=action.pk).update(waiting_since=timezone.now() - timedelta(hours=5))
    page = desk.get("/en/work/").content.decode()
    assert "1 action waits for a look" in page
    assert "The oldest has waited 5 h." in page


def test_a_lot_of_several_countries_is_undone_by_who_cares_for_all_of_them(desk, campaign, bo):
    lisbon = [Where(town("Lisbon", **LISBON))]
    both = [wait(campaign), wait(campaign, "Friends of the Dam", places=lisbon)]
    lot = moderation.refuse_all(both, reason="fake", under=mandate_of(bo))
    assert lot not in [row["lot"] for row in desk.get(REFUSED).context["rows"]]
    assert desk.post(f"{REFUSED}{lot.pk}/back/").status_code == 404

    here = moderation.refuse(wait(campaign, "A third"), reason="fake", under=mandate_of(bo))
    assert [row["lot"] for row in desk.get(REFUSED).context["rows"]] == [here]
    assert desk.post(f"{REFUSED}{here.pk}/back/").status_code == 302
