"""What comes round: once a minute and once a day, however many workers there are."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from convoca.audit import services as audit
from convoca.audit.models import Seal
from convoca.core import tick as registry
from convoca.outbox import services as outbox
from convoca.outbox import tasks, tick
from convoca.outbox.models import Duty, Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def done(monkeypatch):
    """An empty registry whose functions note that they ran."""
    done = []
    monkeypatch.setattr(registry, "MINUTELY", {})
    monkeypatch.setattr(registry, "DAILY", {})
    for name in ["MINUTELY", "DAILY"]:
        monkeypatch.setattr(tick, name, getattr(registry, name))
    return done


def test_a_minute_is_done_once_however_often_it_is_asked(done, time_machine):
    time_machine.move_to("2030-05-01T12:00:30Z", tick=False)
    registry.every_minute(lambda: done.append("minute"))
    assert [tick.run() for _ in range(3)] == [True, False, False]
    time_machine.move_to("2030-05-01T12:01:00Z", tick=False)
    assert tick.run() is True
    assert done == ["minute", "minute"]


def test_a_clock_that_is_put_back_stops_no_duty(done, time_machine):
    registry.every_minute(lambda: done.append("minute"))
    registry.every_day(lambda: done.append("day"))
    (name,) = registry.DAILY
    for day in ("2031-05-01T12:00:30Z", "2030-05-01T12:00:30Z", "2030-05-01T12:01:30Z"):
        time_machine.move_to(day, tick=False)
        tick.run()
        outbox.done_for_today(name)
    assert done == ["minute"] * 3
    assert DBTaskResult.objects.count() == 2


def test_one_that_fails_keeps_no_other_from_its_turn(done):
    @registry.every_minute
    def broken():
        raise ZeroDivisionError

    registry.every_minute(lambda: done.append("after"))
    tick.run()
    assert done == ["after"]


def test_a_day_is_done_once_and_tried_again_in_an_hour_when_it_failed(done, time_machine):
    time_machine.move_to("2030-05-01T12:00:30Z", tick=False)
    trouble = [ZeroDivisionError]

    @registry.every_day
    def daily():
        if trouble:
            raise trouble.pop()
        done.append("day")

    (name,) = registry.DAILY
    tick.run()
    assert DBTaskResult.objects.get().args_kwargs["args"] == [name]
    with pytest.raises(ZeroDivisionError):
        tasks.run_daily.call(name)

    for hours, expected in [(0.5, 1), (1, 2), (2, 2), (11, 2), (12, 3)]:
        now = timezone.datetime.fromisoformat("2030-05-01T12:00:30+00:00")
        time_machine.move_to(now + timedelta(hours=hours), tick=False)
        tick.run()
        assert DBTaskResult.objects.count() == expected
        if hours == 1:
            tasks.run_daily.call(name)
    assert done == ["day"]


def test_each_minute_seals_the_trail_and_wakes_what_is_due():
    audit.record("thing.done")
    outbox.mail("outbox/plain", to="a@x.example", context={"subject": "Hi", "text": "x"})
    DBTaskResult.objects.all().delete()
    tick.run()
    assert Seal.objects.count() == 1
    drains = DBTaskResult.objects.filter(task_path=tasks.drain.module_path)
    assert list(drains.values_list("queue_name", flat=True)) == ["urgent"]


def test_a_task_whose_worker_died_runs_again_and_is_given_up_the_third_time():
    def running(minutes, workers):
        row = tasks.drain.enqueue("urgent").db_result
        row.status, row.worker_ids = "RUNNING", ["w"] * workers
        row.started_at = timezone.now() - timedelta(minutes=minutes)
        row.save()
        return row

    fresh, stale, deadly, future = running(1, 1), running(6, 1), running(6, 3), running(-60, 1)
    assert tick.free_stale_tasks() == 2
    for row, state in [
        (fresh, "RUNNING"),
        (stale, "READY"),
        (deadly, "FAILED"),
        (future, "READY"),  # its clock was put back since
    ]:
        row.refresh_from_db()
        assert row.status == state


def test_finished_tasks_go():
    for status, hours in [("SUCCESSFUL", 2), ("SUCCESSFUL", 0), ("FAILED", 2), ("FAILED", 400)]:
        row = tasks.drain.enqueue("urgent").db_result
        row.status, row.finished_at = status, timezone.now() - timedelta(hours=hours)
        row.save()
    tick.prune_tasks()
    assert sorted(DBTaskResult.objects.values_list("status", flat=True)) == ["FAILED", "SUCCESSFUL"]


def test_the_house_has_its_duties():
    names = {name.rsplit(".", 1)[1] for name in [*registry.MINUTELY, *registry.DAILY]}
    assert {"seal", "wake_for_due", "send_digests", "prune", "forget_old"} <= names
    assert Duty.objects.count() == Message.objects.count() == 0
