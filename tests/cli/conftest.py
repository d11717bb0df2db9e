"""A prepared installation for tests of the command line: each test gets a copy of its own."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

SRC = Path(__file__).resolve().parents[2] / "src"


class Installation:
    """A home, and the `convoca` command run on it as another process, as a person would."""

    def __init__(self, home: Path, **environ: str) -> None:
        self.home = home
        self.environ = {
            **{
                name: value for name, value in os.environ.items() if not name.startswith("CONVOCA_")
            },
            "PYTHONPATH": str(SRC),
            "CONVOCA_HOME": str(home),
            "PYTHONWARNINGS": "ignore",
            **environ,
        }
        self.environ.pop("DJANGO_SETTINGS_MODULE", None)

    def words(self, *words: object) -> list[str]:
        return [sys.executable, "-m", "convoca", *map(str, words)]

    def run(self, *words: object, stdin: str = "", **environ: str):
        return subprocess.run(
            self.words(*words),
            env={**self.environ, **environ},
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def start(self, *words: object, into=subprocess.PIPE, **environ: str):
        return subprocess.Popen(
            self.words(*words),
            env={**self.environ, **environ},
            stdin=subprocess.DEVNULL,
            stdout=into,
            stderr=into,
            text=True,
        )

    def python(self, code: str):
        """Run code within the installation, with Django started."""
        head = "from convoca.cli.ready import start_django; start_django()\n"
        done = subprocess.run(
            [sys.executable, "-c", head + code],
            env=self.environ,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


@pytest.fixture(scope="session")
def _prepared():
    """One installation made by `convoca init`, to be copied."""
    folder = Path(tempfile.mkdtemp(prefix="convoca-cli-"))
    made = Installation(folder / "home").run("init", "--json")
    assert made.returncode == 0, made.stderr
    yield folder / "home"
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def installation(_prepared, tmp_path):
    home = tmp_path / "home"
    shutil.copytree(_prepared, home, copy_function=_copy)
    return Installation(home)


def _copy(source, target):
    """What no test changes is linked: the table of places (56 MB) and collected files."""
    path = Path(source)
    is_still = path.name == "places.sqlite3" or "static" in path.parts
    (os.link if is_still and path.name != ".digest" else shutil.copy2)(source, target)


@pytest.fixture
def bare(_prepared, tmp_path):
    """A home without settings, keys and database; only what takes long to make is there."""
    home = tmp_path / "bare"
    home.mkdir()
    shutil.copytree(_prepared / "static", home / "static", copy_function=_copy)
    _copy(_prepared / "places.sqlite3", home / "places.sqlite3")
    return Installation(home)


@pytest.fixture
def empty(tmp_path):
    """A home that is not there yet."""
    return Installation(tmp_path / "nothing")


def wait_until(question, seconds: float = 20.0):
    """Ask until the answer is yes; the answer, or a failure."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        answer = question()
        if answer:
            return answer
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s: {question}")
