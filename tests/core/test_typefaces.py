"""Which letters can be set here, and what is left out."""

import pytest

from convoca.core.typefaces import folder_of_ours, missing_letters, printable, text_faces


@pytest.mark.parametrize(
    "text",
    [
        "Der Fluß gehört allen: Übermut, Großzügigkeit",
        "Ríos para todos, ¿y tú?",
        "Nước là của mọi người",
        "Τα ποτάμια δεν πωλούνται",
        "Річки не на продаж",
        "नदियाँ सबकी हैं",
        "الأنهار للجميع، ٢٠٢٧",
        "رودها فروشی نیستند",
    ],
)
def test_our_faces_hold_the_letters_of_these_languages(text):
    assert missing_letters(text) == ""


def test_the_letters_that_no_face_holds_are_named():
    assert missing_letters("Rivers 川") == "川"
    assert missing_letters("ወንዝ, Rivers") == "ንወዝ"


def test_symbols_that_no_face_holds_are_left_out_and_words_stay():
    assert printable("Rivers 🌊👩🏽‍🚒 for\nall ☂️!") == "Rivers for all !"
    assert printable("川 for all") == "川 for all"


def test_signs_that_turn_the_line_are_left_out():
    assert printable("a\u202eb\u2066c\x00d") == "abcd"


def test_a_face_in_the_operators_folder_is_used(settings, tmp_path):
    settings.CONVOCA_HOME = tmp_path
    folder = tmp_path / "fonts"
    folder.mkdir()
    (folder / "Own.ttf").write_bytes((folder_of_ours() / "poster-kufi.ttf").read_bytes())
    (folder / "broken.otf").write_bytes(b"no font at all, really none")
    (folder / "README").write_text("fonts")

    assert [face.path.name for face in text_faces()] == [
        "text-sans.ttf",
        "text-arabic.ttf",
        "Own.ttf",
    ]
