"""Settings for tests: a throw-away home, SQLite unless CONVOCA_TEST_DATABASE_URL names a server."""

import os
import tempfile
from pathlib import Path

_HOME = Path(tempfile.mkdtemp(prefix="convoca-test-"))
(_HOME / "static").mkdir()
for _name in [name for name in os.environ if name.startswith("CONVOCA_")]:
    if _name != "CONVOCA_TEST_DATABASE_URL":
        del os.environ[_name]
os.environ["CONVOCA_HOME"] = str(_HOME)
os.environ["CONVOCA_SECRET_KEY"] = "only-for-tests-" + "x" * 40
_DATABASE = os.environ.pop("CONVOCA_TEST_DATABASE_URL", "")
os.environ["CONVOCA_DATABASE_URL"] = _DATABASE

from convoca.web.settings import *  # noqa: E402, F403
from convoca.web.settings import DATABASES, INSTALLED_APPS, STORAGES  # noqa: E402

if _DATABASE:  # put back: the processes that share the work read these settings anew
    os.environ["CONVOCA_TEST_DATABASE_URL"] = _DATABASE
INSTALLED_APPS = [*INSTALLED_APPS, "tests.vault.guests"]
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
DATABASES["default"].setdefault("TEST", {})
if not _DATABASE:  # in memory, as for Django's own backend; pytest-django knows that one by name
    DATABASES["default"]["TEST"]["NAME"] = ":memory:"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Unpacked once for all test processes; a later run finds it there.
PLACES_TABLE = Path(tempfile.gettempdir()) / f"convoca-test-{os.getuid()}" / "places.sqlite3"
PAGES_STORE = None  # `kept_pages` gives a test a store of its own
