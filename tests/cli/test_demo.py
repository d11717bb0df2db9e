"""The demo: one command, everything under ./var/demo, up again at once, nothing left behind."""

import os
import re
import signal
import time
import urllib.request

import pytest

from tests.cli.conftest import Installation
from tests.cli.test_serve import processes_of

pytestmark = pytest.mark.slow


def read(place, path):
    port = place.environ["PORT"]
    with urllib.request.urlopen(f"http://localhost:{port}{path}", timeout=60) as page:
        return page.read().decode()


@pytest.fixture
def place(tmp_path, free_port):
    """Somewhere to run the demo; settings of a real installation are in the environment."""
    made = Installation(tmp_path, PORT=str(free_port))
    made.environ |= {"CONVOCA_DATABASE_URL": "postgres://nobody@192.0.2.1/x", "CONVOCA_BIND": "::"}
    made.url = f"http://localhost:{free_port}"
    yield made
    for pid in processes_of(tmp_path / "demo"):
        os.kill(pid, signal.SIGKILL)


def start(place):
    """Start it and wait for its greeting; the process, the words, and the seconds it took."""
    begun = time.monotonic()
    process = place.start("demo")
    said = []
    for line in process.stderr:
        said.append(line)
        if "Ctrl-C" in line:
            break
    return process, "".join(said), time.monotonic() - begun


def stop(process, place):
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=60) == 0
    process.communicate()
    assert processes_of(place.home / "demo") == []


def test_a_sample_network_is_there_at_once_and_again_sooner(place):
    process, said, first = start(place)
    assert f"The sample network is on {place.url}\n" in said
    assert re.search(r"\S+@\S+ +Steward of the network, reads Spanish\n", said)
    assert "Demo · " in read(place, "/en/")
    assert "Nobody gets these mails" in read(place, "/demo/mail/")
    stop(process, place)

    process, said, again = start(place)
    assert "Demo · " in read(place, "/en/")
    stop(process, place)
    assert again < first
    assert [path.name for path in place.home.iterdir()] == ["demo"]


def test_a_port_that_is_none_is_a_sentence(place):
    ended = place.run("demo", PORT="eighty")
    assert (ended.returncode, ended.stderr) == (1, "convoca: PORT: “eighty” is not a port.\n")


def test_the_sample_goes_into_no_real_installation(installation):
    ended = installation.python(
        "from django.core.management import CommandError, call_command\n"
        "try:\n    call_command('sample')\nexcept CommandError as error:\n    print(error)"
    )
    assert ended == "The sample network goes into a demo only: convoca demo"
