import re
from pathlib import Path

import pytest
from django.utils import timezone, translation

import convoca
from convoca.accounts.models import Person
from convoca.audit import services as audit
from convoca.audit.models import Entry
from convoca.core.names import Names
from convoca.network import services, trail
from tests.cast import make_organisation, mandate_of

SOURCES = Path(convoca.__file__).parent
pytestmark = pytest.mark.django_db


def recorded_events() -> set[str]:
    """Every event that some service writes, as it stands in the code."""
    found: set[str] = set()
    for path in [*SOURCES.rglob("services/*.py"), *SOURCES.rglob("services.py")]:
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(r'audit\.record\(\s*"([a-z_.-]+)"', text))
        for line in re.findall(r"\bevent = (.+)", text):  # one of two
            found |= set(re.findall(r'"([a-z-]+\.[a-z_-]+)"', line))
    return found


def lines(**wanted):
    return trail.in_words(Entry.objects.filter(**wanted).order_by("pk"))


def called(names):
    organisation = make_organisation("?")
    organisation.names = Names(names)
    organisation.save()
    return organisation


def test_every_event_that_is_recorded_has_a_sentence():
    assert sorted(recorded_events() - set(trail.EVENTS)) == []


def test_every_event_can_be_filtered_by():
    nouns = {noun for group in trail.SUBJECTS for noun in group.split()}
    assert {event.split(".")[0] for event in trail.EVENTS} == nouns


def test_an_entry_is_a_sentence_about_somebody_who_did_something(bo, union):
    audit.record("organisation.edited", about=union, by=bo)
    audit.record("network.ready")
    by_bo, by_server = lines(event__in=["organisation.edited", "network.ready"])
    assert by_bo.text == "Bo edited what is said about Union of Port Workers"
    assert by_bo.html == (
        "<bdi>Bo</bdi> edited what is said about "
        f'<a href="{union.get_work_url()}"><bdi>Union of Port Workers</bdi></a>'
    )
    assert by_server.text == "The server finished the first run of this server"


def test_roles_and_names_are_read_in_the_language_of_the_reader(ana, bo, ben, network):
    union = called({"en": "River Union", "es": "Unión del Río"})
    with translation.override("ar"):
        services.grant(ben, "delegate", organisation=union, by=bo, under=mandate_of(bo))
    with translation.override("es"):
        line = lines(event="mandate.granted")[-1]
    assert line.text == "Bo otorgó a Ben un mandato: Delegación, Unión del Río"
    assert line.for_whom == "para la red"


def test_rows_keep_no_name_of_a_person_and_no_word_of_a_language(ana, bo, ben, union):
    with translation.override("es"):
        services.grant(ben, "delegate", organisation=union, by=bo, under=mandate_of(bo))
    row = Entry.objects.filter(event="mandate.granted").latest("pk")
    kept = (row.for_whom, row.about_words, row.details)
    assert kept == ("", "Union of Port Workers", {"role": "delegate"})


def test_somebody_who_left_is_no_longer_named(ana, ben, bo, union):
    services.grant(ben, "delegate", organisation=union, by=bo)
    now = timezone.now()
    Person.objects.filter(pk=ben.pk).update(is_active=False, left_at=now, erased_at=now)
    assert lines(event="mandate.granted")[-1].text == (
        "Bo granted A former member a mandate: Delegate, Union of Port Workers"
    )


def test_a_sentence_is_inert_whatever_the_names_say(bo):
    evil = make_organisation("<b>{{ 7 }} %(who)s")
    audit.record("organisation.edited", about=evil, by=bo)
    [line] = lines(event="organisation.edited")
    assert "<b>" not in line.html
    assert "&lt;b&gt;{{ 7 }} %(who)s" in line.html


def test_what_is_gone_is_named_as_it_was_called(bo):
    gone = Entry(
        event="organisation.edited",
        person_id=bo.pk,
        about_type="network.organisation",
        about_id="0",
        about_words="Old Union",
    )
    [line] = trail.in_words([gone])
    assert line.text == "Bo edited what is said about Old Union"


@pytest.mark.parametrize(
    ("wanted", "events"),
    [
        ({"subject": "organisation"}, ["organisation.edited"]),
        ({"who": "bo"}, ["organisation.edited", "network.ready"]),
        ({"about": "puertos"}, ["organisation.edited"]),
        ({"about": "nothing like it"}, []),
    ],
)
def test_the_trail_is_searched_by_people_by_subjects_and_by_present_names(bo, wanted, events):
    union = called({"en": "Ports", "es": "Puertos"})
    audit.record("organisation.edited", about=union, by=bo)
    audit.record("network.ready", by=bo)
    rows = Entry.objects.filter(event__in=["organisation.edited", "network.ready"]).order_by("pk")
    assert [row.event for row in trail.searched(rows, **wanted)] == events


@pytest.mark.parametrize("count", [1, 4])
def test_names_in_the_trail_cost_a_query_for_each_model(
    bo, ben, union, count, django_assert_num_queries
):
    for number in range(count):
        audit.record("organisation.edited", about=union, by=ben if number % 2 else bo)
    with django_assert_num_queries(3):
        assert len(lines(event="organisation.edited")) == count
