from dataclasses import replace
from datetime import date

from convoca.actions.printing.facts import words_of_days
from convoca.actions.printing.sharing import share_links, share_text
from tests.actions.printing.samples import ARABIC, CANCELLED, ENGLISH, HOSTILE, UNSET


def test_a_day_is_a_figure_with_its_month_its_weekday_and_the_whole_in_words():
    assert words_of_days(date(2027, 6, 12), None, "en") == {
        "day": "12",
        "month": "June 2027",
        "weekday": "Saturday",
        "date_words": "Saturday, 12 June 2027",
    }


def test_several_days_have_no_weekday():
    assert words_of_days(date(2027, 6, 12), date(2027, 6, 14), "es") == {
        "day": "12–14",
        "month": "junio 2027",
        "weekday": "",
        "date_words": "12–14 de junio de 2027",
    }


def test_days_over_a_months_end_are_whole_beside_the_figure():
    week = words_of_days(date(2027, 6, 28), date(2027, 7, 4), "en")
    assert (week["day"], week["month"]) == ("28", "28 June\u2009–\u20094 July 2027")


def test_a_long_route_and_many_hosts_are_counted_where_paper_ends():
    many = replace(
        ENGLISH,
        place=tuple(f"Stop {number}" for number in range(1, 15)),
        hosts=tuple(f"Committee {number}" for number in range(1, 31)),
    ).printable()

    assert many.place == ("Stop 1", "Stop 2", "Stop 3", "and 11 more places")
    assert many.hosts_words.endswith("Committee 5, Committee 6 and 24 others")


def test_the_stamp_changes_with_the_words_and_only_then():
    assert replace(ENGLISH).stamp == ENGLISH.stamp
    assert replace(ENGLISH, clock="19:00").stamp != ENGLISH.stamp


def test_direction_is_that_of_the_language_and_of_the_title_apart():
    assert (ARABIC.dir, ARABIC.title_dir) == ("rtl", "rtl")
    assert replace(ENGLISH, title_lang="fa").title_dir == "rtl"


def test_what_is_printed_holds_no_symbol_that_cannot_be_set():
    assert "🌊" not in HOSTILE.printable().title
    assert HOSTILE.printable().title.startswith('#import "x": * \\ $a$ *b*')


def test_a_text_to_share_is_three_short_lines():
    assert share_text(ENGLISH).split("\n") == [
        "March for the river",
        "Saturday, 12 June 2027 · 18:00 Central European Summer Time · "
        "Ljubljana · Prešeren Square, by the fountain",
        "https://rivers.example/a/7KQ2",
    ]


def test_a_text_to_share_says_first_that_it_is_cancelled_and_where_no_day_is_set():
    assert share_text(CANCELLED).startswith("Cancelled: March for the river\n")
    assert share_text(UNSET).split("\n")[1].startswith("Date not set · Ljubljana")


def test_links_to_share_go_to_the_readers_own_programs_and_carry_the_text():
    links = dict(share_links(replace(ENGLISH, title="A & B?", url="https://x.example/a/7KQ2")))

    assert list(links) == ["By mail", "As a text message", "WhatsApp", "Telegram"]
    assert links["WhatsApp"].startswith("https://wa.me/?text=A%20%26%20B%3F%0ASaturday")
    assert links["Telegram"].startswith(
        "https://t.me/share/url?url=https%3A%2F%2Fx.example%2Fa%2F7KQ2&text=A%20%26%20B%3F"
    )
