"""Public pages that do what a test asks of them."""

import pytest

from tests.pages import odd_urls


@pytest.fixture
def does():
    """What odd pages do, by name; forgotten after the test."""
    yield odd_urls.DOES
    odd_urls.DOES.clear()
