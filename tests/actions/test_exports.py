"""Actions as whole files: by permanent id, at work, and from the command line."""

import csv
import io
import json
from types import SimpleNamespace

import pytest
from icalendar import Calendar

from convoca.actions.facts import Where
from convoca.actions.models import Action, Seats
from convoca.actions.services import life
from convoca.cli import export
from convoca.cli.main import Failed
from convoca.cli.screen import Screen
from tests.actions.making import make_action, make_link, town


def hidden(campaign, union):
    where = Where(town(), venue="Canary hall", street="Canary 5", latitude=-25.12, longitude=-57.1)
    return make_action(
        campaign,
        union,
        visibility=Action.Visibility.CITY,
        places=[where],
        online_url="https://canary.example",
    )


def ask(client, action, accept):
    return client.get(f"/actions/{action.code}", headers={"accept": accept})


def test_the_permanent_address_answers_json_to_programs(client, action):
    answer = ask(client, action, "application/json")
    found = json.loads(answer.content)
    assert answer["Content-Type"] == "application/json"
    assert (found["uid"], found["state"]) == (f"urn:uuid:{action.uid}", "published")
    assert found["id"].endswith(f"/actions/{action.code}")
    assert found["names"] == {"en": "March along the river"}
    assert found["places"][0]["town"] == "Asunción"
    assert {"Accept", "Accept-Language"} <= set(answer["Vary"].split(", "))
    again = client.get(
        f"/actions/{action.code}",
        headers={"accept": "application/json", "if-none-match": answer["ETag"]},
    )
    assert again.status_code == 304


def test_the_permanent_address_leads_browsers_to_the_page(client, action):
    for accept in ("text/html,application/json;q=0.9", "*/*", ""):
        assert ask(client, action, accept).status_code == 302


def test_the_permanent_address_says_nothing_that_is_hidden(client, campaign, union):
    action = hidden(campaign, union)
    answer = ask(client, action, "application/json")
    assert [word for word in ("anary", "25.12") if word in answer.content.decode()] == []
    life.hide(action, why="reported")
    answer = client.get(
        f"/actions/{action.code}", headers={"accept": "application/json"}, follow=True
    )
    assert answer.status_code == 410


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_at_work_there_are_counts_and_no_people(client, steward, action, campaign, union, kind):
    hidden(campaign, union)
    make_link(action, "canary@example.org")
    Seats.objects.filter(action=action).update(people=31, sign_ups=20, waiting=4)
    client.force_login(steward.person)
    answer = client.get(f"/en/work/act/export.{kind}")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "anary" not in text
    rows = (
        json.loads(text)["actions"]
        if kind == "json"
        else list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    )
    first = rows[0]
    assert [str(first[name]) for name in ("state", "sign_ups", "people", "waiting")] == [
        "published", "20", "31", "4",
    ]  # fmt: skip


def test_only_those_allowed_export_at_work(client, action, dia):
    path = "/en/work/act/export.csv"
    assert client.get(path).status_code == 302
    client.force_login(dia)
    assert client.get(path).status_code == 403


def run(monkeypatch, tmp_path, kind, language="en"):
    monkeypatch.setattr(export, "start_django", lambda: None)
    file = tmp_path / f"actions.{kind}"
    options = SimpleNamespace(what="actions", format=kind, language=language, out=file)
    assert export.run(options, Screen(out=io.StringIO(), err=io.StringIO())) == 0
    assert [one.name for one in tmp_path.iterdir()] == [file.name]
    return file.read_bytes().decode()


def test_the_command_writes_all_that_is_public(monkeypatch, tmp_path, campaign, union):
    shown, ended = hidden(campaign, union), make_action(campaign, union, title="Ended")
    life.cancel(ended)
    unseen = life.hide(make_action(campaign, union, title="Unseen"), why="reported")
    texts = {kind: run(monkeypatch, tmp_path / kind, kind) for kind in _folders(tmp_path)}
    assert [word for word in ("anary", "25.12", "Unseen") if word in "".join(texts.values())] == []
    events = Calendar.from_ical(texts["ics"]).events
    removed = [{"id": f"urn:uuid:{unseen.uid}", "at": unseen.taken_off_at.isoformat()}]
    assert [event["STATUS"] for event in events] == ["CONFIRMED", "CANCELLED", "CANCELLED"]
    assert [json.loads(texts[kind])["removed"] for kind in ("geojson", "json")] == [removed] * 2
    assert len(json.loads(texts["geojson"])["features"]) == 2
    assert [one["uid"] for one in json.loads(texts["json"])["actions"]] == [
        f"urn:uuid:{one.uid}" for one in (shown, ended)
    ]
    assert len(list(csv.DictReader(io.StringIO(texts["csv"])))) == 2


def _folders(tmp_path):
    for kind in export.FORMATS:
        (tmp_path / kind).mkdir()
    return export.FORMATS


def test_the_command_names_a_language_that_it_does_not_know(monkeypatch, tmp_path, action):
    with pytest.raises(Failed, match="There is no language “xx”"):
        run(monkeypatch, tmp_path, "csv", language="xx")
