"""How the database answers lists: by indexes, whatever is asked."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from convoca.actions.finding import Wanted
from convoca.actions.finding.nearby import near_to
from convoca.actions.models import Action
from tests.actions.crowd import crowd

pytestmark = pytest.mark.django_db
BIG = ("actions_action", "actions_attachment", "actions_stop", "actions_hosting")


@pytest.fixture
def many(campaign, union, network):
    crowd(campaign, union, 1500)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE")
            cursor.execute("SET LOCAL enable_seqscan = off")
    return campaign


def scans(queries) -> list[str]:
    """The steps that read a whole table of actions or of what hangs on them."""
    found = []
    for query in queries:
        sql = query["sql"]
        if not sql.startswith("SELECT") or not any(table in sql for table in BIG):
            continue
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
                steps = [row[3] for row in cursor.fetchall()]
                found += [one for one in steps if one.startswith("SCAN ") and "actions_" in one]
            else:
                cursor.execute(f"EXPLAIN {sql}")
                steps = [row[0] for row in cursor.fetchall()]
                found += [one for one in steps if "Seq Scan on actions_" in one]
    return found


@pytest.mark.parametrize(
    "end",
    [
        "actions/",
        "actions/?page=7",
        "actions/?when=past",
        "actions/in/py/",
        "actions/?kind=march&spoken=en&q=number",
        "actions/?from=2026-01-01&to=2030-01-01",
        "actions/map/",
        "actions/calendar/",
        "actions/coverage/",
        "{campaign}actions/",
        "{campaign}actions/in/py/",
        "{campaign}actions/map/",
        "{campaign}",
        "",
        "actions/actions.ics",
        "actions/actions.atom",
        "actions/actions.geojson",
        "actions/actions.csv",
        "actions/in/py/actions.atom",
        "{campaign}actions/actions.ics",
        "{campaign}actions/actions.geojson",
    ],
)
def test_no_list_reads_a_whole_table(client, many, end):
    path = end.format(campaign=many.get_absolute_url().removeprefix("/en/"))
    with CaptureQueriesContext(connection) as queries:
        assert client.get(f"/en/{path}").status_code == 200
    assert scans(queries) == []


def test_what_is_near_is_found_by_position(many):
    place = Action.objects.select_related("place").first().place
    with CaptureQueriesContext(connection) as queries:
        assert near_to((place.latitude, place.longitude))
        assert near_to((place.latitude, place.longitude), among=Wanted(campaign=many))
    assert scans(queries) == []
