import pytest

from convoca.places.keys import compound, district_keys, key, spellings, whole_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("São Paulo", "sao paulo"),
        ("LaGrange", "La Grange"),
        ("Coeur d’Alene", "Coeur dAlene"),
        ("Αθήνα", "ΑΘΗΝΑ"),
        ("القاهرة", "القاهره"),
        ("Đà Nẵng", "da nang"),
        ("Diyarbakır", "DIYARBAKIR"),
    ],
)
def test_one_name_written_in_two_ways_has_one_key(one, other):
    assert key(one) == key(other)


def test_vowel_signs_are_letters_of_a_key():
    assert key("दिल्ली") != key("दल")


def test_abbreviations_stand_beside_what_they_mean():
    assert next(spellings("St. Paul")) == ["stpaul", "saintpaul"]
    assert next(spellings("Fort Wayne")) == ["fortwayne", "ftwayne"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Town of Hempstead", "hempstead"),
        ("Charter Township of Clinton", "clinton"),
        ("Ewing Township", "ewing"),
        ("Kilauea (Kauai)", "kilauea"),
        ("Ciudad de Oaxaca", "oaxaca"),
        ("downtown Cleveland", "cleveland"),
        ("Whitehall", "whitehalltownship"),
    ],
)
def test_words_that_say_the_kind_of_place_are_left_away_or_put_in(typed, found):
    literal, *later = spellings(typed)
    assert found not in literal
    assert found in {spelled for stage in later for spelled in stage}


def test_no_key_comes_twice():
    keys = [spelled for stage in spellings("Town of St. Mary (St. Mary)") for spelled in stage]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("name", ["Marin County", "Marin", "County of Marin", "Co. Marin"])
def test_a_district_is_the_same_however_its_kind_is_said(name):
    assert "marin" in district_keys(name)


def test_a_side_of_a_town_names_the_town():
    assert whole_of("West Kendall") == "kendall"
    assert whole_of("Westminster") == ""


def test_towns_in_one_breath_are_taken_apart():
    assert compound("Minneapolis/St. Paul") == ["minneapolis", "saintpaul"]
    assert compound("Toronto") == ["toronto"]
    assert compound("—/—") == []
