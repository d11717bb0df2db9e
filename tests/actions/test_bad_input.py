"""What hosts may mistype, in the form to host and on the host page: a clear sentence, all kept."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from convoca.actions.models import Action
from tests.actions.making import LISBON, in_days, make_action, make_link, town
from tests.actions.test_hosting import press, send

pytestmark = pytest.mark.django_db


def last_sunday(month: int) -> date:
    """The next one of Lisbon's days on which clocks are put forward (3) or back (10)."""
    year = timezone.localdate().year
    for candidate in (date(year, month, 31), date(year + 1, month, 31)):
        day = candidate - timedelta(days=(candidate.weekday() + 1) % 7)
        if day > timezone.localdate() + timedelta(days=1):
            return day
    raise AssertionError


IN_LISBON = {"stop_0_place": "Lisboa", "clock": "01:30"}
TIMES = [
    ({"day": "2027-02-31"}, "day", "There is no such day"),
    ({**IN_LISBON, "day": "forward"}, "clock", "clocks are put forward"),
    ({**IN_LISBON, "day": "back"}, "fold", "it is 01:30 twice"),
    ({"clock": "25:00"}, "clock", "Write the hour like 17:30"),
    ({"clock": "18:00", "last_clock": "17:00"}, "last_clock", "It ends before it begins"),
    ({"stop_0_pin_latitude": "-25", "stop_0_pin_longitude": "-140"}, "stop_0_pin", "from Asunción"),
    ({"stop_0_pin_latitude": "90", "stop_0_pin_longitude": "0"}, "stop_0_pin", "from Asunción"),
    ({"stop_0_pin_latitude": "91", "stop_0_pin_longitude": "0"}, "stop_0_pin", "90"),
    ({"stop_0_pin_latitude": "-25", "stop_0_pin_longitude": "181"}, "stop_0_pin", "180"),
]
WORDS = [
    ({"capacity": "0"}, "capacity", "At least one person must fit"),
    ({"capacity": "-1"}, "capacity", "At least one person must fit"),
    ({"capacity": "1000000000"}, "capacity", "more than a million"),
    ({"online_url": "javascript:alert(1)"}, "online_url", "https://"),
    ({"description": "river " * 5000}, "description", "Shorten it"),
]
TITLES = [("🌊🌊🌊", "A title needs words"), ("river " * 30, "at most 120 characters")]


def said(facts):
    days = {"forward": last_sunday(3).isoformat(), "back": last_sunday(10).isoformat()}
    return {name: days.get(value, value) for name, value in facts.items()}


@pytest.fixture
def hosted(campaign, union):
    town("Lisbon", **LISBON)
    action = make_action(campaign, union)
    return action, f"/en/host/{make_link(action)[1]}/"


def check(answer, field, words, typed):
    errors = answer.context["form"].errors
    assert (answer.status_code, list(errors)) == (422, [field])
    assert words in str(errors[field]), errors
    kept = {name: answer.context["form"].data.get(name) for name in typed}
    assert kept == typed


@pytest.mark.parametrize(("facts", "field", "words"), [*TIMES, *WORDS])
def test_in_the_form_to_host(client, campaign, facts, field, words):
    typed = said(facts)
    check(send(client, campaign, **typed), field, words, typed)
    assert not Action.objects.exists()


@pytest.mark.parametrize(("facts", "field", "words"), TIMES)
def test_where_time_and_place_are_changed(client, hosted, facts, field, words):
    action, path = hosted
    typed = said(facts)
    sent = {"stop_0_place": "Asunción", "day": in_days(20).isoformat(), "clock": "10:00"} | typed
    check(press(client, f"{path}move/", **sent), field, words, typed)
    before = action.sequence
    action.refresh_from_db()
    assert action.sequence == before


@pytest.mark.parametrize(("facts", "field", "words"), WORDS)
def test_where_words_are_changed(client, hosted, facts, field, words):
    _action, path = hosted
    check(press(client, f"{path}words/", **{"names-in-en": "Walk"}, **facts), field, words, facts)


@pytest.mark.parametrize(("title", "words"), TITLES)
def test_titles_that_cannot_be_read_aloud(client, campaign, hosted, title, words):
    _action, path = hosted
    check(send(client, campaign, title=title), "title", words, {"title": title})
    answer = press(client, f"{path}words/", **{"names-in-en": title})
    check(answer, "names", words, {"names-in-en": title})
    form = client.get(f"{path}languages/es/").context["form"]
    answer = press(client, f"{path}languages/es/", title=title, version=form.number)
    check(answer, "title", words, {"title": title})


def test_the_second_of_two_equal_hours_is_taken_where_it_is_chosen(client, hosted):
    action, path = hosted
    day = last_sunday(10).isoformat()
    press(client, f"{path}move/", stop_0_place="Lisboa", day=day, clock="01:30", fold="1")
    action.refresh_from_db()
    assert (str(action.clock), action.fold, action.starts_at.hour) == ("01:30:00", 1, 1)


def test_a_pin_on_the_other_side_of_the_antimeridian_is_near(client, hosted):
    action, path = hosted
    labasa = {"stop_0_place": "Labasa", "day": in_days(20).isoformat(), "clock": "10:00"}
    pin = {"stop_0_pin_latitude": "-16.5", "stop_0_pin_longitude": "-179.95"}
    assert press(client, f"{path}move/", **labasa, **pin).status_code == 302
    assert (action.stops.get().place.name, action.stops.get().longitude) == ("Labasa", -179.95)


def test_it_is_not_repeated_on_a_day_that_is_none_or_at_an_hour_that_is_skipped(client, hosted):
    action, path = hosted
    answer = press(client, f"{path}repeat/", day="2027-02-31")
    check(answer, "day", "There is no such day", {"day": "2027-02-31"})
    Action.objects.filter(pk=action.pk).update(zone="Europe/Lisbon", clock="01:30")
    answer = press(client, f"{path}repeat/", day=last_sunday(3).isoformat())
    assert "clocks are put forward" in str(answer.context["form"].errors)
    assert Action.objects.count() == 1
