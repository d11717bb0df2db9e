from datetime import UTC, date, datetime

import pytest

from convoca.core.dates import day_figure, days_words, list_words, moment_words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "5–8 October 2027"),
        ("es", "5–8 de octubre de 2027"),
        ("fr", "5–8 octobre 2027"),
        ("pt", "5 – 8 de outubro de 2027"),
        ("ar", "5–8 أكتوبر 2027"),
    ],
)
def test_an_interval_is_written_as_its_language_writes_it(language, words):
    written = days_words(date(2027, 10, 5), date(2027, 10, 8), language)
    assert " ".join(written.replace("\u2009", " ").split()).replace("\u200f", "") == words


def test_the_figure_of_a_day_and_of_days_within_a_month():
    assert day_figure(date(2027, 10, 5)) == "5"
    assert day_figure(date(2027, 10, 5), date(2027, 10, 8)) == "5–8"
    assert day_figure(date(2027, 10, 30), date(2027, 11, 2)) == "30"


def test_an_instant_names_its_zone():
    at = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
    assert moment_words(at, "UTC", "en") == "22 November 2026, 14:00 UTC"
    assert moment_words(at, "Europe/Madrid", "es") == (
        "22 de noviembre de 2026, 15:00 hora estándar de Europa central"
    )


def test_lists_are_joined_as_the_language_does():
    assert list_words(["a", "b", "c"], "es") == "a, b y c"
    assert list_words([], "es") == ""


@pytest.mark.parametrize(
    ("last", "joined"),
    [
        ("inglés", "e"),
        ("Íñigo", "e"),
        ("hilos", "e"),
        ("hielo", "y"),
        ("yeso", "y"),
        ("árabe", "y"),
    ],
)
def test_spanish_avoids_two_sounds_of_i_in_a_row(last, joined):
    assert list_words(["español", last], "es") == f"español {joined} {last}"
    assert list_words([last], "es") == last
