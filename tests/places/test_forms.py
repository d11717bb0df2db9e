import re

import pytest
from django import forms
from django.http import QueryDict

from convoca.places import services
from convoca.places.forms import CountryField, PlaceField


class Where(forms.Form):
    country = CountryField(required=False)
    place = PlaceField(label="Place", country_from="country")


class Maybe(forms.Form):
    place = PlaceField(required=False)


def sent(form=Where, prefix=None, **data):
    query = QueryDict(mutable=True)
    query.update(data)
    return form(query, prefix=prefix)


def offered(form):
    """The places that the page offers, and their numbers."""
    page = str(form)
    found = re.findall(r'type="radio" name="\S+" value="(\d+)"> <span>(.*?)</span>', page)
    return {" ".join(re.sub(r"<.*?>", " ", label).split()): number for number, label in found}


def test_a_clear_name_is_a_place():
    form = sent(place="Asunción")

    assert form.is_valid()
    assert form.cleaned_data["place"].id == 3439389


def test_an_ambiguous_name_comes_back_as_a_question_with_what_was_typed():
    form = sent(place="San José")

    assert form.errors == {"place": ["Several places are called “San José”. Choose one of them."]}
    assert 'value="San José" maxlength' in str(form)
    assert "<legend>Which “San José”?</legend>" in str(form)
    assert "San José Costa Rica" in {label.replace("San José, ", "") for label in offered(form)}


def test_the_chosen_one_is_taken():
    number = next(n for label, n in offered(sent(place="San José")).items() if "Costa" in label)

    form = sent(place="San José", place_for="San José", place_chosen=number)

    assert form.is_valid()
    assert form.cleaned_data["place"].country == "CR"


def test_a_choice_does_not_count_when_the_name_was_changed_after_it():
    form = sent(place="Asunción", place_for="San José", place_chosen="3621849")

    assert form.is_valid()
    assert form.cleaned_data["place"].name == "Asunción"


@pytest.mark.parametrize("chosen", ["", "x", "-1", "1", "9" * 40, "٣", "3621849; DROP"])
def test_a_choice_that_is_none_asks_again(chosen):
    form = sent(place="San José", place_for="San José", place_chosen=chosen)

    assert not form.is_valid()
    assert len(offered(form)) > 1


def test_an_unknown_name_says_what_to_do_and_is_kept():
    form = sent(place="Qwxzvfk")

    assert form.errors["place"] == [
        "No place called “Qwxzvfk” is known. Check the spelling, add the region or the country "
        "after a comma, or write the nearest larger town."
    ]
    assert 'value="Qwxzvfk"' in str(form)
    assert offered(form) == {}


def test_a_name_that_is_nearly_one_is_asked_not_taken():
    form = sent(place="Jacksonvile, NC")

    assert not form.is_valid()
    assert "<legend>Did you mean this?</legend>" in str(form)
    assert list(offered(form)) == ["Jacksonville North Carolina, United States"]


def test_a_country_narrows_and_says_so():
    assert sent(place="Córdoba", country="AR").is_valid()

    form = sent(place="Asunción", country="GR")

    assert form.errors["place"][0].startswith("No place called “Asunción” is known in Greece.")
    assert "Asunción Paraguay" in offered(form)


def test_a_country_narrows_in_a_form_with_a_prefix():
    form = sent(prefix="a-1", **{"a-1-place": "Córdoba", "a-1-country": "ES"})

    assert form.is_valid()
    assert form.cleaned_data["place"].country == "ES"


@pytest.mark.django_db
def test_a_place_that_is_kept_stays_unless_its_name_is_changed():
    place = services.place_named("San José, Costa Rica")
    page = str(Where(initial={"place": place}))
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))

    form = Where({"place": place.in_full, **hidden}, initial={"place": place})

    assert form.is_valid()
    assert form.cleaned_data["place"].id == place.geonames_id
    assert not form.has_changed()
    assert Where({"place": "Lima", **hidden}, initial={"place": place}).has_changed()


def test_nothing_typed_is_nothing_where_that_is_allowed():
    assert sent(Maybe, place="  ").is_valid()
    assert sent(place="").errors == {"place": ["This field is required."]}
    assert not sent(place="x" * 201).is_valid()


def test_what_was_typed_is_inert_in_the_page():
    page = str(sent(place='"><script>alert(1)</script>{{7*7}}'))

    assert "<script>" not in page
    assert "49" not in page


def test_namesakes_of_one_region_are_told_apart_by_their_district():
    labels = list(offered(sent(place="Franklin, NC, US")))

    assert sorted(labels) == [
        "Franklin Macon County, North Carolina, United States",
        "Franklin Rowan County, North Carolina, United States",
    ]


def test_the_field_says_what_is_wrong_to_those_who_do_not_see():
    page = str(sent(place="San José"))

    assert 'aria-invalid="true"' in page
    assert 'id="id_place_error"' in page
