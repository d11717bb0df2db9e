"""Near: the box for the database, the true distance, its words."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from convoca.places import near, services
from convoca.places.models import Place

ASUNCION, SUVA = (-25.28, -57.63), (-18.14, 178.44)
POSITIONS = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


def places(*positions):
    rows = [
        Place(name=f"Town {at}", latitude=latitude, longitude=longitude, zone="UTC")
        for at, (latitude, longitude) in enumerate(positions)
    ]
    return Place.objects.bulk_create(rows)


@given(POSITIONS, POSITIONS, st.sampled_from([1, 50, 500, 3000, 12000]))
def test_whatever_is_so_near_lies_in_a_box(point, other, km):
    boxes = near.boxes(point, km)

    if near.kilometres(point, other) <= km:
        assert any(box.holds(*other) for box in boxes)


@given(POSITIONS, st.floats(0.1, 20_000))
def test_a_box_is_a_part_of_the_world(point, km):
    for box in near.boxes(point, km):
        assert -90 <= box.south <= box.north <= 90
        assert -180 <= box.west <= box.east <= 180


def test_fifty_kilometres_are_a_small_box_and_two_across_the_line_of_the_date():
    (box,) = near.boxes(ASUNCION, 50)
    assert box == pytest.approx((-58.13, -25.73, -57.13, -24.83), abs=0.01)

    east, west = near.boxes((-16.8, 179.9), 50)
    assert (east.east, west.west) == (180, -180)
    assert [box.west for box in near.boxes((89.9, 20), 50)] == [-180]


@pytest.mark.django_db
def test_rows_are_found_by_their_box_and_sorted_by_their_distance():
    places((-25.3, -57.6), (-25.6, -57.2), (-26.5, -57.6), SUVA, (-25.28, -57.63))

    found = near.within(Place.objects.all(), "latitude", "longitude", ASUNCION, 60)

    rows = near.sorted_by_distance(found, ASUNCION, within_km=60)
    assert [(one.row.name, round(one.km)) for one in rows] == [
        ("Town 4", 0),
        ("Town 0", 4),
        ("Town 1", 56),
    ]


@pytest.mark.django_db
def test_near_goes_across_the_line_of_the_date():
    places((-16.8, 179.95), (-16.8, -179.95), (-16.8, 0))

    found = near.within(Place.objects.all(), "latitude", "longitude", (-16.8, 179.99), 50)

    assert sorted(place.longitude for place in found) == [-179.95, 179.95]


@pytest.mark.django_db
@pytest.mark.parametrize("point", [ASUNCION, (-16.8, 179.99)])
def test_near_asks_an_index_and_scans_no_table(point):
    places(*((at / 60 - 80, at % 360 - 180) for at in range(9000)))

    plan = near.within(Place.objects.order_by(), "latitude", "longitude", point, 50).explain()

    assert "place_by_position" in plan
    assert "SCAN" not in plan
    assert "Seq Scan" not in plan


def test_the_nearest_places_of_the_table_say_where_one_seems_to_be():
    found = near.nearest(*ASUNCION, limit=2)

    assert (found[0].row.name, found[0].row.country) == ("Asunción", "PY")
    assert [one.km for one in found] == sorted(one.km for one in found)
    assert near.nearest(-45, -140) == []
    assert near.nearest(float("nan"), 0) == []
    assert near.nearest_place(-16.8, 180.0).country == "FJ"


@pytest.mark.parametrize(
    ("language", "km", "words"),
    [
        ("en", 12.4, "12 km"),
        ("en", 0.3, "less than 1 km"),
        ("en", 1234, "1,230 km"),
        ("es", 1234, "1.230 km"),
        ("fr", 12, "12 km"),
        ("ar", 12, "12 كم"),
    ],
)
def test_a_distance_in_words(language, km, words):
    with translation.override(language):
        assert " ".join(near.distance_words(km).split()) == words


@pytest.mark.parametrize(
    ("country", "first", "missing"),
    [
        ("PY", ["Asunción", "Ciudad del Este", "San Lorenzo"], "Lambaré"),
        ("US", ["New York City", "Los Angeles", "Chicago"], "Brooklyn"),
        ("JP", ["Tokyo", "Yokohama", "Osaka"], "Setagaya"),
    ],
)
def test_larger_cities_are_cities_and_not_their_quarters(country, first, missing):
    found = [city.name for city in services.larger_cities(country)]

    assert found[:3] == first
    assert len(found) == len(set(found)) == 30
    assert missing not in found


def test_a_country_without_cities_has_none_and_regions_are_named():
    assert services.larger_cities("ZZ") == services.regions_of("ZZ") == []
    assert services.regions_of("PY")[0] == ("23", "Alto Paraguay")
    assert ("OR", "Oregon") in services.regions_of("US")


@pytest.mark.parametrize(
    ("point", "zone"),
    [
        (ASUNCION, "America/Asuncion"),
        (SUVA, "Pacific/Fiji"),
        ((-16.8, -180), "Pacific/Fiji"),
        ((0, -140), "Etc/GMT+9"),
        ((90, 0), "Etc/GMT"),
        ((-90, 0), "Antarctica/McMurdo"),
    ],
)
def test_a_pin_has_the_zone_of_where_it_lies(point, zone):
    assert services.zone_at(*point) == zone
