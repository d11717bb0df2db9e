import re
from xml.etree import ElementTree

import pytest
from django.contrib.staticfiles import finders
from django.template import Context, Template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from convoca.places.map import NARROW, WIDE, Extent, Spot, draw
from convoca.places.projection import HEIGHT, WIDTH, project

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
