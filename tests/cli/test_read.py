"""`convoca read`: texts in, drafts out, sentences for what cannot be read."""

import json

import pytest

CALL = """Bogotá, 3 de mayo de 2027

La Red de Huertas del Valle (RHV) convoca a una jornada el 22 de mayo en Pereira, Colombia.
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "call.txt").write_text(CALL, encoding="utf-8")
    return tmp_path


def test_one_text_is_drafted_as_json(folder, installation):
    ended = installation.run("read", folder / "call.txt", "--received", "2027-05-04", "--json")

    said = json.loads(ended.stdout)
    assert ended.returncode == 0
    assert (said["language"], said["issued"]) == ("es", "2027-05-03")
    assert [m["starts"] for m in said["moments"]] == ["2027-05-22"]
    assert "Pereira" in [p["name"] for p in said["places"]]


def test_a_folder_is_written_file_by_file(folder, installation):
    (folder / "empty.txt").write_text("")
    out = folder / "drafts"

    ended = installation.run("read", folder, "--received", "2027-05-04", "--out", out)

    assert ended.returncode == 1
    assert "empty.txt: there is no text in it." in ended.stderr
    assert json.loads((out / "call.json").read_text())["issuers"] == ["Red de Huertas del Valle"]


def test_what_is_no_text_and_what_is_not_there_are_named(folder, installation):
    (folder / "x.txt").write_bytes(b"\x00\xff\xfe\x80" * 99)

    ended = installation.run("read", folder / "x.txt", folder / "nowhere.txt", "--json")

    assert ended.returncode == 1
    assert "x.txt: it is not a text." in ended.stderr
    assert "nowhere.txt" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_day_that_is_none_is_a_wrong_call(folder, installation):
    ended = installation.run("read", folder / "call.txt", "--received", "yesterday")

    assert ended.returncode == 2
    assert "yesterday is no day" in ended.stderr


def test_no_draft_overwrites_another_one(folder, installation):
    (folder / "call.MD").write_text("# Otra\n", encoding="utf-8")
    out = folder / "drafts"

    ended = installation.run("read", folder, "--out", out)

    assert ended.returncode == 1
    assert "would both be call.json" in ended.stderr
    assert not out.exists()
