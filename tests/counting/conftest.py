"""Networks that hand in their lists, and somebody who decides what speaks of what."""

import pytest

from convoca.counting.models import Source
from tests.actions.conftest import action, campaign, draft, steward, week  # noqa: F401  used as fixtures


@pytest.fixture
def rivers(db) -> Source:
    return Source.objects.create(name="Rivers Alliance")


@pytest.fixture
def gazette(db) -> Source:
    return Source.objects.create(name="The Gazette", kind=Source.Kind.PRESS)
