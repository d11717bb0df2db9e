"""What every test may ask for."""

import os

import pytest
from django.utils import translation

from convoca.media import store
from convoca.pages import keeping
from convoca.pages import services as pages
from convoca.pages.audit import audit
from tests import ports
from tests.cli.conftest import made_home  # noqa: F401  many ask for it

pytest_plugins = ["tests.cast"]


def pytest_collection_modifyitems(config, items):
    """On PostgreSQL what asks no database runs no second time."""
    if "postgres" not in os.environ.get("CONVOCA_TEST_DATABASE_URL", ""):
        return
    asking = {"db", "transactional_db", "django_db_setup"}
    rest = [
        one
        for one in items
        if one.get_closest_marker("django_db") is None and not asking & set(one.fixturenames)
    ]
    alike = {one for one in rest if one.get_closest_marker("slow") is None}
    config.hook.pytest_deselected(items=list(alike))
    items[:] = [one for one in items if one not in alike]


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
