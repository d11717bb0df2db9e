"""What every test may ask for."""

import pytest
from django.utils import translation

from convoca.media import store
from convoca.pages import keeping
from convoca.pages import services as pages
from convoca.pages.audit import audit
from tests import ports

pytest_plugins = ["tests.cast"]


@pytest.fixture(autouse=True)
def _in_english():
    """Each test begins in English, whatever language the one before it asked for."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _nothing_kept_in_memory():
    """Each test has a database of its own, whose versions begin anew."""
    yield
    keeping.forget_everything()


@pytest.fixture(autouse=True)
def _withheld_files_come_back(monkeypatch):
    """The database forgets what a test withheld; the folder of files, which all share, must too."""
    genuine, withheld = store.withhold, []

    def withhold(name, ending=store.OFF):
        withheld.append(name)
        genuine(name, ending)

    monkeypatch.setattr(store, "withhold", withhold)
    yield
    for name in withheld:
        for ending in (store.DOWN, store.OFF):
            store.give_back(name, ending)


@pytest.fixture
def free_port():
    return ports.free_port()


@pytest.fixture
def kept_pages(settings, tmp_path):
    """A store of kept pages for this test; without it nothing is kept."""
    settings.PAGES_STORE = tmp_path / "pages.sqlite3"
    kept = pages.store()
    yield kept
    kept.close()


@pytest.fixture
def audited_pages(kept_pages, db):
    """The same; at the end each page that counts as fresh is what would be drawn now."""
    yield kept_pages
    assert [str(one) for one in audit()] == []
