import os

import pytest

from convoca.core.config import WrongSetting
from convoca.places.contested import Contested, contested


def test_without_a_file_nothing_is_contested(tmp_path):
    assert contested(tmp_path / "places.toml") == Contested()


def test_places_and_countries_are_read(tmp_path):
    file = tmp_path / "places.toml"
    file.write_text(
        '[places.703448]\nname = "Kyiv"\n[countries.XK]\nen = "Kosovo"\npt-br = "Kosovo"\n'
        "shown = false\n"
    )
    assert contested(file) == Contested(
        {703448: {"name": "Kyiv"}}, {"XK": {"en": "Kosovo", "pt-BR": "Kosovo"}}, frozenset({"XK"})
    )


def test_a_changed_file_is_read_anew(tmp_path):
    file = tmp_path / "places.toml"
    file.write_text('[places.1]\nname = "One"\n')
    assert contested(file).places[1]["name"] == "One"

    file.write_text('[places.1]\nname = "Two"\n')
    os.utime(file, ns=(1, 1))

    assert contested(file).places[1]["name"] == "Two"


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("name = ", "cannot be read"),
        ('[town.1]\nname = "X"', "“town” is neither [places.…] nor [countries.…]."),
        ('[places.Kyiv]\nname = "X"', "a place is named by its number in GeoNames"),
        ("[places]\n1 = 2", "write [places.1] and below it"),
        ('[places.1]\nland = "X"', "there is no “land”; there are name, region, country."),
        ("[places.1]\nname = 3", "write it as text in quotation marks."),
        ('[places.1]\nname = " "', "write it as text in quotation marks."),
        ('[places.1]\ncountry = "Peru"', "“Peru” is no code of two capitals."),
        ('[countries.per]\nen = "X"', "a country is a code of two capitals"),
        ('[countries.PE]\nshown = "no"', "“no” is neither true nor false."),
        ("[countries.PE]\nhidden = true", "“hidden” is neither “shown” nor a language tag."),
        ("[countries.PE]\nen = 4", "write the name as text in quotation marks."),
    ],
)
def test_what_cannot_be_meant_is_refused_with_a_sentence(tmp_path, written, sentence):
    file = tmp_path / "places.toml"
    file.write_text(written)
    with pytest.raises(WrongSetting) as refused:
        contested(file)
    assert str(file) in str(refused.value)
    assert sentence in str(refused.value)
