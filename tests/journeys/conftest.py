"""After each journey every page that counts as fresh is what would be drawn now."""

import pytest


@pytest.fixture(autouse=True)
def _audited(audited_pages):
    """Whatever strangers read on the way was kept, and is looked at again at the end."""
