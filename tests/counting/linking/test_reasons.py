from datetime import timedelta

import pytest
from django.utils import translation

from convoca.counting.linking.reasons import Reason
from convoca.counting.linking.wording import said, sentence
from tests.counting.linking.conftest import DAY

PORT = (-33.036, -71.630)
BESIDE = (-33.0387, -71.630)


@pytest.fixture
def why(linker):
    return lambda one, other: list(linker.compare(one, other).reasons)


def test_the_reason_names_day_distance_organiser_and_sizes(report, why):
    one = report("a1", position=PORT, is_pin=True, organisers=("Port Workers' Union",), low=200)
    other = report("b1", position=BESIDE, is_pin=True, organisers=("port workers union",), low=150)

    reasons = why(one, other)
    assert [reason.code for reason in reasons] == [
        "same-day",
        "metres-apart",
        "same-organiser",
        "sizes-near",
    ]
    with translation.override("en"):
        assert sentence(reasons) == (
            "same day; 300 m apart; both name Port Workers' Union; "
            "sizes near each other, 200 and 150"
        )


def test_what_speaks_against_is_said_too(report, why):
    one = report("a1", kind="counter-protest", low=10)
    other = report("b1", "Viña del Mar", day=DAY + timedelta(1), low=500)

    with translation.override("en"):
        assert said(why(one, other)) == [
            "1 day apart",
            "7 km apart",
            "only one calls itself a counter-protest",
            "sizes far apart, 10 and 500",
        ]


def test_every_reason_has_words():
    values = {
        "days-apart": (1,),
        "metres-apart": (300,),
        "km-apart": (7,),
        "same-town": ("Lyon",),
        "same-name-elsewhere": ("Lyon",),
        "towns-alike": ("Lyon", "Lyons"),
        "same-venue": ("town hall",),
        "same-organiser": ("Union",),
        "same-words": ("water", "river"),
        "words-together": ("trump", "45th president"),
        "one-size": (40,),
        "same-size": (40,),
        "sizes-near": (40, 50),
        "sizes-apart": (40, 500),
    }
    bare = ("same-day", "one-counters", "no-sizes")
    reasons = [Reason(code, given) for code, given in values.items()] + list(map(Reason, bare))
    assert all(said(reasons))
