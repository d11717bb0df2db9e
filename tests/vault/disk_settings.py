"""The product's own settings, with the tests' own kind of sealed rows."""

from convoca.web.settings import *  # noqa: F403
from convoca.web.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.vault.guests"]
