"""A prepared installation for tests of the command line: each test gets a copy of its own."""

import fcntl
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

SRC = Path(__file__).resolve().parents[2] / "src"
HANGS = 300
"""Seconds after which a command is taken to hang, on a busy machine too."""


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
            timeout=HANGS,
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
            timeout=HANGS,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


@pytest.fixture(scope="session")
def made_home(tmp_path_factory):
    """One home made by `convoca init`, to be copied: by all workers of this run."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    home = folder / "made-home"
    with (folder / "made-home.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not home.exists():
            made = Installation(folder / "being-made").run("init", "--json")
            assert made.returncode == 0, made.stderr
            (folder / "being-made").rename(home)
    return home


def seed(home: Path, made_home: Path) -> None:
    """Put what takes long to make into a home that is not there yet, and nothing else: `convoca
    init` finds it as if it had been here before.
    """
    home.mkdir(parents=True)
    shutil.copytree(made_home / "static", home / "static", copy_function=_copy)
    _copy(made_home / "places.sqlite3", home / "places.sqlite3")


@pytest.fixture
def installation(made_home, tmp_path):
    home = tmp_path / "home"
    shutil.copytree(made_home, home, copy_function=_copy)
    return Installation(home)


def _copy(source, target):
    """What no test changes is linked: the table of places (56 MB) and collected files."""
    path = Path(source)
    is_still = path.name == "places.sqlite3" or "static" in path.parts
    (os.link if is_still and path.name != ".digest" else shutil.copy2)(source, target)


@pytest.fixture
def bare(made_home, tmp_path):
    """A home without settings, keys and database; only what takes long to make is there."""
    seed(tmp_path / "bare", made_home)
    return Installation(tmp_path / "bare")


@pytest.fixture
def empty(tmp_path):
    """A home that is not there yet."""
    return Installation(tmp_path / "nothing")


def wait_until(question, seconds: float = 60.0):
    """Ask until the answer is yes; the answer, or a failure."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        answer = question()
        if answer:
            return answer
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s: {question}")
