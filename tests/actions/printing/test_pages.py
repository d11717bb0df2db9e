"""The pages to print: the same facts, for servers without the extra."""

import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.utils import translation

import convoca.actions
from convoca.actions.printing.pages import cards_context, poster_context, sheet_context
from tests.actions.printing.samples import ARABIC, CANCELLED, ENGLISH, HOSTILE, UNSET, sheet_of

CSS = Path(convoca.actions.__file__).parent / "static/actions/print.css"
pytestmark = pytest.mark.django_db


def page(name: str, context: dict, rf, lang: str = "en") -> str:
    with translation.override(lang):
        request = rf.get(f"/{lang}/")
        return render_to_string(f"actions/print/{name}.html", context, request)


def words(html: str) -> str:
    body = re.sub(r"<svg.*?</svg>", "", html, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def test_a_poster_to_print_says_what_the_facts_say_and_has_slips(network, rf):
    html = page("poster", poster_context(ENGLISH), rf)

    assert "12 Saturday June 2027 18:00 Central European Summer Time" in words(html)
    assert html.count("<li><div><strong") == 8
    assert html.count('class="qr"') == 1
    assert "QR code of rivers.example/a/7KQ2" in html


def test_a_cancelled_action_is_struck_with_the_word_before_it(network, rf):
    html = page("poster", poster_context(CANCELLED), rf)

    assert '<strong class="standing">Cancelled</strong>' in html
    assert '<span class="struck">March for the river</span>' in html


def test_where_no_day_is_set_the_words_stand_in_the_figures_place(network, rf):
    html = page("poster", poster_context(UNSET), rf)
    assert '<p class="day"><strong>Date not set</strong></p>' in html


def test_ten_cards_are_read_out_once(network, rf):
    html = page("cards", cards_context(ENGLISH), rf)

    assert html.count('<p class="address">') == 10
    assert html.count('<li aria-hidden="true">') == 9


def test_a_sheet_to_print_has_the_names_then_blank_lines(network, rf):
    html = page("sheet", sheet_context(sheet_of()), rf)

    assert re.findall(r"<td><bdi>(.*?)</bdi></td>", html)[:4] == [
        "Ana Kovač",
        "محمد الأمين",
        "#show: x",
        "",
    ]
    assert html.count('class="tick"') == 43
    assert "Phone or email" not in html
    assert "Phone or email" in page("sheet", sheet_context(sheet_of(consent="For this.")), rf)


def test_arabic_pages_run_from_the_right(network, rf):
    html = page("poster", poster_context(ARABIC), rf, "ar")

    assert '<html lang="ar" dir="rtl">' in html
    assert '<bdi dir="ltr">rivers.example/a/7KQ2</bdi>' in html


def test_hostile_words_are_words(network, rf):
    html = page("cards", cards_context(HOSTILE), rf)
    assert "<script>alert" not in html


def test_the_pages_hold_no_inline_style_or_script(network, rf):
    for html in (
        page("poster", poster_context(ENGLISH), rf),
        page("cards", cards_context(ENGLISH), rf),
        page("sheet", sheet_context(sheet_of()), rf),
    ):
        assert not re.search(r"\sstyle=|<style|<script(?! src=)", html)


def test_the_style_of_printed_pages_is_small_and_knows_no_left_or_right():
    css = CSS.read_text()

    assert len(css.encode()) <= 6_000
    assert not re.search(r"[\s{;-](left|right)\s*:", css)
