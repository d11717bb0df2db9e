import stat

import pytest

from convoca.core.config import WrongSetting, load, make_keys, secret_key


def test_the_environment_stands_over_the_file(tmp_path):
    (tmp_path / "convoca.toml").write_text('port = 8001\nurl = "https://a.example"\n')
    config = load({"CONVOCA_HOME": str(tmp_path), "CONVOCA_PORT": "8002"})
    assert (config.port, config.host) == (8002, "a.example")


def test_an_unknown_key_is_refused_with_the_nearest_name(tmp_path):
    (tmp_path / "convoca.toml").write_text('mail_form = "a@b.example"\n')
    with pytest.raises(WrongSetting, match="did you mean “mail_from”"):
        load({"CONVOCA_HOME": str(tmp_path)})


@pytest.mark.parametrize(
    "wrong", [{"PORT": "many"}, {"DEMO": "perhaps"}, {"URL": "a.example"}, {"LOG_FORMAT": "xml"}]
)
def test_a_wrong_value_is_named(tmp_path, wrong):
    ((key, value),) = wrong.items()
    with pytest.raises(WrongSetting, match=value):
        load({"CONVOCA_HOME": str(tmp_path), f"CONVOCA_{key}": value})


def test_a_secret_may_come_from_a_file(tmp_path):
    (tmp_path / "secret").write_text("from a file\n")
    config = load(
        {"CONVOCA_HOME": str(tmp_path), "CONVOCA_SECRET_KEY_FILE": str(tmp_path / "secret")}
    )
    assert secret_key(config) == "from a file"


def test_keys_are_made_once_and_only_their_owner_reads_them(tmp_path):
    config = load({"CONVOCA_HOME": str(tmp_path)})
    make_keys(config)
    first = secret_key(config)
    make_keys(config)

    assert secret_key(config) == first
    assert len(first) >= 64
    assert stat.S_IMODE((config.keys / "secret.key").stat().st_mode) == 0o600
    assert stat.S_IMODE(config.keys.stat().st_mode) == 0o700
