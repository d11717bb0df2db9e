"""What `serve` refuses to start with, and that it says which setting and what to do."""

import pytest

from convoca.cli.findings import safety, unsafe
from convoca.core.config import Config, make_keys


@pytest.fixture
def safe(tmp_path):
    def build(**changed):
        facts = {
            "home": tmp_path,
            "url": "https://rivers.example",
            "trusted_proxies": 1,
            "mail_from": "Rivers <post@rivers.example>",
            "mail_url": "smtps://u:p@mail.rivers.example",
        }
        return Config(**{**facts, **changed})

    make_keys(build())
    return build


def test_a_safe_installation_has_nothing_to_say(safe):
    assert unsafe(safe()) == []


@pytest.mark.parametrize(
    ("changed", "setting"),
    [
        ({"secret_key": "secret"}, "secret_key"),
        ({"secret_key": "django-insecure-" + "k3J9x" * 10}, "secret_key"),
        ({"secret_key": "a" * 64}, "secret_key"),
        ({"url": "http://rivers.example"}, "url"),
        ({"trusted_proxies": 0}, "trusted_proxies"),
        ({"mail_from": ""}, "mail_from"),
        ({"mail_from": "not an address"}, "mail_from"),
        ({"mail_from": "josé@rivers.example"}, "mail_from"),
        ({"mail_url": ""}, "mail_url"),
        ({"mail_url": "folder:"}, "mail_url"),
        ({"demo": True}, "demo"),
        ({"demo": True, "url": "http://localhost:8000", "bind": "0.0.0.0"}, "demo"),  # noqa: S104
    ],
)
def test_each_unsafe_setting_is_named_with_its_remedy(safe, changed, setting):
    found = unsafe(safe(**changed))
    assert [finding.about for finding in found] == [setting]
    assert found[0].remedy


def test_a_missing_key_is_unsafe(tmp_path):
    assert "secret_key" in [finding.about for finding in unsafe(Config(home=tmp_path))]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_a_key_that_others_can_read_is_unsafe(safe, mode):
    path = safe().keys / "secret.key"
    path.chmod(mode)
    (found,) = unsafe(safe())
    assert found.remedy == f"Run: chmod 600 {path}"


def test_a_folder_of_keys_that_others_can_enter_is_unsafe(safe):
    safe().keys.chmod(0o755)
    assert [finding.about for finding in unsafe(safe())] == ["keys"]


def test_settings_with_a_password_must_not_be_readable_by_all(safe):
    path = safe().home / "convoca.toml"
    for secret in ('mail_url = "smtp://u:p@mail.example"', "secret_key = 'x'", "not = toml ="):
        path.write_text(f"{secret}\n")
        path.chmod(0o644)
        assert [finding.about for finding in unsafe(safe())] == ["convoca.toml"]
    path.chmod(0o640)
    assert unsafe(safe()) == []
    path.write_text('# mail_url = "smtp://u:p@mail.example"\nport = 1\n')
    path.chmod(0o644)
    assert unsafe(safe()) == []


def test_a_trial_on_this_machine_is_safe_without_mail(safe):
    assert unsafe(safe(url="http://localhost:8000", mail_from="", mail_url="")) == []


def test_a_trial_that_other_machines_reach_is_worth_minding(safe):
    trial = safe(url="http://localhost:8000", bind="0.0.0.0", mail_from="", mail_url="")  # noqa: S104
    assert "bind" in [finding.about for finding in safety(trial) if finding.state == "mind"]


def test_a_database_that_every_user_can_read_is_wrong_but_served(safe):
    path = safe().home / "db.sqlite3"
    path.touch(mode=0o644)
    path.chmod(0o644)
    safe().home.chmod(0o755)
    assert [f.about for f in safety(safe()) if f.state == "wrong"] == ["database"]
    assert unsafe(safe()) == []
    path.chmod(0o640)
    assert [f for f in safety(safe()) if f.is_bad] == []
