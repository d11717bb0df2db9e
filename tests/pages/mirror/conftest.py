"""A small site, and a copy of it."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings

from convoca.pages.mirror import site
from convoca.pages.mirror.links import Wish
from convoca.pages.mirror.manifest import private_key, public_words, read
from convoca.pages.mirror.verifying import Asked, Problem, problems, read_manifest
from convoca.pages.mirror.writing import write
from tests.actions.conftest import action, campaign, draft, mia, steward  # noqa: F401  fixtures
from tests.campaigns.conftest import week  # noqa: F401  a fixture

ORIGIN = settings.CONFIG.url
KEY = private_key(b"k" * 32)


class Copy(SimpleNamespace):
    """A folder with a copy, and the home of the installation that writes it."""

    folder: Path
    home: Path

    def refresh(self, **wishes):
        wish = Wish(ORIGIN, **{"mail": "hello@rivers.example", **wishes})
        return write(self.folder, wish, home=self.home, key=KEY)

    def files(self):
        """Path → bytes, of all but the list."""
        paths = (path for path in self.folder.rglob("*") if path.is_file())
        found = {str(path.relative_to(self.folder)): path.read_bytes() for path in paths}
        return {path: body for path, body in found.items() if not path.startswith("manifest.")}

    def stamps(self):
        """Path → when it was written, of every file."""
        paths = (path for path in self.folder.rglob("*") if path.is_file())
        return {str(path.relative_to(self.folder)): path.stat().st_mtime_ns for path in paths}

    def text(self, path: str) -> str:
        return (self.folder / path).read_text()

    def manifest(self):
        return read((self.folder / "manifest.json").read_bytes())

    def problems(self):
        found = read_manifest(self.folder, Asked(key=public_words(KEY)))
        assert not isinstance(found, Problem), found
        return [(one.path, one.what) for one in problems(self.folder, found)]


@pytest.fixture
def small(network, action, week, library, monkeypatch):  # noqa: F811  those fixtures
    """A network that speaks one language, with one campaign and one action: soon drawn."""
    network.languages = ["en"]
    network.save()
    whole = site.site()

    def addresses():
        return [path for path in whole.addresses() if path.startswith("/en/")]

    monkeypatch.setattr(site, "_TOLD", [replace(whole, addresses=addresses)])
    return network


@pytest.fixture
def copy(small, tmp_path):
    """A copy of the small network's site."""
    made = Copy(folder=tmp_path / "copy", home=tmp_path)
    made.refresh()
    return made
