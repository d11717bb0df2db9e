"""A worker process for the crash test: the real one, or one of two that are broken on purpose.

`python -m tests.outbox.crash_worker right|forgetful|repeating`
"""

import sys

import django


def forgetful():
    """Marks mail as sent when it claims it: what a crash interrupts is lost."""
    from django.utils import timezone  # noqa: PLC0415  app ready

    from convoca.outbox import services  # noqa: PLC0415  app ready
    from convoca.outbox.models import MessageQuerySet  # noqa: PLC0415  app ready

    claim = MessageQuerySet.claim

    def claim_and_mark(self, urgency, most=50):
        batch = claim(self, urgency, most)
        numbers = [message.pk for message in batch]
        self.filter(pk__in=numbers).update(state="sent", sent_at=timezone.now())
        return batch

    MessageQuerySet.claim = claim_and_mark
    services._mark_sent = lambda message: None


def repeating():
    """Marks mail as sent when the whole batch is through: what a crash interrupts is repeated."""
    from convoca.outbox import services  # noqa: PLC0415  app ready

    mark, give_back = services._mark_sent, services.MessageQuerySet.give_back
    sent = []
    services._mark_sent = sent.append

    def mark_late(self, rows):
        while sent:
            mark(sent.pop())
        give_back(self, rows)

    services.MessageQuerySet.give_back = mark_late


if __name__ == "__main__":
    django.setup()
    {"right": lambda: None, "forgetful": forgetful, "repeating": repeating}[sys.argv[1]]()

    from convoca.outbox.worker import run

    run("urgent")
