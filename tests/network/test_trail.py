import re
from pathlib import Path

import convoca
from convoca.audit import services as audit
from convoca.audit.models import Entry
from convoca.network import trail

SOURCES = Path(convoca.__file__).parent


def recorded_events() -> set[str]:
    """Every event that some service writes, as it stands in the code."""
    found: set[str] = set()
    for path in SOURCES.rglob("services/*.py"):
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(r'audit\.record\(\s*"([a-z.-]+)"', text))
    for path in SOURCES.rglob("services.py"):
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(r'audit\.record\(\s*"([a-z.-]+)"', text))
    return found


def test_every_event_that_is_recorded_has_words():
    assert sorted(recorded_events() - set(trail.EVENTS)) == []


def test_an_entry_reads_as_something_that_somebody_did(bo, union):
    audit.record("organisation.edited", about=union, by=bo)
    audit.record("network.ready")
    by_server, by_bo = trail.in_words(Entry.objects.order_by("-pk")[:2])
    assert (by_bo.who, by_bo.did, by_bo.what) == (
        "Bo",
        "edited an organisation",
        "Union of Port Workers",
    )
    assert by_server.who == "The server"


def test_names_in_the_trail_cost_one_query(bo, ben, union, django_assert_num_queries):
    for person in (bo, ben):
        audit.record("organisation.edited", about=union, by=person)
    with django_assert_num_queries(2):
        assert len(trail.in_words(Entry.objects.filter(event="organisation.edited"))) == 2
