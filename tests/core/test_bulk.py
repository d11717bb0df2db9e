"""Many rows at once are the rows that `save` would have written."""

import pytest
from django.db import connection

from convoca.core.bulk import insert, like, much_to_write
from convoca.core.names import Names
from convoca.network.models import Organisation

pytestmark = pytest.mark.django_db


def test_rows_are_written_with_every_column_and_know_their_keys():
    rows = [Organisation(names=Names(es=f"Unión {number}"), languages=["es"]) for number in "ab"]
    insert(rows, known_by="code")
    kept = Organisation.objects.in_bulk([row.pk for row in rows])
    assert [kept[row.pk].names for row in rows] == [row.names for row in rows]
    assert not rows[0]._state.adding
    assert Organisation.objects.get(pk=rows[1].pk).languages == ["es"]


def test_none_are_none():
    assert insert([]) == []


def test_rows_made_like_a_pattern_are_rows_of_their_own():
    pattern = Organisation(names=Names(es="Unión"), languages=["es"])
    make = like(pattern)
    rows = [make(), make()]
    for number, row in enumerate(rows):
        row.code, row.names = f"k7mq02x{number}", Names(es=f"Unión {number}")
    insert(rows, known_by="code")
    assert sorted(map(str, Organisation.objects.all())) == ["Unión 0", "Unión 1"]
    assert (pattern.pk, pattern._state.adding) == (None, True)


def test_more_of_the_file_is_at_hand_until_the_block_is_left():
    if connection.vendor != "sqlite":
        pytest.skip("a file's own matter")

    def at_hand():
        with connection.cursor() as cursor:
            return cursor.execute("PRAGMA cache_size").fetchone()[0]

    before = at_hand()
    with much_to_write():
        assert at_hand() == -32_000
    assert at_hand() == before
