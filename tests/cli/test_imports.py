"""`convoca import organisations`: what is new, changed and wrong by row; twice is once."""

import json

import pytest

from convoca.cli.import_actions import sentences
from convoca.exchange.services import Report

SHEET = """name,country,kind
Union of Port Workers,PT,
Libraries of the Delta,EG,
,FR,
"""


@pytest.fixture
def sheet(tmp_path):
    file = tmp_path / "members.csv"
    file.write_text(SHEET, encoding="utf-8")
    return file


def count(installation):
    return installation.python(
        "from convoca.network.models import Organisation; print(Organisation.objects.count())"
    )


def test_right_rows_go_in_once_and_wrong_ones_are_named(installation, sheet):
    once = installation.run("import", "organisations", sheet)
    assert once.returncode == 1
    assert once.stdout.splitlines()[-1].startswith("2 added, 0 changed, 0 unchanged, 1 wrong")
    assert "4\twrong\t\tThe name is missing." in once.stdout
    again = json.loads(installation.run("import", "organisations", sheet, "--json").stdout)
    assert (again["added"], again["same"], again["wrong"]) == (0, 2, 1)
    assert count(installation) == "2"


def test_a_dry_run_says_the_same_and_writes_nothing(installation, sheet):
    said = json.loads(
        installation.run("import", "organisations", sheet, "--dry-run", "--json").stdout
    )
    assert (said["dry_run"], said["added"]) == (True, 2)
    assert count(installation) == "0"


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n\x00\x00", b"colour\nred\n"])
def test_what_is_no_spreadsheet_of_members_is_a_sentence(installation, sheet, content):
    sheet.write_bytes(content)
    ended = installation.run("import", "organisations", sheet)
    assert ended.returncode == 1
    assert ended.stderr.startswith("convoca: ")
    assert "Traceback" not in ended.stderr


def test_what_became_of_a_list_is_said_in_sentences_with_what_there_is():
    nothing = sentences(Report(rows=0), is_dry_run=True)
    assert nothing == ["0 rows.", "Nothing was written."]
    one = Report(rows=1, new=1, unplaced=1, linked=1, vanished=1)
    assert sentences(one, is_dry_run=False) == [
        "1 row: 1 is new.",
        "Of those that were read, 1 names no town that is known: kept, without an action.",
        "Reports: 1 is of an action that was known.",
        "1 report of before is no longer said.",
    ]
    more = Report(rows=9, new=3, changed=2, same=2, refused=1, blank=1, undated=2, doubtful=2)
    assert sentences(more, is_dry_run=False) == [
        "9 rows: 3 are new, 2 say something else than before, 2 were known already, "
        "1 was left out, 1 is blank.",
        "Of those that were read, 2 name no single day: kept, without an action.",
        "Reports: 2 may be of actions that are known, and wait for a person.",
    ]


MARCHES = """id,Datum,Ort,Titel,Teilnehmer
1,1.6.2026,Erfurt,Kundgebung am Fluss,50 - 100
2,31.6.2026,Erfurt,Aufzug,200
"""


def test_a_list_of_actions_is_read_taken_in_once_and_wrong_rows_are_named(installation, tmp_path):
    installation.python(
        "from tests.world import build; build()",
    )
    file = tmp_path / "register.csv"
    file.write_text(MARCHES, encoding="utf-8")
    words = ("import", "actions", file, "--source", "City register", "--map", "@country=DE")
    nothing = installation.run("import", "actions", file)
    assert (nothing.returncode, nothing.stderr.startswith("convoca: say whose list")) == (1, True)
    slug = installation.python(
        "from convoca.campaigns.models import Campaign; print(Campaign.objects.open()[0].slug())"
    )
    tried = installation.run(*words, "--campaign", slug, "--dry-run", "--json")
    assert tried.stderr == ""
    assert json.loads(tried.stdout)["new"] == 1
    once = installation.run(*words, "--campaign", slug)
    assert once.returncode == 1
    assert "3\tThere is no such day as “31.6.2026”." in once.stdout
    assert "2 rows: 1 is new, 1 was left out." in once.stdout
    assert "Reports: 1 made a new action." in once.stdout
    again = json.loads(installation.run(*words, "--campaign", slug, "--json").stdout)
    assert (again["new"], again["same"], again["refused"]) == (0, 1, 1)
    assert again["refused_rows"][0]["codes"] == ["date-impossible"]
    odd = installation.run(*words, "--campaign", "nothing-of-that-name")
    assert odd.stderr.startswith("convoca: there is no campaign")
    other = installation.run(*words, "--campaign", slug, "--kind", "press")
    assert other.stderr.startswith("convoca: “City register” is here already, as network")
    said = ("--kind", "authority", "--licence", "CC BY 4.0", "--campaign", slug, "--json")
    words = ("import", "actions", file, "--source", "Town hall", "--map", "@country=DE")
    assert json.loads(installation.run(*words, *said).stdout)["new"] == 1
    told = installation.python(
        "from convoca.counting.models import Source; s = Source.objects.get(name='Town hall');"
        "print(s.kind, s.licence)"
    )
    assert told == "authority CC BY 4.0"
