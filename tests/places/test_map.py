import gzip
import math
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.contrib.staticfiles import finders
from django.template import Context, Template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from convoca.places import names
from convoca.places.frames import frame_of
from convoca.places.map import NARROW, WIDE, Extent, Spot, draw
from convoca.places.projection import HEIGHT, WIDTH, Projection, project

LIMA = Spot(-12.04, -77.03, "Lima", "/lima")
CALLAO = Spot(-12.06, -77.12, "Callao", "/callao")
ATHENS = Spot(37.98, 23.73, "Athens", "/athens")
SOMEWHERE = st.builds(
    Spot,
    latitude=st.floats(-90, 90),
    longitude=st.floats(-180, 180),
    label=st.just("X"),
    url=st.just("/x"),
    count=st.integers(0, 5000),
)


def page(spots, language="en", **options):
    arguments = "".join(f" {name}={name}" for name in options)
    with translation.override(language):
        return Template(f"{{% load places %}}{{% places_map spots 'Map' {arguments} %}}").render(
            Context({"spots": spots, **options})
        )


def test_the_projection_is_equal_earth():
    """Values of the published formula, scaled to a width of 1000."""
    assert project(0, 0) == pytest.approx((500, HEIGHT / 2))
    assert project(0, 180) == pytest.approx((1000, HEIGHT / 2))
    assert project(90, 0)[1] == pytest.approx(0, abs=0.1)
    assert pytest.approx(HEIGHT / WIDTH, abs=1e-4) == 1.3173627591574 / 2.7066299836960


def test_spots_that_lie_on_each_other_are_one_dot_with_a_number():
    wide = draw([LIMA, CALLAO, ATHENS])

    assert [(dot.number, dot.title) for dot in wide.dots] == [
        (2, "2: Lima and Callao"),
        (1, "Athens"),
    ]


def test_a_closer_map_takes_them_apart():
    closer = draw([LIMA, CALLAO], extent=Extent(-78, -13, -76, -11))

    assert [dot.number for dot in draw([LIMA, CALLAO]).dots] == [2]
    assert closer.dots[0].number == 2  # 10 km are still one dot on a map of the size of a country
    assert [dot.number for dot in draw([LIMA, ATHENS], extent=Extent(-90, -20, -60, 0)).dots] == [1]


def test_every_dot_leads_somewhere():
    assert [dot.url for dot in draw([LIMA]).dots] == ["/lima"]
    assert [dot.url for dot in draw([LIMA, CALLAO]).dots] == ["#map-list"]
    (dot,) = draw([LIMA, CALLAO], zoom="/en/committees/?q=x").dots
    assert dot.url == "/en/committees/?q=x&box=-79.13,-14.06,-75.02,-10.04"
    assert Extent.read(dot.url.split("box=")[1]) == (-79.13, -14.06, -75.02, -10.04)


def test_many_names_are_counted_not_listed():
    spots = [Spot(-12, -77, name, f"/{name}") for name in "ABCDE"]

    assert draw(spots).dots[0].title == "5: A, B, C and 2 more"


def test_the_area_of_a_dot_grows_with_what_it_stands_for():
    radii = [float(draw([Spot(0, 0, "X", "/x", n)]).dots[0].radius) for n in (1, 2, 10, 60, 999)]

    assert radii == sorted(radii)
    assert len(set(radii)) == 5


@given(st.lists(SOMEWHERE, max_size=80), st.sampled_from([WIDE, NARROW]))
def test_no_dot_lies_on_another_or_off_the_map_and_nothing_is_lost(spots, width):
    drawing = draw(spots, width=width)
    placed = [(float(dot.x), float(dot.y), float(dot.radius)) for dot in drawing.dots]

    assert sum(dot.number for dot in drawing.dots) == sum(max(1, s.count) for s in spots)
    for at, (x, y, radius) in enumerate(placed):
        assert -1 <= x <= drawing.width + 1
        assert -1 <= y <= drawing.height + 1
        for other_x, other_y, other_radius in placed[:at]:
            apart = ((x - other_x) ** 2 + (y - other_y) ** 2) ** 0.5
            assert apart > radius + other_radius


@pytest.mark.parametrize(
    "text",
    [None, "", "1,2,3", "a,b,c,d", "nan,0,1,1", "10,0,-10,5", "0,5,5,0", "0,0,999,1", "inf,0,1,1"],
)
def test_what_is_no_extent_is_none(text):
    assert Extent.read(text) is None


def test_an_extent_holds_its_spots_and_reads_as_written():
    extent = Extent.around([LIMA, ATHENS])

    assert extent.west < LIMA.longitude < ATHENS.longitude < extent.east
    assert Extent.read(str(extent)) == pytest.approx(extent, abs=0.01)
    assert Extent.around([]) is None


def test_the_page_shows_a_wide_and_a_narrow_map_with_borders_disclaimed_and_places_credited():
    html = page([LIMA, CALLAO, ATHENS])

    assert re.findall(r'<svg class="map (\w+)" viewBox="0 0 (\d+)', html) == [
        ("wide", "960"),
        ("narrow", "360"),
    ]
    assert "Borders as in the source, no position taken." in html
    assert "GeoNames, CC BY 4.0" in html
    assert html.count('<a href="/athens"><title>Athens</title>') == 2
    assert "style=" not in html


def test_numbers_have_a_point_in_every_language_and_nothing_is_turned_round():
    def drawn(language):
        return re.findall(r"<svg.*?</svg>", page([LIMA, ATHENS], language), re.DOTALL)

    assert drawn("ar") == drawn("es") == drawn("en")


def test_a_part_of_the_world_leads_back_to_the_whole():
    html = page([LIMA], extent=Extent(-90, -20, -60, 0), zoom="/en/committees/")

    assert '<a href="/en/committees/">The whole map</a>' in html
    assert "The whole map" not in page([LIMA], zoom="/en/committees/")


def test_what_people_wrote_is_inert():
    html = page([Spot(0, 0, "<script>", 'javascript:"')])

    assert "<script>" not in html
    assert 'href="javascript:&quot;"' in html


def test_the_outline_is_small_and_has_land_and_borders():
    file = finders.find("places/world.svg")
    with open(file, "rb") as outline:  # noqa: PTH123 (the finder answers a string)
        drawn = outline.read()
    ids = [path.get("id") for path in ElementTree.fromstring(drawn)]  # noqa: S314 (our own)

    assert ids == ["land", "borders"]
    assert len(drawn) < 60_000


def test_a_country_has_a_map_of_its_own_with_its_neighbours_faint():
    html = page([Spot(-25.28, -57.63, "Asunción", "/a")], country="PY")

    assert html.count('places/countries/PY.svg#land"') == 2
    assert html.count('<g class="borders"') == html.count('places/countries/PY.svg#around"') == 2
    assert Extent.of_country("PY") == pytest.approx((-63.0, -27.8, -53.9, -19.0), abs=0.2)
    assert Extent.of_country("ZZ") is None


@pytest.mark.parametrize(
    ("country", "west", "east"),
    [("FJ", 177, 182), ("NZ", 166, 185), ("US", 153, 317), ("RU", -15, 214), ("KI", 168, 207)],
)
def test_a_country_across_the_line_of_the_date_is_in_one_piece(country, west, east):
    extent = Extent.of_country(country)

    assert (extent.west, extent.east) == pytest.approx((west, east), abs=2)


def test_places_on_both_sides_of_the_line_of_the_date_lie_near_each_other():
    suva, taveuni, lau = (
        Spot(-18.14, 178.44, "Suva", "/s"),
        Spot(-17, 179.9, "A", "/a"),
        Spot(-17, -179.1, "B", "/b"),
    )
    drawing = draw([suva, taveuni, lau], country="FJ")
    at = {dot.title: float(dot.x) for dot in drawing.dots}

    assert drawing.outline == "places/countries/FJ.svg"
    assert 100 < at["A"] - at["Suva"] < 500
    assert 50 < at["B"] - at["A"] < 300
    (dot,) = draw([taveuni, lau], country="FJ", zoom="/m", width=60).dots
    extent = Extent.read(dot.url.partition("box=")[2])
    assert extent.west < 179.9 < 180 < extent.east < 185
    assert extent.holds(-17, -179.1)
    assert extent.holds(-17, 179.9)
    assert not extent.holds(-17, 0)


def test_a_closer_part_of_a_country_takes_a_city_apart():
    spots = [Spot(-25.28, -57.63, "Centro", "/c"), Spot(-25.34, -57.51, "San Lorenzo", "/s")]
    (dot,) = draw(spots, country="PY", zoom="/m").dots

    closer = draw(spots, country="PY", zoom="/m", extent=Extent.read(dot.url.partition("=")[2]))

    assert sorted(dot.title for dot in closer.dots) == ["Centro", "San Lorenzo"]


def test_where_no_closer_map_can_be_drawn_a_dot_leads_to_the_list():
    spots = [Spot(-25.28, -57.63, "A", "/a"), Spot(-25.28, -57.63, "B", "/b")]
    address = "/m"
    for _ in range(2):
        box = Extent.read(address.partition("box=")[2])
        (dot,) = draw(spots, country="PY", zoom="/m", extent=box).dots
        address = dot.url

    assert address == "#map-list"


@pytest.mark.parametrize("spot", [(90, 0), (-90, 180), (0, 0), (-45, -140)])
def test_a_place_at_a_pole_or_at_sea_is_drawn_where_it_is(spot):
    for country in ("", "PY", "FJ", "AQ"):
        drawing = draw([Spot(*spot, "There", "/t")], country=country)

        (dot,) = drawing.dots
        assert 0 <= float(dot.x) <= drawing.width
        assert 0 <= float(dot.y) <= drawing.height + 1


@given(st.floats(-89, 89), st.floats(-180, 179.9), st.floats(-180, 180), st.floats(0.7, 1.3))
def test_a_point_of_the_map_is_the_position_that_is_drawn_there(lat, lon, meridian, stretch):
    projection = Projection(meridian, stretch)

    back = projection.position(*projection.place(lat, lon))

    assert back[0] == pytest.approx(lat, abs=1e-6)
    assert min(abs(back[1] - lon), 360 - abs(back[1] - lon)) < 1e-6


@pytest.mark.parametrize(("lat", "lon"), [(-25, -57), (62, 15), (0, 0), (-41, 175)])
def test_the_middle_of_a_countrys_map_keeps_its_shape(lat, lon):
    projection = Projection.at(lat, lon)
    x, y = projection.place(lat, lon)
    north, east = projection.place(lat + 0.01, lon), projection.place(lat, lon + 0.01)

    high, wide = y - north[1], (east[0] - x) / math.cos(math.radians(lat))
    assert wide == pytest.approx(high, rel=0.001)


def test_ten_thousand_places_are_a_small_page():
    spots = [
        Spot(math.degrees(math.asin(at / 5000 - 1)), at * 137.5 % 360 - 180, f"Town {at}", f"/{at}")
        for at in range(10_000)
    ]

    assert len(gzip.compress(page(spots, zoom="/en/actions/").encode())) < 30_000


def test_every_outline_is_small_and_every_frame_has_one():
    for code in names.codes():
        if frame := frame_of(code):
            outline = Path(finders.find(frame.outline)).read_bytes()
            ids = [path.get("id") for path in ElementTree.fromstring(outline)]  # noqa: S314
            assert (ids, len(outline) < 70_000) == (["land", "around"], True), code
    assert frame_of("XK")
    assert frame_of("PS")


def test_an_extent_across_the_line_of_the_date_is_two_ranges_of_an_index():
    across = Extent.read("177,-20,182,-12").condition("latitude", "longitude")

    assert str(across).count("longitude__range") == 2
    assert str(Extent(1, 2, 3, 4).condition("a", "b")).count("range") == 2
