"""On the told day keys and rows go; a clock that moved deletes nothing."""

import json
from dataclasses import asdict, replace
from datetime import timedelta

import pytest

from convoca.audit.models import Entry
from convoca.core.errors import Refusal
from convoca.vault import clock, purging
from convoca.vault.keyring import keyring, today, week_of
from convoca.vault.models import Purge
from convoca.vault.signals import about_to_purge
from tests.vault.guests.models import Guest

pytestmark = pytest.mark.django_db
RIVERS = "campaign:k7mq02xd"


@pytest.fixture(autouse=True)
def own_vault(settings, tmp_path):
    settings.CONFIG = replace(settings.CONFIG, home=tmp_path)


def seal(days, **facts):
    day = today() + timedelta(days=days)
    return Guest.objects.create(scope=RIVERS, delete_on=day, name="Rosa", **facts)


def of_guests(report):
    tally = report.rows["guests.guest"]
    return tally.due, tally.deleted, tally.late


def test_what_was_told_to_end_by_today_is_deleted_with_its_keys_and_counted():
    kept, _due, _ended, _late = seal(14), seal(0), seal(-1), seal(-9)
    weeks = {(RIVERS, week_of(row.delete_on)) for row in Guest.objects.exclude(pk=kept.pk)}

    assert of_guests(purging.purge(dry_run=True)) == (3, 0, 1)
    report = purging.purge()

    assert (of_guests(report), report.left) == ((3, 3, 1), 0)
    assert report.keys == len(weeks)
    assert [guest.name for guest in Guest.objects.all()] == ["Rosa"]
    assert keyring().weeks() == {(RIVERS, week_of(kept.delete_on))}
    told = Purge.objects.get()
    assert (told.due, told.deleted, told.late, told.keys) == (3, 3, 1, len(weeks))
    assert told.counts == {"guests.guest": [3, 3, 1]}
    assert Entry.objects.get().details == {"keys": len(weeks), "due": 3, "deleted": 3, "late": 1}


def test_where_nothing_is_due_nothing_stands_in_the_trail():
    seal(1)
    report = purging.purge()
    assert (of_guests(report), report.keys) == ((0, 0, 0), 0)
    assert Entry.objects.count() == 0


def test_an_app_may_keep_counts_before_people_go():
    seal(0, places=2), seal(0, places=3)
    kept = []

    def count(sender, rows, **kwargs):
        kept.append((sender, sum(row.places for row in rows), rows[0].name))

    about_to_purge.connect(count)
    try:
        purging.purge()
    finally:
        about_to_purge.disconnect(count)
    assert kept == [(Guest, 5, "closed")]


def test_rows_go_in_batches_and_a_worker_stops_when_its_time_is_over(monkeypatch):
    monkeypatch.setattr(purging, "BATCH", 2)
    for _ in range(5):
        seal(0)
    answers = iter([True, True, False] + [False] * 50)
    report = purging.purge(may_go_on=lambda: next(answers))
    assert (of_guests(report), report.left) == ((5, 4, 0), 1)
    monkeypatch.setattr(purging, "TURN", -1)
    with pytest.raises(purging.Unfinished):
        purging.purge_due()


# The clock


def beat(*, wall=0.0, up=0.0, boot=None):
    now = clock.Beat.now()
    past = replace(now, wall=now.wall - wall, up=now.up - up, boot=boot or now.boot)
    keyring().note("heartbeat", json.dumps(asdict(past)))


DAY, HOUR = 86_400, 3600


@pytest.mark.parametrize(
    ("what", "facts"),
    [
        ("three days forward", {"wall": 3 * DAY, "up": 600}),
        ("three days back", {"wall": -3 * DAY, "up": 600}),
        ("another start, two days later", {"wall": 2 * DAY, "boot": "another"}),
        ("another start, two days earlier", {"wall": -2 * DAY, "boot": "another"}),
    ],
)
def test_a_clock_that_moved_deletes_nothing_until_somebody_says_it_is_right(what, facts):
    seal(0)
    beat(**facts)
    for _ in range(2):  # the tick's heartbeat does not make it right
        with pytest.raises(Refusal) as refusal:
            purging.purge()
        assert refusal.value.code == "clock-moved"
        assert "convoca purge --clock-is-right" in str(refusal.value)
        purging.watch()
    assert Guest.objects.count() == 1
    assert Purge.objects.count() == 0
    assert keyring().weeks() != set()

    assert of_guests(purging.purge(clock_is_right=True)) == (1, 1, 0)
    assert clock.trouble() == ""
    purging.purge()


@pytest.mark.parametrize(
    ("what", "facts"),
    [
        ("a worker that stood still for a week", {"wall": 7 * DAY, "up": 7 * DAY}),
        ("a clock put right by some hours", {"wall": 5 * HOUR, "up": 600}),
        ("a night switched off", {"wall": 10 * HOUR, "boot": "another"}),
    ],
)
def test_an_ordinary_server_never_trips(what, facts):
    beat(**facts)
    purging.watch()
    purging.purge()


def test_a_clock_put_right_again_is_trusted_again():
    beat(wall=-3 * DAY, up=600)
    assert clock.trouble() != ""
    beat(wall=600, up=600)
    assert clock.trouble() == ""


def test_a_heartbeat_is_noted_each_ten_minutes():
    purging.watch()
    first = clock.last_beat()
    purging.watch()
    assert clock.last_beat() == first
    beat(wall=700, up=700)
    purging.watch()
    assert clock.last_beat().wall >= first.wall
