"""A new installation: what is made, what is kept, and the link at the end."""

import json
import stat
import tomllib

import pytest

from convoca.cli.toml import COMMENTED, with_key
from convoca.core import config


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.slow
def test_it_makes_home_keys_settings_and_database_and_prints_one_link(empty):
    made = json.loads(empty.run("init", "--json").stdout)

    assert made["link"].startswith("http://localhost:8000/en/first-run/")
    assert made["migrated"] > 10
    assert mode(empty.home / "keys") == 0o700
    assert mode(empty.home / "keys" / "secret.key") == 0o600
    assert mode(empty.home / "convoca.toml") == 0o600
    assert mode(empty.home / "db.sqlite3") & 0o007 == 0
    assert (empty.home / "static" / "staticfiles.json").exists()


def test_repeating_it_keeps_everything_and_prints_a_fresh_link(installation):
    key = (installation.home / "keys" / "secret.key").read_text()
    (installation.home / "convoca.toml").write_text('# mine\nmail_from = "a@b.example"\n')

    once, again = (json.loads(installation.run("init", "--json").stdout) for _ in range(2))

    assert once["link"] != again["link"]
    assert again["migrated"] == 0
    assert (installation.home / "keys" / "secret.key").read_text() == key
    assert (installation.home / "convoca.toml").read_text() == '# mine\nmail_from = "a@b.example"\n'


def test_options_become_settings_and_a_public_one_needs_nothing_more(bare):
    ended = bare.run(
        *("init", "--url", "https://rivers.example", "--mail-from", "post@rivers.example"),
        *("--mail-url", "smtps://post:s%40fe@mail.rivers.example", "--trusted-proxies", "1"),
        *("--steward", "Rosa@Rivers.example", "--json"),
    )
    made = json.loads(ended.stdout)
    written = tomllib.loads((bare.home / "convoca.toml").read_text())

    assert made["missing"] == []
    assert written == {
        "url": "https://rivers.example",
        "mail_from": "post@rivers.example",
        "mail_url": "smtps://post:s%40fe@mail.rivers.example",
        "trusted_proxies": 1,
    }
    said = bare.python(
        "from convoca.network.models import Mandate\n"
        "print([(m.person.email, m.role) for m in Mandate.objects.standing()])"
    )
    assert said == "[('rosa@rivers.example', 'steward')]"


def test_a_local_address_with_a_port_is_where_it_will_listen(installation):
    assert installation.run("init", "--url", "http://localhost:8182").returncode == 0
    written = tomllib.loads((installation.home / "convoca.toml").read_text())
    assert written == {"url": "http://localhost:8182", "port": 8182}


def test_the_first_steward_is_made_once(installation):
    for _ in range(2):
        assert installation.run("init", "--steward", "rosa@rivers.example").returncode == 0
    said = installation.python(
        "from convoca.network.models import Mandate; print(Mandate.objects.count())"
    )
    assert said == "1"


def test_a_wrong_option_is_a_sentence_and_leaves_the_settings(installation):
    before = (installation.home / "convoca.toml").read_text()
    ended = installation.run("init", "--url", "rivers.example")
    assert ended.returncode == 1
    assert "should look like https://name.example" in ended.stderr
    assert (installation.home / "convoca.toml").read_text() == before


def test_every_setting_stands_in_the_file_with_a_word_of_explanation(tmp_path):
    keys = set(config._KEYS) - {"secret_key", "demo"}
    assert {
        line.split("=")[0].strip("# ") for line in COMMENTED.splitlines() if " = " in line
    } == keys
    in_force = "\n".join(line[2:] if " = " in line else line for line in COMMENTED.splitlines())
    (tmp_path / "convoca.toml").write_text(in_force)
    assert config.load({"CONVOCA_HOME": str(tmp_path)}).url == "https://convoca.example.org"


def test_a_key_is_set_where_it_stood():
    assert (
        with_key('# a\n# url = "x"\n\n# b\n', "url", "https://é")
        == '# a\nurl = "https://é"\n\n# b\n'
    )
    assert with_key('url = "x"\n# url = "y"\n', "url", "z") == 'url = "z"\n# url = "y"\n'
    assert with_key("", "port", 80) == "\nport = 80\n"
