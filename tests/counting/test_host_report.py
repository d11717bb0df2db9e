"""The page behind a host's link on which they say how it went."""

from datetime import timedelta

import pytest
import time_machine

from convoca.counting.models import Estimate, Report
from tests.actions.making import make_link
from tests.actions.test_hosting import press

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(action):
    return make_link(action)


@pytest.fixture
def over(action):
    with time_machine.travel(action.over_at + timedelta(hours=2), tick=False):
        yield action


def page(link):
    return f"/en/host/{link[1]}/report/"


def errors(answer) -> dict[str, list[str]]:
    return dict(answer.context["form"].errors)


GIVEN = {
    "happened": "yes",
    "low_0": "200",
    "high_0": "300",
    "method_0": "estimated",
    "present": "Union of Port Workers\nLibrary",
    "words": "Loud and dry.",
    "won": "Talks begin on Monday.",
}


def test_the_host_page_leads_there_once_it_is_over(client, network, link, action):
    before = client.get(f"/en/host/{link[1]}/").context["front"].step.label
    with time_machine.travel(action.over_at + timedelta(hours=2), tick=False):
        front = client.get(f"/en/host/{link[1]}/").context["front"]
        assert [before, front.step.label, front.step.url] == [
            "Write to all who come",
            "How did it go?",
            page(link),
        ]
        press(client, page(link), **GIVEN)
        front = client.get(f"/en/host/{link[1]}/").context["front"]
        rows = [row.label for _heading, rows in front.groups for row in rows]
        assert [front.step, "Your report" in rows] == [None, True]


def test_before_it_is_over_there_is_nothing_to_report(client, network, link):
    answer = client.get(page(link))
    assert ["<form" in answer.text, "when it is over" in answer.text] == [False, True]


def test_a_report_is_kept_and_can_be_corrected(client, network, link, over):
    answer = press(client, page(link), **GIVEN)
    assert [answer.status_code, answer["Location"]] == [302, f"{page(link)}?done=saved"]
    shown = client.get(answer["Location"])
    assert "Saved. Thank you." in shown.text
    form = shown.context["form"]
    assert [form["low_0"].value(), form["words"].value()] == [200, "Loud and dry."]
    press(client, page(link), **{**GIVEN, "low_0": "250"})
    assert list(Estimate.objects.values_list("low", "high")) == [(250, 300)]
    assert Report.objects.get().organisations == ["Union of Port Workers", "Library"]


def test_several_numbers_stand_side_by_side(client, network, link, over):
    answer = press(client, page(link), **GIVEN, **{"add-figure": "1"})
    assert [answer.status_code, answer.context["form"].count] == [200, 2]
    assert 'value="200"' in answer.text
    police = {"low_1": "90", "method_1": "police", "url_1": "https://example.org/police"}
    press(client, page(link), **GIVEN, **police)
    assert list(Estimate.objects.values_list("low", "high", "method", "url")) == [
        (200, 300, "estimated", ""),
        (90, None, "police", "https://example.org/police"),
    ]


@pytest.mark.parametrize(
    ("given", "field", "begins"),
    [
        ({"happened": ""}, "happened", "Say whether it took place."),
        ({"low_0": "400"}, "high_0", "At most 300 is less than at least 400."),
        ({"low_0": "-5"}, "low_0", "A number of people cannot be less than nought."),
        ({"high_0": "1.000"}, "high_0", "“1.000” can mean 1000 or 1."),
        ({"high_0": "1,500"}, "high_0", "“1,500” can mean 1500 or 1."),
        ({"high_0": "1000000000000"}, "high_0", "More than 100,000,000 people"),
        ({"high_0": "200000000"}, "high_0", "More than 100,000,000 people"),
        ({"high_0": "9" * 40}, "high_0", "More than 100,000,000 people"),
        ({"low_0": "200-300"}, "low_0", "Write one number in digits"),
        ({"low_0": "several hundred"}, "low_0", "Write one number in digits"),
        ({"low_0": "²"}, "low_0", "Write one number in digits"),
        ({"method_0": ""}, "method_0", "Say how this number was arrived at."),
        ({"low_0": "", "high_0": ""}, "low_0", "Write the number, or take the rest"),
        ({"url_0": "javascript:alert(1)"}, "url_0", "Enter a valid URL."),
        ({"happened": "no"}, "happened", "It did not take place, yet there is a number"),
    ],
)
def test_what_cannot_be_is_asked_back_and_stays_typed(
    client, network, link, over, given, field, begins
):
    answer = press(client, page(link), **{**GIVEN, **given})
    assert answer.status_code == 422
    assert list(errors(answer)) == [field]
    assert errors(answer)[field][0].startswith(begins)
    assert answer.context["form"]["words"].value() == "Loud and dry."
    assert [Report.objects.count(), Estimate.objects.count()] == [0, 0]


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("350", 350),
        ("1 000", 1000),
        ("1\u202f000", 1000),
        ("12’500", 12500),
        ("1.000.000", 10**6),
        ("٣٥٠", 350),
        ("0", 0),
        (" 40 ", 40),
    ],
)
def test_numbers_are_read_as_people_write_them(client, network, link, over, typed, number):
    press(client, page(link), **{**GIVEN, "low_0": typed, "high_0": ""})
    assert Estimate.objects.get().low == number


def test_more_rows_than_there_are_change_nothing(client, network, link, over):
    answer = press(client, page(link), **GIVEN, low_9="5", **{"add-figure": "1"})
    assert answer.context["form"].count == 8


def test_a_link_of_nobodys_opens_nothing(client, network):
    assert client.get("/en/host/no-such/report/").status_code == 404
