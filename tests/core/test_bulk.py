"""Many rows at once are the rows that `save` would have written."""

import pytest

from convoca.core.bulk import insert
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
