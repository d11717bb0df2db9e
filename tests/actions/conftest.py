"""A running campaign, an action in it, and who lets actions in."""

import pytest

from convoca.network import services as network
from tests.actions.making import make_action
from tests.campaigns.conftest import campaign, draft, steward, week  # noqa: F401  used as fixtures
from tests.cast import make_person, with_second_factor


@pytest.fixture
def action(campaign, union):  # noqa: F811  the fixture of that name
    """A public march in Asunción, hosted by the union, in twenty days."""
    return make_action(campaign, union)


@pytest.fixture
def mia(campaign):  # noqa: F811  the fixture of that name
    """Lets actions in for Paraguay."""
    person = with_second_factor(make_person("Mia"))
    network.grant(person, "moderator", countries=["PY"])
    return person
