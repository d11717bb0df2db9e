"""A small site, and a copy of it."""

import shutil
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from convoca.core.names import Names
from convoca.network.models import Network
from convoca.network.services import grant
from convoca.pages.mirror import site
from convoca.pages.mirror.links import Wish
from convoca.pages.mirror.manifest import private_key, public_words, read
from convoca.pages.mirror.verifying import Asked, Problem, problems, read_manifest
from convoca.pages.mirror.writing import write
from tests.actions.making import make_action
from tests.campaigns.conftest import publish, start
from tests.cast import make_organisation, make_person, mandate_of, with_second_factor

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


@pytest.fixture(scope="module")
def small(django_db_setup, django_db_blocker):
    """A network that speaks one language, with one campaign and one action: soon drawn."""
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        network = Network.load()
        network.names, network.languages = Names(en="Living Rivers"), ["en"]
        network.ready_at = timezone.now()
        network.save()
        union = make_organisation("Union of Port Workers", country="PT")
        bo, mia = (with_second_factor(make_person(name)) for name in ("Bo", "Mia"))
        grant(bo, "steward")
        grant(mia, "moderator", countries=["PY"])
        campaign = publish(start(mandate_of(bo), union), mandate_of(bo))
        whole = site.site()

        def addresses():
            return [path for path in whole.addresses() if path.startswith("/en/")]

        patch.setattr(site, "_TOLD", [replace(whole, addresses=addresses)])
        yield SimpleNamespace(
            union=union,
            library=make_organisation("Library of the Delta", country="EG"),
            mia=mia,
            campaign=campaign,
            action=make_action(campaign, union),
        )
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def made_once(small, tmp_path_factory):
    """A copy of the small network's site, which nobody changes."""
    home = tmp_path_factory.mktemp("mirror")
    made = Copy(folder=home / "copy", home=home)
    made.refresh()
    return made


@pytest.fixture
def copy(made_once, tmp_path):
    """The same copy at another place, and all that is remembered of it."""
    own = Copy(folder=tmp_path / "copy", home=tmp_path)
    shutil.copytree(made_once.folder, own.folder)
    (own.home / "mirrors").mkdir()
    shutil.copyfile(_state(made_once), _state(own))
    return own


def _state(copy: Copy) -> Path:
    name = sha256(str(copy.folder).encode()).hexdigest()[:32]
    return copy.home / "mirrors" / f"{name}.sqlite3"


def _anew(name: str):
    """A fixture: the row of that name, as the database has it."""

    @pytest.fixture(name=name)
    def anew(small, db):
        row = getattr(small, name)
        return type(row)._default_manager.get(pk=row.pk)

    return anew


action, campaign, union = _anew("action"), _anew("campaign"), _anew("union")
library, mia = _anew("library"), _anew("mia")
