"""`convoca import organisations`: what is new, changed and wrong by row; twice is once."""

import json

import pytest

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
