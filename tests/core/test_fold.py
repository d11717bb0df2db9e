import pytest
from hypothesis import given
from hypothesis import strategies as st

from convoca.core.fold import composed, fold, terms


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("São Paulo", "sao paulo"),
        ("Αθήνα", "ΑΘΗΝΑ"),
        ("Øresund", "oresund"),
        ("Łódź", "lodz"),
        ("Straße", "STRASSE"),
        ("Diyarbakır", "diyarbakir"),
        ("İstanbul", "istanbul"),
        ("القاهرة", "القاهره"),
        ("أسوان", "اسوان"),
        ("Coeur d’Alène", "Coeur d'Alene"),
        ("Saint-Denis", "saint denis"),
    ],
)
def test_what_is_written_and_what_is_asked_fold_to_the_same(written, asked):
    assert fold(written) == fold(asked)


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet=[chr(n) for n in range(128)]))
def test_plain_letters_fold_as_all_others_do(text):
    assert fold(f"{text} é") == f"{fold(text)} e".strip()


def test_runs_of_chinese_are_looked_up_in_pairs():
    assert terms("河流 联盟会") == ["河流", "联盟", "盟会"]


def test_mixed_words_keep_their_latin_part():
    assert terms("NGO河流") == ["ngo", "河流"]


def test_no_letter_keeps_more_accents_than_thirty():
    """Putting two hundred thousand into their order would take minutes."""
    assert composed("e\u0301" + "\u0323\u0301" * 100_000 + "a") == composed(
        "e\u0301" + "\u0323\u0301" * 14 + "\u0323a"
    )
    assert composed("-" * 80 + "e\u0301") == "-" * 80 + "é"
