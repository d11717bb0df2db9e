"""What changes by itself is drawn again when it does, and never before: from one such moment to the
next, every page that counts as fresh is what would be drawn then.
"""

import re
from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from django.db import transaction
from django.test import Client

from convoca.actions.facts import When, Where
from convoca.actions.models import Action
from convoca.actions.services import life
from convoca.campaigns import services as campaigns
from convoca.campaigns.models import Campaign, Moment
from convoca.core.names import Names
from convoca.network.models import Network
from convoca.pages import store as stores
from convoca.pages.audit import audit
from tests.actions.making import LISBON, in_days, make_action, town
from tests.pages import shown

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

NOON = datetime(2027, 5, 12, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
RELATIVE = re.compile(r"\b(today|tomorrow|yesterday|ago|in (an?|\d+) (minutes?|hours?|days?))\b")


@pytest.fixture(autouse=True)
def _for_ever(monkeypatch):
    """Nothing makes a page old here but what its view has said."""
    monkeypatch.setattr(stores, "OLDEST", 1e9)


@pytest.fixture
def at_noon():
    with time_machine.travel(NOON, tick=False) as clock, transaction.atomic():
        yield clock


def build():
    """A world in which something begins or ends in the next days, in several zones."""
    made = shown.build()
    row = Network.load()
    row.zone = "America/Asuncion"
    row.save()
    lisbon = [Where(town("Lisbon", **LISBON))]
    for title, when, places in (
        ("Soon", When(in_days(0), time(14, 30), last_clock=time(16)), lisbon),
        ("In the night", When(in_days(0), time(23), last_day=in_days(1), last_clock=time(2)), None),
        ("All day", When(in_days(1)), lisbon),
        ("Open end", When(in_days(1), time(18)), None),
    ):
        make_action(made.campaign, made.union, title=title, when=when, places=places)
    almost = life.cancel(make_action(made.campaign, made.union, title="Almost gone"), reason="Rain")
    Action.objects.filter(pk=almost.pk).update(
        cancelled_at=NOON - timedelta(days=60) + timedelta(hours=7)
    )
    for kind, days in (("day", 0), ("day", 1), ("deadline", 1)):
        campaigns.add_moment(
            made.lakes, kind=kind, starts_on=in_days(days), ends_on=in_days(days),
            names=Names(en=f"{kind} {days}"), under=made.secretariat,
        )  # fmt: skip
    gone = campaigns.cancel_moment(
        Moment.objects.filter(campaign=made.lakes)[0], under=made.secretariat
    )
    Moment.objects.filter(pk=gone.pk).update(
        cancelled_at=NOON - timedelta(days=60) + timedelta(hours=9)
    )
    told_till = NOON - timedelta(days=90) + timedelta(hours=11)
    Action.objects.filter(pk=made.taken_off.pk).update(taken_off_at=told_till)
    Campaign.objects.filter(pk=made.withdrawn.pk).update(withdrawn_at=told_till)
    return made


def english(made) -> list[str]:
    return [path for path in shown.paths(made) if path.startswith("/en/") or path.count("/") == 1]


def due(kept) -> list[tuple[float, str]]:
    """The moment at which each fresh page is due, the first one first."""
    found = [(kept.look(key, stores.PLAIN), key) for key in kept.keys(fresh_only=True)]
    return sorted((page.fresh_until, key) for page, key in found)


def test_every_page_is_drawn_again_at_the_moment_at_which_it_changes(at_noon, kept_pages):
    client = Client()
    for path in english(build()):
        client.get(path)
    first, seen, wrong = NOON.timestamp(), [], []
    while (moment := due(kept_pages)[0][0]) < first + 3.5 * 86_400:
        at_noon.move_to(datetime.fromtimestamp(moment, UTC) - SECOND)
        wrong += [f"{moment - first:.0f} s: {one}"[:400] for one in audit()]
        keys = [key for at, key in due(kept_pages) if at == moment]
        at_noon.move_to(datetime.fromtimestamp(moment, UTC))
        fresh = set(kept_pages.keys(fresh_only=True))
        assert fresh.isdisjoint(keys)
        for key in keys:
            client.get(key.removeprefix("http://testserver"))
        seen.append(moment)
    assert wrong == []
    assert len(seen) >= 12


def test_no_page_that_is_kept_says_today_or_ago(at_noon, kept_pages):
    client, told = Client(), []
    for path in english(build()):
        answer = client.get(path)
        if answer["Content-Type"].startswith("text/html"):
            words = re.sub(r"<[^>]+>", " ", answer.content.decode())
            told += [
                (path, words[max(0, m.start() - 40) : m.end() + 20])
                for m in RELATIVE.finditer(words)
            ]
    assert told == []
