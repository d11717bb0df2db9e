"""Indexes of the tables into which lists write by the thousand."""

import pytest
from django.db.models import UniqueConstraint

from convoca.actions.models import Action, Attachment, Hosting, Stop
from convoca.counting.models import Claim, Estimate, Link


@pytest.mark.parametrize("model", [Action, Attachment, Hosting, Stop, Claim, Estimate, Link])
def test_no_column_has_an_index_of_its_own_where_another_begins_with_it(model):
    rules = [one for one in model._meta.constraints if isinstance(one, UniqueConstraint)]
    whole = [one for one in [*model._meta.indexes, *rules] if one.condition is None]
    begins = {one.fields[0] for one in whole if one.fields}
    twice = [
        field.name
        for field in model._meta.local_concrete_fields
        if field.db_index and not field.unique and field.name in begins
    ]
    assert twice == []
