"""Where rows happened, by the words that people write for it."""

import pytest

from convoca.exchange.reading.places import Written


def where(places, **said):
    found = places.where(Written(**said))
    return (found.place and (found.place.name, found.place.country), found.venue)


@pytest.mark.parametrize(
    ("place", "country", "town", "venue"),
    [
        ("Montreal, Quebec", "Canada", "Montréal", ""),
        ("Montevideo", "Uruguay", "Montevideo", ""),
        ("Galatasaray Square, Istanbul", "Turkey", "Istanbul", "Galatasaray Square"),
        ("May 13 Square in Antananarivo", "Madagascar", "Antananarivo", ""),
        ("City Hall (Asunción)", "Paraguay", "Asunción", "City Hall"),
        ("Central Lima", "Peru", "Lima", ""),
        ("Quito; national", "Ecuador", "Quito", ""),
        ("Quito and other cities", "Ecuador", "Quito", ""),
        ("Tegucigapa", "Honduras", "Tegucigalpa", ""),
    ],
)
def test_a_town_is_found_in_what_people_write(places, place, country, town, venue):
    found = places.where(Written(place=place, country=country))
    assert (found.place.name, found.venue) == (town, venue)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"place": "nationwide", "country": "Peru"}, "place-wide"),
        ({"place": "across Peru", "country": "Peru"}, "place-wide"),
        ({"place": "Bavaria", "country": "Germany"}, "place-wide"),
        ({"place": "Quito and Guayaquil", "country": "Ecuador"}, "place-several"),
        ({"place": "Smallville Hollow", "country": "Peru"}, "place-unknown"),
        ({"city": "Springfield", "country": "US"}, "place-asked"),
        ({"city": "Portland", "region": "WY", "country": "US"}, "place-unknown"),
        ({"place": "Western Panama", "country": "Panama"}, "place-unknown"),
    ],
)
def test_what_is_no_one_town_is_left_open(places, said, code):
    found = places.where(Written(**said))
    assert found.place is None
    assert [note.code for note in found.notes] == [code]


def test_a_part_of_the_world_is_no_region(places):
    assert where(places, city="Lima", region="South America", country="Peru")[0] == ("Lima", "PE")


def test_the_number_of_a_district_decides_between_towns_of_one_name(places):
    for district, region in [("93", "Île-de-France"), ("974", "Reunion")]:
        found = places.where(Written(place="Saint-Denis", district=district), country="FR")
        assert found.place.region == region
    nowhere = places.where(Written(place="Montreuil", district="05"), country="FR")
    assert nowhere.place is None


def test_a_county_beside_a_town_decides(places):
    found = places.where(Written(city="Springfield", district="Sangamon", country="US"))
    assert (found.place.region, found.place.district) == ("Illinois", "Sangamon County")


def test_countries_are_known_by_their_names_in_many_languages(places):
    for name in ("US", "United States", "Estados Unidos", "États-Unis", "الولايات المتحدة"):
        assert places.towns.country(name) == "US"
    assert places.towns.country("Malawi") == "MW"
    assert places.towns.country("Atlantis") == ""


def test_the_town_of_a_file_gives_way_to_another_that_a_row_names(places):
    cologne = places.finder.find("Köln", country="DE").place
    for place, name in [
        ("Neumarkt", "Köln"),
        ("Leverkusen, Friedrich-Ebert-Platz", "Leverkusen"),
        ("Rathausplatz, 51373 Leverkusen", "Leverkusen"),
        ("Domplatte, 50667 Köln", "Köln"),
    ]:
        assert places.where(Written(place=place), country="DE", town=cologne).place.name == name


def test_a_position_without_words_belongs_to_the_nearest_town(places):
    found = places.where(Written(latitude="-25.2800", longitude="-57.6300"))
    assert found.place.name == "Asunción"
    at_sea = places.where(Written(latitude="-40", longitude="-30"))
    assert (at_sea.place, at_sea.latitude) == (None, -40.0)


def test_a_position_decides_between_towns_of_one_name(places):
    said = Written(city="Springfield", country="US", latitude="39.80", longitude="-89.64")
    assert places.where(said).place.region == "Illinois"


@pytest.mark.parametrize("position", ["200; 300", "north of the river"])
def test_what_is_no_position_is_said(places, position):
    found = places.where(Written(city="Lima", country="PE", position=position))
    assert [note.code for note in found.notes] == ["position-impossible"]
    assert found.place.name == "Lima"
