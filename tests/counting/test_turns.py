"""Decisions are made one after the other: nobody waits for somebody who waits for them."""

import threading
import time

import pytest
from django.db import connection
from django.db.models.signals import post_save
from django.test.utils import CaptureQueriesContext

from convoca.counting import services
from convoca.counting.models import Link
from convoca.counting.services import answering, joining, placing, reporting, weighing
from tests.actions.making import in_days, make_link
from tests.counting.making import claim_of, past_action, said
from tests.counting.test_placing import asuncion
from tests.network.test_at_once import at_once

ours_alone = pytest.mark.skipif(
    connection.vendor == "sqlite", reason="needs a database that threads share: PostgreSQL"
)
PRINTED = {"paper": "The Gazette", "low": 20, "high": 30, "method": "press", "url": ""}
DECISIONS = {
    "take": lambda it: services.take(it["source"], it["campaign"], [said(9)]),
    "forget": lambda it: services.forget_unsaid(it["source"], it["campaign"], run=9),
    "settle": lambda it: services.link_new(it["source"]),
    "link": lambda it: services.link(it["theirs"], it["ours"].action, score=0.99),
    "undo": lambda it: services.undo(it["row"], under=it["under"]),
    "same": lambda it: answering.say_same(it["theirs"], it["ours"].action, under=it["under"]),
    "apart": lambda it: answering.say_apart(it["theirs"], [it["row"]], under=it["under"]),
    "back": lambda it: answering.take_back(it["row"], under=it["under"]),
    "join": lambda it: joining.join(it["theirs"].action, it["ours"].action, under=it["under"]),
    "part": lambda it: joining.part_action(it["hosted"], under=it["under"]),
    "report": lambda it: reporting.report(
        it["hosted"], reporting.Told(happened="yes"), link=it["link"]
    ),
    "press": lambda it: weighing.note_press(
        it["hosted"], weighing.Printed(**PRINTED), under=it["under"]
    ),
    "place": lambda it: placing.place_claim(
        it["loose"], day=in_days(-2), place=asuncion(), under=it["under"]
    ),
}


@pytest.fixture
def it(rivers, gazette, campaign, steward, union):
    ours, theirs = claim_of(rivers, campaign), claim_of(gazette, campaign, number=2)
    row = Link.objects.create(claim=theirs, action=ours.action, state="doubtful", score=0.5)
    loose = services.take(rivers, campaign, [said(7, day=None)]).new[0]
    services.take(rivers, campaign, [said(8, day=in_days(-4))])
    hosted = past_action(campaign, union)
    return {
        "source": rivers, "campaign": campaign, "under": steward, "ours": ours, "row": row,
        "theirs": theirs, "hosted": hosted, "link": make_link(hosted)[0],
        "loose": type(ours).objects.get(pk=loose),
    }  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("name", DECISIONS)
def test_whoever_decides_takes_a_turn_before_anything_is_locked(name, it):
    with CaptureQueriesContext(connection) as asked:
        DECISIONS[name](it)
    locks = [one["sql"] for one in asked if _locks(one["sql"])]
    assert '"counting_source"."kind" = \'hosts\'' in locks[0]


def _locks(sql: str) -> bool:
    """Whether this locks rows; SQLite has one writer, and there the turn is a mere question."""
    is_writing = sql.startswith(("UPDATE", "INSERT", "DELETE")) or " FOR " in sql
    return is_writing or '"counting_source"."kind" = \'hosts\'' in sql


@ours_alone
@pytest.mark.django_db(transaction=True)
def test_two_who_take_one_answer_back_do_not_wait_for_each_other(it):
    """One over the page of the action, one over the list of answers."""
    row = answering.say_same(it["theirs"], it["ours"].action, under=it["under"])
    written = threading.Event()

    def hold(**kwargs: object) -> None:
        written.set()
        time.sleep(0.5)

    def take_back() -> None:
        written.wait(10)
        answering.take_back(row, under=it["under"])

    post_save.connect(hold, sender=Link)
    try:
        assert at_once(lambda: services.undo(row, under=it["under"]), take_back) == []
    finally:
        post_save.disconnect(hold, sender=Link)
    it["theirs"].refresh_from_db()
    assert it["theirs"].action.same_as is None
