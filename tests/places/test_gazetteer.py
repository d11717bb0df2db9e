import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from convoca.places.gazetteer import Outcome, distance


def where(place):
    return place and (place.name, place.region, place.country)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Asunción", ("Asunción", "Asunción", "PY")),
        ("São Paulo", ("São Paulo", "São Paulo", "BR")),
        ("Sao Paulo", ("São Paulo", "São Paulo", "BR")),
        ("NYC", ("New York City", "New York", "US")),
        ("New York", ("New York City", "New York", "US")),
        ("Αθήνα", ("Athens", "Attikí", "GR")),
        ("بيروت", ("Beirut", "Bayrūt", "LB")),
        ("Thành phố Hồ Chí Minh", ("Ho Chi Minh City", "Hồ Chí Minh", "VN")),
        ("東京", ("Tokyo", "Tokyo", "JP")),
        ("दिल्ली", ("Delhi", "Delhi", "IN")),
        ("Diyarbakir", ("Diyarbakır", "Diyarbakır", "TR")),
        ("San José, Costa Rica", ("San José", "San José", "CR")),
        ("San Jose, CA", ("San Jose", "California", "US")),
        ("Sevilla, España", ("Sevilla", "Andalucía", "ES")),
        ("London, Ontario", ("London", "Ontario", "CA")),
        ("Richmond, BC", ("Richmond", "British Columbia", "CA")),
        ("Portland OR", ("Portland", "Oregon", "US")),
        ("Portland, OR 97201", ("Portland", "Oregon", "US")),
        ("76131 Karlsruhe", ("Karlsruhe", "Baden-Württemberg", "DE")),
        ("Washington, DC", ("Washington", "District of Columbia", "US")),
        ("Town hall, Springfield, IL, USA", ("Springfield", "Illinois", "US")),
        ("Hong Kong, China", ("Hong Kong", "", "HK")),
        ("St. Paul, MN", ("Saint Paul", "Minnesota", "US")),
    ],
)
def test_a_clear_name_is_found_as_people_write_it(gazetteer, typed, found):
    answer = gazetteer.find(typed)

    assert (where(answer.place), answer.is_guess) == (found, False)


@pytest.mark.parametrize("typed", ["San José", "Springfield", "Córdoba", "Valencia", "Hyderabad"])
def test_a_name_of_several_comparable_places_asks_which_one(gazetteer, typed):
    answer = gazetteer.find(typed)

    assert (answer.outcome, answer.place) == (Outcome.ASK, None)
    assert len({(place.region, place.country) for place in answer.places}) > 1


def test_the_likeliest_comes_first_and_no_more_than_asked(gazetteer):
    answer = gazetteer.find("Springfield", limit=3)

    assert [place.region for place in answer.places] == ["Missouri", "Massachusetts", "Illinois"]


@pytest.mark.parametrize(
    "typed", ["Qwxzvfk", "", "   ", "…", "Paris, Atlantis", "Marin County, CA", "Ohio", "virtual"]
)
def test_what_no_place_is_called_is_unknown(gazetteer, typed):
    assert gazetteer.find(typed).outcome is Outcome.UNKNOWN


def test_a_country_narrows(gazetteer):
    assert gazetteer.find("Córdoba", country="ES").place.region == "Andalucía"
    assert gazetteer.find("Paris", country="BR").place is None
    assert gazetteer.find("San Juan", country="US", region="PR") == gazetteer.find(
        "San Juan", region="PR"
    )


def test_a_region_narrows_by_code_and_by_name(gazetteer):
    for region in ("OR", "Oregon"):
        assert gazetteer.find("Portland", country="US", region=region).place.region == "Oregon"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Jacksonvile, NC", "Jacksonville"),
        ("Lakawanna, NY", "Lackawanna"),
        ("Setauket, NY", "Setauket-East Setauket"),
        ("West Kendall, FL", "Kendall"),
        ("Minneapolis/St. Paul, MN", "Minneapolis"),
        ("Town of Hempstead, NY", "Hempstead"),
    ],
)
def test_what_is_probably_meant_in_a_named_region_is_a_guess(gazetteer, typed, found):
    answer = gazetteer.find(typed)

    assert (answer.place.name, answer.is_guess) == (found, True)


def test_a_place_elsewhere_is_suggested_and_never_taken(gazetteer):
    assert gazetteer.find("Kenosha, WA", country="US").places == ()

    answer = gazetteer.find("Kenosha, WA", country="US", suggest=True)

    assert answer.outcome is Outcome.UNKNOWN
    assert [where(place) for place in answer.places] == [("Kenosha", "Wisconsin", "US")]


def test_a_slip_of_the_finger_is_suggested_where_no_region_is_named(gazetteer):
    answer = gazetteer.find("Lisbonn", suggest=True)

    assert answer.outcome is Outcome.UNKNOWN
    assert where(answer.places[0]) == ("Lisbon", "Lisbon", "PT")


def test_the_nearest_place_of_a_position(gazetteer):
    assert gazetteer.nearest(-25.28, -57.63).name == "Asunción"
    assert gazetteer.nearest(-16.8, -179.99).country == "FJ"  # across the line of the date
    assert gazetteer.nearest(0, -150) is None
    assert gazetteer.nearest(90, 0) is None
    assert gazetteer.nearest(float("nan"), 0) is None


def test_a_place_by_its_number(gazetteer):
    assert gazetteer.by_id(3439389).name == "Asunción"
    assert gazetteer.by_id(1) is None
    assert gazetteer.by_id(2**70) is None


def test_distances_are_those_of_an_atlas():
    assert distance(52.52, 13.405, 48.8566, 2.3522) == pytest.approx(878, abs=2)
    assert distance(0, 179.9, 0, -179.9) == pytest.approx(22.2, abs=0.1)


NAMES = ["San José", "Springfield, IL", "Jacksonvile, NC", "Αθήνα", "Kenosha, WA", "New", "x" * 999]


@pytest.mark.parametrize("typed", NAMES)
def test_memory_answers_as_the_file_does(gazetteer, table, typed):
    for suggest in (False, True):
        assert table.find(typed, suggest=suggest) == gazetteer.find(typed, suggest=suggest)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(st.characters(codec=None)), st.sampled_from([None, "US", "", "??"]))
def test_any_text_has_an_answer(gazetteer, typed, country):
    answer = gazetteer.find(typed, country=country, region=typed[:5], suggest=True)

    assert answer.outcome in Outcome
    assert (answer.place is None) == (answer.outcome is not Outcome.CLEAR)
