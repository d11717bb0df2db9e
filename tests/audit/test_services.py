from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from convoca.accounts.models import Person
from convoca.audit import services as audit
from convoca.audit.models import AppendOnly, Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def rosa():
    return Person.objects.create_person("rosa@example.org", name="Rosa")


def change_behind_our_back(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_a_row_says_who_did_what_to_what(rosa):
    entry = audit.record("person.renamed", by=rosa, about=rosa, letters=4)

    assert (entry.event, entry.person_id, entry.about_words) == ("person.renamed", rosa.pk, "")
    assert entry.details == {"letters": 4}
    assert list(Entry.objects.all().about(rosa)) == [entry]


def test_rows_are_never_changed_nor_deleted(rosa):
    entry = audit.record("person.renamed", by=rosa)
    for attempt in (entry.save, entry.delete, Entry.objects.all().delete):
        with pytest.raises(AppendOnly):
            attempt()
    with pytest.raises(AppendOnly):
        Entry.objects.update(event="nothing.happened")


def test_an_untouched_trail_holds(rosa):
    for minute in range(3):
        audit.record("person.renamed", by=rosa, minute=minute)
        audit.record("person.renamed", by=rosa)
        audit.seal()
    audit.record("person.renamed")  # not sealed yet

    verdict = audit.verify()
    assert (verdict.rows, verdict.links, verdict.broken) == (7, 3, "")


def test_sealing_nothing_makes_no_link():
    assert audit.seal() is None


@pytest.mark.parametrize("sealed", [True, False])
def test_a_changed_row_is_named(rosa, sealed):
    entries = [audit.record("person.renamed", by=rosa, number=n) for n in range(3)]
    if sealed:
        audit.seal()
    change_behind_our_back(
        "UPDATE audit_entry SET event = 'vote.given' WHERE id = %s", entries[1].pk
    )
    assert audit.verify().broken == f"row {entries[1].pk} (changed)"


def test_a_row_changed_together_with_its_digest_is_named(rosa):
    entries = [audit.record("person.renamed", by=rosa, number=n) for n in range(3)]
    audit.seal()
    forged = Entry.objects.get(pk=entries[1].pk)
    forged.event = "vote.given"
    change_behind_our_back(
        "UPDATE audit_entry SET event = %s, digest = %s WHERE id = %s",
        forged.event, forged.right_digest(), forged.pk,
    )  # fmt: skip
    assert audit.verify().broken == f"row {forged.pk} (changed)"


def test_a_missing_row_is_named(rosa):
    entries = [audit.record("person.renamed", by=rosa) for _ in range(3)]
    audit.seal()
    change_behind_our_back("DELETE FROM audit_entry WHERE id = %s", entries[1].pk)
    assert audit.verify().broken == f"row {entries[1].pk} (missing)"


def test_a_link_rewritten_with_its_hash_breaks_the_next(rosa):
    first = audit.record("person.renamed", by=rosa)
    link = audit.seal()
    audit.record("person.renamed", by=rosa)
    following = audit.seal()
    link.digests = {str(first.pk): "0" * 64}
    link.hash = link.right_hash()
    link.save()

    assert audit.verify().broken.startswith((f"row {first.pk}", f"link {following.pk}"))


def test_old_rows_go_and_the_chain_still_holds(rosa):
    with time_machine.travel(timezone.now() - audit.KEPT - timedelta(days=1)):
        audit.record("person.renamed", by=rosa)
        audit.seal()
    audit.record("person.renamed", by=rosa)
    audit.seal()

    assert audit.prune() == 1
    assert Entry.objects.count() == 1
    assert audit.verify().broken == ""
