"""Mail as rows: what is written, kept, held, sent, and given up."""

from datetime import timedelta

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.db import connection, transaction
from django.utils import timezone, translation
from django_tasks_db.models import DBTaskResult

from convoca.audit.models import Entry
from convoca.core.errors import Refusal
from convoca.outbox import services as outbox
from convoca.outbox import tasks
from convoca.outbox.backends import OutboxBackend
from convoca.outbox.models import Duty, Message, Office
from convoca.outbox.transport import ConnectionLost, NotConnected, Refused, TryLater
from convoca.vault.keyring import keyring

pytestmark = pytest.mark.django_db

ANA = "ana@union.example"
A_DAY = timedelta(days=1)


def write(to=ANA, urgency="urgent", **options):
    words = {"subject": "Hello", "text": "Words."} | options.pop("context", {})
    return outbox.mail("outbox/plain", to=to, urgency=urgency, context=words, **options)


class Post:
    """A transport that notes what it was given, and fails where it is told to."""

    def __init__(self, **trouble):
        self.sent, self.trouble = [], trouble

    def send(self, message):
        if error := self.trouble.get(message.to.split("@")[0]):
            raise error
        self.sent.append(message.to)


def send_all(post, urgency="urgent"):
    return outbox.send(Message.objects.claim(urgency), post, may_go_on=lambda: True)


def states():
    return {message.to: message.state for message in Message.objects.all()}


# Writing


def test_a_mail_is_a_row_with_its_message_id_on_our_host():
    message = write()

    assert (message.subject, message.state) == ("Hello", "waiting")
    assert message.body.startswith("Words.\n")
    assert message.message_id.endswith("@localhost")
    assert list(outbox.pending(to=ANA)) == [message]


def test_what_is_no_address_is_refused():
    for wrong in ["nobody", "a@b@c", "a@b.example\nBcc: x@y.example", ""]:
        with pytest.raises(Refusal) as refused:
            write(to=wrong)
        assert refused.value.code == "address-wrong"
    assert Message.objects.count() == 0


def test_values_are_words_and_never_templates_or_html():
    evil = "<script>alert(1)</script> {{7*7}} {% now 'Y' %} Tom & Ana"
    message = write(context={"subject": evil, "text": evil})
    assert message.subject == evil
    assert message.body.startswith(evil + "\n")


def test_a_subject_of_several_lines_is_one_line():
    mail = EmailMessage("Hello\r\nBcc: x@y.example", "Words", to=[ANA])
    OutboxBackend().send_messages([mail])
    assert Message.objects.get().subject == "Hello Bcc: x@y.example"


@pytest.mark.parametrize(
    ("asked", "found"), [("es", "es"), ("pt-BR", "pt"), ("ar", "ar"), ("qu", "en"), ("x!", "en")]
)
def test_a_mail_says_the_language_that_its_words_really_have(asked, found):
    assert write(language=asked).language == found
    assert translation.get_language() == "en"


def test_a_mail_is_there_exactly_when_its_cause_is():
    with transaction.atomic():
        write()
        transaction.set_rollback(True)
    assert (Message.objects.count(), DBTaskResult.objects.count()) == (0, 0)


def test_a_thousand_mails_wake_one_worker_of_each_kind():
    with transaction.atomic():
        for number in range(30):
            write(urgency="urgent" if number % 2 else "long")
    assert sorted(DBTaskResult.objects.values_list("queue_name", flat=True)) == ["long", "urgent"]


def test_mail_for_later_wakes_nobody_and_is_not_due():
    write(not_before=timezone.now() + timedelta(hours=1))
    assert DBTaskResult.objects.count() == 0
    assert Message.objects.claim("urgent") == []


def test_every_mail_of_a_demo_says_that_it_is_one(settings):
    settings.DEMO = True
    assert write().body.startswith("This is a mail of a demo.")
    settings.DEMO = False
    assert "demo" not in write().body


def test_mail_of_libraries_becomes_one_row_for_each_recipient():
    mail = EmailMultiAlternatives(
        "Your code", "It is 1234", "x@y.example", [f"Ana <{ANA}>"], bcc=["bo@steward.example"]
    )
    mail.attach_alternative("<p>It is 1234</p>", "text/html")
    with translation.override("fr"):
        assert OutboxBackend().send_messages([mail]) == 1
    assert states() == {ANA: "waiting", "bo@steward.example": "waiting"}
    message = Message.objects.get(to_index=outbox.index_of(ANA))
    assert (message.subject, message.language) == ("Your code", "fr")
    assert message.body.startswith("It is 1234\n")

    mail.attach("a.txt", "x")
    with pytest.raises(ValueError, match="attachments"):
        OutboxBackend().send_messages([mail])


# Claiming


def test_a_claimed_mail_is_not_claimed_again_until_its_lease_is_over(settings):
    message = write()
    (claimed,) = Message.objects.claim("urgent")
    assert (claimed, claimed.attempts) == (message, 1)
    assert Message.objects.claim("urgent") == []

    settings.OUTBOX_LEASE = timedelta(seconds=-1)
    Message.objects.update(due_at=timezone.now())
    assert Message.objects.claim("urgent") == [message]
    assert Message.objects.claim("urgent") == [message]  # that lease was over at once


def test_claiming_takes_the_longest_due_of_one_urgency_up_to_the_number_asked():
    first, second, other = write(), write(), write(urgency="long")
    assert Message.objects.claim("urgent", 1) == [first]
    assert Message.objects.claim("urgent") == [second]
    assert Message.objects.claim("long") == [other]


@pytest.mark.parametrize("of", ["due", "kept", "sent", "limit"])
def test_claiming_never_reads_the_whole_table(of):
    now = timezone.now()
    queries = {
        "due": Message.objects.due("urgent")[:50],
        "kept": Message.objects.filter(state="kept", due_at__lte=now, urgency="urgent"),
        "sent": Message.objects.filter(state="sent", sent_at__lt=now),
        "limit": Message.objects.filter(tried_at__gt=now),
    }
    if connection.vendor == "postgresql":
        Message.objects.bulk_create(
            Message(to=ANA, message_id=f"{n}@x", state="sent", sent_at=now) for n in range(3000)
        )
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE outbox_message")
    plan = queries[of].explain()
    assert "Index" in plan.replace("INDEX", "Index")
    assert "Seq Scan" not in plan
    assert "TEMP B-TREE" not in plan
    assert not any(line.split()[:1] == ["SCAN"] for line in plan.splitlines())


def test_the_limit_of_a_provider_is_kept_with_room_for_what_is_urgent(settings):
    settings.CONFIG = type(settings.CONFIG)(mail_per_minute=10)
    for number in range(20):
        write(urgency="long", to=f"{number}@x.example")
        write(urgency="urgent", to=f"u{number}@x.example")
    assert len(Message.objects.claim("long")) == 8
    assert len(Message.objects.claim("urgent")) == 2
    assert Message.objects.claim("urgent") == []
    Message.objects.exclude(tried_at=None).update(tried_at=timezone.now() - timedelta(minutes=2))
    assert len(Message.objects.claim("urgent")) == 10


# Sending


def test_what_was_sent_is_sent_once():
    write()
    post = Post()
    assert send_all(post) is True
    assert send_all(post) is True
    assert (post.sent, states()) == ([ANA], {ANA: "sent"})


def test_an_address_that_does_not_exist_is_given_up_at_once_and_the_others_go_on():
    for name in ["gone", "busy", "lost", "fine"]:
        write(to=f"{name}@x.example")
    error = "550 5.1.1 <gone@x.example> unknown"
    post = Post(gone=Refused(error), busy=TryLater("451 wait"), lost=ConnectionLost("gone"))
    send_all(post)

    assert states() == {
        "gone@x.example": "dead",
        "busy@x.example": "waiting",
        "lost@x.example": "waiting",
        "fine@x.example": "sent",
    }
    (dead,) = outbox.dead()
    assert dead.last_error == "550 5.1.1 [address] unknown"
    busy = Message.objects.get(to_index=outbox.index_of("busy@x.example"))
    assert timedelta(seconds=40) < busy.due_at - timezone.now() < timedelta(seconds=80)


def test_a_mail_that_never_gets_through_is_given_up_after_its_last_attempt():
    write(to="busy@x.example")
    for attempt in range(1, outbox.MOST_ATTEMPTS + 1):
        assert states() == {"busy@x.example": "waiting"}
        Message.objects.update(due_at=timezone.now())
        send_all(Post(busy=TryLater("451 wait")))
        assert Message.objects.get().attempts == attempt
    assert states() == {"busy@x.example": "dead"}


def test_waiting_grows_from_a_minute_to_four_hours_never_twice_the_same():
    for attempts, minutes in [(1, 1), (2, 2), (5, 16), (30, 240)]:
        waits = {outbox.backoff(attempts) for _ in range(20)}
        assert len(waits) > 1
        for wait in waits:
            assert 0.75 <= wait / timedelta(minutes=minutes) <= 1.25


def test_a_dead_mail_can_be_tried_again_with_the_same_message_id():
    before = write(to="gone@x.example").message_id
    send_all(Post(gone=Refused("550 no")))
    (message,) = outbox.dead()
    outbox.retry(message)

    assert (message.state, message.attempts, message.message_id) == ("waiting", 0, before)
    post = Post()
    send_all(post)
    assert post.sent == ["gone@x.example"]
    outbox.retry(message)
    assert states() == {"gone@x.example": "sent"}


def test_while_the_server_is_away_nothing_is_counted_and_stewards_know_since_when():
    for name in ["a", "b"]:
        write(to=f"{name}@x.example")
    assert send_all(Post(a=NotConnected("x: no connection"))) is False

    assert set(Message.objects.values_list("attempts", "state")) == {(0, "waiting")}
    assert outbox.failing_since() is not None
    assert outbox.last_error() == "x: no connection"
    assert Message.objects.claim("urgent") == []  # a pause

    Office.objects.update(paused_until=timezone.now())
    assert send_all(Post()) is True
    assert (outbox.failing_since(), outbox.last_error()) == (None, "")


def test_mail_that_no_worker_has_looked_at_for_long_counts_as_failing():
    write()
    assert outbox.failing_since() is None
    then = timezone.now() - timedelta(minutes=11)
    Message.objects.update(due_at=then)
    assert outbox.failing_since() == then


def test_what_was_not_tried_when_time_is_over_is_due_again_at_once():
    for name in ["a", "b", "c"]:
        write(to=f"{name}@x.example")
    answers = iter([True, False])
    post = Post()
    outbox.send(Message.objects.claim("urgent"), post, may_go_on=lambda: next(answers))
    assert post.sent == ["a@x.example"]
    assert [m.attempts for m in Message.objects.claim("urgent")] == [1, 1]


def test_a_worker_that_was_frozen_past_its_lease_sends_nothing(settings):
    write()
    batch = Message.objects.claim("urgent")
    batch[0].due_at -= timedelta(minutes=2)
    post = Post()
    outbox.send(batch, post, may_go_on=lambda: True)
    assert post.sent == []


# Holding


def test_after_a_restore_nothing_leaves_until_somebody_releases_it():
    outbox.hold("restored from a backup")
    outbox.hold("again")
    write()
    assert (outbox.is_held(), outbox.held_because()) == (True, "restored from a backup")
    assert Message.objects.claim("urgent") == []

    outbox.release()
    outbox.release()
    assert outbox.is_held() is False
    assert len(Message.objects.claim("urgent")) == 1
    events = list(Entry.objects.order_by("pk").values_list("event", flat=True))
    assert events == ["outbox.held", "outbox.released"]


def test_what_waited_in_a_backup_can_be_left_unsent_when_mail_is_released():
    old = write()
    outbox.hold("restored")
    new = write(to="bo@steward.example")
    outbox.release(leave_unsent=True)

    assert [m.pk for m in Message.objects.claim("urgent")] == [new.pk]
    assert [m.pk for m in outbox.dead()] == [old.pk]
    released = Entry.objects.get(event="outbox.released")
    assert released.details["left_unsent"] == 1


def test_what_was_kept_for_the_day_stays_kept_while_mail_is_held():
    """A backup's notices were sent since; they must not come out as new mail of today."""
    kept = write(digest_for=ANA)
    Message.objects.update(due_at=timezone.now())
    outbox.hold("restored")
    assert outbox.send_digests() == 0
    outbox.release(leave_unsent=True)
    assert outbox.send_digests() == 0
    assert [m.pk for m in outbox.dead()] == [kept.pk]


# Clocks that were wrong


def test_mail_written_or_tried_by_a_clock_that_was_put_back_goes_at_once(time_machine):
    time_machine.move_to("2031-01-01T12:00:00Z", tick=False)
    written, claimed, later = write(), write(), write(not_before=timezone.now() + A_DAY)
    Message.objects.filter(pk=claimed.pk).update(
        tried_at=timezone.now(), due_at=timezone.now() + timedelta(hours=4), attempts=9
    )
    outbox.wake_for_due()
    assert [m.pk for m in Message.objects.due("urgent")] == [written.pk]

    time_machine.move_to("2030-01-01T12:00:00Z", tick=False)
    outbox.wake_for_due()
    assert {m.pk for m in Message.objects.due("urgent")} == {written.pk, claimed.pk}
    assert later in Message.objects.waiting()


def test_a_pause_set_by_a_clock_that_was_put_back_is_over(time_machine):
    time_machine.move_to("2031-01-01T12:00:00Z", tick=False)
    write()
    send_all(Post(ana=NotConnected("away")))
    assert Office.load().is_pausing
    time_machine.move_to("2030-01-01T12:00:00Z", tick=False)
    assert not Office.load().is_pausing


# One mail a day


def test_notices_kept_for_the_day_become_one_mail_in_the_persons_language():
    for number in range(3):
        write(digest_for=ANA, language="es", context={"subject": f"News {number}", "text": "Ah."})
    write(to="bo@steward.example", digest_for="bo@steward.example")
    assert set(Message.objects.values_list("state", flat=True)) == {"kept"}
    assert Message.objects.claim("urgent") == []
    assert outbox.send_digests() == 0

    Message.objects.update(due_at=timezone.now())
    assert outbox.send_digests() == 2
    assert outbox.send_digests() == 0
    (day,) = outbox.pending(to=ANA)
    assert (day.template, day.language, day.urgency) == ("outbox/daily", "es", "long")
    assert [day.body.count(f"News {number}") for number in range(3)] == [1, 1, 1]
    assert day.body.count("\n-- \n") == 1


def test_the_mail_of_the_day_is_put_together_in_the_morning():
    now = timezone.now().replace(hour=5, minute=59)
    assert outbox.next_digest(now) == now.replace(hour=6, minute=0, second=0, microsecond=0)
    assert outbox.next_digest(now + timedelta(hours=1)).date() == now.date() + timedelta(days=1)


def test_what_was_sent_is_forgotten_after_a_week():
    message = write()
    send_all(Post())
    assert outbox.forget_old() == 0
    Message.objects.update(sent_at=timezone.now() - timedelta(days=8))
    assert outbox.forget_old() == 1
    message.refresh_from_db()
    assert (message.to, message.subject, message.body) == ("", "", "")
    assert message.message_id
    assert (message.to_index, message.digest) == ("", "")


def test_a_mail_ends_on_the_day_that_was_told_or_three_months_after_it_is_due():
    today, later = timezone.now(), timezone.now() + timedelta(days=100)
    told = today.date() + timedelta(days=14)
    assert write().delete_on == today.date() + timedelta(days=90)
    assert write(not_before=later).delete_on == later.date() + timedelta(days=90)
    assert write(until=told).delete_on == told
    assert write(until=later.date()).delete_on == today.date() + timedelta(days=90)


def test_a_mail_is_sealed_and_found_by_an_index():
    message = write(to="Ana@Union.example", digest_for=ANA)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM outbox_message")
        row = b"|".join(
            bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode()
            for v in cursor.fetchone()
        )
    for words in (b"union.example", b"Union.example", b"Hello", b"Words."):
        assert words not in row
    assert list(outbox.pending(to=" ana@union.example")) == [message]


def test_a_mail_whose_key_is_gone_is_given_up_and_not_sent():
    message = write()
    keyring().delete_ended(message.delete_on + timedelta(days=7))  # whatever its week was told
    post = Post()
    send_all(post)
    message.refresh_from_db()
    assert (message.state, message.last_error, post.sent) == ("dead", outbox.CLOSED, [])


def test_what_a_server_says_is_kept_without_the_persons_name():
    write(to="rosa.perez@x.example")
    trouble = {"rosa.perez": Refused("550 no user Rosa.Perez here (rosa.perez@x.example)")}
    send_all(Post(**trouble))
    assert Message.objects.get().last_error == "550 no user [address] here [address]"


# Tasks


def test_draining_sends_what_is_due(settings, tmp_path):
    settings.CONFIG = type(settings.CONFIG)(home=tmp_path)
    write()
    tasks.drain.call("urgent")
    assert states() == {ANA: "sent"}
    (mail,) = (tmp_path / "mail").iterdir()
    assert b"To: ana@union.example" in mail.read_bytes()
    assert Duty.objects.count() == 0


@pytest.mark.django_db
def test_the_subject_of_a_demos_mail_says_so(settings):
    settings.DEMO = True
    facts = {"subject": "Hello", "text": "Words."}
    message = outbox.mail("outbox/plain", to="ana@example.org", context=facts)
    assert message.subject.startswith("Demo: ")
