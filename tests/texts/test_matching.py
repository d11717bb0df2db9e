import random
from time import monotonic

from hypothesis import given
from hypothesis import strategies as st

from convoca.texts.matching import match

PARAGRAPHS = st.lists(
    st.sampled_from(
        ["El agua es de todos.", "Nos vemos el lunes.", "- uno\n- dos", "***", "", "Una frase más."]
    )
    | st.text(max_size=40),
    max_size=12,
)


def kinds(old, new):
    return [(m.kind, m.key) for m in match(list(enumerate(old, start=1)), new)]


@given(PARAGRAPHS, PARAGRAPHS)
def test_every_new_paragraph_stands_once_and_no_old_key_twice(old, new):
    found = match(list(enumerate(old, start=1)), new)
    assert [m.index for m in found] == list(range(len(new)))
    keys = [m.key for m in found if m.key is not None]
    assert len(keys) == len(set(keys))
    assert set(keys) <= set(range(1, len(old) + 1))
    assert all((m.key is None) == (m.kind == "new") for m in found)


@given(PARAGRAPHS)
def test_the_same_text_is_the_same(words):
    assert kinds(words, words) == [("same", key) for key in range(1, len(words) + 1)]


@given(PARAGRAPHS, st.randoms(use_true_random=False))
def test_shuffling_only_moves(words, chance):
    shuffled = chance.sample(words, len(words))
    assert {kind for kind, _ in kinds(words, shuffled)} <= {"same", "moved"}


@given(PARAGRAPHS, PARAGRAPHS)
def test_matching_twice_gives_the_same_answer(old, new):
    assert kinds(old, new) == kinds(old, new)


def test_a_changed_word_is_the_same_paragraph():
    old = ["Nos vemos el 5 de octubre en la plaza.", "Otra cosa."]
    assert kinds(old, [old[0].replace("5", "6"), old[1]]) == [("changed", 1), ("same", 2)]


def test_a_changed_and_moved_paragraph_is_recognised():
    old = ["Primero.", "Nos vemos el 5 de octubre en la plaza.", "Tercero."]
    new = ["Primero.", "Tercero.", "Nos vemos el 6 de octubre en la plaza."]
    assert kinds(old, new) == [("same", 1), ("same", 3), ("changed", 2)]


def test_a_paragraph_put_in_and_one_taken_out():
    old = ["Uno.", "Dos gatos duermen al sol.", "Tres."]
    new = ["Uno.", "Del todo diferente, sin relación.", "Tres."]
    assert kinds(old, new) == [("same", 1), ("new", None), ("same", 3)]


def test_small_blanks_and_other_unicode_forms_change_nothing():
    assert kinds(["El ri\u0301o  vive. "], ["El río vive."]) == [("same", 1)]


def test_chinese_is_compared_by_pairs_of_letters():
    assert kinds(["我们在十月五日见面。"], ["我们在十月六日见面。"]) == [("changed", 1)]


def test_a_thousand_changed_paragraphs_are_matched_in_seconds():
    chance = random.Random(7)
    words = [f"w{n}" for n in range(400)]
    old = [" ".join(chance.choices(words, k=40)) for _ in range(1_000)]
    new = [f"{body} extra" for body in old]
    begun = monotonic()
    assert [m.key for m in match(list(enumerate(old)), new)] == list(range(1_000))
    assert monotonic() - begun < 120
