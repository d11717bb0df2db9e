"""The picture for sharing: whole, in the campaign's ink, and never a text drawn wrongly."""

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, features

from convoca.core import lettering
from convoca.core.ink import ink
from convoca.core.preview import draw
from convoca.core.typefaces import folder_of_ours

INK = ink("petrol")
KUFI = folder_of_ours() / "poster-kufi.ttf"
FIELD = (0x0A, 0x64, 0x72)
shapes = pytest.mark.skipif(not features.check("raqm"), reason="this Pillow joins no letters")


def picture(title: str, lang: str = "en", **day: str) -> Image.Image:
    return Image.open(BytesIO(draw(title, "Rivers", INK, lang, **day))).convert("RGB")


def printed(image: Image.Image, box: tuple[int, int, int, int]) -> bool:
    """Whether anything is printed on the field within the box."""
    return len(image.crop(box).getcolors(1 << 20) or []) > 1


def test_a_picture_has_the_size_that_others_expect_and_the_ink_of_the_campaign():
    image = picture("Rivers are not for sale")

    assert image.size == (1200, 630)
    assert image.getpixel((5, 5)) == FIELD


def test_a_picture_is_small_enough_for_phones():
    assert len(draw("Rivers are not for sale", "Rivers", INK, "en")) < 60_000


def test_the_stub_stands_at_the_end_side():
    assert printed(picture("Water"), (850, 0, 870, 630))
    assert not printed(picture("Water"), (330, 0, 350, 300))
    assert printed(picture("الماء", "ar"), (330, 0, 350, 630))
    assert not printed(picture("الماء", "ar"), (850, 0, 870, 300))


def test_the_day_stands_in_the_stub():
    assert not printed(picture("Water"), (900, 0, 1200, 300))
    assert printed(picture("Water", day="5", month="October 2027"), (900, 0, 1200, 300))


def without_title(lang: str) -> bytes:
    return draw("", "Rivers", INK, lang)


@pytest.mark.parametrize("title", ["川は売り物ではない", "नदी", "Water ṉ", "Ποτάμια الماء"])
def test_a_title_that_the_face_lacks_is_left_out(title):
    assert draw(title, "Rivers", INK, "en") == without_title("en")


def test_where_the_title_is_left_out_the_day_stands_in_its_place():
    day = {"day": "5–8", "month": "October 2027"}
    assert printed(picture("नदी", **day), (56, 56, 800, 500))
    assert not printed(picture("नदी", **day), (900, 0, 1200, 300))


def test_arabic_is_left_out_where_letters_cannot_be_joined(monkeypatch):
    monkeypatch.setattr(lettering.features, "check", lambda name: False)

    assert draw("الماء", "Rivers", INK, "ar") == without_title("ar")
    assert draw("Water", "Rivers", INK, "en") != without_title("en")


@shapes
def test_arabic_letters_are_joined():
    """Four joined letters are narrower than the four letters apart."""
    setting = lettering._setting(KUFI, 100, "بيتي", "ar")

    assert setting.breadth("بيتي") < sum(setting.breadth(letter) for letter in "بيتي")


@shapes
def test_a_latin_name_in_an_arabic_title_is_drawn():
    assert draw("أنهار UNESCO", "Rivers", INK, "ar") != without_title("ar")


@settings(max_examples=15, deadline=None)
@given(st.text(alphabet="abcdefgh ijklmnop", min_size=1, max_size=300))
def test_no_title_runs_out_of_the_field(title):
    image = picture(title)

    assert not printed(image, (0, 0, 1200 - 340 - 4, 30))
    assert not printed(image, (1200 - 340 - 40, 0, 1200 - 340 - 4, 630))
    assert not printed(image, (0, 600, 1200 - 340 - 4, 630))
