"""`convoca check`: each thing that is wrong is one sentence with a remedy."""

import io
import json
import shutil
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from model_bakery import baker

from convoca.audit.models import Entry
from convoca.campaigns.models import Campaign
from convoca.cli import check
from convoca.cli import installation as checks
from convoca.cli.screen import Screen
from convoca.core import backups
from convoca.core.names import Names
from convoca.network import services as network
from convoca.network.models import Network
from convoca.outbox import services as outbox
from convoca.outbox.models import Duty, Message, Office
from convoca.pages.store import Page
from convoca.vault import clock, purging
from convoca.vault.keyring import keyring, today
from tests.vault.guests.models import Guest

pytestmark = pytest.mark.django_db


def only(findings):
    (finding,) = findings
    return finding


def ago(**length):
    return timezone.now() - timedelta(**length)


def test_a_database_that_is_whole_and_up_to_date_is_fine(settings):
    settings.CACHES = {"default": {"BACKEND": "locmem", "LOCATION": ""}}
    assert only(checks.database()).state == "fine"


def test_a_database_of_a_newer_version_is_wrong(monkeypatch):
    monkeypatch.setattr(checks, "unknown_migrations", lambda: ["network.0999_later"])
    assert "newer Convoca (it knows network.0999_later)" in only(checks.database()).sentence


def test_a_worker_that_has_not_run_for_long_is_wrong():
    assert only(checks.worker()).state == "mind"
    Duty.objects.create(pk="minute", due_at=ago(hours=3))
    finding = only(checks.worker())
    assert finding.state == "wrong"
    assert "for 3 hours" in finding.sentence
    Duty.objects.update(due_at=timezone.now() + timedelta(seconds=40))
    assert only(checks.worker()).state == "fine"


def mail(**facts):
    message = outbox.mail(
        "outbox/plain", to="rosa@rivers.example", context={"subject": "s", "text": "t"}
    )
    Message.objects.filter(pk=message.pk).update(**facts)


def test_mail_that_is_late_is_wrong():
    mail()
    assert only(checks.mail()).state == "fine"
    Message.objects.update(due_at=ago(hours=5), attempts=1)
    assert only(checks.mail()).sentence == "1 mails are late, the oldest by 5 hours."


def test_mail_that_cannot_be_sent_says_what_the_server_said():
    Office.load()
    Office.objects.update(failing_since=ago(hours=1), last_error="mail.example:25: no answer")
    finding = only(checks.mail())
    assert finding.state == "wrong"
    assert finding.sentence.endswith("UTC: mail.example:25: no answer")


def test_mail_that_was_given_up_or_is_held_is_worth_minding():
    mail(state="dead")
    assert [finding.state for finding in checks.mail()] == ["fine", "mind"]
    outbox.hold("Restored from a backup.")
    assert only(checks.mail()).sentence == "Mail is held: Restored from a backup."


def test_a_clock_that_went_back_is_wrong(monkeypatch):
    monkeypatch.setattr(checks, "_synchronised", lambda: None)
    assert only(checks.clock()).state == "fine"
    Entry.objects.create(event="thing.done", at=timezone.now() + timedelta(hours=1))
    assert only(checks.clock()).state == "wrong"


def test_a_clock_that_nothing_keeps_right_is_worth_minding(monkeypatch):
    monkeypatch.setattr(checks, "_synchronised", lambda: False)
    assert only(checks.clock()).state == "mind"


def test_the_first_run_and_a_second_steward_are_asked_for(bo):
    assert [finding.about for finding in checks.people()] == ["first run", "stewards"]
    Network.objects.filter(pk=1).update(ready_at=timezone.now())
    second = type(bo).objects.create_person("second@network.example")
    network.grant(second, "steward")
    assert list(checks.people()) == []


def test_a_backup_is_asked_for_and_then_that_it_is_tried_out(tmp_path):
    def states():
        return [(f.state, f.sentence.split(":")[0]) for f in checks.copies(tmp_path)]

    def note(what, at):
        path = tmp_path / "backups.json"
        notes = json.loads(path.read_text()) if path.exists() else {}
        notes[what] = {"at": at.isoformat(), "file": str(tmp_path / "b"), "made_at": at.isoformat()}
        path.write_text(json.dumps(notes))

    assert states() == [("mind", "There is no backup.")]
    note("backup", ago(days=9))
    assert states()[0] == ("mind", "The last backup is 9 days old")
    note("backup", ago(hours=5))
    assert states()[0] == ("mind", "The last backup is gone")
    (tmp_path / "b").touch()
    assert states() == [
        ("fine", "The last backup is 5 hours old"),
        ("mind", "Restoring has never been tried out."),
    ]
    note("drill", ago(days=3))
    assert states() == [("fine", "The last backup is 5 hours old")]
    assert backups.last_drill(tmp_path).file == str(tmp_path / "b")


@pytest.mark.parametrize(
    ("free", "state"), [(5_000_000_000, "fine"), (900_000_000, "mind"), (100_000_000, "wrong")]
)
def test_room_on_the_disk(tmp_path, monkeypatch, free, state):
    usage = shutil.disk_usage(tmp_path)._replace(free=free)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    assert checks.disk(tmp_path).state == state


def test_a_slip_in_the_file_of_contested_places_is_found(tmp_path):
    assert list(checks.contested_places(tmp_path)) == []
    (tmp_path / "places.toml").write_text('[places.1]\ncountry = "Peru"\n')
    assert only(checks.contested_places(tmp_path)).state == "wrong"


def test_zone_data_say_of_which_year_they_are(monkeypatch):
    assert checks.zone_data().state == "fine"
    old = ("2019a", datetime(2019, 1, 1, tzinfo=UTC))
    monkeypatch.setattr(checks, "zone_version", lambda: old)
    assert checks.zone_data().state == "mind"


def test_the_version_of_zone_data_is_read_without_the_systems(monkeypatch, tmp_path):
    monkeypatch.setattr(checks.zoneinfo, "TZPATH", ())
    version, known = checks.zone_version()
    assert len(version) == 5
    assert known.year >= 2024


def test_a_fresh_installation_has_nothing_wrong_and_says_what_to_do_next(installation):
    ended = installation.run("check", "--json")
    found = json.loads(ended.stdout)
    assert ended.returncode == 0
    assert [f["about"] for f in found if f["state"] in ("wrong", "unsafe")] == []
    minded = {f["about"] for f in found if f["state"] == "mind"}
    assert {"first run", "stewards", "backup"} <= minded


def test_something_wrong_ends_with_1(installation):
    (installation.home / "keys" / "secret.key").chmod(0o644)
    ended = installation.run("check")
    assert ended.returncode == 1
    assert f"chmod 600 {installation.home}/keys/secret.key" in ended.stdout


def test_a_test_mail_goes_where_the_settings_say(installation):
    ended = installation.run(
        "check", "mail", "--send-to", "rosa@rivers.example", "--json",
        CONVOCA_MAIL_FROM="post@localhost",
    )  # fmt: skip
    found = json.loads(ended.stdout)
    assert found[-1]["about"] == "test mail"
    assert found[-1]["state"] == "fine"
    (file,) = (installation.home / "mail").glob("*.eml")
    assert b"A test from Convoca" in file.read_bytes()


def test_a_mail_server_that_is_not_there_is_a_sentence(installation, free_port):
    ended = installation.run(
        "check", "mail", "--send-to", "rosa@rivers.example", "--json",
        CONVOCA_MAIL_FROM="post@localhost", CONVOCA_MAIL_URL=f"smtp://127.0.0.1:{free_port}",
    )  # fmt: skip
    found = json.loads(ended.stdout)
    assert ended.returncode == 1
    assert found[-1]["sentence"].endswith("Connection refused")


def test_letters_of_titles_that_no_typeface_holds_are_named_with_where_to_put_one(
    settings, tmp_path
):
    settings.CONVOCA_HOME = tmp_path
    assert list(checks.typefaces()) == []

    baker.make(Campaign, names=Names(en="Rivers", am="ወንዝ"))

    finding = only(checks.typefaces())
    assert finding.state == "mind"
    assert "letters of titles: ንወዝ." in finding.sentence
    assert str(tmp_path / "fonts") in finding.remedy


def test_whether_pdf_can_be_made_is_said_and_never_wrong(monkeypatch):
    assert checks.paper().sentence.endswith("come as PDF, too.")

    monkeypatch.setattr(checks.papers, "is_possible", lambda: False)
    assert checks.paper().state == "fine"
    assert "make program-pdf" in checks.paper().sentence


@pytest.fixture
def own_vault(settings, tmp_path):
    settings.CONFIG = replace(settings.CONFIG, home=tmp_path)


def vault_says():
    return [(f.about, f.state, f.sentence) for f in checks.sealed()]


def test_a_vault_that_opens_is_fine_once_it_was_purged(own_vault):
    assert vault_says() == []
    purging.purge()
    assert vault_says() == [("vault", "fine", f"What was told to end by {today()} is deleted.")]


def test_a_lost_instance_key_is_wrong(own_vault, settings):
    keyring().key_for_sealing("campaign:k7mq02xd", today())
    path = settings.CONFIG.keys / "instance.key"
    path.unlink()
    keyring().forget()
    words = f"{path} is missing or is not the right one, so nothing sealed can be opened."
    assert vault_says() == [("vault", "wrong", words)]


def test_a_moved_clock_and_rows_past_their_day_are_wrong(own_vault):
    late = Guest.objects.create(scope="x", delete_on=today() - timedelta(days=2), name="Rosa")
    assert [words[:2] for words in vault_says()][:1] == [("vault", "wrong")]
    late.delete()
    now = clock.Beat.now()
    keyring().note("heartbeat", json.dumps(asdict(replace(now, wall=now.wall - 9e5))))
    ((about, state, words),) = vault_says()
    assert (about, state, words.startswith("Nothing is deleted:")) == ("vault", "wrong", True)


def test_an_old_copy_of_the_keys_is_minded_where_somebody_is_in_the_vault(own_vault, tmp_path):
    assert vault_says() == []
    Guest.objects.create(scope="x", delete_on=today() + timedelta(days=9), name="Rosa")
    assert vault_says() == [
        ("keys", "mind", "The keys of what people gave us were never written apart.")
    ]
    notes = {"at": ago(days=31).isoformat(), "file": "k", "made_at": ago(days=31).isoformat()}
    (tmp_path / "backups.json").write_text(json.dumps({"keys": notes}))
    assert vault_says() == [("keys", "mind", "The keys were last written apart 31 days ago.")]
    notes["at"] = ago(days=2).isoformat()
    (tmp_path / "backups.json").write_text(json.dumps({"keys": notes}))
    assert vault_says() == []
    (tmp_path / "keys-before-20260101-000000").mkdir()
    assert [words[:2] for words in vault_says()] == [("keys", "mind")]


def test_it_says_whether_the_file_of_kept_pages_can_be_written(kept_pages):
    assert list(checks.kept_pages()) == []  # nothing was kept yet
    kept_pages.keep(Page("https://x.example/en/", [], b"page", {}))
    fine = only(checks.kept_pages())
    assert (fine.state, fine.sentence[:33]) == ("fine", "1 public pages are kept for reade")

    kept_pages.note_failure("https://x.example/en/broken/", "500")
    mind = only(checks.kept_pages())
    assert (mind.state, mind.sentence[:30]) == ("mind", "1 public pages could not be dr")

    kept_pages.throw_away()
    kept_pages.path.mkdir()
    wrong = only(checks.kept_pages())
    assert (wrong.state, "cannot be written" in wrong.sentence) == ("wrong", True)
    assert "delete it: pages are drawn again" in wrong.remedy


# convoca check --pages


def check_pages(**how):
    """How it ends, and what it says."""
    out = io.StringIO()
    return check._pages(Screen(out=out, err=io.StringIO(), **how)), out.getvalue()


def test_kept_pages_that_would_be_drawn_the_same_are_fine(client, network, kept_pages):
    for path in ("/en/about/", "/ar/about/", "/en/about/"):
        client.get(path)

    assert check_pages() == (0, "2 kept pages were drawn once more; 0 differ.\n")


def test_each_kept_page_that_differs_is_named(client, network, kept_pages):
    client.get("/en/about/")
    client.get("/robots.txt")
    Network.objects.update(names=Names(en="Silent Rivers"))  # behind the back of every tag

    ended, said = check_pages()
    first, row = said.splitlines()
    assert (ended, first) == (1, "2 kept pages were drawn once more; 1 differ.")
    assert row.startswith("http://testserver/en/about/\tkept “")
    assert "Silent Rivers" in row

    ended, said = check_pages(as_json=True)
    found = json.loads(said)
    assert (ended, found["looked_at"]) == (1, 2)
    assert [one["page"] for one in found["differ"]] == ["http://testserver/en/about/"]


def test_a_page_that_is_old_already_is_not_looked_at(client, network, kept_pages):
    client.get("/en/about/")
    network.names = Names(en="Silent Rivers")
    network.save()

    assert check_pages() == (0, "0 kept pages were drawn once more; 0 differ.\n")


def test_pages_and_mail_are_asked_for_one_at_a_time(installation):
    assert installation.run("check", "mail", "--pages").returncode == 2
    made = installation.run("check", "--pages", "--json")
    assert (made.returncode, json.loads(made.stdout)) == (0, {"looked_at": 0, "differ": []})
