import pytest

from convoca.exchange.reading.reasons import Reason
from convoca.exchange.reading.sizes import NumberStyle, Size, SizeReader


def size(text, style=None):
    found = SizeReader(style or NumberStyle()).read(text)
    if isinstance(found, Size):
        return found.low, found.high
    return found.code if isinstance(found, Reason) else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("300", (300, 300)),
        ("300.0", (300, 300)),
        ("50 - 100", (50, 100)),
        ("50–100 people", (50, 100)),
        (">50", (50, None)),
        ("50+", (50, None)),
        ("more than a dozen", (12, None)),
        ("up to 40", (1, 40)),
        ("bis 100", (1, 100)),
        ("<1000", (1, 1000)),
        ("about 200", (200, 200)),
        ("nearly 200", (200, 200)),
        ("unas 300", (300, 300)),
        ("cerca de 2 mil pessoas", (2000, 2000)),
        ("más de 2.000 personas", (2000, None)),
        ("une centaine", (100, 100)),
        ("plusieurs centaines", (200, 999)),
        ("several hundred", (300, 999)),
        ("mehrere 100", (200, 999)),
        ("dozens", (24, 99)),
        ("a few dozen", (24, 71)),
        ("two dozen", (24, 24)),
        ("a half-dozen", (6, 6)),
        ("hundreds", (200, 999)),
        ("1000s-10000s", (2000, 99999)),
        ("tens of thousands", (20000, 99999)),
        ("hundreds of thousands of people", (200000, 999999)),
        ("عشرات الآلاف", (20000, 99999)),
        ("٣٠٠", (300, 300)),
        ("twenty five", (25, 25)),
        ("two hundred fifty", (250, 250)),
        ("1.5 million", (1500000, 1500000)),
        ("12 000", (12000, 12000)),
        ("200 in 100 cars", (200, 200)),
        ("about 200; more than 100", (100, None)),
        ("between 80 and 100", (80, 100)),
        ("0", (0, 0)),
    ],
)
def test_crowds_are_written_in_many_ways(text, expected):
    assert size(text) == expected


@pytest.mark.parametrize("text", ["", "NA", "k. A.", "?", "--", "unknown", "sin datos", "#"])
def test_a_cell_may_say_that_nobody_counted(text):
    assert size(text) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("-5", "size-negative"),
        ("500-50", "size-turned"),
        ("1000000000000", "size-impossible"),
        ("1e12", "size-impossible"),
        ("a large group", "size-unread"),
        ("2020-10-01 00:00:00", "size-unread"),
        ("40 tractors", "size-not-people"),
        ("30 arrested", "size-not-people"),
    ],
)
def test_what_is_no_crowd_has_a_reason(text, code):
    assert size(text) == code


def test_a_point_before_three_digits_is_a_thousand_or_one_as_the_file_has_it():
    assert size("1.000") == (1000, 1000)
    assert size("1.000", NumberStyle(point_groups=False)) == (1, 1)
    assert size("1,000", NumberStyle(comma_groups=False)) == (1, 1)


def test_what_was_written_is_kept():
    found = SizeReader(NumberStyle()).read("unas 300 personas")
    assert found == Size(300, 300, "unas 300 personas")
