"""A list that a killed worker was taking in, taken up by the next one."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest

from tests.cli.conftest import installation  # noqa: F401  used as a fixture

pytestmark = pytest.mark.slow
ROWS = 600
BEGIN = """
from io import BytesIO
from tests.world import build
build()
from convoca.campaigns.models import Campaign
from convoca.counting.models import Source
from convoca.exchange import services
from convoca.network.models import Mandate
towns = ["Lisbon,PT", "Porto,PT", "Lima,PE", "Lyon,FR", "Berlin,DE", "Asunción,PY"]
rows = "".join(
    f"{n},2026-{n % 9 + 1:02}-{n % 31 + 1:02},{towns[n % 6]},March {n},{n + 10}\\n"
    for n in range(ROWS)
)
under = Mandate.objects.filter(role="steward").first()
for name in ("Once", "In pieces"):
    run = services.hand_in(
        "m.csv", BytesIO(("id,date,city,country,title,attendees\\n" + rows).encode()),
        kind="actions", under=under, source=Source(name=name),
        campaign=Campaign.objects.open().first(),
    )
    services.begin(run, under=under)
"""
TAKE = """
from convoca.exchange.models import Import
from convoca.exchange.services import importing, taking
importing.AT_ONCE = 50
Import.objects.exclude(source__name=%r).update(due_at=None)
Import.objects.filter(source__name=%r, ended_at=None).update(due_at="2026-01-01T00:00Z")
while taking.take_next(lambda: True):
    pass
"""
DONE = """
SELECT done FROM exchange_import JOIN counting_source ON counting_source.id = source_id
WHERE counting_source.name = 'In pieces'
"""
STATE = """
import json
from convoca.counting.models import Claim
from convoca.exchange.models import Import
run = Import.objects.get(source__name=%r)
said = Claim.objects.filter(source=run.source).order_by("row")
rows = list(said.values_list("external_id", "title", "digest", "row", "place"))
print(json.dumps([run.done, bool(run.ended_at), run.counts, rows]))
"""


def test_a_worker_is_killed_again_and_again_and_the_list_comes_in_as_a_whole(
    installation,  # noqa: F811  the fixture of that name
):
    state = lambda name: json.loads(installation.python(STATE % name))  # noqa: E731
    installation.python(f"ROWS = {ROWS}\n{BEGIN}")
    head = "from convoca.cli.ready import start_django; start_django()\n"
    killed = 0
    database = sqlite3.connect(installation.home / "db.sqlite3", timeout=20, isolation_level=None)
    with closing(database):

        def done() -> int:
            return database.execute(DONE).fetchone()[0]

        for _time in range(4):
            before, until = done(), time.monotonic() + 40
            worker = subprocess.Popen(
                [sys.executable, "-c", head + TAKE % ("In pieces", "In pieces")],
                env=installation.environ,
                stderr=subprocess.DEVNULL,
            )
            while time.monotonic() < until and worker.poll() is None:
                if done() > before:
                    os.kill(worker.pid, signal.SIGKILL)
                    killed += 1
                    break
                time.sleep(0.002)
            worker.wait()
    installation.python(TAKE % ("In pieces", "In pieces"))
    installation.python(TAKE % ("Once", "Once"))
    _done, has_ended, pieces, rows = state("In pieces")
    _done, _ended, whole, undisturbed = state("Once")
    assert killed > 1
    assert has_ended
    assert [row[:4] for row in rows] == [row[:4] for row in undisturbed]
    assert {name: pieces[name] for name in ("rows", "new", "changed", "same", "refused")} == {
        "rows": ROWS, "new": len(rows), "changed": 0, "same": 0, "refused": ROWS - len(rows),
    }  # fmt: skip
    assert pieces["new"] == whole["new"]
