"""`convoca mirror`: a copy is written, brought up to date, and verified by whoever has it."""

import json
import os
import subprocess
import sys

import pytest

from convoca.core import backups
from tests.cli.conftest import SRC


@pytest.fixture
def ready(installation):
    """An installation whose network speaks one language."""
    installation.python(
        "from convoca.network.models import Network; n = Network.load();"
        "n.languages = ['en']; n.imprint_mail = 'hello@rivers.example'; n.save()"
    )
    return installation


def verify(folder, *words):
    """As a reader does it: without an installation, and without Django."""
    code = (
        "import sys; from convoca.cli.main import main\n"
        f"ended = main(['mirror', 'verify', {str(folder)!r}, *{[str(one) for one in words]!r}])\n"
        "sys.exit(9 if 'django' in sys.modules else ended)"
    )
    return subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(SRC), "PATH": os.environ["PATH"]},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_copy_is_written_once_and_verified_by_anybody(ready, tmp_path):
    folder = tmp_path / "copy"
    first = ready.run("mirror", folder, "--json", CONVOCA_MIRROR_ALTERNATIVES="http://x.onion")
    assert first.returncode == 0, first.stderr
    told = json.loads(first.stdout)
    assert told["sequence"] == 1
    assert told["written"] == told["files"] > 50
    page = (folder / "en/about/index.html").read_text()
    assert "http://x.onion/en/about/" in page
    assert "mailto:hello@rivers.example" in page

    again = ready.run("mirror", folder, CONVOCA_MIRROR_ALTERNATIVES="http://x.onion")
    assert "; 0 written, 0 removed, 0 drawn. Number 1.\n" in again.stdout
    assert f"Key: {told['key']}\n" in again.stdout

    ended = verify(folder, "--key", told["key"], "--after", 1)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert f"is the copy of {told_origin(folder)} that was signed on" in ended.stdout

    (folder / "robots.txt").write_text("x")
    ended = verify(folder)
    assert (ended.returncode, ended.stdout) == (1, "robots.txt is not as it was signed.\n")
    ended = verify(folder, "--json", "--after", 2)
    assert json.loads(ended.stdout)["what"] == "gone-back"


def told_origin(folder):
    return json.loads((folder / "manifest.json").read_bytes())["origin"]


@pytest.mark.slow
def test_several_processes_draw_the_same(ready, tmp_path):
    one, many = tmp_path / "one", tmp_path / "many"
    assert ready.run("mirror", one, "--jobs", 1).returncode == 0
    said = ready.python(
        "import os; os.dup2(1, 2)\n"
        "import convoca.pages.mirror.drawing as d; d.FEW = 1\n"
        "from convoca.cli.main import main\n"
        f"assert main(['mirror', {str(many)!r}, '--jobs', '2']) == 0"
    )
    assert "request" not in said  # drawing is nobody's: it stands in no log
    files = [path.relative_to(one) for path in one.rglob("*") if path.is_file()]
    assert len(files) > 50
    for path in files:
        if not path.name.startswith("manifest."):
            assert (many / path).read_bytes() == (one / path).read_bytes(), path


def test_the_key_is_in_the_file_of_keys_and_in_no_backup(ready, tmp_path):
    assert ready.run("mirror", tmp_path / "copy").returncode == 0
    key = ready.home / "keys" / "mirror.key"
    assert key.stat().st_mode & 0o777 == 0o600

    ready.run("backup", tmp_path / "b")
    ready.run("backup", "--keys", tmp_path / "k")
    assert "keys/mirror.key" in backups.read(tmp_path / "k").files
    assert [name for name in backups.read(tmp_path / "b").files if "mirror" in name] == []
    assert key.read_bytes() not in (tmp_path / "b").read_bytes()


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        ([], 2, "the following arguments are required"),
        (["a", "b"], 2, "name one folder"),
        (["verify"], 2, "name one folder"),
        (["a", "--key", "x"], 2, "are for mirror verify"),
        (["verify", "a", "--base", "https://x.example/"], 2, "are not for mirror verify"),
        (["verify", "nowhere"], 1, "nowhere is no folder."),
        (["a", "--base", "x.example"], 1, "should look like https://copy.example.org/rivers/"),
        (["a"], 1, "there is no installation in"),
    ],
)
def test_a_wrong_call_is_a_sentence(empty, words, status, said):
    ended = empty.run("mirror", *words)
    assert ended.returncode == status
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_folder_that_is_not_ours_is_a_sentence(ready, tmp_path):
    (tmp_path / "letters.txt").write_text("mine")
    ended = ready.run("mirror", tmp_path)
    assert ended.returncode == 1
    assert "is not empty and holds no copy" in ended.stderr
