import pytest
from hypothesis import given
from hypothesis import strategies as st

from convoca.texts import markdown as md

SAMPLE = """\
Título
======

Un párrafo
de dos líneas.

- uno

- dos
  con más
  1. dentro

> cita
> larga

| a | b |
|---|---|
| 1 | 2 |

```
código

con hueco
```

***

Fin con [enlace][a] y [b].

[a]: https://a.example/ "T"
[b]: https://b.example/
"""


def test_a_text_is_split_block_by_block():
    assert [body.split("\n")[0] for body in md.split(SAMPLE)] == [
        "Título", "Un párrafo", "- uno", "> cita", "| a | b |", "```", "***",
        'Fin con [enlace](https://a.example/ "T") y [b](https://b.example/).',
    ]  # fmt: skip


def test_the_pieces_drawn_one_by_one_are_the_whole():
    pieces = "".join(md.render(body) for body in md.split(SAMPLE))
    assert pieces.replace("\n", "") == md.render(SAMPLE).replace("\n", "")


BLOCKS = st.sampled_from(
    ["# Uno", "Dos.", "- a\n- b", "> c", "    sangrado", "```\nx\n\ny\n```", "---", "1. z", "=="]
)


@given(st.lists(BLOCKS, max_size=8).map("\n\n".join))
def test_splitting_what_was_put_together_again_changes_nothing(text):
    once = md.split(text)
    assert md.split("\n\n".join(once)) == once


@pytest.mark.parametrize(
    "bad",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,AAAA)",
        "![x](https://spy.example/pixel.png)",
        "<a href='javascript:x'>y</a>",
        "<style>*{display:none}</style>",
        "[x](<java\tscript:alert(1)>)",
    ],
)
def test_nothing_dangerous_and_nothing_fetched_comes_out(bad):
    drawn = md.render(bad).lower()
    for sign in ("<script", "<img", "<style", 'href="javascript', 'href="data', "onerror=x"):
        assert sign not in drawn


def test_template_code_is_words():
    assert md.render("{{7*7}} {% now 'Y' %}") == "<p>{{7*7}} {% now 'Y' %}</p>\n"


def test_links_are_marked_as_members_words():
    assert 'rel="nofollow noopener ugc"' in md.render("[x](https://example.org/)")


def test_headings_start_below_the_pages_title():
    assert md.render("# A").startswith("<h2>")
    assert md.render("###### A").startswith("<h6>")


def test_a_table_has_no_inline_style():
    assert "style" not in md.render("|a|\n|-:|\n|1|")


def test_combining_marks_and_right_to_left_letters_stay():
    words = "العَرَبِيَّة ṉ̃ שָׁלוֹם"
    assert words in md.render(md.tidy(words)) or md.tidy(words) in md.render(words)


def test_plain_words_for_excerpts():
    assert md.plain("# A\n\n- *b* &\n- [c](https://x.example/) <i>") == "A b & c <i>"


def test_links_are_found_once_each():
    assert md.links("[a](https://x.example/) [b](https://x.example/) <https://y.example/>") == [
        "https://x.example/",
        "https://y.example/",
    ]


@pytest.mark.parametrize(
    ("body", "has"),
    [("***", False), ("1 2 3", False), ("a", True), ("水", True), ("[1](a)", False)],
)
def test_what_needs_no_translator(body, has):
    assert md.has_words(body) is has


@pytest.mark.parametrize("sign", ["\x00", "\x1b", "\ud800"])
def test_signs_that_no_text_may_hold_are_named(sign):
    assert md.invisible(f"a{sign}b") == f"U+{ord(sign):04X}"
    assert md.invisible("a\tb\nc") == ""


@pytest.mark.parametrize("piece", ["[", "![[](", "*a_", ">", "`", "<a", "|a"])
def test_a_paragraph_made_to_be_slow_is_drawn_in_a_moment(piece):
    md.render(piece * (20_000 // len(piece)))


@pytest.mark.parametrize(("written", "drawn"), [("#", "h2"), ("##", "h2"), ("###", "h2")])
def test_the_highest_heading_of_a_text_stands_right_under_the_title(written, drawn):
    parts = [f"{written} A", "Words.", f"{written}# B"]
    deeper = 2 - md.top_heading(parts)
    assert md.render(parts[0], deeper=deeper).startswith(f"<{drawn}>")
    assert md.render(parts[2], deeper=deeper).startswith("<h3>")
