import pytest

from convoca.places import names


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("en", "Germany"),
        ("es", "Alemania"),
        ("ar", "ألمانيا"),
        ("zh-Hant", "德國"),
        ("qu", "Alemania"),
    ],
)
def test_a_country_is_called_as_the_language_calls_it(language, name):
    assert names.country_name("DE", language) == name


def test_a_code_that_no_list_knows_stands_for_itself():
    assert names.country_name("XQ", "en") == "XQ"


def test_countries_come_in_the_order_of_the_language():
    def first(language):
        return [name for _code, name in names.country_choices(language)][:2]

    assert first("en") == ["Afghanistan", "Åland Islands"]
    assert first("es") == ["Afganistán", "Albania"]


def test_the_operators_file_names_and_hides_countries(settings, tmp_path):
    settings.CONVOCA_HOME = tmp_path
    (tmp_path / "places.toml").write_text(
        '[countries.DE]\nen = "Federal Germany"\n[countries.FR]\nshown = false\n'
    )
    assert names.country_name("DE", "en") == "Federal Germany"
    assert names.country_name("DE", "fr") == "Federal Germany"
    assert names.country_name("FR", "en") == "France"
    assert "FR" not in dict(names.country_choices("en"))


def test_what_a_place_lies_in_is_said_once():
    assert names.in_full("Lima", "Lima", "Peru") == "Lima, Peru"
    assert names.in_full("Singapore", "", "Singapore") == "Singapore"


def test_a_slip_in_the_operators_file_breaks_no_page(settings, tmp_path):
    settings.CONVOCA_HOME = tmp_path
    (tmp_path / "places.toml").write_text("[countries.DE]\nen = 4\n")

    assert names.country_name("DE", "en") == "Germany"
