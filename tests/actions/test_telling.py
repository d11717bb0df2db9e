"""Everybody who signed up is told, each in their language, and nobody twice or not at all."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from convoca.actions import tasks
from convoca.actions.facts import When
from convoca.actions.models import HostLink, SignUp, Telling
from convoca.actions.services import life, moderation, reminding, signups, telling
from convoca.outbox import services as outbox
from tests.actions.making import at_ten, in_days, make_action, make_link

pytestmark = pytest.mark.django_db


def on_the_list(action, email, **facts):
    return signups.confirm(signups.sign_up(action, sender="s", email=email, **facts))


def last(address):
    return outbox.pending(to=address).last()


def drain():
    while telling.tell_next():
        pass


def test_a_new_time_is_told_in_each_ones_language(network, action):
    on_the_list(action, "ana@example.org", language="es")
    on_the_list(action, "nima@example.org", language="en")
    cancelled = on_the_list(action, "gone@example.org")
    signups.cancel(cancelled)
    before = last("gone@example.org").pk
    life.move(action, when=at_ten(25))

    drain()

    told = [last(address) for address in ("ana@example.org", "nima@example.org")]
    assert [(one.template, one.language) for one in told] == [
        ("actions/told-moved", "es"),
        ("actions/told-moved", "en"),
    ]
    assert "It was to be:" in told[1].body
    assert "/calendar.ics" in told[1].body
    assert last("gone@example.org").pk == before
    assert Telling.objects.get().readers == 2


def test_who_signed_up_is_told_what_becomes_of_a_refused_action(network, action, steward):
    on_the_list(action, "ana@example.org")

    lot = moderation.refuse(action, reason="fake", under=steward)
    moderation.take_back(lot, under=steward)
    assert not Telling.objects.exists(), "nobody had been written to yet"

    lot = moderation.refuse(action, reason="fake", under=steward)
    drain()
    assert last("ana@example.org").template == "actions/told-taken-off"
    assert action.get_absolute_url() not in last("ana@example.org").body

    moderation.take_back(lot, under=steward)
    drain()
    assert last("ana@example.org").template == "actions/told-shown"


def test_the_told_day_follows_the_action_and_the_mail_says_so(network, action):
    mailed = on_the_list(action, "nima@example.org")
    silent = signups.sign_up(action, sender="t")
    life.move(action, when=at_ten(40))
    drain()
    tasks.follow_the_day.call(action.pk)
    days = set(SignUp.objects.values_list("delete_on", flat=True))
    assert days == {in_days(54)}
    for row in (mailed, silent):
        row.refresh_from_db()
    assert mailed.email == "nima@example.org"
    assert str(in_days(54).day) in last("nima@example.org").body


def test_a_telling_goes_on_where_it_was_broken_off(network, action, monkeypatch):
    for n in range(5):
        on_the_list(action, f"p{n}@example.org")
    life.cancel(action)
    monkeypatch.setattr(telling, "BATCH", 2)
    real, calls = telling.write_to, []

    def breaks(row, *args, **kwargs):
        calls.append(row.pk)
        if len(calls) == 4:
            raise RuntimeError("killed")
        return real(row, *args, **kwargs)

    monkeypatch.setattr(telling, "write_to", breaks)
    with pytest.raises(RuntimeError):
        drain()
    drain()

    told = [
        outbox.pending(to=f"p{n}@example.org").filter(template="actions/told-cancelled").count()
        for n in range(5)
    ]
    assert told == [1, 1, 1, 1, 1]


def test_the_hosts_words_go_to_those_who_wished_for_them(network, action):
    on_the_list(action, "wish@example.org", tell_me=True)
    on_the_list(action, "silent@example.org")
    telling.tell(action, Telling.Kind.WORDS, words="Bring water & {{ bread }}")
    drain()
    assert last("wish@example.org").template == "actions/told-words"
    assert "Bring water & {{ bread }}" in last("wish@example.org").body
    assert last("silent@example.org").template == "actions/on-the-list"


def test_a_successor_reads_the_list_when_those_on_it_were_told(network, action):
    on_the_list(action, "nima@example.org")
    said = telling.tell(action, Telling.Kind.NEW_HOST)
    link, _secret = make_link(action, after_telling=said)
    assert not link.sees_people
    drain()
    assert HostLink.objects.get(pk=link.pk).sees_people
    assert last("nima@example.org").template == "actions/told-new-host"


def test_the_reminder_comes_the_day_before_by_the_clock_of_the_place(network, action):
    on_the_list(action, "nima@example.org", tell_me=True, language="es")
    on_the_list(action, "silent@example.org")
    at = reminding.remind_from(action)
    with time_machine.travel(at - timedelta(minutes=1), tick=False):
        tasks.remind.call()
        assert last("nima@example.org").template == "actions/on-the-list"
    with time_machine.travel(at + timedelta(minutes=1), tick=False):
        tasks.remind.call()
        tasks.remind.call()
        late = on_the_list(action, "late@example.org", tell_me=True)
        tasks.remind.call()
    assert outbox.pending(to="nima@example.org").filter(template="actions/reminder").count() == 1
    assert last("nima@example.org").language == "es"
    assert last("silent@example.org").template == "actions/on-the-list"
    assert last("late@example.org").template == "actions/on-the-list"
    assert late.reminded_at is None


def test_the_reminder_knows_nights_in_which_clocks_change(campaign, union):
    action = make_action(campaign, union)
    action.zone = "Europe/Lisbon"
    life.set_when(action, When(date(2027, 3, 28), time(10)))
    there = ZoneInfo("Europe/Lisbon")
    assert reminding.remind_from(action) == datetime(2027, 3, 27, 10, tzinfo=there)


def test_whoever_was_reminded_of_the_old_day_is_reminded_of_the_new_one(network, action):
    row = on_the_list(action, "nima@example.org", tell_me=True)
    SignUp.objects.filter(pk=row.pk).update(reminded_at=timezone.now())
    life.move(action, when=at_ten(30))
    row.refresh_from_db()
    assert row.reminded_at is None
