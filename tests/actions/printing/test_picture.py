"""The poster as a picture: whole, light, and never a text drawn wrongly."""

from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image, features

from convoca.actions.printing import picture, qr
from convoca.core import lettering
from tests.actions.printing.samples import (
    ARABIC,
    CANCELLED,
    ENGLISH,
    GERMAN,
    HOSTILE,
    SPANISH,
    UNPRINTABLE,
    UNSET,
)

shapes = pytest.mark.skipif(not features.check("raqm"), reason="this Pillow joins no letters")
FULL = replace(
    ENGLISH,
    place=tuple("Stop of the march " * 20 for _ in range(14)),
    hosts=tuple("Committee of a district " * 10 for _ in range(30)),
)
ALL = [FULL, ENGLISH, SPANISH, ARABIC, GERMAN, CANCELLED, UNSET, HOSTILE, UNPRINTABLE]


def drawn(facts) -> Image.Image:
    return Image.open(BytesIO(picture.draw(facts))).convert("RGB")


def printed(image: Image.Image, box: tuple[int, int, int, int]) -> bool:
    return len(image.crop(box).getcolors(1 << 20) or []) > 1


@pytest.mark.parametrize("facts", ALL, ids=lambda facts: facts.title[:12])
def test_a_picture_has_the_size_that_messengers_show_is_light_and_keeps_its_margins(facts):
    made = picture.draw(facts)
    image = Image.open(BytesIO(made)).convert("RGB")

    assert image.size == (1080, 1350)
    assert len(made) <= 200_000
    assert not printed(image, (0, 0, 1080, 30))
    assert not printed(image, (0, 1320, 1080, 1350))
    assert not printed(image, (0, 0, 40, picture.TEAR - 10))
    assert not printed(image, (1040, 0, 1080, picture.TEAR - 10))


def read_code(image: Image.Image, left: int) -> list[list[bool]]:
    rows = qr.matrix(ENGLISH.url)
    module = picture.CODE // (len(rows) + 2 * qr.QUIET)
    first, top = qr.QUIET * module + module // 2, picture.STUB_TOP
    return [
        [
            image.getpixel((left + first + x * module, top + first + y * module))[0] < 99
            for x in range(len(rows))
        ]
        for y in range(len(rows))
    ]


def test_the_code_stands_at_the_end_side_and_is_segnos():
    rows = qr.matrix(ENGLISH.url)
    side = picture.CODE // (len(rows) + 2 * qr.QUIET) * (len(rows) + 2 * qr.QUIET)

    assert read_code(drawn(ENGLISH), 1080 - picture.MARGIN - side) == rows
    assert read_code(drawn(ARABIC), picture.MARGIN) == rows


def test_a_picture_that_would_be_too_heavy_is_made_with_fewer_colours(monkeypatch):
    whole = picture.draw(ENGLISH)
    monkeypatch.setattr(picture, "MOST_BYTES", len(whole) - 1)

    assert len(picture.draw(ENGLISH)) < len(whole)


def test_a_title_in_letters_that_cannot_be_set_gives_its_place_to_the_campaign():
    assert picture.draw(UNPRINTABLE) == picture.draw(replace(ENGLISH, title="Rivers for all"))


@shapes
def test_arabic_is_left_out_where_letters_cannot_be_joined(monkeypatch):
    only_code = replace(
        ARABIC, title="", kind="", clock="", place=(), hosts=(), campaign="", network="",
        month="", weekday="",
    )  # fmt: skip
    assert picture.draw(ARABIC) != picture.draw(only_code)

    monkeypatch.setattr(lettering.features, "check", lambda name: False)
    assert picture.draw(ARABIC) == picture.draw(only_code)


def test_a_long_word_is_parted_and_never_cut():
    block = lettering.fit("W" * 100, "en", picture.ROOM, picture.TITLE_SIZES, lines=7, height=600)
    assert "".join(block[1]) == "W" * 100
