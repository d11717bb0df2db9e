"""kill -9 an import and hand the list in again: it ends as one that nobody disturbed. And people
sign up while a list comes in.
"""

import csv
import json
import os
import random
import shutil
import signal
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from convoca.places.services import gazetteer
from tests.browser.serving import prepare
from tests.cli.conftest import seed, wait_until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        "postgres" in os.environ.get("CONVOCA_TEST_DATABASE_URL", ""), reason="a home of its own"
    ),
]

MAKE = """
from convoca.network.models import Mandate
from tests.actions.making import make_action
from tests.campaigns.conftest import publish, start
from tests.cast import make_organisation, make_person
union = make_organisation("Union")
steward = Mandate.objects.create(person=make_person("bo"), role=Mandate.Role.STEWARD)
make_action(publish(start(steward, union), steward), union)
"""
CONTENTS = """
import json
from convoca.actions.models import Action, Attachment, Hosting, Stop
from convoca.counting.models import Claim, Estimate, Link
claims = {c.pk: [c.source.name, c.external_id] for c in Claim.objects.select_related("source")}
of = {c.action_id: claims[c.pk] for c in Claim.objects.filter(founds=True)}
def rows(found, *columns):
    return sorted(([*line] for line in found.values_list(*columns)), key=repr)
told = Action.objects.filter(is_told=True)
print(json.dumps({
    "claims": [[*claims[pk], of.get(action), *rest] for pk, action, *rest in
               rows(Claim.objects, "pk", "action", "founds", "digest", "day", "place", "row")],
    "links": [[claims[claim], of[action], *rest] for claim, action, *rest in
              rows(Link.objects, "claim", "action", "state", "score", "reasons")],
    "estimates": [[claims[claim], *rest] for claim, *rest in
                  rows(Estimate.objects, "claim", "low", "high", "words", "method")],
    "actions": [[of[action], *rest] for action, *rest in
                rows(told, "pk", "names", "starts_at", "over_at", "state", "country", "sought")],
    "around": [[of[action], *rest] for action, *rest in
               [*rows(Stop.objects.filter(action__in=told), "action", "place", "shown_latitude"),
                *rows(Hosting.objects.filter(action__in=told), "action", "proposed", "state"),
                *rows(Attachment.objects.filter(action__in=told), "action", "campaign", "listed")]],
}, default=str))
"""
SIGN_UP = """
import json, time
from django.conf import settings
from convoca.actions.models import Action, Seats, SignUp
from convoca.actions.services import signups
from convoca.exchange.models import Import
action = Action.objects.filter(is_told=False).latest("pk")
(settings.CONVOCA_HOME / "ready").touch()
while not Import.objects.filter(ended_at=None).exists():
    time.sleep(0.005)
sent = 0
while Import.objects.filter(ended_at=None).exists():
    signups.sign_up(action, sender="s", name=f"Person {sent}")
    sent += 1
    time.sleep(0.02)
seats = Seats.objects.get(action=action)
stored = SignUp.objects.filter(action=action).count()
print(json.dumps([sent, stored, seats.people]))
"""
WORDS = ("river", "bridge", "harbour", "library", "school", "water", "bread", "night", "wages")
HEADINGS = ["id", "Title", "Date", "City", "State", "Country", "Attendees", "Organisers"]


def write(file, count, *, seed=7, changed=0.0):
    """A list of marches in some towns within a few days, half of them on one day. Some say a little
    else where it is `changed`.
    """
    chance, other = random.Random(seed), random.Random(seed + 1)
    towns = [gazetteer().index.places([rank])[0] for rank in range(0, 6000, 40)]
    with file.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(HEADINGS)
        for number in range(count):
            town = chance.choice(towns)
            day = 1 if number % 2 else chance.randint(2, 20)
            words, size = chance.sample(WORDS, 3), chance.choice(["about 200", "dozens", "137", ""])
            union = f"{chance.choice(WORDS)} union"
            if other.random() < changed:
                words[0], size = other.choice(WORDS), other.choice(["150", "hundreds"])
            place = (town.name, town.region, town.country)
            rows.writerow(
                [number, " ".join(words), f"2026-06-{day:02}", *place, size, union],
            )


@pytest.fixture(scope="module")
def told(made_home, tmp_path_factory):
    """A home with a campaign and one list in it, and another list that tells much of the same."""
    folder = tmp_path_factory.mktemp("told")
    made = prepare(folder)
    seed(made.home, made_home)
    assert made.run("init", "--json").returncode == 0
    made.python(MAKE)
    for name, changed in (("one.csv", 0.0), ("other.csv", 0.4)):
        write(folder / name, 1600, changed=changed)
    assert hand_in(made, folder / "one.csv", "Rivers").returncode == 0
    return made, folder / "other.csv"


def again(told, folder):
    """A home of the same content."""
    made, _file = told
    copied = prepare(folder)
    shutil.copytree(made.home, copied.home)
    return copied


def hand_in(installation, file, source):
    return installation.run("import", "actions", file, "--source", source, "--json")


@pytest.fixture(scope="module")
def undisturbed(told, tmp_path_factory):
    """What a home holds in which the other list came in at one go."""
    made = again(told, tmp_path_factory.mktemp("undisturbed"))
    done = hand_in(made, told[1], "Gazette")
    assert done.returncode == 0, done.stderr
    held = json.loads(made.python(CONTENTS))
    states = [state for _claim, _action, state, *_rest in held["links"]]
    assert states.count("linked") > 100
    assert states.count("doubtful") > 100
    return held


TAKING = "SELECT count(*) FROM counting_claim c JOIN counting_source s ON s.id = c.source_id {}"
LINKING = TAKING + " AND c.action_id IS NOT NULL"


@pytest.mark.parametrize(("question", "of"), [(TAKING, 1600), (LINKING, 1600)])
def test_killed_and_handed_in_again_it_ends_as_if_undisturbed(
    told, undisturbed, tmp_path, question, of
):
    made = again(told, tmp_path)
    with sqlite3.connect(made.home / "db.sqlite3", timeout=20, isolation_level=None) as database:

        def count():
            return database.execute(question.format("WHERE s.name = 'Gazette'")).fetchone()[0]

        process = made.start("import", "actions", told[1], "--source", "Gazette", "--json")
        until = time.monotonic() + 60
        while not count():
            assert process.poll() is None, "it was over before it could be killed"
            assert time.monotonic() < until
            time.sleep(0.001)
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        assert 0 < count() < of, "the kill was not in the middle"
    done = hand_in(made, told[1], "Gazette")
    assert done.returncode == 0, done.stderr
    held = json.loads(made.python(CONTENTS))
    for name, rows in undisturbed.items():
        assert held[name] == rows, name


def test_people_sign_up_while_a_list_comes_in(told, tmp_path):
    made = prepare(tmp_path)
    shutil.copytree(told[0].home, made.home)
    file = tmp_path / "marches.csv"
    write(file, 6000, seed=11)
    with ThreadPoolExecutor(1) as beside:
        signing_up = beside.submit(made.python, SIGN_UP)
        wait_until((made.home / "ready").exists, 90)
        done = hand_in(made, file, "Gazette")
        sent, stored, seats = json.loads(signing_up.result(timeout=120))
    assert done.returncode == 0, done.stderr
    assert (stored, seats) == (sent, sent)
    assert sent > 1, "nobody got in before the list was in"
