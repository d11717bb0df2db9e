"""What every test may ask for."""

import pytest
from django.utils import translation

from tests import ports

pytest_plugins = ["tests.cast"]


@pytest.fixture(autouse=True)
def _in_english():
    """Each test begins in English, whatever language the one before it asked for."""
    with translation.override("en"):
        yield


@pytest.fixture
def free_port():
    return ports.free_port()
