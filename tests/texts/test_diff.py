from hypothesis import given
from hypothesis import strategies as st

from convoca.texts import diff

WORDS = st.lists(
    st.sampled_from(["el", "agua", " ", "  ", "\n", "ríos", "水", "م", "ٌ", "5", ".", "<b>", "&"]),
    max_size=30,
).map("".join)


@given(WORDS, WORDS)
def test_without_the_new_words_the_old_ones_stand_there_and_the_reverse(old, new):
    runs = diff.changes(old, new)
    assert "".join(run.words for run in runs if run.kind != "new") == old
    assert "".join(run.words for run in runs if run.kind != "old") == new


@given(WORDS)
def test_nothing_changed_means_one_run(words):
    assert all(run.kind == "same" for run in diff.changes(words, words))


def test_what_is_gone_and_what_is_new_are_marked():
    assert diff.html("el 5 de octubre", "el 6 de octubre") == (
        "el <del>5</del><ins>6</ins> de octubre"
    )


def test_neighbouring_words_change_together():
    assert diff.html("en la plaza mayor", "en el puente mayor") == (
        "en <del>la plaza</del><ins>el puente</ins> mayor"
    )


def test_each_side_can_stand_alone():
    assert diff.old_side("a b", "a c") == "a <del>b</del>"
    assert diff.new_side("a b", "a c") == "a <ins>c</ins>"


def test_html_in_the_words_is_words():
    assert diff.html("<script>", "<b>") == "&lt;<del>script</del><ins>b</ins>&gt;"


def test_combining_marks_stay_with_their_letter():
    runs = diff.changes("مٌ", "مٍ")
    assert [(run.kind, len(run.words)) for run in runs] == [("old", 2), ("new", 2)]


def test_scripts_without_blanks_change_letter_by_letter():
    assert diff.html("水是生命", "水是生活") == "水是生<del>命</del><ins>活</ins>"


def test_two_very_long_texts_are_compared_in_a_moment():
    old, new = "uno dos " * 2_500, "tres cuatro " * 2_500
    assert diff.changes(old, new)[0].kind == "old"
