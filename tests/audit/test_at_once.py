"""Two who write at once: their rows are sealed in the order of their numbers."""

import threading

import pytest
from django.db import connection, transaction

from convoca.audit import services as audit

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite has one writer at a time")
def test_a_row_that_is_committed_late_is_no_row_put_in_afterwards():
    has_number, may_commit, is_sealed = threading.Event(), threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            audit.record("thing.begun")
            has_number.set()
            may_commit.wait(10)
        connection.close()

    def seal():
        audit.seal()
        is_sealed.set()
        connection.close()

    threads = [threading.Thread(target=slow), threading.Thread(target=seal)]
    threads[0].start()
    has_number.wait(10)
    audit.record("thing.done")  # a higher number, committed first
    threads[1].start()
    assert not is_sealed.wait(0.5)
    may_commit.set()
    for thread in threads:
        thread.join(20)

    assert is_sealed.is_set()
    verdict = audit.verify()
    assert (verdict.rows, verdict.links, verdict.broken) == (2, 1, "")
