"""A whole server for a test: `convoca init` and `convoca serve` as processes of their own."""

import json
import os
import signal
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

from tests.cli.conftest import Installation, wait_until
from tests.ports import free_port

LOAD = """
import json
from django.test import Client
from convoca.accounts.models import Person
from convoca.web import sample
sample.load()
keys = {}
for role in sample.ROLES:
    visitor = Client()
    visitor.force_login(Person.objects.get(email=role.email))
    keys[role.key] = visitor.cookies["sessionid"].value
print(json.dumps(keys))
"""


def load_sample(installation):
    """Make the home, with the sample network in it; `sessions` has one of each role."""
    made = installation.run("init")
    assert made.returncode == 0, made.stderr
    installation.sessions = json.loads(installation.python(LOAD).splitlines()[-1])


def prepare(folder, **environ):
    """A home under `folder` that knows its address; not initialised yet."""
    port = free_port()
    made = Installation(
        Path(folder) / "home",
        CONVOCA_PORT=str(port),
        CONVOCA_URL=f"http://localhost:{port}",
        CONVOCA_MAIL_URL="folder:",
        CONVOCA_MAIL_FROM="convoca@rivers.example",
        **environ,
    )
    made.url = made.environ["CONVOCA_URL"]
    return made


@contextmanager
def serving(installation):
    """Serve it, until the block is left; nothing of it stays behind."""
    with (installation.home.parent / "serve.log").open("wb") as log:
        process = installation.start("serve", into=log)
        try:
            wait_until(lambda: process.poll() is not None or _answers(installation.url), 90)
            assert process.poll() is None, Path(log.name).read_text(encoding="utf-8")
            yield installation
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=15)
            except TimeoutError:
                os.kill(process.pid, signal.SIGKILL)


def pages_are_right(installation):
    """What readers get of this server as fresh is what would be drawn now."""
    made = installation.run("check", "--pages")
    assert made.returncode == 0, made.stdout + made.stderr


def _answers(url):
    try:
        with urlopen(f"{url}/en/imprint/", timeout=5):  # noqa: S310  our own server
            return True
    except HTTPError:
        return True
    except OSError:
        return False
