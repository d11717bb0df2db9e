from datetime import UTC, date, datetime, time

import pytest

from convoca.exchange.reading.clocks import read_clocks
from convoca.exchange.reading.days import DayReader, Style
from convoca.exchange.reading.reasons import Reason

TODAY = date(2027, 5, 1)


def days(text, style=None, year=""):
    found = DayReader(style or Style(), today=TODAY).read(text, year)
    if isinstance(found, Reason):
        return found.code
    return [(when.first, when.last or when.first) for when in found]


@pytest.mark.parametrize(
    "text",
    [
        "2020-06-01",
        "2020-6-1",
        "2020/06/01",
        "20200601",
        "1.6.2020",
        "01.06.20",
        "1/6/2020",
        "01-06-2020",
        "1 June 2020",
        "June 1, 2020",
        "Monday, June 1st 2020",
        "1-Jun-20",
        "1er juin 2020",
        "lundi 1 juin 2020",
        "1º de junho de 2020",
        "1 de junio de 2020",
        "1. Juni 2020",
        "1 giugno 2020",
        "1 юни 2020",
        "١ يونيو ٢٠٢٠",
        "2020年6月1日",
        "43983",
    ],
)
def test_one_day_is_written_in_many_ways(text):
    assert days(text) == [(date(2020, 6, 1), date(2020, 6, 1))]


def test_the_month_comes_first_where_the_file_says_so():
    assert days("6/1/2020", Style(slashes="mdy")) == [(date(2020, 6, 1), date(2020, 6, 1))]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("14.02. bis 17.02.2019", date(2019, 2, 14), date(2019, 2, 17)),
        ("17.12.-04.01.2023", date(2022, 12, 17), date(2023, 1, 4)),
        ("2018-06-01 - 2018-06-03", date(2018, 6, 1), date(2018, 6, 3)),
        ("5 al 8 de octubre de 2017", date(2017, 10, 5), date(2017, 10, 8)),
        ("from March 2nd to 4th 2023", date(2023, 3, 2), date(2023, 3, 4)),
        ("30 April - 2 May 2019", date(2019, 4, 30), date(2019, 5, 2)),
        ("May 3–5, 2019", date(2019, 5, 3), date(2019, 5, 5)),
        ("week of August 13, 2018", date(2018, 8, 13), date(2018, 8, 19)),
        ("Jun-18", date(2018, 6, 1), date(2018, 6, 30)),
        ("juin 2018", date(2018, 6, 1), date(2018, 6, 30)),
    ],
)
def test_several_days_are_one_span(text, first, last):
    assert days(text) == [(first, last)]


def test_a_list_of_days_takes_month_and_year_from_what_stands_after_it():
    assert [first for first, _last in days("21., 28.07. und\n 4.8.2014")] == [
        date(2014, 7, 21),
        date(2014, 7, 28),
        date(2014, 8, 4),
    ]


def test_a_list_that_is_out_of_order_stays_in_its_year():
    assert [first for first, _last in days("5.8., 10.6., 2.9.2014")] == [
        date(2014, 8, 5),
        date(2014, 6, 10),
        date(2014, 9, 2),
    ]


def test_a_year_column_gives_the_year_that_a_day_lacks():
    assert days("02.08., 09.08.") == "date-yearless"
    assert days("02.08.", year="2014") == [(date(2014, 8, 2), date(2014, 8, 2))]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2108-06-01", "date-late"),
        ("0208-06-01", "date-early"),
        ("31/2/2020", "date-impossible"),
        ("31.08.20108", "date-unread"),
        ("next week", "date-unread"),
        ("2020", "date-unread"),
        ("5.5.2020 - 1.5.2020", "date-turned"),
        ("9" * 5000, "date-unread"),
    ],
)
def test_what_is_no_day_is_refused_with_its_reason(text, code):
    assert days(text) == code


def test_an_instant_waits_for_its_zone():
    (when,) = DayReader(Style()).read("2018-06-01T23:30:00+02:00")
    assert when.instant == datetime(2018, 6, 1, 21, 30, tzinfo=UTC)
    (when,) = DayReader(Style()).read("1682035200000")
    assert when.instant == datetime(2023, 4, 21, tzinfo=UTC)


def test_a_z_is_local_time_where_the_mapping_says_so():
    (when,) = DayReader(Style(local_z=True)).read("2018-06-01T18:00:00Z")
    assert (when.first, when.start) == (date(2018, 6, 1), time(18))


def test_a_cell_may_hold_day_and_time():
    (when,) = DayReader(Style(slashes="mdy")).read("6/12/2018 5:30 PM")
    assert (when.first, when.start) == (date(2018, 6, 12), time(17, 30))


@pytest.mark.parametrize(
    ("text", "clocks"),
    [
        ("12.00 – 20.00 Uhr", [(time(12), time(20))]),
        ("jeweils von 15.30 - 16.30 Uhr", [(time(15, 30), time(16, 30))]),
        ("5 pm", [(time(17), None)]),
        ("11 to 1 pm", [(time(11), time(13))]),
        ("14h30", [(time(14, 30), None)]),
        ("10-12h", [(time(10), time(12))]),
        ("a las 17:00", [(time(17), None)]),
        ("17.00-", [(time(17), None)]),
        ("1900-01-08 06:15:00", [(time(6, 15), None)]),
        ("9:00 - 10:00\n11:00 - 12:00", [(time(9), time(10)), (time(11), time(12))]),
        ("ganztägig", []),
        ("25:00", None),
        ("soon", None),
    ],
)
def test_times_of_day_are_written_in_many_ways(text, clocks):
    assert read_clocks(text) == clocks
