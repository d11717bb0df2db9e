import stat
from pathlib import Path

import pytest

from convoca.core.backups import postgresql_environment
from convoca.core.config import WrongSetting, database_facts, load, make_keys, secret_key


def test_the_environment_stands_over_the_file(tmp_path):
    (tmp_path / "convoca.toml").write_text('port = 8001\nurl = "https://a.example"\n')
    config = load({"CONVOCA_HOME": str(tmp_path), "CONVOCA_PORT": "8002"})
    assert (config.port, config.host) == (8002, "a.example")


def test_an_unknown_key_is_refused_with_the_nearest_name(tmp_path):
    (tmp_path / "convoca.toml").write_text('mail_form = "a@b.example"\n')
    with pytest.raises(WrongSetting, match="did you mean “mail_from”"):
        load({"CONVOCA_HOME": str(tmp_path)})


@pytest.mark.parametrize(
    "wrong",
    [
        {"PORT": "many"},
        {"PORT": "99999"},
        {"TRUSTED_PROXIES": "-1"},
        {"DEMO": "perhaps"},
        {"URL": "a.example"},
        {"URL": "https://a.example/path"},
        {"URL": "https://a.example:port"},
        {"URL": "https://me@a.example"},
        {"URL": "https://[::1"},
        {"LOG_FORMAT": "xml"},
        {"FORMER_HOSTS": "https://old.example"},
        {"FORMER_HOSTS": "localhost"},
        {"MIRROR_ALTERNATIVES": "rivers.onion"},
        {"DATABASE_URL": "mysql://a@b/c"},
        {"DATABASE_URL": "postgres://a@b:port/c"},
        {"DATABASE_URL": "postgres://a@b/c?sslmod=require"},
    ],
)
def test_a_wrong_value_is_named(tmp_path, wrong):
    ((key, value),) = wrong.items()
    with pytest.raises(WrongSetting, match=f"(?i){key}"):
        load({"CONVOCA_HOME": str(tmp_path), f"CONVOCA_{key}": value})


def test_a_value_of_a_wrong_kind_is_named(tmp_path):
    (tmp_path / "convoca.toml").write_text("port = []\n")
    with pytest.raises(WrongSetting, match="port"):
        load({"CONVOCA_HOME": str(tmp_path)})


@pytest.mark.parametrize(
    ("written", "url", "host"),
    [
        ("https://Rivers.Example/", "https://rivers.example", "rivers.example"),
        ("https://ríos.example", "https://xn--ros-rma.example", "xn--ros-rma.example"),
        ("http://localhost:8001", "http://localhost:8001", "localhost"),
        ("https://rivers.example:443", "https://rivers.example", "rivers.example"),
        ("http://[::1]:8001", "http://[::1]:8001", "[::1]"),
    ],
)
def test_the_public_address_is_spelt_as_browsers_send_it(tmp_path, written, url, host):
    config = load({"CONVOCA_HOME": str(tmp_path), "CONVOCA_URL": written})
    assert (config.url, config.host) == (url, host)


def test_an_empty_home_is_none():
    assert load({"CONVOCA_HOME": ""}).home == Path("var").absolute()


def test_a_database_on_another_machine_is_reached_as_the_address_says(tmp_path):
    url = "postgres://me:a%40b@db.example:5433/ours?sslmode=verify-full"
    config = load({"CONVOCA_HOME": str(tmp_path), "CONVOCA_DATABASE_URL": url})
    database = database_facts(config)
    assert (database.host, database.port, database.password) == ("db.example", "5433", "a@b")
    assert database.options == {"sslmode": "verify-full"}
    assert postgresql_environment(config)["PGSSLMODE"] == "verify-full"

    socket = "postgres:///ours?host=/run/postgresql"
    config = load({"CONVOCA_HOME": str(tmp_path), "CONVOCA_DATABASE_URL": socket})
    assert database_facts(config).host == "/run/postgresql"
    assert postgresql_environment(config)["PGHOST"] == "/run/postgresql"


def test_a_secret_may_come_from_a_file(tmp_path):
    (tmp_path / "secret").write_text("from a file\n")
    config = load(
        {"CONVOCA_HOME": str(tmp_path), "CONVOCA_SECRET_KEY_FILE": str(tmp_path / "secret")}
    )
    assert secret_key(config) == "from a file"


def test_a_file_that_holds_no_text_is_no_secret(tmp_path):
    (tmp_path / "secret").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(WrongSetting, match="CONVOCA_SECRET_KEY_FILE"):
        load({"CONVOCA_HOME": str(tmp_path), "CONVOCA_SECRET_KEY_FILE": str(tmp_path / "secret")})


def test_keys_are_made_once_and_only_their_owner_reads_them(tmp_path):
    config = load({"CONVOCA_HOME": str(tmp_path)})
    make_keys(config)
    first = secret_key(config)
    make_keys(config)

    assert secret_key(config) == first
    assert len(first) >= 64
    assert stat.S_IMODE((config.keys / "secret.key").stat().st_mode) == 0o600
    assert stat.S_IMODE(config.keys.stat().st_mode) == 0o700
