"""A campaign's ink and a poster's title: the table of the art direction, and every other colour."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convoca.core import ink as inks
from convoca.core.ink import contrast, ink, is_covered, poster_classes, poster_size, stylesheet

PAPER, INK = inks.PAPER_LIGHT, inks.INK_LIGHT
TABLE = [
    ("vermilion", "#CC3311", PAPER, 5.0, "#C82F0B", "#E74E2F"),
    ("madder", "#AE1536", PAPER, 6.8, "#AE1536", "#E14E5F"),
    ("magenta", "#B81C72", PAPER, 5.9, "#B81C72", "#DF4793"),
    ("violet", "#6A35A8", PAPER, 7.5, "#6A35A8", "#9A69DF"),
    ("ultramarine", "#2A3FC0", PAPER, 7.9, "#2A3FC0", "#5578FD"),
    ("petrol", "#0A6472", PAPER, 6.6, "#0A6472", "#418E9C"),
    ("leaf", "#1C7A45", PAPER, 5.2, "#1A7944", "#3C945D"),
    ("olive", "#6C6B0C", PAPER, 5.4, "#6C6B0C", "#868631"),
    ("marigold", "#F4B223", INK, 9.5, "#8A6205", "#F4B223"),
    ("sky", "#5CB8E6", INK, 8.0, "#097098", "#5CB8E6"),
    ("coral", "#FF8A66", INK, 7.6, "#B44723", "#FF8A66"),
    ("mint", "#6FD3A5", INK, 9.7, "#077852", "#6FD3A5"),
]


@pytest.mark.parametrize(("name", "field", "on", "ratio", "mark_light", "mark_dark"), TABLE)
def test_a_named_ink_is_the_one_in_the_table(name, field, on, ratio, mark_light, mark_dark):
    named = ink(name)

    assert (named.field, named.on) == (field, on)
    assert (named.mark_light, named.mark_dark) == (mark_light, mark_dark)
    assert round(contrast(named.on, named.field), 1) == ratio


def test_the_table_has_all_named_inks():
    assert [row[0] for row in TABLE] == list(inks.NAMED)


def is_readable_everywhere(colour: str) -> bool:
    made = ink(colour)
    return (
        contrast(made.on, made.field) >= 4.5
        and contrast(made.mark_light, inks.DESK_LIGHT) >= 4.5
        and contrast(made.mark_light, inks.PAPER_LIGHT) >= 4.5
        and contrast(made.mark_dark, inks.DESK_DARK) >= 4.5
        and contrast(made.mark_dark, inks.PAPER_DARK) >= 4.5
        and contrast(inks.INK_LIGHT, made.tint_light) >= 8.5
        and contrast(inks.INK_DARK, made.tint_dark) >= 8.5
    )


def test_every_colour_of_a_grid_over_the_cube_can_be_read():
    steps = [*range(0, 256, 32), 255]
    cube = [f"#{r:02X}{g:02X}{b:02X}" for r in steps for g in steps for b in steps]

    assert [colour for colour in cube if not is_readable_everywhere(colour)] == []


@given(st.integers(0, 0xFFFFFF))
def test_any_colour_can_be_read(number):
    assert is_readable_everywhere(f"#{number:06X}")


@pytest.mark.parametrize("typed", ["#CC3311", "cc3311", " #c31 ", "Vermilion", "c31"])
def test_a_colour_is_understood_however_it_is_typed(typed):
    assert ink(typed).field == "#CC3311"


@pytest.mark.parametrize(
    "typed", ["", "red;}", "#12345", "#GGGGGG", "url(x)", "#cc331", "#cc33111"]
)
def test_what_is_no_colour_is_refused(typed):
    with pytest.raises(ValueError, match="not a colour"):
        ink(typed)


def test_the_stylesheet_colours_the_page_and_a_part_of_it_in_both_themes():
    assert stylesheet(ink("marigold")) == (
        ":root,.ink-f4b223{--field:#F4B223;--on:#15191D;--mark:#8A6205;--tint:#F9F2DE}\n"
        "@media screen and (prefers-color-scheme:dark){"
        ":root,.ink-f4b223{--mark:#F4B223;--tint:#4E411F}}\n"
    )


@pytest.mark.parametrize(
    ("title", "size"),
    [
        ("Free water", "t1"),
        ("Rivers for all of us now", "t2"),
        ("Rivers are not for sale, and neither is rain", "t3"),
        ("Rivers, wells, springs, lakes, rain and the sea belong to no company at all", "t4"),
        ("Wasserbetriebe", "t2"),  # short, but one long word
        ("Flussgesellschaften", "t3"),
        ("Wasserwirtschaftsgesellschaften", "t4"),
        ("Anti-Wasser-Betrieb", "t2"),  # may break after a dash
        ("Вода для всех нас", "t2"),  # Cyrillic is broader
        ("الماء للجميع", "t1"),
        ("", "t1"),
    ],
)
def test_a_title_gets_the_largest_size_it_fits_in(title, size):
    assert poster_size(title) == size


@given(st.text(max_size=120))
def test_any_title_has_a_size_and_its_classes_are_words(title):
    assert poster_classes(title).split()[0] == poster_size(title)


@given(st.text(alphabet="aeéñ ", max_size=60))
def test_composed_and_decomposed_letters_are_treated_alike(title):
    assert poster_classes(unicodedata.normalize("NFD", title)) == poster_classes(title)


@pytest.mark.parametrize(
    "title",
    [
        "Rivers are not for sale",
        "L’eau n’est pas à vendre : où ? « Ici »",
        "Nước không phải để bán",
        "Odo kì í ṣe fún títà: Ọjọ́ omi",
        "Su satılık değil, ığüşöç İ",
        "Τα ποτάμια δεν πωλούνται",
        "Річки не на продаж",
        "الأنهار ليست للبيع، 2027",
        "رودها فروشی نیستند",
        "دریا برائے فروخت نہیں ہیں",
        "ڕووبارەکان بۆ فرۆشتن نین",
        "Ƴelde e ɓesngu ɗam",
    ],
)
def test_titles_in_the_scripts_of_the_poster_face_are_covered(title):
    assert is_covered(title)


@pytest.mark.parametrize("title", ["ṉ", "Water ṉ", "川", "नदी", "ወንዝ", "Rivers 🌊", "а́"])
def test_one_letter_that_the_face_lacks_makes_the_whole_title_plain(title):
    assert not is_covered(title)
    assert "plain" in poster_classes(title).split()


@pytest.mark.parametrize(
    ("title", "classes"),
    [
        ("Été", "t1 tall"),
        ("été", "t1"),
        ("Ποτάμια", "t1 tall"),
        ("Nước sạch", "t1 tall"),
        ("الماء", "t1 arab"),
        ("川", "t1 plain"),
    ],
)
def test_letters_that_need_room_are_given_it(title, classes):
    assert poster_classes(title) == classes
