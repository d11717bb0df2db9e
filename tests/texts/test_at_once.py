"""Two who act on one text in the same moment: decided under a lock, on both databases."""

import threading
import time
from contextlib import contextmanager

import pytest
from django.db import connection

from convoca.texts import services
from convoca.texts.signals import version_published
from tests.network.test_at_once import at_once
from tests.texts.conftest import SECOND, published, translate

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _threads_share_the_database():
    """SQLite in memory is one connection's own: threads would not see each other."""
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("needs a database that threads share: PostgreSQL")


@contextmanager
def publishing_takes_a_while():
    """Answers an event that is set while a version is published, with all its rows locked."""
    locked = threading.Event()

    def hold(**kwargs: object) -> None:
        locked.set()
        time.sleep(0.5)

    version_published.connect(hold)
    yield locked
    version_published.disconnect(hold)


def test_words_saved_while_a_version_is_published_are_counted_against_it(text, rhea, edi):
    fr = translate(text, "fr", rhea)
    services.save_source(text, SECOND, seen_revision=text.revision, by=edi)

    def save() -> None:
        locked.wait(10)
        services.save_paragraph(fr, 2, "L'eau.", seen_revision=1, by=rhea, base_version=1)

    with publishing_takes_a_while() as locked:
        assert at_once(lambda: services.publish_version(text, by=edi), save) == []
    fr.refresh_from_db()
    assert (fr.older_count, fr.paragraphs.get(key=2).body) == (1, "L'eau.")


def test_a_translation_approved_while_a_version_is_published_is_older_at_once(text, rhea, rui, edi):
    fr = services.submit(translate(text, "fr", rhea), by=rhea)
    services.save_source(text, SECOND, seen_revision=text.revision, by=edi)

    def approve() -> None:
        locked.wait(10)
        services.approve(fr, by=rui, seen_revision=fr.revision)

    with publishing_takes_a_while() as locked:
        assert at_once(lambda: services.publish_version(text, by=edi), approve) == []
    text.refresh_from_db()
    fr.refresh_from_db()
    assert (fr.state, fr.behind_count) == ("stale", 1)
    assert [part.key for part in services.reading(text, "fr").older] == [3]


def test_a_paragraph_claimed_by_two_at_once_is_one_persons(text, rhea, rui):
    fr = services.open_translation(text, "fr", by=rhea)
    refused = at_once(*(lambda p=p: services.claim(fr, 2, by=p) for p in (rhea, rui)))
    assert refused == ["paragraph-claimed"]


def test_of_two_who_save_one_paragraph_at_once_the_second_is_asked(text, rhea, rui):
    fr = services.open_translation(text, "fr", by=rhea)
    refused = at_once(
        *(
            lambda p=p: services.save_paragraph(fr, 2, f"De {p}", seen_revision=0, by=p)
            for p in (rhea, rui)
        )
    )
    assert refused == ["text-changed"]
    assert fr.paragraphs.get(key=2).revision == 1


def test_a_translation_begun_by_two_at_once_is_one(text, rhea, rui):
    steps = [lambda p=p: services.open_translation(text, "fr", by=p) for p in (rhea, rui)]
    assert at_once(*steps) == []
    assert text.translations.count() == 1


def test_a_version_published_by_two_at_once_is_one(text, edi, stu):
    services.save_source(text, SECOND, seen_revision=text.revision, by=edi)
    steps = [lambda p=p: services.publish_version(text, by=p) for p in (edi, stu)]
    assert at_once(*steps) == []
    assert text.versions.count() == 2


def test_a_renewal_approved_and_withdrawn_at_once_is_one_or_the_other(text, rhea, rui, stu):
    fr = published(text, "fr", rhea)
    row = fr.paragraphs.get(key=2)
    services.save_paragraph(fr, 2, "Autre.", seen_revision=row.revision, by=rhea)
    services.submit(fr, by=rhea)
    refused = at_once(lambda: services.approve(fr, by=rui), lambda: services.withdraw(fr, by=stu))
    fr.refresh_from_db()
    assert not fr.is_published
    assert refused in ([], ["translation-not-in-review"])
