"""kill -9 the whole server while people sign up: who was answered is stored, and stored once."""

import os
import signal

import pytest

from bench.signups import Crowd, processes_of
from tests.browser.serving import prepare, serving
from tests.cli.conftest import seed

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
action = make_action(publish(start(steward, union), steward), union)
print(action.code, action.slug())
"""
COUNT = """
from convoca.actions.models import Seats, SignUp
names = [row.name for row in SignUp.objects.all()]
print(len(names), len(set(names)), Seats.objects.get().people)
"""


def test_nobody_is_lost_and_nobody_is_there_twice(made_home, tmp_path):
    installation = prepare(tmp_path)
    seed(installation.home, made_home)
    made = installation.run("init", "--json")
    assert made.returncode == 0, made.stderr
    code, slug = installation.python(MAKE).split()
    port = int(installation.environ["CONVOCA_PORT"])
    crowd = Crowd(port, f"/en/actions/{code}/{slug}/come/send/", 40)

    with serving(installation) as first:

        def die_and_rise():
            for pid in processes_of(first.home):
                os.kill(pid, signal.SIGKILL)
            again.__enter__()

        again = serving(installation)
        try:
            crowd.come(120, halfway=die_and_rise)
        finally:
            again.__exit__(None, None, None)

    assert crowd.broken > 0, "the kill was not in the middle"
    assert crowd.codes == {302: 240}
    assert installation.python(COUNT) == "120 120 120"
