"""Passages are marked whatever they do to each other, and no text is changed by it."""

import html
import re

from hypothesis import given
from hypothesis import strategies as st

from convoca.drafting.calling import call_of
from convoca.drafting.marking import marked


def bare(drawn: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", drawn))


def test_a_passage_leads_to_its_item_and_back():
    assert marked("On 13 March", [(3, 11, "m1")]) == (
        'On <mark id="in-m1" data-of="m1"><a href="#m1">13 March</a></mark>'
    )


def test_of_passages_that_overlap_each_piece_leads_to_the_shortest():
    drawn = marked("Union of Lima", [(0, 13, "o1"), (9, 13, "p1")])
    assert drawn == (
        '<mark id="in-o1" data-of="o1"><a href="#o1">Union of </a></mark>'
        '<mark id="in-p1" data-of="o1 p1"><a href="#p1">Lima</a></mark>'
    )


def test_two_that_begin_together_both_have_a_place_to_go_to():
    drawn = marked("Lima", [(0, 4, "p1"), (0, 2, "o1")])
    assert re.findall(r'id="([^"]+)"', drawn) == ["in-p1", "in-o1"]


def test_what_lies_outside_the_text_is_let_be():
    assert marked("Lima", [(2, 9, "p1"), (-1, 2, "p2"), (3, 3, "p3")]) == "Lima"


@given(
    st.text(max_size=40),
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), st.sampled_from("abc")), max_size=8),
)
def test_the_words_stay_as_they_are(text, passages):
    assert bare(marked(text, passages)) == text


def test_the_call_is_markdown_without_its_title():
    text = "BRIDGES FOR ALL:\n\n• One\n•  Two\n        deep in\n\n*Three*"
    assert call_of(text, title="Bridges for all") == "- One\n- Two\n   deep in\n\n*Three*"
    assert call_of(text).startswith("BRIDGES FOR ALL:")
