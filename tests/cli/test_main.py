"""The command line as a whole: exit codes, help, closed pipes, sentences instead of tracebacks."""

import json
import subprocess

import pytest

from convoca.cli import main as command
from convoca.cli.screen import Screen


@pytest.mark.parametrize("name", command.COMMANDS)
def test_every_command_explains_itself_with_an_example(name, capsys):
    assert command.main([name, "--help"]) == 0
    said = capsys.readouterr().out
    assert "Example" in said
    assert f"convoca {name}" in said


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["swim"],
        ["backup"],
        ["audit", "forget"],
        ["check", "--loud"],
        ["restore"],
        ["serve", "--port", "99999"],
    ],
)
def test_a_wrong_call_ends_with_2_and_says_where_to_read(words, capsys):
    assert command.main(words) == 2
    said = capsys.readouterr().err
    assert "--help" in said
    assert "Traceback" not in said


def test_the_version_is_said(capsys):
    assert command.main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("convoca 0.")


def test_an_unknown_setting_is_a_sentence_with_the_nearest_name(installation):
    ended = installation.run("check", CONVOCA_MAIL_FORM="x@y.example")
    assert ended.returncode == 1
    assert ended.stderr == (
        "convoca: CONVOCA_MAIL_FORM: there is no setting “mail_form”; did you mean “mail_from”?.\n"
    )


def test_a_database_that_is_not_prepared_is_a_sentence(installation):
    (installation.home / "db.sqlite3").unlink()
    ended = installation.run("audit", "verify")
    assert ended.returncode == 1
    assert ended.stderr.startswith("convoca: The database is not prepared")
    assert "convoca init" in ended.stderr


def test_where_nothing_is_installed_is_a_sentence(empty):
    for words in (["check"], ["login", "a@b.example"], ["audit", "verify"]):
        ended = empty.run(*words)
        assert (ended.returncode, ended.stdout) == (1, "")
        assert ended.stderr == (
            f"convoca: there is no installation in {empty.home}. "
            "Run convoca init, or set CONVOCA_HOME to where it is.\n"
        )


def test_a_backup_is_written_over_no_device(installation):
    ended = installation.run("backup", "/dev/null")
    assert (ended.returncode, ended.stderr) == (
        1,
        "convoca: /dev/null: This is a device; name a file.\n",
    )


def test_a_file_that_cannot_be_written_is_a_sentence(installation, tmp_path):
    ended = installation.run("backup", tmp_path / "missing" / "a.backup")
    assert ended.returncode == 1
    assert ended.stderr == f"convoca: {tmp_path}/missing: No such folder.\n"


def test_the_work_is_done_though_nobody_reads(installation, tmp_path):
    """`convoca backup FILE | true`, and a stdout that is closed from the start."""
    script = f"{' '.join(installation.words('backup', tmp_path / 'a.backup'))} | true"
    quiet = f"{' '.join(installation.words('backup', tmp_path / 'b.backup'))} >&-"
    for words in (script, quiet):
        ended = subprocess.run(
            ["bash", "-o", "pipefail", "-c", words],
            env=installation.environ,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (ended.returncode, ended.stderr) == (0, "")
    assert (tmp_path / "a.backup").exists()
    assert (tmp_path / "b.backup").exists()


def test_no_colour_and_no_frames_reach_a_pipe(installation):
    ended = installation.run("check")
    assert "\x1b" not in ended.stdout + ended.stderr
    assert all(line.count("\t") == 2 for line in ended.stdout.splitlines())


def test_json_is_all_there_is_on_stdout(installation):
    ended = installation.run("check", "--json")
    found = json.loads(ended.stdout)
    assert {"about", "state", "sentence", "remedy"} == set(found[0])


def test_asking_needs_somebody_to_ask():
    assert Screen().ask("Who?") is None
