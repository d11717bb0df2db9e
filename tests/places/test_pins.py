"""A pin as people write it, and what they are asked about it."""

import re

import pytest
from django import forms
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from convoca.places import services
from convoca.places.pins import PinField, check_pin, pin_words
from convoca.places.positions import read_position

ASUNCION = 3439389


class Where(forms.Form):
    pin = PinField(label="Pin", with_town=True)

    def __init__(self, *args, town=None, **options):
        super().__init__(*args, **options)
        self.town = services.found_with(town) if town else None

    def clean(self):
        check_pin(self, "pin", self.town)
        return self.cleaned_data


class Alone(forms.Form):
    pin = PinField()


def sent(latitude="", longitude="", sure=(), town=None, **more):
    query = QueryDict(mutable=True)
    query.update({"pin_latitude": latitude, "pin_longitude": longitude, **more})
    query.setlist("pin_sure", list(sure))
    return Where(query, town=town)


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        ("-25.28", "-57.63"),
        ("−25,28", "−57,63"),
        ("-25.28, -57.63", ""),
        ("", "-25.28 -57.63"),
        ("-25,28; -57,63", ""),
        ("-25,28 -57,63", ""),
        ("(-25.28,-57.63)", ""),
        ("25.28 S, 57.63 W", ""),
        ("57.63°O 25.28°S", ""),
        ("S 25.28 W 57.63", ""),
        ("25°16′48″S 57°37′48″W", ""),
        ("25° 16' 48'' S, 57° 37' 48'' W", ""),
        ("25 16.8 S", "57 37.8 W"),
        ("25°16.8'S", "57°37.8'W"),
        ("geo:-25.28,-57.63", ""),
        ("geo:-25.28,-57.63;u=35?z=17", ""),
        ("https://www.openstreetmap.org/#map=15/-25.28/-57.63", ""),
        ("https://www.openstreetmap.org/?mlat=-25.28&mlon=-57.63#map=15/1/2", ""),
        ("https://www.google.com/maps/@-25.28,-57.63,15z?hl=es", ""),
        ("-٢٥٫٢٨، -٥٧٫٦٣", ""),
        ("-२५.२८", "-५७.६३"),
    ],
)
def test_a_position_is_read_as_people_write_it(latitude, longitude):
    assert read_position(latitude, longitude) == pytest.approx((-25.28, -57.63))


@pytest.mark.parametrize(
    "text", ["", "here", "25", "1,2,3", "25°61'S 1°W", "12 S 13 S", "--1, 2", "nan, nan", "1e5, 2"]
)
def test_what_is_no_position_is_none(text):
    assert read_position(text) is None


@given(st.text(max_size=60), st.text(max_size=20))
def test_whatever_is_typed_is_read_or_refused(latitude, longitude):
    form = sent(latitude, longitude)

    assert form.is_valid() or form.errors["pin"]


def test_a_pin_is_a_position_and_none_is_none():
    assert sent("-25.28", "-57.63").fields["pin"].required is False
    for latitude, longitude, pin in [
        ("", "", None),
        ("-25.2812349", "-57.63", (-25.28123, -57.63)),
    ]:
        form = sent(latitude, longitude, town=ASUNCION)
        assert form.is_valid()
        assert form.cleaned_data["pin"] == pin


@pytest.mark.parametrize(
    ("latitude", "longitude", "code"),
    [
        ("somewhere", "", "pin-unreadable"),
        ("-25.28", "", "pin-unreadable"),
        ("105.8", "21.03", "pin-swapped"),
        ("91", "200", "pin-off-the-globe"),
        ("10", "180.5", "pin-off-the-globe"),
        ("0", "0", "pin-nowhere"),
        ("90", "0", "pin-doubtful"),
        ("-45", "-140", "pin-doubtful"),
    ],
)
def test_what_cannot_be_or_is_doubtful_is_said_and_what_was_typed_is_kept(
    latitude, longitude, code
):
    form = sent(latitude, longitude)

    assert [error.code for error in form.errors.as_data()["pin"]] == [code]
    assert f'value="{latitude}"' in str(form)


def test_at_sea_is_a_question_that_yes_answers():
    form = sent("-45", "-140")
    assert form.errors["pin"] == [
        "The pin lies far from any place that we know, perhaps at sea. Is it right?"
    ]
    (token,) = re.findall(r'type="checkbox" name="pin_sure" value="([^"]+)"', str(form))

    assert sent("-45", "-140", sure=[token]).is_valid()
    assert not sent("-46", "-140", sure=[token]).is_valid()


def test_without_a_town_the_field_asks_by_itself():
    form = Alone({"pin_latitude": "-45", "pin_longitude": "-140"})

    assert form.errors.as_data()["pin"][0].code == "pin-doubtful"
    assert Alone({"pin_latitude": "-25.28", "pin_longitude": "-57.63"}).is_valid()
    assert Alone({}).is_valid()


def test_far_from_its_town_is_a_question_with_the_distance():
    form = sent("-27.33", "-55.87", town=ASUNCION)
    assert form.errors["pin"] == ["The pin lies 290 km from Asunción. Is it right?"]
    (token,) = re.findall(r'type="checkbox" name="pin_sure" value="([^"]+)"', str(form))

    assert sent("-27.33", "-55.87", sure=[token], town=ASUNCION).is_valid()


def test_two_numbers_the_wrong_way_round_are_noticed_by_the_town():
    assert sent("-57.63", "-25.28", town=ASUNCION).errors["pin"] == [
        "The pin lies 4,410 km from Asunción. "
        "Perhaps latitude and longitude are the wrong way round."
    ]


def test_a_yes_holds_for_one_position_and_one_town():
    (token,) = re.findall(r'"checkbox" name="pin_sure" value="([^"]+)"', str(sent("-45", "-140")))

    assert not sent("-45", "-140", sure=[token], town=ASUNCION).is_valid()
    assert f'type="hidden" name="pin_sure" value="{token}"' in str(sent("x", "", sure=[token]))


def test_a_known_pin_stands_in_the_field_with_points_in_every_language():
    html = str(Where(initial={"pin": (-25.28, -57.63)}))

    assert 'name="pin_latitude" value="-25.28"' in html
    assert 'name="pin_longitude" value="-57.63"' in html
    assert html.count("<legend>Pin") == 1


def test_a_pin_in_words():
    assert pin_words((-25.3, -57.6)) == "5 km from Asunción, Paraguay"
    assert pin_words((-45, -140)) == ""


def test_a_known_town_brings_a_picture_and_a_press_on_it_sets_the_pin_without_a_script():
    asked = sent("x", "", town=ASUNCION)
    (view,) = re.findall(r'name="pin_view" value="([^"]+)"', str(asked))
    assert view == "PY,-25.28646,-57.64700,2.5000"
    assert "places/countries/PY.svg#svgView(viewBox(" in str(asked)

    form = sent(**{"pin_view": view, "pin_map.x": "140", "pin_map.y": "95"}, town=ASUNCION)

    assert [error.code for error in form.errors.as_data()["pin"]] == ["pin-set"]
    latitude = float(re.findall(r'name="pin_latitude" value="([^"]+)"', str(form))[0])
    assert latitude == pytest.approx(-25.286 + 10 * 2.5 / 280 * 0.36, abs=0.01)
    assert 'value="PY,-25.2' in str(form)
    assert ",0.6250" in str(form)


@pytest.mark.parametrize(
    ("view", "x", "y"),
    [
        ("PY,-25.28,-57.63,2.5", "0", "0"),  # Enter in another line
        ("PY,-25.28,-57.63,99", "5", "5"),
        ("ZZ,1,1,1", "5", "5"),
        ("<b>", "5", "5"),
        ("PY,nan,1,1", "5", "5"),
        ("PY,-25.28,-57.63,2.5", "-5", "x"),
    ],
)
def test_what_is_no_press_sets_no_pin(view, x, y):
    form = sent(**{"pin_view": view, "pin_map.x": x, "pin_map.y": y}, town=ASUNCION)

    assert form.is_valid()
    assert form.cleaned_data["pin"] is None
