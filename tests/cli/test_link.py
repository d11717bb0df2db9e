"""`convoca link`: two lists in, pairs out, sentences for what cannot be read."""

import csv
import gzip
import json

import pytest

OURS = """id,date,city,country,claims,size_low
a1,2027-10-05,Valparaíso,CL,water for the rivers,230
a2,2027-10-05,Lyon,FR,pour la bibliothèque,40
"""
THEIRS = """Place;When;Uid;Tags;Day;Attendees
x;y;b1;rivers and water;2027-10-05;230
x;y;b2;something else;2027-10-09;
"""


@pytest.fixture
def lists(tmp_path):
    (tmp_path / "a.csv").write_text(OURS, encoding="utf-8")
    theirs = THEIRS.replace("x;", "Valparaíso;").replace("Place", "City")
    (tmp_path / "b.csv").write_text(theirs, encoding="utf-8")
    return tmp_path


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_two_lists_of_different_headers_are_linked(lists, installation):
    ended = installation.run("link", lists / "a.csv", lists / "b.csv", "--out", lists / "p.csv")

    assert ended.returncode == 0
    [row] = rows_of(lists / "p.csv")
    assert (row["id_a"], row["id_b"]) == ("a1", "b1")
    assert 0 < float(row["score"]) <= 1
    assert "2 and 2 reports: 1 links" in ended.stdout


def test_json_says_the_same_to_a_program(lists, installation):
    words = ("link", lists / "a.csv", lists / "b.csv", "--out", lists / "p.csv", "--json")
    said = json.loads(installation.run(*words).stdout)

    assert said["links"] == 1
    assert said["links"] == said["clear"] + said["doubtful"]
    assert said["unknown_columns"][str(lists / "b.csv")] == ["When"]


def test_packed_and_odd_bytes_are_read(lists, installation):
    with gzip.open(lists / "a.gz", "wt", encoding="cp1252") as packed:
        packed.write(OURS)
    theirs = (lists / "b.csv").read_text(encoding="utf-8")
    (lists / "b16.csv").write_text(theirs, encoding="utf-16")

    ended = installation.run("link", lists / "a.gz", lists / "b16.csv", "--out", lists / "p.csv")
    assert ended.returncode == 0
    assert len(rows_of(lists / "p.csv")) == 1


def test_rows_without_a_date_are_named_and_the_rest_is_linked(lists, installation):
    broken = OURS + "a3,someday,Lyon,FR,,\n,2027-10-05,Lyon,FR,,\na1,2027-10-05,Lyon,FR,,\n"
    (lists / "a.csv").write_text(broken, encoding="utf-8")

    ended = installation.run("link", lists / "a.csv", lists / "b.csv", "--out", lists / "p.csv")
    assert ended.returncode == 1
    assert "row 4 is left out: no date" in ended.stderr
    assert "row 5 is left out: no id" in ended.stderr
    assert "row 6 is left out: the id stands twice" in ended.stderr
    assert len(rows_of(lists / "p.csv")) == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "No such file"),
        (b"", "This file is empty."),
        (b"PK\x03\x04\x00\x00", "This is a packed folder (ZIP)."),
        (b"\x1f\x8bhello", "This file is packed and breaks off."),
        (b"id,city\n1,Lyon\n", "there is no column “date”; the columns are id, city"),
        (b"id,date\n1,2027-10-05\n", "there is no column that says where"),
    ],
)
def test_what_is_no_list_is_a_sentence(lists, installation, content, sentence):
    wrong = lists / "wrong.csv"
    if content is not None:
        wrong.write_bytes(content)

    ended = installation.run("link", wrong, lists / "b.csv", "--out", lists / "p.csv")
    assert ended.returncode == 1
    assert sentence in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not (lists / "p.csv").exists()


def test_no_out_is_a_wrong_call(lists, installation):
    assert installation.run("link", lists / "a.csv", lists / "b.csv").returncode == 2
