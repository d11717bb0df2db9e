"""A running campaign and an action in it."""

import pytest

from tests.actions.making import make_action
from tests.campaigns.conftest import campaign, draft, steward, week  # noqa: F401  used as fixtures


@pytest.fixture
def action(campaign, union):  # noqa: F811  the fixture of that name
    """A public march in Asunción, hosted by the union, in twenty days."""
    return make_action(campaign, union)
