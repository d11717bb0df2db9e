"""Networks that hand in their lists, and somebody who decides what speaks of what."""

import pytest

from convoca.campaigns import services as campaigns
from convoca.core.names import Names
from convoca.counting.models import Source
from tests.actions.conftest import action, campaign, draft, steward  # noqa: F401  used as fixtures
from tests.actions.making import in_days


@pytest.fixture
def week(campaign, steward):  # noqa: F811  the fixtures of these names
    """A week of action that is over."""
    return campaigns.add_moment(
        campaign,
        kind="week",
        starts_on=in_days(-9),
        ends_on=in_days(-3),
        where=Names(en="everywhere", es="en todas partes"),
        under=steward,
    )


@pytest.fixture
def rivers(db) -> Source:
    return Source.objects.create(name="Rivers Alliance")


@pytest.fixture
def gazette(db) -> Source:
    return Source.objects.create(name="The Gazette", kind=Source.Kind.PRESS)
